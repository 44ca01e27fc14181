"""Questions that wait for an article to answer them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Database, Row
from bot.storage.moments import stamp

_COLUMNS = "id, chat_hash, question, previous, region, chat, thread, asked_at"
_MARKS = "?, ?, ?, ?, ?, ?, ?, ?"


@dataclass(frozen=True, slots=True)
class Awaited:
    """A question that somebody waits for; the chat's number is kept for as long as it waits.

    ``question``, ``previous`` and ``region`` are what it takes to ask it again, masked.
    """

    id: str
    chat_hash: str
    question: str
    previous: str | None
    region: str | None
    chat: int
    thread: int | None
    asked_at: datetime


class WaitingStore:
    """The table ``waiting``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, awaited: Awaited, most: int) -> bool | None:
        """Begin to wait; ``False`` when this chat waits for the same already, ``None`` when for ``most`` others."""
        async with self._database.transaction(durable=True) as transaction:
            waits = await transaction.read(
                "SELECT id, question, previous FROM waiting WHERE chat_hash = ?", awaited.chat_hash
            )
            same = (awaited.question, awaited.previous)
            if any(number == awaited.id or (question, before) == same for number, question, before in waits):
                return False
            if len(waits) >= most:
                return None
            await transaction.write(
                f"INSERT INTO waiting ({_COLUMNS}) VALUES ({_MARKS})",  # nosec B608 # noqa: S608 - ours
                *_row(awaited),
            )
        return True

    async def all(self) -> list[Awaited]:
        """Everything that is waited for, longest first."""
        return await self._read("", ())

    async def of_chat(self, chat_hash: str) -> list[Awaited]:
        """What a chat waits for, longest first."""
        return await self._read("WHERE chat_hash = ?", (chat_hash,))

    async def take(self, number: str) -> bool:
        """End a wait, on the disk, and forget the chat's number; ``False`` when it had ended."""
        async with self._database.transaction(durable=True) as transaction:
            return bool(await transaction.write("DELETE FROM waiting WHERE id = ?", number))

    async def put_back(self, awaited: Awaited) -> None:
        """Wait on: what was taken could not be sent."""
        await self._database.write(
            f"INSERT INTO waiting ({_COLUMNS}) VALUES ({_MARKS}) ON CONFLICT (id) DO NOTHING",  # nosec B608 # noqa: S608 - ours
            *_row(awaited),
        )

    async def move(self, old_hash: str, new_hash: str, new_chat: int) -> None:
        """Give a chat's questions to the one that it became."""
        await self._database.write(
            "UPDATE waiting SET chat_hash = ?, chat = ? WHERE chat_hash = ?", new_hash, new_chat, old_hash
        )

    async def delete_chat(self, chat_hash: str) -> int:
        """End every wait of a chat and forget its number; returns how many."""
        return await self._database.write("DELETE FROM waiting WHERE chat_hash = ?", chat_hash)

    async def purge(self, before: datetime) -> int:
        """End the waits that began before; returns how many."""
        return await self._database.write("DELETE FROM waiting WHERE asked_at < ?", stamp(before))

    async def _read(self, where: str, values: tuple[str, ...]) -> list[Awaited]:
        rows = await self._database.read(
            f"SELECT {_COLUMNS} FROM waiting {where} ORDER BY asked_at, id",  # nosec B608 # noqa: S608 - ours
            *values,
        )
        return [_awaited(row) for row in rows]


def _row(awaited: Awaited) -> tuple[str | int | None, ...]:
    return (
        awaited.id,
        awaited.chat_hash,
        awaited.question,
        awaited.previous,
        awaited.region,
        awaited.chat,
        awaited.thread,
        stamp(awaited.asked_at),
    )


def _awaited(row: Row) -> Awaited:
    number, chat_hash, question, previous, region, chat, thread, asked_at = row
    return Awaited(number, chat_hash, question, previous, region, chat, thread, datetime.fromisoformat(asked_at))
