"""Whole updates: /reindex, and the menus per audience."""

from __future__ import annotations

import asyncio
import threading

import pytest
from conftest import ADMIN, CITIZEN, GROUP
from shelf import ScriptedArchive, article

from bot import reports
from bot.library import Library
from bot.menus import set_menus
from bot.reindexing import Pace, Step
from bot.running import _upkeep
from bot.services import open_archive
from bot.staff import Role
from index.errors import ArticleError, FolderError
from index.texts import load


@pytest.fixture
def rebuild(stage):
    """Let /reindex build what the test says."""

    def with_(build):
        stage.services.reindexing._build = build
        stage.services.reindexing._report_every = 0.01

    return with_


async def test_reindex_swaps_the_archive_and_says_what_changed(stage, rebuild):
    changed = article(2, paragraphs=1)
    refused = ArticleError("seeds/x.txt", "found bytes that are not UTF-8, expected text", line=3)
    new = ScriptedArchive([changed, article(5)], [refused])
    rebuild(lambda progress: new)
    await stage.says("/reindex", chat=ADMIN, sender=ADMIN)
    await stage.services.reindexing.finished()
    assert stage.archive is new
    assert len(stage.sent) == 1  # one message, edited as it goes
    text = stage.edited[-1]["text"]
    assert stage.edited[-1]["message_id"] == stage.request.next_message
    for line in [
        "2 artikel",
        "Ditambah (1): berita-5",
        "Diubah (1): berita-2",
        "Dihapus (1): berita-1",
        "Ditolak (1):",
    ]:
        assert line in text
    assert "seeds/x.txt: line 3: found bytes" in text


async def test_progress_is_edited_into_the_message(stage, rebuild):
    def build(progress):
        for done in range(1, 6):
            progress(done, 5)
            threading.Event().wait(0.03)
        return ScriptedArchive()

    rebuild(build)
    await stage.says("/reindex", chat=ADMIN, sender=ADMIN)
    await stage.services.reindexing.finished()
    assert any("dari 5 artikel" in call["text"] for call in stage.edited)
    assert len(stage.sent) == 1


async def test_questions_are_answered_from_the_old_archive_meanwhile_and_a_second_reindex_hears_so(stage, rebuild):
    release, old, new = threading.Event(), stage.archive, ScriptedArchive()

    def build(progress):
        release.wait(5)
        return new

    rebuild(build)
    await stage.says("/reindex", chat=ADMIN, sender=ADMIN)
    await stage.says("/reindex", chat=ADMIN, sender=ADMIN)
    assert "sedang berjalan" in stage.sent[-1]["text"]
    await stage.says("bantuan")
    assert old.asked == [("bantuan", None)]
    release.set()
    await stage.services.reindexing.finished()
    assert stage.archive is new


async def test_a_reindex_that_changed_nothing_says_only_that(stage, rebuild):
    rebuild(lambda progress: ScriptedArchive())
    await stage.says("/reindex", chat=ADMIN, sender=ADMIN)
    await stage.services.reindexing.finished()
    assert stage.edited[-1]["text"] == "Selesai. Arsip kini memuat 2 artikel.\nTidak ada artikel yang berubah."


@pytest.mark.parametrize("error", [FolderError("seeds: found no article, expected one"), RuntimeError("out of luck")])
async def test_a_failing_reindex_leaves_the_old_archive_and_can_be_tried_again(stage, rebuild, error):
    old = stage.archive

    def build(progress):
        raise error

    rebuild(build)
    await stage.says("/reindex", chat=ADMIN, sender=ADMIN)
    await stage.services.reindexing.finished()
    assert stage.archive is old
    assert "Arsip lama tetap dipakai" in stage.edited[-1]["text"]
    if isinstance(error, FolderError):
        assert "found no article" in stage.edited[-1]["text"]
    rebuild(lambda progress: ScriptedArchive())
    await stage.says("/reindex", chat=ADMIN, sender=ADMIN)
    await stage.services.reindexing.finished()
    assert stage.archive is not old


async def test_the_bot_ending_stops_a_rebuild(stage, rebuild):
    def build(progress):
        for done in range(10_000):
            progress(done, 10_000)
            threading.Event().wait(0.001)
        raise AssertionError("never stopped")

    rebuild(build)
    await stage.says("/reindex", chat=ADMIN, sender=ADMIN)
    stage.services.reindexing.stop()
    await asyncio.wait_for(stage.services.reindexing.finished(), 2)
    assert "dihentikan" in stage.edited[-1]["text"]


async def test_a_real_folder_of_articles_is_read_again(stage):
    # The real archive, and the build that the program itself uses.
    folder = stage.services.settings.seeds_dir
    folder.mkdir()
    (folder / "lama.txt").write_text(
        "Santunan Desa Lama\n\nPACITAN - Kepala desa memberi santunan, Senin (4/3/2024).\n"
    )
    stage.services.library = Library(open_archive(stage.services.settings))
    (folder / "lama.txt").unlink()
    (folder / "baru.txt").write_text("Bantuan Desa Baru\n\nPACITAN - Camat memberi bantuan beras, Senin (4/3/2024).\n")
    (folder / "rusak.txt").write_bytes(b"Judul\n\n\xff\xfe\xfa bukan UTF-8\n")
    await stage.says("/reindex", chat=ADMIN, sender=ADMIN)
    await stage.services.reindexing.finished()
    text = stage.edited[-1]["text"]
    assert "Ditambah (1): baru" in text
    assert "Dihapus (1): lama" in text
    assert "rusak.txt" in text
    await stage.says("siapa yang memberi bantuan beras?")
    assert "Camat" in stage.sent[-1]["text"]


async def test_to_anyone_else_reindex_is_an_unknown_command(stage):
    old = stage.archive
    await stage.says("/reindex")
    assert "tidak dikenal" in stage.sent[0]["text"]
    await stage.in_group("/reindex@ArsipBot")
    assert len(stage.sent) == 1
    assert stage.archive is old


async def test_an_admin_can_reindex_from_a_group(stage, rebuild):
    new = ScriptedArchive()
    rebuild(lambda progress: new)
    await stage.in_group("/reindex@ArsipBot", sender=ADMIN)
    await stage.services.reindexing.finished()
    assert stage.archive is new
    assert stage.sent[0]["chat_id"] == GROUP


async def test_progress_that_cannot_be_shown_does_not_stop_the_rebuild(stage, rebuild):
    new = ScriptedArchive()
    rebuild(lambda progress: new)
    for _ in range(3):
        stage.request.refuse("sendMessage", 403, "Forbidden: bot was kicked")
    await stage.says("/reindex", chat=ADMIN, sender=ADMIN)
    await stage.services.reindexing.finished()
    assert stage.archive is new


async def test_a_long_list_of_changes_fits_one_message(stage, rebuild):
    refused = [ArticleError(f"seeds/{'x' * 300}-{n}.txt", "y" * 2000) for n in range(50)]
    new = ScriptedArchive([article(n, paragraphs=1) for n in range(10, 200)], refused)
    rebuild(lambda progress: new)
    await stage.says("/reindex", chat=ADMIN, sender=ADMIN)
    await stage.services.reindexing.finished()
    assert len(stage.edited[-1]["text"]) < 4096
    assert "dan 184 lainnya" in stage.edited[-1]["text"]


async def test_each_audience_gets_its_menu_and_a_refused_one_is_only_logged(stage, caplog):
    await set_menus(stage.application.bot, {ADMIN: Role.OWNER, CITIZEN: Role.VIEWER}, stage.services.texts)
    menus = {
        (call["scope"]["type"], call["scope"].get("chat_id")): [command["command"] for command in call["commands"]]
        for call in stage.request.named("setMyCommands")
    }
    assert "reindex" not in menus["default", None]
    assert {"reindex", "siaran"} <= set(menus["chat", ADMIN])
    assert "artikel" in menus["chat", CITIZEN]
    assert not {"reindex", "siaran"} & set(menus["chat", CITIZEN])
    assert menus["all_group_chats", None] == [
        "tanya", "cari", "daerah", "cakupan", "langganan", "berhenti", "privasi", "hapus_data", "atur",
    ]  # fmt: skip
    for _ in range(3):  # as for an admin who never wrote to the bot
        stage.request.refuse("setMyCommands", 400, "Bad Request: chat not found")
    await set_menus(stage.application.bot, {ADMIN: Role.OWNER}, stage.services.texts)
    assert "owner 1 of 1: Chat not found" in caplog.text  # and not which user


async def test_upkeep_forgets_deletes_and_notices_a_revoked_token(stage, monkeypatch):
    monkeypatch.setattr("bot.running.FORGET_SECONDS", 0.01)
    monkeypatch.setattr("bot.running.PURGE_SECONDS", 0.01)
    monkeypatch.setattr("bot.running.TOKEN_CHECK_SECONDS", 0.01)
    done = []
    monkeypatch.setattr(stage.services.conversations, "forget", lambda: done.append("forget"))

    async def purge():
        done.append("purge")

    monkeypatch.setattr(stage.services.log, "purge", purge)
    stop = asyncio.Event()
    upkeep = asyncio.create_task(_upkeep(stage.application, stage.inbox, stop))
    async with asyncio.timeout(5):
        while min(done.count("forget"), done.count("purge")) < 2:  # noqa: ASYNC110 - neither sets an event
            await asyncio.sleep(0.01)
    assert not stop.is_set()
    stage.request.refuse("getMe", 401, "Unauthorized")
    await asyncio.wait_for(stop.wait(), 2)
    upkeep.cancel()
    await asyncio.gather(upkeep, return_exceptions=True)


def test_how_long_a_rebuild_will_take_is_told_once_its_pace_tells():
    pace = Pace()
    assert pace.left(40_000, 50_000, 100.0) is None  # those that are as they were, in no time
    assert pace.left(40_010, 50_000, 101.0) is None
    assert pace.left(41_000, 50_000, 110.0) == 90.0
    told = reports.progress(Step(41_000, 50_000, 90.0), load())
    assert "41000 dari 50000 artikel. Kira-kira 2 menit lagi." in str(told)
    assert "Kira-kira 7 detik lagi." in str(reports.progress(Step(1, 2, 7.2), load()))
    assert "lagi" not in str(reports.progress(Step(1, 2, None), load()))
