"""Updates on the disk, from before Telegram hears that they arrived until their replies were accepted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.errors import StorageError
from bot.storage.database import Database, Transaction
from bot.storage.moments import stamp

Update = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update that was not over when the program ended; ``attempts`` counts how often its handling was begun."""

    update_id: int
    update: Update
    arrived_at: datetime
    attempts: int


_BEGIN = "UPDATE inbox SET attempts = attempts + 1 WHERE update_id = ?"
_FINISH = (
    "INSERT INTO inbox (update_id, arrived_at, payload, attempts, outcome) VALUES (?, ?, NULL, 0, ?)"
    " ON CONFLICT (update_id) DO UPDATE SET payload = NULL, outcome = excluded.outcome"
)


@dataclass(slots=True)
class _Write:
    """One statement for some rows, or ``work`` of several."""

    result: asyncio.Future[Any]
    durable: bool
    work: Callable[[Transaction], Awaitable[Any]] | None = None
    statement: str = ""
    rows: Sequence[tuple[Any, ...]] = ()


class InboxStore:
    """The table ``inbox``. What arrives is on the disk when the call returns.

    Writes that come while one is on its way to the disk go there together: a sync costs the same for one as for all.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writes: list[_Write] = []
        self._writer: asyncio.Task[None] | None = None

    async def add(self, updates: Sequence[Update], at: datetime, begun: Collection[int] = ()) -> set[int]:
        """Keep updates; returns the numbers of those that were not there before.

        Of those in ``begun`` an attempt is counted, as by ``begin``: it costs no write of its own here.
        """
        # Escaped, so that half a surrogate pair, which JSON can hold and UTF-8 cannot, comes back as it was.
        rows = [
            (number := update["update_id"], stamp(at), json.dumps(update, separators=(",", ":")), int(number in begun))
            for update in updates
        ]

        async def work(transaction: Transaction) -> set[int]:
            marks = ", ".join("?" * len(rows))
            numbers = [number for number, *_ in rows]
            found = await transaction.read(f"SELECT update_id FROM inbox WHERE update_id IN ({marks})", *numbers)  # nosec B608 # noqa: S608 - question marks only
            new = set(numbers) - {number for (number,) in found}
            await transaction.write_many(
                "INSERT INTO inbox (update_id, arrived_at, payload, attempts) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (update_id) DO NOTHING",
                rows,
            )
            return new

        new: set[int] = await self._together(work, durable=True)
        return new

    async def begin(self, update_id: int) -> None:
        """Count an attempt, before it: one that kills the process has been counted."""
        # No sync: a power cut is nothing that an update can cause.
        await self._together(durable=False, statement=_BEGIN, rows=[(update_id,)])

    async def release(self, update_id: int) -> None:
        """Take an attempt back that was no fault of the update's."""
        await self._database.write("UPDATE inbox SET attempts = attempts - 1 WHERE update_id = ?", update_id)

    async def finish(self, outcomes: Sequence[tuple[int, str]], at: datetime, *, durable: bool = True) -> None:
        """Mark updates as over, and delete what they said; also those that could not be kept when they arrived.

        Without ``durable`` it is on the disk with the next ``add`` at the latest, or when the system writes by itself.
        """
        rows = [(number, stamp(at), outcome) for number, outcome in outcomes]
        await self._together(durable=durable, statement=_FINISH, rows=rows)

    async def waiting(self) -> list[Waiting]:
        """What is not over, in Telegram's order."""
        rows = await self._database.read(
            "SELECT update_id, payload, arrived_at, attempts FROM inbox WHERE outcome IS NULL ORDER BY update_id"
        )
        return [
            Waiting(number, json.loads(payload), datetime.fromisoformat(arrived_at), attempts)
            for number, payload, arrived_at, attempts in rows
        ]

    async def forget(self, before: datetime) -> None:
        """Delete the numbers of what was over before, and what the write-ahead log still holds of every payload."""
        await self._database.write("DELETE FROM inbox WHERE outcome IS NOT NULL AND arrived_at < ?", stamp(before))
        await self._database.scrub()

    async def _together(
        self,
        work: Callable[[Transaction], Awaitable[Any]] | None = None,
        *,
        durable: bool,
        statement: str = "",
        rows: Sequence[tuple[Any, ...]] = (),
    ) -> Any:
        write = _Write(asyncio.get_running_loop().create_future(), durable, work, statement, rows)
        self._writes.append(write)
        if self._writer is None or self._writer.done():
            # A task of its own: whoever waits may be cancelled, and the others' writes go on.
            self._writer = asyncio.create_task(self._write_all(), name="inbox")
        return await write.result

    async def _write_all(self) -> None:
        while self._writes:
            batch, self._writes = self._writes, []
            try:
                durable = any(write.durable for write in batch)
                async with self._database.transaction(durable=durable) as transaction:
                    results = [await write.work(transaction) if write.work else None for write in batch]
                    # Each statement once for all its rows: every one of them is a trip to the database's thread.
                    for statement in dict.fromkeys(write.statement for write in batch if write.statement):
                        rows = [row for write in batch if write.statement == statement for row in write.rows]
                        await transaction.write_many(statement, rows)
            except BaseException as error:
                failure = error if isinstance(error, StorageError) else StorageError(f"{type(error).__name__}: {error}")
                for write in batch:
                    if not write.result.done():
                        write.result.set_exception(failure)
                if not isinstance(error, Exception):
                    raise
            else:
                for write, result in zip(batch, results, strict=True):
                    if not write.result.done():
                        write.result.set_result(result)
