"""The database on a PostgreSQL server, which several processes and machines may share."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Iterator
from functools import lru_cache

import psycopg

from bot.database_url import Server
from bot.errors import StorageError, UnreachableError
from bot.storage.connections import Connection, Connections, first_line
from bot.storage.database import Database, Row, Transaction, Value
from bot.storage.schema import newest, upgrade

# Any number, the same for every process: who changes the schema holds the lock of that number.
SCHEMA_LOCK = 7_015_209_214


class PostgresTransaction(Transaction):
    """See ``PostgresDatabase.transaction``."""

    def __init__(self, connection: Connection, connections: Connections) -> None:
        self._connection = connection
        self._connections = connections

    async def read(self, statement: str, *values: Value) -> list[Row]:
        """Every row."""
        with self._told():
            return await _rows(self._connection, statement, values)

    async def write(self, statement: str, *values: Value) -> int:
        """How many rows were changed."""
        with self._told():
            return (await self._connection.execute(*_query(statement, values))).rowcount

    async def write_many(self, statement: str, rows: Iterable[tuple[Value, ...]]) -> int:
        """One statement for each of ``rows``; how many rows were changed."""
        with self._told():
            cursor = self._connection.cursor()
            await cursor.executemany(_placed(statement), [_writable(row) for row in rows])
            return max(cursor.rowcount, 0)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        with told(), self._connections.deadline(self._connection):
            yield


class PostgresDatabase(Database):
    """An open database on a server. It may go away and come back: each call is tried anew.

    Transactions see what others have committed before each of their statements (READ COMMITTED).
    """

    def __init__(self, connections: Connections, *, syncs: bool) -> None:
        self.connections = connections
        # What an operator has set for the whole server ("remote_apply") is left as it is, unless it is not to sync.
        self._durable = "" if syncs else "SET LOCAL synchronous_commit = on"
        # In the order in which they came, as with SQLite.
        self._writing = asyncio.Lock()

    @classmethod
    async def open(cls, server: Server) -> PostgresDatabase:
        """Connect, and bring the database to the newest schema version.

        Raises:
            UnreachableError: the server does not answer now.
            StorageError: it turns this user away, or a newer version of this program wrote the database.
        """
        connections = Connections(server)
        try:
            async with connections.taken() as connection:
                with told(prefix=f"{server}: cannot use the database: "):
                    await _migrate(connection, server)
                    ((syncs,),) = await _rows(connection, "SHOW synchronous_commit", ())
        except BaseException:
            await connections.close()
            raise
        return cls(connections, syncs=syncs != "off")

    async def close(self) -> None:
        """Close every connection; nothing can be stored after."""
        await self.connections.close()

    async def read(self, statement: str, *values: Value) -> list[Row]:
        """Every row."""
        async with self._taken() as connection:
            return await _rows(connection, statement, values)

    async def write(self, statement: str, *values: Value) -> int:
        """One statement, committed after those written before it; how many rows it changed."""
        async with self._writing, self._taken() as connection:
            async with connection.pipeline():  # one journey to the server and back, not four
                await connection.execute("BEGIN")
                await connection.execute(
                    "SELECT set_config('synchronous_commit', 'off', true), set_config('lock_timeout', %s, true)",
                    (self._lock_timeout,),
                )
                cursor = await connection.execute(*_query(statement, values))
                await connection.execute("COMMIT")
            return max(cursor.rowcount, 0)

    @contextlib.asynccontextmanager
    async def transaction(self, *, durable: bool = False) -> AsyncIterator[Transaction]:
        """Statements committed together at the end of the block, or undone when it raises; see ``Database``."""
        syncing = self._durable if durable else "SET LOCAL synchronous_commit = off"
        async with self.connections.taken() as connection:
            await self._execute(connection, f"BEGIN; SET LOCAL lock_timeout = '{self._lock_timeout}'; {syncing}")
            try:
                yield PostgresTransaction(connection, self.connections)
                await self._execute(connection, "COMMIT")
            except BaseException:
                # Of a connection that is lost the server undoes what was not committed by itself.
                with contextlib.suppress(StorageError):
                    await asyncio.shield(self._execute(connection, "ROLLBACK"))
                raise

    async def check(self) -> None:
        """Ask the server for anything."""
        await self.read("SELECT 1")

    async def scrub(self) -> None:
        """Nothing to tell it: the server clears its files of what was deleted by itself (autovacuum)."""

    @property
    def _lock_timeout(self) -> str:
        return f"{self.connections.patience_seconds * 1000:.0f}"

    async def _execute(self, connection: Connection, statements: str) -> None:
        with told(), self.connections.deadline(connection):
            await connection.execute(statements.encode())

    @contextlib.asynccontextmanager
    async def _taken(self) -> AsyncIterator[Connection]:
        async with self.connections.taken() as connection:
            with told(), self.connections.deadline(connection):
                yield connection


async def _rows(connection: Connection, statement: str, values: tuple[Value, ...]) -> list[Row]:
    cursor = await connection.execute(*_query(statement, values))
    return await cursor.fetchall() if cursor.description else []


def _query(statement: str, values: tuple[Value, ...]) -> tuple[bytes, tuple[Value, ...] | None]:
    return (_placed(statement), _writable(values)) if values else (statement.encode(), None)


def _writable(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """PostgreSQL's text holds every character but one, which only a forged message has."""
    return tuple(
        value.replace("\0", "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) else value for value in values
    )


@lru_cache(maxsize=512)
def _placed(statement: str) -> bytes:
    """A statement with PostgreSQL's marks for values in the place of ``?``, which within quotes is a character."""
    pieces = statement.replace("%", "%%").split("'")
    pieces[::2] = [piece.replace("?", "%s") for piece in pieces[::2]]
    return "'".join(pieces).encode()


@contextlib.contextmanager
def told(prefix: str = "") -> Iterator[None]:
    """The library's errors, and those of text that cannot be written, as this package's own.

    Not chained: the server quotes the values of a row that it refuses, and a traceback would show them.
    """
    try:
        yield
    except psycopg.Error as error:
        told = f"{prefix}{first_line(error)}"
        # Without a code of the server's: the connection was lost. With one of the class 57P: it is being shut down.
        lost = isinstance(error, psycopg.OperationalError) and (error.sqlstate or "57P")[:3] == "57P"
        raise (UnreachableError if lost else StorageError)(told) from None
    except UnicodeEncodeError as error:
        raise StorageError(f"{prefix}{error.reason}") from None


async def _migrate(connection: Connection, server: Server) -> None:
    ((encoding,),) = await _rows(connection, "SHOW server_encoding", ())
    if encoding != "UTF8":
        raise StorageError(f"{server}: found a database in {encoding}, expected one made with ENCODING 'UTF8'")
    if await _version(connection, server) == newest():
        return  # a server that only reads now can be read from
    await connection.execute("BEGIN")  # undone with the connection when anything fails
    # Of several that start at once, one changes the schema, and the others find it changed.
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (SCHEMA_LOCK,))
    # Schema and version change together or not at all.
    for script in upgrade(await _version(connection, server)):
        await connection.execute(script.encode())
    await connection.execute("COMMIT")


async def _version(connection: Connection, server: Server) -> int:
    """The database's schema version, 0 for an empty one.

    Raises:
        StorageError: a newer version of this program wrote it.
    """
    ((there,),) = await _rows(connection, "SELECT to_regclass('schema_version') IS NOT NULL", ())
    rows = await _rows(connection, "SELECT version FROM schema_version", ()) if there else []
    version = int(rows[0][0]) if rows else 0
    if version > newest():
        raise StorageError(
            f"{server}: found a database of version {version}, expected {newest()} at most: a newer version of this "
            "program wrote it; run that one, or set DATABASE_URL to another database"
        )
    return version
