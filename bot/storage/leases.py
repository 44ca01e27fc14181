"""Who of several processes is alive, and which of them does what: leases by the server's clock, in PostgreSQL only.

A lane belongs to one replica for as long as that shows signs of life; of one that shows none for a lease's length the
others take the lanes. Machines' clocks play no part.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.storage.database import Database

if TYPE_CHECKING:
    from bot.storage.line import Line

# Heard when something changed that every replica holds in memory; its text is the topic.
NOTICES = "notices"

_AGE = "abs(extract(epoch FROM clock_timestamp() - {}))"  # also of a moment to come: the server's clock was put back


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a replica shows that it is alive, and after how long without it is given up, in seconds.

    One that missed more than ``gap`` was cut off from the server, as perhaps all were: it gives nobody up until it has
    been back for as long as a lease lasts, so that the others had time to come back, too.
    """

    beat: float = 1.0
    gap: float = 3.0
    lease: float = 5.0

    @property
    def sure(self) -> float:
        """For how long after its last sign of life no other can have given a replica up."""
        return self.lease - self.beat

    @property
    def sure_when_down(self) -> float:
        """For how long after the server did not run nobody can have given up one that was not silent before.

        Whoever gives somebody up shows signs of life without a ``gap`` for as long as a ``lease`` lasts.
        """
        return (self.lease - self.gap) * 0.75

    @property
    def return_(self) -> float:
        """How long after the server was away the others are given to write down what they did without it."""
        return self.lease - self.gap


@dataclass(frozen=True, slots=True)
class Duty:
    """Who has a duty, and for whom (``note``)."""

    replica: str
    note: str | None


class LeaseStore:
    """The tables ``replicas``, ``lanes`` and ``notices``."""

    def __init__(self, database: Database, rhythm: Rhythm | None = None) -> None:
        self.rhythm = rhythm or Rhythm()
        self._database = database

    async def beat(self, line: Line, replica: str) -> bool:
        """Show that a replica is alive; ``False`` when it is not known, or was given up."""
        return bool(
            await line.execute(
                f"UPDATE replicas SET since = CASE WHEN {_AGE.format('seen_at')} > ? THEN clock_timestamp() ELSE since"  # nosec B608 # noqa: S608 - ours
                " END, seen_at = clock_timestamp() WHERE id = ? RETURNING 1",
                self.rhythm.gap,
                replica,
            )
        )

    async def join(self, line: Line, replica: str, code: str) -> None:
        """Be known from now on, with no lane yet."""
        await line.execute(
            "INSERT INTO replicas (id, seen_at, since, code) VALUES (?, clock_timestamp(), clock_timestamp(), ?)",
            replica,
            code,
        )

    async def give_up_silent(self, replica: str) -> list[str]:
        """Let go of the lanes of those who show no sign of life, if ``replica`` may judge that; who they were.

        It may when its own signs of life came without a gap for a lease's length, up to now.
        """
        own, silent = _AGE.format("own.seen_at"), _AGE.format("seen_at")
        rows = await self._database.read(
            f"DELETE FROM replicas WHERE id <> ? AND {silent} > ? AND EXISTS (SELECT 1 FROM replicas AS own"  # nosec B608 # noqa: S608 - ours
            f" WHERE own.id = ? AND {own} < ? AND {_AGE.format('own.since')} > ?) RETURNING id",
            replica,
            self.rhythm.lease,
            replica,
            self.rhythm.gap,
            self.rhythm.lease,
        )
        return [name for (name,) in rows]

    async def others(self, replica: str) -> dict[str, str]:
        """The other replicas, each with its version of the program."""
        rows = await self._database.read("SELECT id, code FROM replicas WHERE id <> ?", replica)
        return {row[0]: row[1] for row in rows}

    async def notices(self) -> dict[str, int]:
        """How often each topic has changed."""
        return {row[0]: row[1] for row in await self._database.read("SELECT topic, number FROM notices")}

    async def leave(self, replica: str) -> None:
        """Let go of everything: the program ends."""
        await self._database.write("DELETE FROM replicas WHERE id = ?", replica)
        await self._database.write("SELECT pg_notify(?, 'left')", NOTICES)

    # -- duties -----------------------------------------------------------------------------------------------

    async def take_duty(self, replica: str, duty: str, note: str | None = None) -> Duty | None:
        """Take a duty if nobody has it; who has it now. ``None``: it was let go of just then, or no such replica."""
        taken = await self._duty(duty)
        if taken is not None:
            return taken
        await self._database.write(
            "INSERT INTO lanes (lane, replica, note) SELECT ?, id, ? FROM replicas WHERE id = ?"
            " ON CONFLICT (lane) DO NOTHING",
            _lane(duty),
            note,
            replica,
        )
        return await self._duty(duty)

    async def leave_duty(self, replica: str, duty: str) -> None:
        """Let go of a duty."""
        await self._database.write("DELETE FROM lanes WHERE lane = ? AND replica = ?", _lane(duty), replica)

    async def _duty(self, duty: str) -> Duty | None:
        row = await self._database.read_one("SELECT replica, note FROM lanes WHERE lane = ?", _lane(duty))
        return Duty(*row) if row else None

    # -- chats ------------------------------------------------------------------------------------------------

    async def let_go(self, replica: str, lanes: Collection[str]) -> int:
        """Let go of chats for whom nothing waits; of how many."""
        marks = ", ".join("?" * len(lanes))
        return await self._database.write(
            f"DELETE FROM lanes WHERE replica = ? AND lane IN ({marks}) AND NOT EXISTS (SELECT 1 FROM inbox"  # nosec B608 # noqa: S608 - question marks only
            " WHERE inbox.lane = lanes.lane AND outcome IS NULL)",
            replica,
            *lanes,
        )


def _lane(duty: str) -> str:
    return f"duty:{duty}"
