"""Updates on the disk, from before Telegram hears that they arrived until their replies were accepted."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.storage.batches import Batches
from bot.storage.database import Database
from bot.storage.moments import stamp

Update = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update that was not over when the program ended; ``attempts`` counts how often its handling was begun."""

    update_id: int
    update: Update
    arrived_at: datetime
    attempts: int


_TABLE = "inbox"
_BEGIN = "UPDATE inbox SET attempts = attempts + 1 WHERE update_id = ?"
_RELEASE = "UPDATE inbox SET attempts = attempts - 1 WHERE update_id = ?"


class InboxStore:
    """The table ``inbox``. What arrives is on the disk when the call returns."""

    FINISH = (
        "INSERT INTO inbox (update_id, arrived_at, payload, attempts, outcome) VALUES (?, ?, NULL, 0, ?)"
        " ON CONFLICT (update_id) DO UPDATE SET payload = NULL, outcome = excluded.outcome"
    )

    def __init__(self, database: Database, batches: Batches | None = None) -> None:
        self._database = database
        self._batches = batches or Batches(database)

    async def add(self, updates: Sequence[Update], at: datetime, begun: Collection[int] = ()) -> set[int]:
        """Keep updates; returns the numbers of those that were not there before.

        Of those in ``begun`` an attempt is counted, as by ``begin``: it costs no write of its own here.
        """
        # Escaped, so that half a surrogate pair, which JSON can hold and UTF-8 cannot, comes back as it was.
        rows = [
            (number := update["update_id"], stamp(at), json.dumps(update, separators=(",", ":")), int(number in begun))
            for update in sorted(updates, key=lambda update: int(update["update_id"]))
        ]

        # One statement: of several processes that are given an update, one is told that it is new.
        marks = ", ".join(["(?, ?, ?, ?)"] * len(rows))
        found = await self._batches.read(
            _TABLE,
            f"INSERT INTO inbox (update_id, arrived_at, payload, attempts) VALUES {marks}"  # nosec B608 # noqa: S608 - question marks only
            " ON CONFLICT (update_id) DO NOTHING RETURNING update_id",
            *(value for row in rows for value in row),
            durable=True,
        )
        return {number for (number,) in found}

    async def begin(self, update_id: int) -> None:
        """Count an attempt, before it: one that kills the process has been counted."""
        # No sync: a power cut is nothing that an update can cause.
        await self._batches.write(_TABLE, _BEGIN, [(update_id,)])

    async def release(self, update_id: int) -> None:
        """Take an attempt back that was no fault of the update's."""
        await self._batches.write(_TABLE, _RELEASE, [(update_id,)])

    async def finish(self, outcomes: Sequence[tuple[int, str]], at: datetime, *, durable: bool = True) -> None:
        """Mark updates as over, and delete what they said; also those that could not be kept when they arrived.

        Without ``durable`` it is on the disk with the next ``add`` at the latest, or when the system writes by itself.
        """
        rows = [(number, stamp(at), outcome) for number, outcome in outcomes]
        await self._batches.write(_TABLE, self.FINISH, rows, durable=durable)

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
