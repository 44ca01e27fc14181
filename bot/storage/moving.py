"""Everything that is kept, from a server into a database file and back: backups, restores, and moves between engines.

For programs that run beside the bot or without it: synchronous, each call in one transaction of the server's.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from bot.database_url import Server
from bot.errors import StorageError
from bot.storage.connections import APPLICATION, first_line, parameters, without_secrets
from bot.storage.moments import stamp
from bot.storage.postgresql import SCHEMA_LOCK
from bot.storage.schema import migrations, newest, tables, upgrade

Connection = psycopg.Connection[tuple[Any, ...]]

_ROWS_AT_ONCE = 1000
# A server takes a moment to notice that somebody is gone.
_ENDING_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class ServerCondition:
    """A server as ``doctor`` sees it; ``version`` is the schema's, 0 for a database that is empty."""

    version: int
    newest: int
    software: str
    bots: int  # connections of bots and of chats in terminals
    free_connections: int
    read_only: bool
    left: tuple[str, ...]  # schemas with what restores have replaced


def condition(server: Server) -> ServerCondition:
    """Look at a server.

    Raises:
        StorageError: it cannot be reached or turns this user away.
    """
    with _connected(server) as connection:
        (software,) = _row(connection, "SHOW server_version")
        (read_only,) = _row(connection, "SHOW transaction_read_only")
        (free,) = _row(
            connection,
            "SELECT current_setting('max_connections')::int - count(*) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend'",
        )
        left = connection.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, 'before_') ORDER BY 1")
        schemas = tuple(str(name) for (name,) in left)
        version, bots = _version(connection), _bots(connection)
    return ServerCondition(version, newest(), str(software), bots, int(free), read_only == "on", schemas)


def expect_no_bots(server: Server) -> None:
    """Make sure that nobody writes to a server.

    Raises:
        StorageError: a bot is connected to it, or it cannot be reached.
    """
    with _connected(server) as connection:
        _expect_no_bots(connection, server)


def export(server: Server, target: Path, *, waiting: bool) -> dict[str, bytes]:
    """Copy what a server keeps, as of one moment, into a new database file and the files that belong beside it.

    Args:
        server: where from; bots may be writing to it.
        target: the database file, empty or not there; gets the schema version that the server has.
        waiting: with the updates that wait for their answer.

    Returns:
        Each file's content by its name.

    Raises:
        StorageError: it cannot be read, or holds nothing of this program's.
    """
    with _connected(server) as connection, _file(target) as made:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        version = _version(connection)
        if not version:
            raise StorageError(f"{server}: found an empty database, expected one that a bot has written")
        if version > newest():
            raise StorageError(
                f"{server}: found a database of version {version}, expected {newest()} at most: a newer version of "
                "this program wrote it"
            )
        made.executescript("".join(migrations("sqlite")[:version]))
        made.execute("BEGIN")
        for table, columns in _shared(made).items():
            wanted = sql.SQL(" WHERE outcome IS NOT NULL" if table == "inbox" and not waiting else "")
            rows = sql.SQL("SELECT {} FROM {}{}").format(_names(columns), sql.Identifier(table), wanted)
            marks = ", ".join("?" * len(columns))
            with connection.cursor("moving") as cursor:  # a named one: the rows come a few at a time
                cursor.execute(rows)
                while some := cursor.fetchmany(_ROWS_AT_ONCE):
                    made.executemany(f"INSERT INTO {table} VALUES ({marks})", some)  # nosec B608 # noqa: S608 - our own names
        made.execute(f"PRAGMA user_version = {version}")
        made.execute("COMMIT")
        files = {}
        if _row(connection, "SELECT to_regclass('files') IS NOT NULL")[0]:
            found = connection.execute("SELECT name, content FROM files WHERE content IS NOT NULL ORDER BY name")
            files = {str(name): bytes(content) for name, content in found}
        connection.execute("COMMIT")
    return files


def load(source: Path, files: Mapping[str, bytes], server: Server, *, replacing: bool) -> tuple[dict[str, int], str]:
    """Copy a database file of the newest version, and files, to a server: all of it or nothing.

    Args:
        source: the database file.
        files: what belongs beside it, by name.
        server: where to.
        replacing: what is there is moved into a schema of its own; otherwise nothing may be there.

    Returns:
        How many rows of each table are there now, counted; and the name of the schema with what was there, if anything.

    Raises:
        StorageError: a bot is connected to the server, there is something already, or a count differs; nothing changed.
    """
    with _connected(server) as connection, _file(source) as given:
        _expect_no_bots(connection, server)  # not in the transaction, for which nobody comes or goes
        connection.execute("BEGIN")
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (SCHEMA_LOCK,))
        kept = _set_aside(connection) if replacing else _expect_empty(connection, server)
        for script in upgrade(_version(connection)):
            connection.execute(script.encode())
        for table, columns in _shared(given).items():
            names = ", ".join(columns)
            into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), _names(columns))
            with connection.cursor().copy(into) as copy:
                for row in given.execute(f"SELECT {names} FROM {table}"):  # nosec B608 # noqa: S608 - our own names
                    copy.write_row([each.replace("\0", "\ufffd") if isinstance(each, str) else each for each in row])
        now = stamp(datetime.now(UTC))
        connection.cursor().executemany(
            "INSERT INTO files (name, content, change, changed_at) VALUES (%s, %s, 1, %s)",
            [(name, content, now) for name, content in files.items()],
        )
        _count_on(connection)
        counted = _compared(given, connection, server)
        connection.execute("COMMIT")
    return counted, kept


def _set_aside(connection: Connection) -> str:
    """Move the tables of this program into a schema of their own; returns its name, "" when there are none."""
    found = [name for name in tables() if _row(connection, "SELECT to_regclass(%s) IS NOT NULL", name)[0]]
    if not found:
        return ""
    (today,) = _row(connection, "SELECT current_schema()")
    kept = f"before_{datetime.now(UTC):%Y%m%d_%H%M%S_%f}"
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(kept)))
    for name in found:
        table = sql.Identifier(str(today), name)
        connection.execute(sql.SQL("ALTER TABLE {} SET SCHEMA {}").format(table, sql.Identifier(kept)))
    return kept


def _expect_empty(connection: Connection, server: Server) -> str:
    version = _version(connection)
    if version > newest():
        raise StorageError(f"{server}: found a database of version {version}, expected {newest()} at most")
    held = [name for name in tables() if name != "schema_version"] if version else []
    for name in held:
        if _row(connection, "SELECT to_regclass(%s) IS NULL", name)[0]:
            continue
        (rows,) = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone() or (0,)
        if rows:
            raise StorageError(
                f"{server}: found {rows} rows in {name}, expected an empty database; to replace what is there, make a "
                "backup and restore it there"
            )
    return ""


def _count_on(connection: Connection) -> None:
    """Let columns that count by themselves go on from what they hold."""
    counting = connection.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND is_identity = 'YES'"
    ).fetchall()
    for table, column in counting:
        if table not in tables():
            continue
        connection.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence({}, {}), greatest(max({}), 1), max({}) > 0) FROM {}").format(
                table, column, sql.Identifier(column), sql.Identifier(column), sql.Identifier(table)
            )
        )


def _compared(given: sqlite3.Connection, connection: Connection, server: Server) -> dict[str, int]:
    counted = {}
    for table in _shared(given):
        (there,) = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone() or ()
        (here,) = given.execute(f"SELECT count(*) FROM {table}").fetchone()  # nosec B608 # noqa: S608 - our own names
        if here != there:
            raise StorageError(f"{server}: {table}: found {there} rows after copying, expected {here}; none is kept")
        counted[table] = int(here)
    return counted


def _shared(file: sqlite3.Connection) -> dict[str, list[str]]:
    """The tables of a database file, which every engine has, with their columns; whom others refer to goes first."""
    found = file.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall()
    needs = {name: {row[2] for row in file.execute(f"PRAGMA foreign_key_list({name})")} for (name,) in found}
    order: list[str] = []
    while len(order) < len(needs):
        order += [name for name in sorted(needs) if name not in order and needs[name] <= set(order)]
    return {name: [row[1] for row in file.execute(f"PRAGMA table_info({name})")] for name in order}


def _version(connection: Connection) -> int:
    if not _row(connection, "SELECT to_regclass('schema_version') IS NOT NULL")[0]:
        return 0
    return int(_row(connection, "SELECT max(version) FROM schema_version")[0] or 0)


def _expect_no_bots(connection: Connection, server: Server) -> None:
    deadline = time.monotonic() + _ENDING_SECONDS
    while bots := _bots(connection):
        if time.monotonic() > deadline:
            raise StorageError(f"{server}: a bot is connected to it ({bots} connections); stop it first")
        time.sleep(0.1)


def _bots(connection: Connection) -> int:
    """How many connections bots have to this database."""
    (count,) = _row(
        connection,
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s",
        APPLICATION,
    )
    return int(count)


def _row(connection: Connection, statement: str, *values: object) -> tuple[Any, ...]:
    row = connection.execute(statement.encode(), values or None).fetchone()
    assert row is not None  # each of these statements has one
    return row


def _names(columns: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


@contextlib.contextmanager
def _connected(server: Server) -> Iterator[Connection]:
    try:
        given = {**parameters(server), "application_name": f"{APPLICATION} (tool)"}
        with contextlib.closing(psycopg.connect(**given, autocommit=True)) as connection:
            yield connection
    except psycopg.Error as error:
        raise StorageError(f"{server}: {without_secrets(server, first_line(error))}") from None


@contextlib.contextmanager
def _file(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise StorageError(f"{path}: cannot be copied: {error}") from error
