"""Bots that share a server have the same articles, word lists and key; the server goes first, and nothing is lost."""

from __future__ import annotations

import asyncio
import shutil
import sys
from dataclasses import replace

import pytest
from intake_files import PAGE
from telegram_double import TelegramDouble
from test_articles_end_to_end import OWNER, button, file_from, killed, tap
from test_end_to_end import articles, environment, started
from test_intake_shelf import EDITOR, NAME, everything, report, seeds

from bot import wordlists
from bot.errors import StorageError
from bot.intake.shelf import Shelf
from bot.mirror import LISTING, Mirror
from bot.opening import open_kept
from bot.settings import Settings
from bot.storage import Storage
from bot.storage.files import ChangedMeanwhileError

__all__ = ["articles", "environment", "seeds"]


class Bot:
    """One of several: a data folder of its own."""

    def __init__(self, storage, folder, seeds):
        self.folder, self.storage = folder, storage
        self.mirror = Mirror(storage.files, folder)
        self.shelf = Shelf(folder / "articles", seeds, publish=self.mirror.publisher("articles"))

    async def begin(self):
        self.shelf.recover()
        await self.mirror.begin(adopting=True)
        return self

    async def does(self, work, *arguments):
        return await asyncio.to_thread(work, *arguments)

    @property
    def files(self):
        return {name: data for name, data in everything(self.folder).items() if name != LISTING}


@pytest.fixture
async def bots(server_database, tmp_path, seeds):
    storages = [await Storage.open(server_database) for _ in range(2)]
    yield [await Bot(storage, tmp_path / f"data{number}", seeds).begin() for number, storage in enumerate(storages)]
    for storage in storages:
        await storage.close()


async def test_what_one_bot_does_to_its_articles_the_other_has_too(bots):
    first, second = bots
    steps = [
        (first.shelf.add, report(), EDITOR), (first.shelf.edit, NAME, report(text="Lain."), EDITOR),
        (second.shelf.hide, NAME, EDITOR), (first.shelf.restore, NAME, EDITOR),
        (second.shelf.roll_back, NAME, 1, EDITOR), (first.shelf.edit, "rakor-malang", report("Rakor Lagi"), EDITOR),
        (second.shelf.hide, "rakor-malang", EDITOR),
    ]  # fmt: skip
    for work, *arguments in steps:
        assert await first.does(work, *arguments) is not None
        for bot in bots:
            await bot.mirror.refresh()
        assert first.files == second.files
    assert [version.number for version in second.shelf.versions(NAME)] == [1, 2, 3]
    newest = [bot.shelf.versions(NAME)[-1].since for bot in bots]
    assert abs((newest[0] - newest[1]).total_seconds()) < 5
    assert second.shelf.hidden() == ("rakor-malang",)
    assert not await first.mirror.refresh()


async def test_a_folder_that_is_lost_is_made_again_at_the_start(bots, seeds):
    first, second = bots
    await first.does(first.shelf.add, report(), EDITOR)
    await first.does(first.shelf.hide, "rakor-malang", EDITOR)
    before = first.files
    shutil.rmtree(first.folder)
    again = await Bot(first.storage, first.folder, seeds).begin()
    assert again.files == before
    (second.folder / "articles" / f"{NAME}.txt").write_bytes(b"rusak")
    assert (await Bot(second.storage, second.folder, seeds).begin()).files == before


async def test_of_two_that_change_an_article_at_once_one_is_told_and_changes_nothing(bots):
    first, second = bots
    await first.does(first.shelf.add, report(), EDITOR)
    with pytest.raises(ChangedMeanwhileError):  # of the same name
        await second.does(second.shelf.add, report(), EDITOR)
    assert second.files == {}
    await second.mirror.refresh()
    await first.does(first.shelf.edit, NAME, report(text="Satu."), EDITOR)
    with pytest.raises(ChangedMeanwhileError):
        await second.does(second.shelf.edit, NAME, report(text="Dua."), EDITOR)
    await second.mirror.refresh()
    assert second.files == first.files
    await second.does(second.shelf.edit, NAME, report(text="Dua."), EDITOR)
    await first.mirror.refresh()
    assert "Dua." in (first.folder / "articles" / f"{NAME}.txt").read_text()


async def test_without_the_server_nothing_is_changed(bots):
    first, _ = bots
    await first.does(first.shelf.add, report(), EDITOR)
    before = first.files
    await first.storage.close()
    for work, *arguments in (
        (first.shelf.add, report("Lain Sekali Judulnya"), EDITOR), (first.shelf.edit, NAME, report(text="x"), EDITOR),
        (first.shelf.hide, NAME, EDITOR),
    ):  # fmt: skip
        with pytest.raises(StorageError):
            await first.does(work, *arguments)
    assert first.files == before


async def test_what_the_program_did_not_live_to_write_is_written_by_the_next_start(bots, seeds):
    first, second = bots
    files, version = report().files(), f"versions/{NAME}/0001"
    given = {f"{version}/article.txt": files.text, f"{version}/article.toml": files.sidecar}
    # As ``Shelf.add`` begins; and here the program ends.
    await first.does(first.mirror.publisher("articles"), {**given, f"{NAME}.txt": files.text}, dict.fromkeys(given))
    assert first.shelf.stored() == ()
    again = await Bot(first.storage, first.folder, seeds).begin()
    assert again.shelf.stored() == (NAME,)
    assert [each.number for each in again.shelf.versions(NAME)] == [1]
    await second.mirror.refresh()
    assert second.files == again.files


async def test_what_was_put_into_the_folder_by_hand_goes_to_the_server_and_what_a_restore_took_away_goes(bots, seeds):
    first, second = bots
    await first.does(first.shelf.add, report(), EDITOR)
    by_hand = first.folder / "articles" / "sendiri.txt"
    by_hand.write_text("Judul\n\nPACITAN - Isi.\n")
    (first.folder / "articles" / ".x.staged").write_text("setengah")
    await Bot(first.storage, first.folder, seeds).begin()
    await second.mirror.refresh()
    assert (second.folder / "articles" / "sendiri.txt").read_bytes() == by_hand.read_bytes()
    assert not list((second.folder / "articles").glob(".x*"))
    await first.storage.database.write("DELETE FROM files WHERE name LIKE ?", f"articles/%{NAME}%")  # a restore
    again = await Bot(second.storage, second.folder, seeds).begin()
    assert set(again.files) == {"articles/sendiri.txt"}


async def test_two_that_bring_the_same_files_by_hand_both_start(server_database, tmp_path):
    storages = [await Storage.open(server_database) for _ in range(3)]
    for number in range(3):
        folder = tmp_path / f"data{number}" / "articles"
        folder.mkdir(parents=True)
        (folder / "sendiri.txt").write_text(f"dari {number}")
    mirrors = [Mirror(storage.files, tmp_path / f"data{number}") for number, storage in enumerate(storages)]
    await asyncio.gather(*(mirror.begin(adopting=True) for mirror in mirrors))
    texts = {(tmp_path / f"data{number}" / "articles" / "sendiri.txt").read_text() for number in range(3)}
    assert len(texts) == 1
    for storage in storages:
        await storage.close()


async def test_a_terminal_chat_beside_the_bot_gives_nothing_to_the_server(bots):
    first, _ = bots
    (first.folder / "articles").mkdir(exist_ok=True)
    (first.folder / "articles" / "sendiri.txt").write_text("x")
    await Mirror(first.storage.files, first.folder).begin(adopting=False)
    assert await first.storage.files.newest() == 0
    assert (first.folder / "articles" / "sendiri.txt").exists()


async def test_word_lists_are_shared_and_of_two_lines_at_once_none_is_lost(bots):
    first, second = bots
    words = [bot.folder / "words" for bot in bots]
    lines = [wordlists.parse(line) for line in ("kruk, tongkat ketiak", "gerobak, pedati")]
    publish = [bot.mirror.publisher("words") for bot in bots]
    await first.does(wordlists.add, words[0], lines[0], publish[0])
    with pytest.raises(ChangedMeanwhileError):
        await second.does(wordlists.add, words[1], lines[1], publish[1])
    await second.mirror.refresh()
    await second.does(wordlists.add, words[1], lines[1], publish[1])
    await first.mirror.refresh()
    assert all(wordlists.holds(words[0], line) for line in lines)
    assert await first.does(wordlists.remove, words[0], lines[0], publish[0])
    await second.mirror.refresh()
    assert not wordlists.holds(words[1], lines[0])


async def test_bots_of_one_server_code_chats_alike_and_a_key_that_was_used_before_stays(server_database, tmp_path):
    base = Settings(data_dir=tmp_path / "a", database=server_database, seeds_dir=tmp_path)
    others = [replace(base, data_dir=tmp_path / name) for name in "bc"]
    base.data_dir.mkdir()
    base.hash_key_file.write_text("k" * 64)

    async def code(settings):
        kept = await open_kept(settings, None)
        await kept.storage.close()
        return kept.hasher(42)

    first = await code(base)
    assert await asyncio.gather(*map(code, others)) == [first, first]
    assert not any(each.hash_key_file.exists() for each in others)
    own = replace(base, hash_key="a key of the operator's")
    assert await code(own) != first
    assert await code(base) == first


@pytest.mark.chaos
def test_an_article_from_the_chat_outlives_the_data_folder(environment, tmp_path, server_database):
    program = [sys.executable, "-m", "bot"]
    with TelegramDouble() as telegram:
        telegram.files["berkas"] = PAGE.encode()
        settings = {
            **environment, "BOT_TOKEN": telegram.token, "BOT_API_URL": telegram.url, "ADMIN_IDS": str(OWNER),
            "DATABASE_URL": server_database.url,
        }  # fmt: skip
        telegram.delivers(file_from(OWNER, "berkas", update_id=1, message_id=5))
        with started(program, settings) as process:
            (preview,) = telegram.wait_for("editMessageText")
            telegram.delivers(tap(OWNER, button(preview, "Setujui dan simpan"), update_id=2))
            telegram.wait_for("answerCallbackQuery")
            killed(process)  # before, during or after the archive is read again
        assert not (tmp_path / "data" / "bot.sqlite3").exists()
        shutil.rmtree(tmp_path / "data")  # as hosts with a Procfile do at each start
        told = len(telegram.named("sendMessage"))
        with started(program, settings) as process:
            telegram.says("siapa kepala dinas sosial pacitan?", update_id=3, message_id=6)
            answer = telegram.wait_for("sendMessage", told + 1)[-1]
            process.terminate()
            output, _ = process.communicate(timeout=20)
    assert "Sumorohadi" in answer["text"]
    assert "Traceback" not in output
    assert "s3cret" not in output
