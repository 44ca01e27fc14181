"""Messages of an owner to all subscribers: what is sent, and to whom it is still to be sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.storage.database import Database, Row
from bot.storage.moments import stamp

# Of a preview that nobody confirms; /privasi says so of drafts, too.
UNCONFIRMED_KEPT = timedelta(days=7)
_COLUMNS = "id, who, text, message, total, sent, failed, begun"


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One broadcast; ``message`` is the one of ours, in the chat of ``who``, where its progress is shown."""

    id: str
    who: int
    text: str
    message: int | None = None
    total: int = 0
    sent: int = 0
    failed: int = 0
    begun: bool = False


class BroadcastStore:
    """The tables ``broadcasts`` and ``broadcast_targets``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def subscribers(self) -> list[str]:
        """The codes of the chats that subscribed to anything."""
        return [code for (code,) in await self._database.read("SELECT chat_hash FROM digests ORDER BY chat_hash")]

    async def add(self, broadcast: Broadcast, at: datetime) -> None:
        """Keep a broadcast that waits to be confirmed."""
        await self._database.write(
            "INSERT INTO broadcasts (id, who, text, total, made_at) VALUES (?, ?, ?, ?, ?)",
            broadcast.id,
            broadcast.who,
            broadcast.text,
            broadcast.total,
            stamp(at),
        )

    async def find(self, number: str) -> Broadcast | None:
        """The broadcast of that id; ``None`` once it is over."""
        row = await self._database.read_one(f"SELECT {_COLUMNS} FROM broadcasts WHERE id = ?", number)  # nosec B608 # noqa: S608 - our own names
        return _broadcast(row) if row else None

    async def begun(self) -> list[Broadcast]:
        """The broadcasts that were confirmed and are not over."""
        rows = await self._database.read(f"SELECT {_COLUMNS} FROM broadcasts WHERE begun = 1 ORDER BY made_at, id")  # nosec B608 # noqa: S608 - our own names
        return [_broadcast(row) for row in rows]

    async def begin(self, number: str, message: int, targets: Iterable[str]) -> bool:
        """Confirm a broadcast, on the disk; ``False`` when it was begun or given up already."""
        chats = [(number, code) for code in targets]
        async with self._database.transaction(durable=True) as transaction:
            if not await transaction.write(
                "UPDATE broadcasts SET begun = 1, message = ?, total = ? WHERE id = ? AND begun = 0",
                message,
                len(chats),
                number,
            ):
                return False
            await transaction.write_many("INSERT INTO broadcast_targets (broadcast, chat_hash) VALUES (?, ?)", chats)
        return True

    async def next_target(self, number: str) -> str | None:
        """The code of a chat that is still to be sent it."""
        row = await self._database.read_one(
            "SELECT chat_hash FROM broadcast_targets WHERE broadcast = ? ORDER BY chat_hash LIMIT 1", number
        )
        return str(row[0]) if row else None

    async def take(self, number: str, chat_hash: str) -> bool:
        """Strike a chat off before it is sent to, on the disk; ``False`` when it was struck off already."""
        async with self._database.transaction(durable=True) as transaction:
            return bool(
                await transaction.write(
                    "DELETE FROM broadcast_targets WHERE broadcast = ? AND chat_hash = ?", number, chat_hash
                )
            )

    async def count(self, broadcast: Broadcast) -> None:
        """Keep how many there are, how many were reached, and how many were not."""
        await self._database.write(
            "UPDATE broadcasts SET total = ?, sent = ?, failed = ? WHERE id = ?",
            broadcast.total,
            broadcast.sent,
            broadcast.failed,
            broadcast.id,
        )

    async def delete(self, number: str) -> bool:
        """Forget a broadcast: it is over or was given up; ``False`` when it was forgotten already."""
        return bool(await self._database.write("DELETE FROM broadcasts WHERE id = ?", number))

    async def delete_unconfirmed(self, who: int) -> int:
        """Forget an owner's that wait to be confirmed; returns how many."""
        return await self._database.write("DELETE FROM broadcasts WHERE begun = 0 AND who = ?", who)

    async def purge(self, before: datetime) -> int:
        """Forget those made before that were never confirmed; returns how many."""
        return await self._database.write("DELETE FROM broadcasts WHERE begun = 0 AND made_at < ?", stamp(before))


def _broadcast(row: Row) -> Broadcast:
    *rest, begun = row
    return replace(Broadcast(*rest), begun=bool(begun))
