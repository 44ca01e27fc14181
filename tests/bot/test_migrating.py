"""Between the engines: a deployment that moves, backups of a server, restores to either; whole or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import tarfile
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest

from bot import __main__ as program
from bot import backup, migrating
from bot.claim import Claim, TakenError
from bot.errors import BotError, SettingsError, StorageError
from bot.holdings import BackupError
from bot.settings import Settings
from bot.storage import Storage, copying, moving
from bot.storage.broadcasts import Broadcast
from bot.storage.chats import ChatSettings, Digest, Topic
from bot.storage.queries import QueryRow
from bot.storage.staff import Deed, Member

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FILES = {
    "hash.key": b"k" * 64, "articles/desa.txt": "Santunan é.\n".encode(), "articles/desa.hidden": b"",
    "articles/versions/desa/0001/article.txt": b"Dulu.\n", "words/slang.tsv": b"gmn\tbagaimana\n",
}  # fmt: skip


async def fill(place):
    storage = await Storage.open(place)
    for number in range(1500):
        await storage.queries.add(
            QueryRow(NOW, f"chat{number}", "private", f"tanya '{number}' 😀\n\t", "answered", (), 1)
        )
    await storage.inbox.add([{"update_id": 2**40 + number, "text": "é \x00"} for number in range(3)], NOW)
    await storage.inbox.finish([(2**40, "done")], NOW)
    await storage.chats.save("a", ChatSettings("35.01", quiet=(21, 5)))
    await storage.chats.save_digest(
        Digest("a", -(10**13), None, 7, "WIB", NOW, NOW, (Topic("all"), Topic("region", "1")))
    )
    await storage.staff.grant(Member(7, "editor", 1, NOW))
    await storage.broadcasts.add(Broadcast("b", 7, "halo"), NOW)
    await storage.broadcasts.begin("b", 5, ["a"])
    if storage.files:
        await storage.files.write(FILES, NOW)
    await storage.close()


@pytest.fixture
async def moved(tmp_path, server_database):
    """Settings with a database file that is full, and those with an empty server."""
    data = tmp_path / "data"
    on_file = Settings(data_dir=data, database=data / "bot.sqlite3", seeds_dir=tmp_path / "seeds")
    await fill(on_file.database)
    for name, content in FILES.items():
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_bytes(content)
    (data / "golden.jsonl").write_text("{}\n")
    return on_file, replace(on_file, database=server_database)


def contents(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: sorted(connection.execute(f"SELECT * FROM {table}")) for table in tables}


def on_server(server, statement):
    with psycopg.connect(server.url) as connection:
        return connection.execute(statement).fetchall()


def test_everything_moves_to_a_server_and_back_again_unchanged(moved, tmp_path):
    on_file, on_server_ = moved
    before = contents(on_file.database)
    rows, kept = migrating.migrate(on_file, on_file.database, on_server_.database)
    assert kept == []
    assert rows == {table: len(found) for table, found in before.items()}
    assert rows["queries"] == 1500
    assert contents(on_file.database) == before
    elsewhere = tmp_path / "baru" / "bot.sqlite3"
    back, _ = migrating.migrate(replace(on_file, data_dir=tmp_path / "baru"), on_server_.database, elsewhere)
    assert back == rows
    assert contents(elsewhere) == before
    for name, content in FILES.items():
        assert (tmp_path / "baru" / name).read_bytes() == content


async def test_after_a_move_to_a_server_new_rows_get_new_numbers_and_the_bot_knows_what_waits(moved):
    on_file, on_server_ = moved
    await asyncio.to_thread(migrating.migrate, on_file, on_file.database, on_server_.database)
    storage = await Storage.open(on_server_.database)
    await storage.queries.add(QueryRow(NOW, "new", "private", "baru", "answered", (), 1))
    await storage.staff.note(Deed(NOW, 1, "added", "x"))
    assert [waiting.update["text"] for waiting in await storage.inbox.waiting()] == ["é \x00"] * 2
    assert await storage.database.read("SELECT max(id), count(*) FROM queries") == [(1501, 1501)]
    await storage.close()


async def test_a_server_that_is_not_empty_and_a_bot_that_runs_are_refused(moved, tmp_path, monkeypatch):
    monkeypatch.setattr(moving, "_ENDING_SECONDS", 0.2)
    on_file, on_server_ = moved
    source, target = on_file.database, on_server_.database

    async def refused(kind, match, *places):
        with pytest.raises(kind, match=match):
            await asyncio.to_thread(migrating.migrate, on_file, *places)

    with Claim(on_file.data_dir):
        await refused(TakenError, "a bot is running", source, target)
    storage = await Storage.open(target)
    await refused(StorageError, "a bot is connected", source, target)
    await refused(StorageError, "a bot is connected", target, tmp_path / "x.sqlite3")
    await storage.staff.note(Deed(NOW, 1, "added", "x"))
    await storage.close()
    await refused(StorageError, "found 1 rows in audit, expected an empty database", source, target)
    assert on_server(target, "SELECT count(*) FROM queries") == [(0,)]
    await refused(BackupError, "exists already", target, source)
    await refused(BackupError, "found no database", tmp_path / "none.sqlite3", target)
    assert not list(on_file.data_dir.glob(".restore-*"))


def test_a_move_that_fails_in_the_middle_leaves_the_server_empty(moved, monkeypatch):
    on_file, on_server_ = moved
    monkeypatch.setattr(moving, "_compared", lambda *_: (_ for _ in ()).throw(StorageError("a row is missing")))
    with pytest.raises(StorageError, match="missing"):
        migrating.migrate(on_file, on_file.database, on_server_.database)
    assert on_server(on_server_.database, "SELECT count(*) FROM queries") == [(0,)]
    assert on_server(on_server_.database, "SELECT count(*) FROM files") == [(0,)]


@pytest.mark.parametrize("came_from", ["file", "server"])
def test_a_backup_of_either_engine_is_restored_to_either(moved, tmp_path, came_from):
    on_file, on_server_ = moved
    before = contents(on_file.database)
    if came_from == "server":
        migrating.migrate(on_file, on_file.database, on_server_.database)
    made = backup.back_up(on_server_ if came_from == "server" else on_file, tmp_path / "backup.tar.gz")
    assert set(made.files) == {"bot.sqlite3", "golden.jsonl", *FILES}
    other = Settings(data_dir=tmp_path / "lain", database=tmp_path / "lain" / "bot.sqlite3", seeds_dir=tmp_path / "s")
    backup.restore(other, tmp_path / "backup.tar.gz")
    assert contents(other.database) == before
    assert (other.data_dir / "articles" / "desa.txt").read_bytes() == FILES["articles/desa.txt"]
    _, kept = backup.restore(replace(other, database=on_server_.database), tmp_path / "backup.tar.gz")
    assert on_server(on_server_.database, "SELECT count(*), max(question) FROM queries") == [
        (1500, max(row[4] for row in before["queries"]))
    ]
    assert dict(on_server(on_server_.database, "SELECT name, content FROM files")) == FILES
    # What was there is not lost, and doctor says where it is.
    (schema,) = moving.condition(on_server_.database).left
    assert f"the schema {schema} of {on_server_.database}" in kept
    count = on_server(on_server_.database, f"SELECT count(*) FROM {schema}.queries")
    assert count == [(1500 if came_from == "server" else 0,)]


async def test_a_backup_made_while_bots_write_is_of_one_moment_and_leaves_out_what_they_answer(
    server_database, tmp_path
):
    settings = Settings(data_dir=tmp_path, database=server_database)
    storage = await Storage.open(server_database)
    await storage.inbox.add([{"update_id": 1}], NOW)
    stop = asyncio.Event()

    async def write():
        number = 0
        while not stop.is_set():
            number += 1
            async with storage.database.transaction() as transaction:  # both or neither
                for table in ("audit", "rebuilds"):
                    columns = (
                        "who, action, subject"
                        if table == "audit"
                        else "who, verdict, articles, added, changed, removed, asked, lost"
                    )
                    values = "1, 'x', 'y'" if table == "audit" else "1, 'x', 1, 1, 1, 1, 1, 1"
                    await transaction.write(f"INSERT INTO {table} (at, {columns}) VALUES (?, {values})", str(number))

    writing = asyncio.create_task(write())
    for number in range(3):
        await asyncio.to_thread(backup.back_up, settings, tmp_path / f"{number}.tar.gz")
    stop.set()
    await writing
    await storage.close()
    counts = []
    for number in range(3):
        with tarfile.open(tmp_path / f"{number}.tar.gz") as archive:
            archive.extract("bot.sqlite3", tmp_path / str(number), filter="data")
        rows = copying.count(tmp_path / str(number) / "bot.sqlite3")
        assert rows["audit"] == rows["rebuilds"]
        assert rows["inbox"] == 0
        counts.append(rows["audit"])
    assert counts[0] < counts[-1]


def test_a_server_with_nothing_of_ours_is_no_source(postgres, tmp_path):
    settings = Settings(data_dir=tmp_path, database=postgres.database())
    with pytest.raises(StorageError, match="found an empty database"):
        backup.back_up(settings, tmp_path / "backup.tar.gz")
    assert not (tmp_path / "backup.tar.gz").exists()


def test_the_command_counts_and_never_shows_a_password(moved, monkeypatch, capsys):
    on_file, on_server_ = moved
    monkeypatch.setenv("DATA_DIR", str(on_file.data_dir))
    monkeypatch.setenv("DATABASE_URL", on_server_.database.url)
    source = f"sqlite:///{on_file.database}"
    assert program.main(["migrate-storage", "--from", source]) == 0
    told = capsys.readouterr()
    assert "queries: 1500 rows" in told.out
    assert "counted on both sides" in told.out
    for arguments in (
        ["--from", source],
        ["--from", source, "--to", on_server_.database.url],
        ["--to", "mysql://a:s3cret-of-tests@b"],
        [],
    ):
        assert program.main(["migrate-storage", *arguments]) == 2
        assert capsys.readouterr().err.startswith("error: ")
    assert program.main(["doctor"]) in (0, 1)
    told_more = capsys.readouterr().out
    assert f"database: {on_server_.database}, PostgreSQL" in told_more
    assert "s3cret" not in told.out + told.err + told_more


def test_one_option_left_out_is_the_setting_and_the_same_twice_is_refused(moved):
    on_file, on_server_ = moved
    assert migrating.places(on_server_, f"sqlite:///{on_file.database}", None)[1] == on_server_.database
    for source, target in ((None, None), ("x", None), (None, "postgres://a:b@c@d/e")):
        with pytest.raises(SettingsError, match=r"^--(from|to)") as error:
            migrating.places(on_server_, source, target)
        assert isinstance(error.value, BotError)
