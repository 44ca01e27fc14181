"""Files that a server keeps for all of its bots: articles that editors send, word lists, the key of the codes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.moments import stamp

# Any number: who changes files holds the lock of that number, so that changes are numbered as they are committed.
_LOCK = 7_015_209_215
_MOST_AT_ONCE = 100


class ChangedMeanwhileError(StorageError):
    """Another process changed the same file first; nothing was written."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it is since a change; ``content`` is ``None`` for one that was deleted."""

    name: str
    content: bytes | None
    changed_at: datetime


class FileStore:
    """The table ``files``, which only a PostgreSQL database has."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, name: str) -> bytes | None:
        """A file's content; ``None`` when there is none of that name."""
        found = await self.some([name])
        return found[0].content if found else None

    async def newest(self) -> int:
        """The number of the last change; 0 when there was none."""
        row = await self._database.read_one("SELECT coalesce(max(change), 0) FROM files")
        return int(row[0]) if row else 0

    async def listing(self) -> dict[str, str | None]:
        """Every name with its content's SHA-256 in hexadecimal digits; ``None`` for what was deleted."""
        rows = await self._database.read("SELECT name, encode(sha256(content), 'hex') FROM files ORDER BY name")
        return {str(name): digest for name, digest in rows}

    async def changed_since(self, change: int) -> list[str]:
        """The names of what was changed or deleted after that change."""
        rows = await self._database.read("SELECT name FROM files WHERE change > ? ORDER BY change, name", change)
        return [name for (name,) in rows]

    async def some(self, names: Collection[str]) -> list[StoredFile]:
        """Files of those names."""
        wanted, found = list(names), []
        for start in range(0, len(wanted), _MOST_AT_ONCE):
            part = wanted[start : start + _MOST_AT_ONCE]
            marks = ", ".join("?" * len(part))
            rows = await self._database.read(
                f"SELECT name, content, changed_at FROM files WHERE name IN ({marks})",  # nosec B608 # noqa: S608 - question marks only
                *part,
            )
            found += [StoredFile(name, content, datetime.fromisoformat(at)) for name, content, at in rows]
        return found

    async def write(
        self, changes: Mapping[str, bytes | None], at: datetime, based_on: Mapping[str, bytes | None] | None = None
    ) -> int:
        """Write files, and delete those without content, on the disk and all together; returns the change's number.

        Args:
            changes: each file's content by its name.
            at: when.
            based_on: what files must hold for the change to make sense; ``None``: there is none of that name.

        Raises:
            ChangedMeanwhileError: one holds something else.
        """
        async with self._database.transaction(durable=True) as transaction:
            await transaction.read("SELECT pg_advisory_xact_lock(?)", _LOCK)
            for name, content in (based_on or {}).items():
                held = await transaction.read("SELECT content FROM files WHERE name = ?", name)
                if (held[0][0] if held else None) != content:
                    raise ChangedMeanwhileError(f"{name} was changed by another process meanwhile")
            ((number,),) = await transaction.read("SELECT coalesce(max(change), 0) + 1 FROM files")
            await transaction.write_many(
                "INSERT INTO files (name, content, change, changed_at) VALUES (?, ?, ?, ?) ON CONFLICT (name)"
                " DO UPDATE SET content = excluded.content, change = excluded.change, changed_at = excluded.changed_at",
                [(name, content, number, stamp(at)) for name, content in changes.items()],
            )
        return int(number)
