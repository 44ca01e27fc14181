"""The database file: schema versions that migrate, and none that is guessed at; locks, syncs, WAL."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import stat
import threading
import time
from datetime import UTC, datetime

import pytest

from bot.errors import StorageError
from bot.storage import Storage
from bot.storage.queries import QueryRow
from bot.storage.schema import migrations, newest
from bot.storage.sqlite import _statements

ROW = QueryRow(datetime(2024, 1, 2, tzinfo=UTC), "abc", "private", "apa itu PKH", "answered", ("x",), 3)


def version(path):
    with sqlite3.connect(path) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


async def test_a_new_database_is_at_the_newest_version_private_and_in_wal_mode(tmp_path):
    path = tmp_path / "sub" / "bot.sqlite3"
    storage = await Storage.open(path)
    await storage.queries.add(ROW)
    await storage.close()
    assert version(path) == newest()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


async def test_version_1_migrates_to_the_newest_with_its_rows(tmp_path):
    path = tmp_path / "bot.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.executescript(migrations("sqlite")[0])
        connection.execute("PRAGMA user_version = 1")
        connection.execute(
            "INSERT INTO queries (asked_at, chat_hash, chat_kind, question, status, articles, milliseconds)"
            " VALUES ('2024-01-01T00:00:00Z', 'abc', 'private', 'lama', 'answered', '[]', 1)"
        )
    storage = await Storage.open(path)
    await storage.queries.add(ROW)
    await storage.queries.add_answer("abc", 1, 2, ROW.asked_at)
    assert await storage.queries.answer_to("abc", 1) == 2
    await storage.close()
    assert version(path) == newest()
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT question, edited FROM queries ORDER BY id").fetchall()
    assert rows == [("lama", 0), ("apa itu PKH", 0)]


async def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "bot.sqlite3"
    await (await Storage.open(path)).close()
    broken = [*migrations("sqlite"), "CREATE TABLE half (a);\nINSERT INTO nowhere VALUES (1);"]
    monkeypatch.setattr("bot.storage.sqlite.migrations", lambda _: broken)
    with pytest.raises(StorageError, match="nowhere"):
        await Storage.open(path)
    assert version(path) == len(broken) - 1
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone() == (0,)


async def test_a_database_of_a_newer_version_is_refused_untouched(tmp_path):
    path = tmp_path / "bot.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StorageError, match=rf"version 99, expected {newest()} at most"):
        await Storage.open(path)
    assert version(path) == 99
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete"


async def test_a_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "bot.sqlite3"
    path.write_text("not a database, but long enough to look at" * 100)
    with pytest.raises(StorageError, match="cannot use the database"):
        await Storage.open(path)


async def test_a_path_that_cannot_be_opened_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot open the database"):
        await Storage.open(tmp_path / "file" / "bot.sqlite3")


async def test_two_processes_starting_at_once_migrate_once(tmp_path):
    for attempt in range(8):  # switching to WAL at the same moment is a matter of luck
        path = tmp_path / f"bot-{attempt}.sqlite3"
        for storage in await asyncio.gather(*(Storage.open(path) for _ in range(4))):
            await storage.close()
        assert version(path) == newest()


async def test_a_database_that_stays_locked_is_refused_after_a_wait(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.storage.sqlite.BUSY_MILLISECONDS", 100)
    path = tmp_path / "bot.sqlite3"
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match="database is locked"):
            await Storage.open(path)
        connection.execute("ROLLBACK")


async def test_a_start_that_is_cancelled_leaves_no_thread_behind(tmp_path):
    for rounds in range(12):  # at each step of opening
        opening = asyncio.create_task(Storage.open(tmp_path / "bot.sqlite3"))
        for _ in range(rounds):
            await asyncio.sleep(0.0005)
        opening.cancel()
        (result,) = await asyncio.gather(opening, return_exceptions=True)
        if isinstance(result, Storage):
            await result.close()
    async with asyncio.timeout(2):
        while any("_connection_worker_thread" in thread.name for thread in threading.enumerate()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_many_writers_at_once_lose_nothing(tmp_path):
    path = tmp_path / "bot.sqlite3"
    first, second = await Storage.open(path), await Storage.open(path)
    now = datetime(2023, 1, 1, tzinfo=UTC)
    purges = [storage.queries.purge(queries_before=now, answers_before=now) for storage in (first, second)]
    await asyncio.gather(*(storage.queries.add(ROW) for storage in (first, second) for _ in range(50)), *purges)
    await first.close()
    await second.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM queries").fetchone() == (100,)


async def test_of_many_that_wait_for_a_locked_database_only_the_first_waits_long(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.storage.sqlite.BUSY_MILLISECONDS", 400)
    path = tmp_path / "bot.sqlite3"
    storage = await Storage.open(path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        results = await asyncio.gather(*(storage.queries.add(ROW) for _ in range(10)), return_exceptions=True)
        assert {type(result) for result in results} == {StorageError}
        assert 0.4 <= time.monotonic() - begun < 1.6
        other.execute("ROLLBACK")
    await storage.queries.add(ROW)
    assert await storage.database.read_one("PRAGMA busy_timeout") == (400,)
    await storage.close()


async def test_a_durable_transaction_and_no_other_is_synced_to_the_disk(tmp_path):
    storage = await Storage.open(tmp_path / "bot.sqlite3")
    full, normal = [(2,)], [(1,)]
    for durable, level in ((True, full), (False, normal)):
        async with storage.database.transaction(durable=durable) as transaction:
            assert await transaction.read("PRAGMA synchronous") == level
        assert await storage.database.read("PRAGMA synchronous") == normal
    await storage.close()


async def test_what_arrives_and_what_is_over_is_synced_together(tmp_path):
    storage = await Storage.open(tmp_path / "bot.sqlite3")
    said, now = [], datetime.now(UTC)
    await storage.database._connection.set_trace_callback(lambda statement: said.append(statement.split(" (")[0]))
    for writes in (
        [storage.inbox.add([{"update_id": number}], now) for number in range(3)],
        [storage.inbox.finish([(number, "done")], now) for number in range(3)],
    ):
        said.clear()
        await asyncio.gather(*writes)
        assert said[:2] == ["PRAGMA synchronous = FULL", "BEGIN IMMEDIATE"]
        assert said[-2:] == ["COMMIT", "PRAGMA synchronous = NORMAL"]
        assert said.count("COMMIT") == 1
        assert said.count("INSERT INTO inbox") == 3
    await storage.close()


def test_a_script_is_split_at_its_statements_and_no_half_one_is_skipped():
    assert len(_statements("CREATE TABLE a (b); -- one;\nCREATE TABLE c (\n d); -- two\n-- end")) == 2
    assert len(_statements("CREATE TABLE a (b);\nCREATE TABLE c (d)")) == 2
