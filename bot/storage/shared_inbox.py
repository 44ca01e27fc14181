"""The inbox that several processes share: each chat's updates are one replica's, whichever of them they arrive at."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.errors import StorageError
from bot.storage.batches import Batches
from bot.storage.database import Database, Row, Transaction
from bot.storage.inbox import InboxStore, Update, Waiting
from bot.storage.moments import stamp

# Heard by the replica with that address when updates came to another that are its own; the text is their lane.
CHANNEL = "replica_{}"
# Lanes that are nobody's are taken in turns of so many: others may take some.
_MOST_LANES = 100


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update, the lane it waits in, and whether an attempt is counted with its arrival."""

    update: Update
    lane: str
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a look found.

    ``new`` are the numbers that nobody had kept before; ``held`` the lanes, of those asked about, that are the
    replica's, ``taken`` those among them that it did not have before; ``waiting`` what waits in them, in order, with
    its lane; ``others`` who has the rest.
    """

    replica: str
    new: frozenset[int] = frozenset()
    held: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()
    waiting: tuple[tuple[str, Waiting], ...] = ()
    others: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Arriving:
    replica: str
    arrivals: Sequence[Arrival]
    at: datetime
    result: asyncio.Future[Found]


class SharedInboxStore(InboxStore):
    """The table ``inbox``, beside ``lanes``."""

    FINISH = InboxStore.FINISH + ", lane = NULL"

    def __init__(self, database: Database, batches: Batches | None = None) -> None:
        super().__init__(database, batches)
        self._arriving: list[_Arriving] = []
        self._arriver: asyncio.Task[None] | None = None

    async def arrive(self, replica: str, arrivals: Sequence[Arrival], at: datetime) -> Found:
        """Keep updates, on the disk, and take their lanes where they are nobody's.

        What others kept in these lanes before is found with them: whoever gets a chat's second update after Telegram
        heard that the first one arrived sees the first one.
        """
        arriving = _Arriving(replica, arrivals, at, asyncio.get_running_loop().create_future())
        self._arriving.append(arriving)
        if self._arriver is None or self._arriver.done():
            # A task of its own: whoever waits may be cancelled, and the others' updates are kept.
            self._arriver = asyncio.create_task(self._arrive_all(), name="inbox")
        return await arriving.result

    async def look(self, replica: str, lanes: Collection[str]) -> Found:
        """Take those of these lanes that are nobody's, and find what waits in the replica's."""
        async with self._database.transaction(durable=True) as transaction:
            return await _found(transaction, replica, lanes)

    async def open_lanes(self, replica: str) -> list[tuple[int, str, bool]]:
        """What waits in the replica's lanes and in nobody's: (number, lane, whether it is the replica's), in order."""
        own = await self._database.read(
            "SELECT i.update_id, i.lane FROM inbox AS i JOIN lanes AS l ON l.lane = i.lane WHERE i.outcome IS NULL"
            " AND l.replica = ? ORDER BY i.update_id",
            replica,
        )
        free = await self._database.read(
            "SELECT min(i.update_id), i.lane FROM inbox AS i LEFT JOIN lanes AS l ON l.lane = i.lane"
            " WHERE i.outcome IS NULL AND i.lane IS NOT NULL AND l.lane IS NULL"
            " AND EXISTS (SELECT 1 FROM replicas WHERE id = ?) GROUP BY i.lane ORDER BY 1 LIMIT ?",
            replica,
            _MOST_LANES,
        )
        return [*((number, lane, True) for number, lane in own), *((number, lane, False) for number, lane in free)]

    async def without_lane(self) -> list[tuple[int, Update]]:
        """What waits and was kept by a program that knew no lanes."""
        rows = await self._database.read("SELECT update_id, payload FROM inbox WHERE outcome IS NULL AND lane IS NULL")
        return [(number, json.loads(payload)) for number, payload in rows]

    async def place(self, lanes: Collection[tuple[int, str]]) -> None:
        """Give those their lanes."""
        async with self._database.transaction(durable=True) as transaction:
            await transaction.write_many(
                "UPDATE inbox SET lane = ? WHERE update_id = ? AND outcome IS NULL AND lane IS NULL",
                [(lane, number) for number, lane in lanes],
            )

    async def announce(self, lane: str, address: str) -> None:
        """Tell a replica that something waits in its lane."""
        # Not in the transaction that keeps it: those who announce something are let through one at a time.
        await self._database.write("SELECT pg_notify(?, ?)", CHANNEL.format(address), lane)

    async def _arrive_all(self) -> None:
        while self._arriving:
            batch, self._arriving = self._arriving, []
            replica = batch[-1].replica
            # In order, as everything below that is locked: of two replicas neither holds what the other waits for.
            rows = sorted(_row(each, arriving.at) for arriving in batch for each in arriving.arrivals)
            try:
                async with self._database.transaction(durable=True) as transaction:
                    marks = ", ".join(["(?, ?, ?, ?, ?)"] * len(rows))
                    # One statement: of several replicas that are given an update, one is told that it is new.
                    new = await transaction.read(
                        f"INSERT INTO inbox (update_id, arrived_at, payload, attempts, lane) VALUES {marks}"  # nosec B608 # noqa: S608 - question marks only
                        " ON CONFLICT (update_id) DO NOTHING RETURNING update_id",
                        *(value for row in rows for value in row),
                    )
                    found = await _found(transaction, replica, {lane for *_, lane in rows}, new)
            except BaseException as error:
                failure = error if isinstance(error, StorageError) else StorageError(f"{type(error).__name__}: {error}")
                for arriving in batch:
                    if not arriving.result.done():
                        arriving.result.set_exception(failure)
                if not isinstance(error, Exception):
                    raise
            else:
                for arriving in batch:
                    if not arriving.result.done():
                        arriving.result.set_result(found)


async def _found(transaction: Transaction, replica: str, lanes: Collection[str], new: Sequence[Row] = ()) -> Found:
    ordered = sorted(lanes)
    marks = ", ".join("?" * len(ordered))
    # Who is not known, or was given up, takes nothing.
    wanted = ", ".join(["(?)"] * len(ordered))
    taken = await transaction.read(
        f"INSERT INTO lanes (lane, replica) SELECT wanted.lane, own.id FROM (VALUES {wanted})"  # nosec B608 # noqa: S608 - question marks only
        " AS wanted (lane) JOIN replicas AS own ON own.id = ? ORDER BY wanted.lane"
        " ON CONFLICT (lane) DO NOTHING RETURNING lane",
        *ordered,
        replica,
    )
    # After that, and so with all that was kept before somebody else's claim to these lanes could be seen.
    rows = await transaction.read(
        "SELECT l.lane, l.replica, i.update_id, i.payload, i.arrived_at, i.attempts FROM lanes AS l"  # noqa: S608 - question marks only
        " LEFT JOIN inbox AS i ON i.lane = l.lane AND i.outcome IS NULL AND l.replica = ?"
        f" WHERE l.lane IN ({marks}) ORDER BY i.update_id",  # nosec B608
        replica,
        *ordered,
    )
    return Found(
        replica,
        frozenset(number for (number,) in new),
        frozenset(lane for lane, holder, *_ in rows if holder == replica),
        frozenset(lane for (lane,) in taken),
        tuple(
            (lane, Waiting(number, json.loads(payload), datetime.fromisoformat(arrived_at), attempts))
            for lane, _, number, payload, arrived_at, attempts in rows
            if number is not None
        ),
        {lane: holder for lane, holder, *_ in rows if holder != replica},
    )


def _row(each: Arrival, at: datetime) -> tuple[int, str, str, int, str]:
    payload = json.dumps(each.update, separators=(",", ":"))
    return each.update["update_id"], stamp(at), payload, int(each.begun), each.lane
