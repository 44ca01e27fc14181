"""A database on a server: schema versions, what waits for the disk, and what a URL may say."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest

from bot.errors import StorageError
from bot.storage import Storage
from bot.storage.connections import MOST_CONNECTIONS
from bot.storage.queries import QueryRow
from bot.storage.schema import migrations, newest, tables

ROW = QueryRow(datetime(2024, 1, 2, tzinfo=UTC), "abc", "private", "apa itu PKH", "answered", ("x",), 3)


def say(server, statement):
    with psycopg.connect(server.url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else None


@pytest.fixture
def empty(postgres):
    """A database without a table."""
    return postgres.database()


async def test_of_several_that_start_at_once_one_makes_the_tables(empty):
    storages = await asyncio.gather(*(Storage.open(empty) for _ in range(4)))
    for storage in storages:
        await storage.queries.add(ROW)
        await storage.close()
    assert say(empty, "SELECT version FROM schema_version") == [(newest(),)]
    assert say(empty, "SELECT count(*) FROM queries") == [(4,)]
    made = {name for (name,) in say(empty, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert made == set(tables())


async def test_an_older_version_migrates_with_its_rows(empty):
    say(empty, "CREATE TABLE schema_version (version BIGINT NOT NULL); INSERT INTO schema_version VALUES (1)")
    say(empty, migrations("postgresql")[0])
    say(empty, "INSERT INTO queries VALUES (DEFAULT, '2024', 'abc', 'private', 'lama', 'answered', '[]', 1)")
    storage = await Storage.open(empty)
    assert await storage.database.read("SELECT question, edited FROM queries") == [("lama", 0)]
    await storage.close()


async def test_a_migration_that_fails_leaves_the_database_as_it_was(server_database, monkeypatch):
    broken = ["CREATE TABLE half (a BIGINT); INSERT INTO nowhere VALUES (1)"]
    monkeypatch.setattr("bot.storage.postgresql.newest", lambda: newest() + 1)
    monkeypatch.setattr("bot.storage.postgresql.upgrade", lambda _: broken)
    with pytest.raises(StorageError, match=r"cannot use the database: .*nowhere"):
        await Storage.open(server_database)
    assert say(server_database, "SELECT version, to_regclass('half') FROM schema_version") == [(newest(), None)]


async def test_a_newer_version_a_wrong_encoding_and_a_name_that_is_taken_are_refused(postgres, server_database):
    say(server_database, "UPDATE schema_version SET version = 99")
    with pytest.raises(StorageError, match=rf"version 99, expected {newest()} at most"):
        await Storage.open(server_database)
    postgres.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    with pytest.raises(StorageError, match="found a database in LATIN1, expected"):
        await Storage.open(postgres.server("latin"))
    taken = postgres.database()
    say(taken, "CREATE TABLE queries (somebody_elses BIGINT)")
    with pytest.raises(StorageError, match='"queries" already exists'):
        await Storage.open(taken)
    # A schema of their own in the same database.
    say(taken, "CREATE SCHEMA bot")
    storage = await Storage.open(replace(taken, url=f"{taken.url}&options=-csearch_path%3Dbot"))
    await storage.queries.add(ROW)
    await storage.close()
    assert say(taken, "SELECT count(*) FROM bot.queries") == [(1,)]


async def test_an_option_that_does_not_exist_is_named_without_the_password(server_database):
    with pytest.raises(StorageError, match="colour") as error:
        await Storage.open(replace(server_database, url=f"{server_database.url}&colour=red"))
    assert "s3cret" not in str(error.value)


async def test_a_durable_transaction_and_no_other_waits_for_the_disk(server_database):
    for setting, durably in (("off", "on"), ("on", "on"), ("remote_write", "remote_write")):
        say(server_database, f"ALTER ROLE bot SET synchronous_commit = {setting}")
        storage = await Storage.open(server_database)
        for durable, level in ((True, durably), (False, "off")):
            async with storage.database.transaction(durable=durable) as transaction:
                assert await transaction.read("SHOW synchronous_commit") == [(level,)]
        await storage.close()
    say(server_database, "ALTER ROLE bot RESET synchronous_commit")


async def test_nothing_is_set_or_prepared_beyond_a_transaction(server_database):
    """A pooler in between may hand each transaction to another session."""
    storage = await Storage.open(server_database)
    settings = "SELECT current_setting('synchronous_commit'), current_setting('lock_timeout')"
    before = await storage.database.read(settings)
    for number in range(20):
        await storage.queries.add(ROW)
        assert await storage.inbox.add([{"update_id": number}], ROW.asked_at) == {number}
    assert await storage.database.read(settings) == before
    assert await storage.database.read("SELECT count(*) FROM pg_prepared_statements") == [(0,)]
    await storage.close()


async def test_few_connections_serve_many_and_are_given_back(server_database):
    storage = await Storage.open(server_database)

    async def work(number):
        if number % 3 == 0:
            async with storage.database.transaction() as transaction:
                await transaction.write("UPDATE queries SET edited = 1 WHERE id = ?", number)
                await asyncio.sleep(0.01)
        else:
            await storage.queries.answer_to("abc", number)

    await asyncio.gather(*(work(number) for number in range(60)))
    connected = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'arsip-sosial-bot'"
    assert 1 < say(server_database, f"{connected} AND datname = current_database()")[0][0] <= MOST_CONNECTIONS
    await storage.close()
    async with asyncio.timeout(5):
        while say(server_database, f"{connected} AND datname = current_database()") != [(0,)]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_of_processes_that_are_given_the_same_updates_one_is_told_that_each_is_new(server_database):
    storages = [await Storage.open(server_database) for _ in range(3)]
    updates = [{"update_id": number} for number in range(40)]
    given = [(storage, order[start : start + 20]) for storage in storages for order in (updates, updates[::-1])
             for start in (0, 20)]  # fmt: skip
    found = await asyncio.gather(*(storage.inbox.add(some, ROW.asked_at) for storage, some in given))
    assert sorted(number for new in found for number in new) == list(range(40))
    for storage in storages:
        await storage.close()
