"""The one door to the database: every SQL statement is in this package."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import aiosqlite

from bot.errors import StorageError

# How long a writer waits for another process (a backup, the terminal chat) to finish.
BUSY_MILLISECONDS = 5000


@dataclass(frozen=True, slots=True)
class QueryRow:
    """One row of the query log; ``question`` is already masked and ``chat_hash`` already a code."""

    asked_at: datetime
    chat_hash: str
    chat_kind: str
    question: str
    status: str
    articles: tuple[str, ...]
    milliseconds: int
    edited: bool = False


def migrations() -> list[str]:
    """The SQL scripts in order; the first brings an empty database to version 1."""
    files = (resources.files(__name__) / "migrations").iterdir()
    scripts = sorted((file.name, file.read_text(encoding="utf-8")) for file in files if file.name.endswith(".sql"))
    return [script for _, script in scripts]


class Storage:
    """An open database, at the newest schema version.

    Errors of single statements are ``sqlite3.Error``; ``bot.querylog`` is what keeps them from the chat.
    """

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        # Statements of one transaction must not mix with another's: there is one connection for all chats.
        self._writing = asyncio.Lock()

    @classmethod
    async def open(cls, path: Path) -> Storage:
        """Open or create the database at ``path`` and bring it to the newest schema version.

        Raises:
            StorageError: it cannot be opened, is no database, or a newer version of this program wrote it.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Created here and not by SQLite, so that nobody else on the machine can ever read it.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            # Autocommit: transactions are begun and ended below, in sight.
            connection = await aiosqlite.connect(path, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise StorageError(f"{path}: cannot open the database: {error}") from error
        try:
            await connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
            await _version(connection, path)  # before the file is changed: one of a newer version is left as it is
            await _use_wal(connection)
            await connection.execute("PRAGMA synchronous = NORMAL")  # safe with WAL: loses no consistency
            await connection.execute("PRAGMA foreign_keys = ON")
            await connection.execute("PRAGMA secure_delete = ON")  # what /privasi says is deleted is overwritten
            await _migrate(connection, path)
        except sqlite3.Error as error:
            await connection.close()
            raise StorageError(f"{path}: cannot use the database: {error}") from error
        except BaseException:
            await connection.close()
            raise
        return cls(connection)

    async def close(self) -> None:
        """Close the database; nothing can be stored after."""
        await self._connection.close()

    async def add_query(self, row: QueryRow) -> None:
        """Add one row to the query log."""
        await self._write(
            "INSERT INTO queries (asked_at, chat_hash, chat_kind, question, status, articles, milliseconds, edited)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            _stamp(row.asked_at),
            row.chat_hash,
            row.chat_kind,
            row.question,
            row.status,
            json.dumps(row.articles),
            row.milliseconds,
            int(row.edited),
        )

    async def add_answer(self, chat_hash: str, question_message: int, answer_message: int, at: datetime) -> None:
        """Remember which message answered which; a later answer to the same question takes its place."""
        await self._write(
            "INSERT INTO answers (chat_hash, question_message, answer_message, answered_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (chat_hash, question_message)"
            " DO UPDATE SET answer_message = excluded.answer_message, answered_at = excluded.answered_at",
            chat_hash,
            question_message,
            answer_message,
            _stamp(at),
        )

    async def answer_to(self, chat_hash: str, question_message: int) -> int | None:
        """The message that answered a question."""
        cursor = await self._connection.execute(
            "SELECT answer_message FROM answers WHERE chat_hash = ? AND question_message = ?",
            (chat_hash, question_message),
        )
        row = await cursor.fetchone()
        return int(row[0]) if row else None

    async def purge(self, *, queries_before: datetime, answers_before: datetime) -> int:
        """Delete what is older; returns how many queries went."""
        async with self._writing:
            await self._connection.execute("BEGIN IMMEDIATE")
            try:
                gone = await self._connection.execute(
                    "DELETE FROM queries WHERE asked_at < ?", (_stamp(queries_before),)
                )
                await self._connection.execute("DELETE FROM answers WHERE answered_at < ?", (_stamp(answers_before),))
            except BaseException:
                await self._connection.execute("ROLLBACK")
                raise
            await self._connection.execute("COMMIT")
        # The write-ahead log still holds what was deleted.
        await self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone.rowcount

    async def _write(self, statement: str, *values: str | int) -> None:
        async with self._writing:
            await self._connection.execute(statement, values)


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
    version, newest = int(row[0]) if row else 0, len(migrations())
    if version > newest:
        raise StorageError(
            f"{path}: found a database of version {version}, expected {newest} at most: "
            "a newer version of this program wrote it; run that one, or set DATABASE_URL to another file"
        )
    return version


async def _migrate(connection: aiosqlite.Connection, path: Path) -> None:
    scripts = migrations()
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


def _stamp(moment: datetime) -> str:
    """UTC to the second, in a form whose order as text is its order in time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
