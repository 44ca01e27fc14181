"""The database in a file: SQLite, one connection for all chats, one writer at a time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sqlite3
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from pathlib import Path

import aiosqlite

from bot.errors import DamagedError, StorageError
from bot.storage.database import Database, Row, Step, Transaction, Value
from bot.storage.schema import migrations

# How long a writer waits for another process (a backup, the terminal chat) to finish.
BUSY_MILLISECONDS = 5000
# And how long once one has waited in vain, until another succeeds: many that wait one after the other would keep the
# program from ending.
IMPATIENT_MILLISECONDS = 50


class SqliteTransaction(Transaction):
    """See ``SqliteDatabase.transaction``."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def read(self, statement: str, *values: Value) -> list[Row]:
        """Every row."""
        with _told():
            return [tuple(row) for row in await self._connection.execute_fetchall(statement, values)]

    async def write(self, statement: str, *values: Value) -> int:
        """How many rows were changed."""
        with _told():
            return (await self._connection.execute(statement, values)).rowcount

    async def write_many(self, statement: str, rows: Iterable[tuple[Value, ...]]) -> int:
        """One statement for each of ``rows``; how many rows were changed."""
        with _told():
            return (await self._connection.executemany(statement, rows)).rowcount


class SqliteDatabase(Database):
    """An open database file."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        # Statements of one transaction must not mix with another's: there is one connection for all chats.
        self._writing = asyncio.Lock()
        self._patient = True

    @classmethod
    async def open(cls, path: Path) -> SqliteDatabase:
        """Open or create the database at ``path`` and bring it to the newest schema version.

        Raises:
            DamagedError: it is a database, and damaged.
            StorageError: it cannot be opened, is no database, or a newer version of this program wrote it.
        """
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Created here and not by SQLite, so that nobody else on the machine can ever read it.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            connection = await _connect(path)
        except (OSError, sqlite3.Error) as error:
            raise StorageError(f"{path}: cannot open the database: {error}") from error
        try:
            await connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
            await _version(connection, path)  # before the file is changed: one of a newer version is left as it is
            await _examine(connection, path)
            await _use_wal(connection)
            await connection.execute("PRAGMA synchronous = NORMAL")  # safe with WAL: loses no consistency
            await connection.execute("PRAGMA foreign_keys = ON")
            await connection.execute("PRAGMA secure_delete = ON")  # what /privasi says is deleted is overwritten
            await _migrate(connection, path)
        except sqlite3.Error as error:
            await connection.close()
            if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT:
                raise DamagedError(f"{path}: the database is damaged: {error}") from error
            raise StorageError(f"{path}: cannot use the database: {error}") from error
        except BaseException:
            await connection.close()
            raise
        return cls(connection)

    async def close(self) -> None:
        """Close the database; nothing can be stored after."""
        await self._connection.close()

    async def read(self, statement: str, *values: Value) -> list[Row]:
        """Every row."""
        with _told():
            return [tuple(row) for row in await self._connection.execute_fetchall(statement, values)]

    async def write(self, statement: str, *values: Value) -> int:
        """One statement, committed after those written before it; how many rows it changed."""
        async with self._turn():
            with _told():
                return (await self._connection.execute(statement, values)).rowcount

    @contextlib.asynccontextmanager
    async def transaction(self, *, durable: bool = False) -> AsyncIterator[Transaction]:
        """Statements committed together at the end of the block, or undone when it raises; see ``Database``."""
        async with self._turn():
            if durable:
                await self._execute("PRAGMA synchronous = FULL")  # before BEGIN: ignored after it
            try:
                await self._execute("BEGIN IMMEDIATE")
                try:
                    yield SqliteTransaction(self._connection)
                    await self._execute("COMMIT")
                except BaseException:
                    # "No transaction is active" when it was cancelled while the commit was under way, or when SQLite
                    # has rolled it back by itself, as it does on a full disk.
                    with contextlib.suppress(StorageError):
                        await asyncio.shield(self._execute("ROLLBACK"))
                    raise
            finally:
                if durable:
                    with contextlib.suppress(StorageError):
                        await asyncio.shield(self._execute("PRAGMA synchronous = NORMAL"))

    async def commit(self, steps: Sequence[Step], *, durable: bool = False) -> list[list[Row]]:
        """Steps that take effect together or not at all, in one trip to the connection's thread."""
        async with self._turn():
            with _told():
                # Not public; each trip waits for the interpreter's lock twice, and a transaction would make five.
                connection = self._connection._conn
                return await self._connection._execute(_commit, connection, steps, durable)  # type: ignore[no-any-return, no-untyped-call]

    async def check(self) -> None:
        """Read from the file, to see that it can be read."""
        await self.read_one("PRAGMA schema_version")

    async def scrub(self) -> None:
        """Take what was deleted out of the write-ahead log, too."""
        async with self._turn():
            await self._execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextlib.asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """One writer at a time, who waits for other processes as long as makes sense."""
        async with self._writing:
            try:
                yield
            except StorageError as error:
                cause = error.__cause__
                busy = getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
                if busy and self._patient:
                    await self._execute(f"PRAGMA busy_timeout = {IMPATIENT_MILLISECONDS}")
                    self._patient = False
                raise
            if not self._patient:
                await self._execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
                self._patient = True

    async def _execute(self, statement: str) -> None:
        with _told():
            # To the last row: beside a checkpoint whose row nobody has read, nothing can be committed.
            await self._connection.execute_fetchall(statement)


def _commit(connection: sqlite3.Connection, steps: Sequence[Step], durable: bool) -> list[list[Row]]:  # noqa: FBT001 - called by position, in another thread
    returned = []
    if durable:
        connection.execute("PRAGMA synchronous = FULL")  # before BEGIN: ignored after it
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            for step in steps:
                if step.returning:
                    returned.append(connection.execute(step.statement, step.rows[0]).fetchall())
                else:
                    connection.executemany(step.statement, step.rows)
            connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):  # SQLite itself has rolled it back, as it does on a full disk
                connection.execute("ROLLBACK")
            raise
    finally:
        if durable:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("PRAGMA synchronous = NORMAL")
    return returned


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """SQLite's errors, and a closed connection's ``ValueError``, as this package's own."""
    try:
        yield
    except (sqlite3.Error, ValueError) as error:
        raise StorageError(str(error)) from error


async def _connect(path: Path) -> aiosqlite.Connection:
    """Connect, or when cancelled meanwhile leave no thread behind that answers to a closed loop."""

    async def connect() -> aiosqlite.Connection:
        # Autocommit: transactions are begun and ended above, in sight.
        return await aiosqlite.connect(path, isolation_level=None)

    connecting = asyncio.create_task(connect())
    try:
        return await asyncio.shield(connecting)
    except asyncio.CancelledError:
        await (await connecting).close()
        raise


async def _use_wal(connection: aiosqlite.Connection) -> None:
    """Switch to the write-ahead log, which lets others read while one writes."""
    deadline = time.monotonic() + BUSY_MILLISECONDS / 1000
    while True:
        try:
            await connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            # Of two that switch at once SQLite turns one away without the wait that busy_timeout asks for.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.02)
        else:
            return


async def _version(connection: aiosqlite.Connection, path: Path) -> int:
    """The database's schema version, 0 for an empty one.

    Raises:
        StorageError: a newer version of this program wrote it.
    """
    cursor = await connection.execute("PRAGMA user_version")
    row = await cursor.fetchone()
    version, newest = int(row[0]) if row else 0, len(migrations("sqlite"))
    if version > newest:
        raise StorageError(
            f"{path}: found a database of version {version}, expected {newest} at most: "
            "a newer version of this program wrote it; run that one, or set DATABASE_URL to another file"
        )
    return version


async def _examine(connection: aiosqlite.Connection, path: Path) -> None:
    """Find damage before anything is written on top of it; half a second for each 100 MB.

    Raises:
        DamagedError: there is some.
    """
    row = await (await connection.execute("PRAGMA quick_check(1)")).fetchone()
    if row is not None and row[0] != "ok":
        raise DamagedError(f"{path}: the database is damaged: {' '.join(str(row[0]).split())}")


async def _migrate(connection: aiosqlite.Connection, path: Path) -> None:
    scripts = migrations("sqlite")
    # Takes the write lock before the version is read: of two processes starting at once, one migrates.
    await connection.execute("BEGIN IMMEDIATE")
    try:
        for script in scripts[await _version(connection, path) :]:
            for statement in _statements(script):
                await connection.execute(statement)
        # Part of the transaction: schema and version change together or not at all.
        await connection.execute(f"PRAGMA user_version = {len(scripts)}")
    except BaseException:
        await connection.execute("ROLLBACK")
        raise
    await connection.execute("COMMIT")


def _statements(script: str) -> list[str]:
    """A script's statements; ``executescript`` would commit the transaction it runs in."""
    statements, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending)
            pending = ""
    # What is left may be comments; anything else must fail here and not be skipped.
    return [*statements, pending] if re.sub(r"--.*|\s", "", pending) else statements
