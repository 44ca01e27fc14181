"""Copies of a database file, also while the bot writes to it, and what is wrong with one."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import StorageError
from bot.storage.schema import newest

# What SQLite keeps beside a database that is open, or was not closed.
BESIDE = ("-wal", "-shm")
_MOST_PROBLEMS = 3


@dataclass(frozen=True, slots=True)
class Condition:
    """A database's schema version, the newest that this program knows, and what SQLite finds wrong with it."""

    version: int
    newest: int
    problems: tuple[str, ...]


def copy(source: Path, target: Path, *, waiting: bool) -> None:
    """Copy a database as it is at one moment, with what is still in its write-ahead log; owner-only.

    Args:
        source: the database, which others may be writing to.
        target: where to; must not exist.
        waiting: with the updates that wait for their answer. Without, nothing of them is left in the file.

    Raises:
        StorageError: it cannot be read or written.
    """
    try:
        os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with _open(source, "ro") as original, _open(target, "rw") as made:
            original.backup(made)
            made.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
            if not waiting:
                made.execute("DELETE FROM inbox WHERE outcome IS NULL")
                made.execute("VACUUM")
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"{source}: cannot be copied: {error}") from error


def condition(path: Path) -> Condition:
    """Examine a whole database; reads all of it.

    Raises:
        StorageError: it cannot be opened, or is no database.
    """
    try:
        with _open(path, "ro") as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            found = [row[0] for row in connection.execute(f"PRAGMA integrity_check({_MOST_PROBLEMS})")]
    except sqlite3.Error as error:
        raise StorageError(f"{path}: cannot be read: {error}") from error
    return Condition(version, newest(), tuple(" ".join(each.split()) for each in found if each != "ok"))


def count(path: Path) -> dict[str, int]:
    """How many rows each table has.

    Raises:
        StorageError: it cannot be read.
    """
    try:
        with _open(path, "ro") as connection:
            tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            rows = {name: f"SELECT count(*) FROM {name}" for (name,) in connection.execute(tables).fetchall()}  # nosec B608 # noqa: S608 - our own names
            return {name: int(connection.execute(statement).fetchone()[0]) for name, statement in rows.items()}
    except sqlite3.Error as error:
        raise StorageError(f"{path}: cannot be read: {error}") from error


def is_open_elsewhere(path: Path) -> bool:
    """Whether another process has the database open: a terminal chat, a backup, a database browser."""
    if not path.exists():
        return False
    try:
        with _open(path, "rw") as connection:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
    return False


def set_aside(path: Path) -> Path:
    """Rename a damaged database and what lies beside it, so that a new one can begin; returns its new name.

    Raises:
        StorageError: it cannot be renamed.
    """
    kept = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}")
    try:
        for end in ("", *BESIDE):
            with contextlib.suppress(FileNotFoundError):
                Path(f"{path}{end}").rename(f"{kept}{end}")
    except OSError as error:
        raise StorageError(f"{path}: damaged, and cannot be renamed: {error.strerror}") from error
    return kept


@contextlib.contextmanager
def _open(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=5)
    try:
        yield connection
    finally:
        connection.close()
