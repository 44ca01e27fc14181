"""A backup holds everything and is whole; a restore happens whole or not at all, and loses nothing that was there."""

from __future__ import annotations

import contextlib
import io
import os
import sqlite3
import stat
import tarfile
import threading
from pathlib import Path

import pytest

from bot import __main__ as program
from bot import backup, holdings
from bot.claim import Claim, TakenError, is_taken
from bot.errors import StorageError
from bot.settings import Settings
from bot.storage import Storage


@pytest.fixture
async def kept(tmp_path):
    """A data folder as a bot leaves it."""
    data = tmp_path / "data"
    settings = Settings(data_dir=data, database=data / "bot.sqlite3", seeds_dir=tmp_path / "seeds")
    storage = await Storage.open(settings.database)
    await storage.close()
    say(settings, "sebelum")
    (data / "hash.key").write_text("k" * 64)
    (data / "articles" / "versions").mkdir(parents=True)
    (data / "articles" / "desa.txt").write_text("Santunan di desa.\n")
    (data / "articles" / "versions" / "desa.1").write_text("Dulu.\n")
    (data / "words").mkdir()
    (data / "words" / "slang.tsv").write_text("gmn\tbagaimana\n")
    (data / "golden.jsonl").write_text("{}\n")
    (data / "stems.json").write_text("{}")
    return settings


def say(settings, text, update=None):
    with sqlite3.connect(settings.database) as connection:
        connection.execute(
            "INSERT INTO queries (asked_at, chat_hash, chat_kind, question, status, articles, milliseconds)"
            " VALUES ('2026', 'x', 'private', ?, 'answered', '[]', 1)",
            (text,),
        )
        if update:
            connection.execute(
                "INSERT INTO inbox (update_id, arrived_at, payload, attempts) VALUES (?, '2026', ?, 0)", update
            )
    connection.close()


def asked(settings):
    with sqlite3.connect(settings.database) as connection:
        return [row[0] for row in connection.execute("SELECT question FROM queries ORDER BY id")]


def everything(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in {"bot.lock", "bot.sqlite3-shm", "bot.sqlite3-wal"}
    }


def test_what_was_backed_up_comes_back_and_what_was_there_is_kept_beside_it(kept, tmp_path):
    file = tmp_path / "backup.tar.gz"
    made = backup.back_up(kept, file)
    assert set(made.files) == {
        "bot.sqlite3", "hash.key", "golden.jsonl", "articles/desa.txt", "articles/versions/desa.1", "words/slang.tsv",
    }  # fmt: skip
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    say(kept, "sesudah")
    (kept.articles_dir / "baru.txt").write_text("Baru.\n")
    (kept.data_dir / "hash.key").write_text("n" * 64)
    contents, aside = backup.restore(kept, file)
    aside = [Path(path) for path in aside]
    assert contents == made
    assert asked(kept) == ["sebelum"]
    assert {path.name for path in kept.articles_dir.iterdir()} == {"desa.txt", "versions"}
    assert kept.hash_key_file.read_text() == "k" * 64
    assert {path.name.partition(".before-")[0] for path in aside if not path.name.endswith(("-wal", "-shm"))} == {
        "bot.sqlite3", "hash.key", "articles", "words", "golden.jsonl",
    }  # fmt: skip
    old = next(path for path in aside if path.name.startswith("bot.sqlite3.before-") and path.suffix != "")
    with sqlite3.connect(old) as connection:
        assert connection.execute("SELECT count(*) FROM queries").fetchone() == (2,)
    assert not list(kept.data_dir.glob(".*"))
    assert not (kept.data_dir / holdings.JOURNAL).exists()


def test_a_backup_made_while_the_bot_writes_is_of_one_moment(kept, tmp_path):
    stop = threading.Event()

    def write():
        connection = sqlite3.connect(kept.database, timeout=10)
        connection.execute("PRAGMA journal_mode = WAL")
        number = 0
        while not stop.is_set():
            number += 1
            with connection:  # two rows together or not at all
                for half in "ab":
                    connection.execute(
                        "INSERT INTO queries (asked_at, chat_hash, chat_kind, question, status, articles, milliseconds)"
                        " VALUES ('2026', 'x', 'private', ?, 'answered', '[]', 1)",
                        (f"{number}{half}" + "x" * 2000,),
                    )
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            backup.back_up(kept, tmp_path / f"{number}.tar.gz")
    finally:
        stop.set()
        writer.join()
    for number in range(5):
        with tarfile.open(tmp_path / f"{number}.tar.gz") as archive:
            archive.extract("bot.sqlite3", tmp_path / str(number), filter="data")
        with sqlite3.connect(tmp_path / str(number) / "bot.sqlite3") as connection:
            rows = [row[0] for row in connection.execute("SELECT question FROM queries") if row[0] != "sebelum"]
        assert {each.split("x")[0][:-1] for each in rows if "ax" in each} == {
            each.split("x")[0][:-1] for each in rows if "bx" in each
        }


def test_what_waits_for_an_answer_goes_along_only_when_no_bot_is_answering_it(kept, tmp_path):
    say(kept, "lagi", update=(5, '{"rahasia": "belum dijawab"}'))
    backup.back_up(kept, tmp_path / "moving.tar.gz")
    with Claim(kept.data_dir):
        backup.back_up(kept, tmp_path / "running.tar.gz")
    held = {}
    for name in ("moving", "running"):
        with tarfile.open(tmp_path / f"{name}.tar.gz") as archive:
            held[name] = archive.extractfile("bot.sqlite3").read()
    assert b"belum dijawab" in held["moving"]
    assert b"belum dijawab" not in held["running"]


def test_no_file_is_overwritten(kept, tmp_path):
    file = tmp_path / "backup.tar.gz"
    file.write_text("penting")
    with pytest.raises(backup.BackupError, match="exists already"):
        backup.back_up(kept, file)
    assert file.read_text() == "penting"


def test_a_damaged_database_is_not_backed_up_as_if_it_were_whole(kept, tmp_path):
    for number in range(200):
        say(kept, f"{number}" + "x" * 500)
    data = bytearray(kept.database.read_bytes())
    data[len(data) // 3 : len(data) // 2] = os.urandom(len(data) // 2 - len(data) // 3)
    kept.database.write_bytes(data)
    with pytest.raises((backup.BackupError, StorageError)):
        backup.back_up(kept, tmp_path / "backup.tar.gz")
    assert not (tmp_path / "backup.tar.gz").exists()


def test_nothing_is_restored_while_the_bot_runs_or_the_database_is_open(kept, tmp_path):
    file = tmp_path / "backup.tar.gz"
    backup.back_up(kept, file)
    before = everything(kept.data_dir)
    with Claim(kept.data_dir), pytest.raises(TakenError):
        backup.restore(kept, file)
    connection = sqlite3.connect(kept.database)
    connection.execute("SELECT count(*) FROM queries").fetchone()
    with pytest.raises(backup.BackupError, match="open"):
        backup.restore(kept, file)
    connection.close()
    assert everything(kept.data_dir) == before


@pytest.mark.parametrize("damage", ["cut", "no backup", "changed", "left out", "outside", "link", "extra", "newer"])
def test_what_is_no_whole_backup_changes_nothing(kept, tmp_path, damage):
    file, bad = tmp_path / "backup.tar.gz", tmp_path / "bad.tar.gz"
    backup.back_up(kept, file)
    if damage == "cut":
        bad.write_bytes(file.read_bytes()[:-300])
    elif damage == "no backup":
        bad.write_bytes(b"PK\3\4 something else")
    else:
        rewrite(file, bad, damage)
    before = everything(kept.data_dir)
    with pytest.raises((backup.BackupError, StorageError), match=bad.name):
        backup.restore(kept, bad)
    assert everything(kept.data_dir) == before


def rewrite(source, target, damage):
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for entry in old:
            data = old.extractfile(entry).read()
            if entry.name == "hash.key" and damage == "changed":
                data = b"z" * len(data)
            if entry.name == "hash.key" and damage == "left out":
                continue
            if entry.name == backup.MANIFEST and damage == "newer":
                data = data.replace(b'"format": 1', b'"format": 2')
            entry.size = len(data)
            new.addfile(entry, io.BytesIO(data))
        more = tarfile.TarInfo(
            {"outside": "articles/../../keluar.txt", "link": "articles/tautan.txt"}.get(damage, "lain.txt")
        )
        if damage == "link":
            more.type, more.linkname = tarfile.SYMTYPE, "/etc/passwd"
        if damage in {"outside", "link", "extra"}:
            new.addfile(more, io.BytesIO())


@pytest.mark.parametrize("moves_done", range(14))
def test_a_restore_that_is_cut_short_is_finished_by_the_next_start(kept, tmp_path, monkeypatch, moves_done):
    file = tmp_path / "backup.tar.gz"
    backup.back_up(kept, file)
    say(kept, "sesudah")
    left = iter(range(moves_done))
    rename = type(file).rename

    def cut(self, target):
        if next(left, None) is None:
            raise KeyboardInterrupt  # the power
        return rename(self, target)

    with (
        monkeypatch.context() as patch,
        pytest.raises(KeyboardInterrupt) if moves_done < 10 else contextlib.nullcontext(),
    ):
        patch.setattr(type(file), "rename", cut)
        backup.restore(kept, file)
    holdings.finish_restore(kept)
    assert asked(kept) == ["sebelum"]
    assert (kept.articles_dir / "desa.txt").exists()
    old = [path for path in kept.data_dir.glob("bot.sqlite3.before-*") if not path.name.endswith(("-wal", "-shm"))]
    assert len(old) == 1
    assert holdings.finish_restore(kept) == []


def test_a_backup_goes_to_another_machine(kept, tmp_path):
    file = tmp_path / "backup.tar.gz"
    backup.back_up(kept, file)
    other = Settings(data_dir=tmp_path / "lain", database=tmp_path / "tempat" / "x.sqlite3")
    _, aside = backup.restore(other, file)
    assert aside == []
    assert asked(other) == ["sebelum"]
    assert stat.S_IMODE(other.data_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE(other.database.stat().st_mode) == 0o600


def test_a_claim_is_of_one_process_and_ends_with_it(tmp_path):
    folder = tmp_path / "data"
    assert not is_taken(folder)
    assert not folder.exists()
    with Claim(folder):
        assert is_taken(folder)
        with pytest.raises(TakenError), Claim(folder):
            pass
    assert not is_taken(folder)


def test_the_commands_say_what_they_did_and_what_is_wrong(kept, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DATA_DIR", str(kept.data_dir))
    monkeypatch.setenv("HASH_KEY", "a key that is a secret")
    file = str(tmp_path / "backup.tar.gz")
    assert program.main(["backup", file]) == 0
    assert program.main(["restore", file]) == 0
    told = capsys.readouterr().out
    assert "HASH_KEY is not in it" in told
    assert "a key that is" not in told
    assert told.count("kept: ") >= 5
    assert program.main(["backup", file]) == 2
    assert program.main(["restore", str(tmp_path / "nirgends")]) == 2
    assert capsys.readouterr().err.count("error: ") == 2
