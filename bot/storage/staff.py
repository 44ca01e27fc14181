"""Who looks after the bot, and the trail of what they did: articles, roles, rebuilds, golden questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Database
from bot.storage.moments import stamp

_REBUILD = "at, who, verdict, articles, added, changed, removed, asked, lost"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a role that was granted in the chat; ``person`` is a Telegram user's number."""

    person: int
    role: str
    granted_by: int
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class Deed:
    """A line of the audit trail."""

    at: datetime
    who: int
    action: str
    subject: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Rebuild:
    """One rebuild: how many articles the archive has, what changed, and what the golden questions said."""

    at: datetime
    who: int
    verdict: str
    articles: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    asked: int = 0
    lost: int = 0


class StaffStore:
    """The tables ``staff``, ``audit``, ``rebuilds`` and ``golden``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- roles ------------------------------------------------------------------------------------------------

    async def members(self) -> list[Member]:
        """Everybody with a role, in the order in which they got it."""
        rows = await self._database.read(
            "SELECT person, role, granted_by, granted_at FROM staff ORDER BY granted_at, person"
        )
        return [Member(person, role, by, datetime.fromisoformat(at)) for person, role, by, at in rows]

    async def grant(self, member: Member) -> None:
        """Give a role, in place of the one held, and write it into the trail."""
        async with self._database.transaction(durable=True) as transaction:
            await transaction.write(
                "INSERT INTO staff (person, role, granted_by, granted_at) VALUES (?, ?, ?, ?) ON CONFLICT (person)"
                " DO UPDATE SET role = excluded.role, granted_by = excluded.granted_by,"
                " granted_at = excluded.granted_at",
                member.person,
                member.role,
                member.granted_by,
                stamp(member.granted_at),
            )
            await transaction.write(_NOTE, *_line(_granted(member)))

    async def revoke(self, person: int, by: int, at: datetime) -> bool:
        """Take a role, and write it into the trail; ``False`` when there was none."""
        async with self._database.transaction(durable=True) as transaction:
            if not await transaction.write("DELETE FROM staff WHERE person = ?", person):
                return False
            await transaction.write(_NOTE, *_line(Deed(at, by, "revoked", str(person))))
        return True

    # -- the audit trail --------------------------------------------------------------------------------------

    async def note(self, deed: Deed) -> None:
        """Write a line into the trail, on the disk."""
        async with self._database.transaction(durable=True) as transaction:
            await transaction.write(_NOTE, *_line(deed))

    async def deeds(self, most: int, skip: int = 0) -> list[Deed]:
        """The trail, newest first."""
        rows = await self._database.read(
            "SELECT at, who, action, subject, detail FROM audit ORDER BY number DESC LIMIT ? OFFSET ?", most, skip
        )
        return [Deed(datetime.fromisoformat(at), *rest) for at, *rest in rows]

    async def count_deeds(self) -> int:
        """How long the trail is."""
        row = await self._database.read_one("SELECT count(*) FROM audit")
        return int(row[0]) if row else 0

    async def deeds_of(self, subject: str) -> list[Deed]:
        """What was done to one article or person, newest first."""
        rows = await self._database.read(
            "SELECT at, who, action, subject, detail FROM audit WHERE subject = ? ORDER BY number DESC", subject
        )
        return [Deed(datetime.fromisoformat(at), *rest) for at, *rest in rows]

    async def purge(self, before: datetime) -> int:
        """Delete the trail and the history of rebuilds from before; returns how many lines went."""
        gone = 0
        for table in ("audit", "rebuilds"):
            gone += await self._database.write(f"DELETE FROM {table} WHERE at < ?", stamp(before))  # nosec B608 # noqa: S608 - ours
        return gone

    # -- rebuilds ---------------------------------------------------------------------------------------------

    async def add_rebuild(self, rebuild: Rebuild) -> None:
        """Keep what a rebuild came to."""
        await self._database.write(
            f"INSERT INTO rebuilds ({_REBUILD}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # nosec B608 # noqa: S608 - ours
            stamp(rebuild.at),
            rebuild.who,
            rebuild.verdict,
            rebuild.articles,
            rebuild.added,
            rebuild.changed,
            rebuild.removed,
            rebuild.asked,
            rebuild.lost,
        )

    async def rebuilds(self, most: int) -> list[Rebuild]:
        """The last rebuilds, newest first."""
        rows = await self._database.read(
            f"SELECT {_REBUILD} FROM rebuilds ORDER BY number DESC LIMIT ?",  # nosec B608 # noqa: S608 - ours
            most,
        )
        return [Rebuild(datetime.fromisoformat(at), *rest) for at, *rest in rows]

    # -- golden questions -------------------------------------------------------------------------------------

    async def add_golden(self, number: str, question: str, by: int, at: datetime) -> bool:
        """Keep a golden question, one JSON object as in a line of golden.jsonl; ``False`` when it is kept already."""
        return bool(
            await self._database.write(
                "INSERT INTO golden (id, question, added_by, added_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                number,
                question,
                by,
                stamp(at),
            )
        )

    async def golden(self) -> list[str]:
        """The golden questions that were chosen in the chat, as lines of JSON."""
        return [line for (line,) in await self._database.read("SELECT question FROM golden ORDER BY added_at, id")]

    async def golden_ids(self) -> set[str]:
        """The ids of those questions."""
        return {number for (number,) in await self._database.read("SELECT id FROM golden")}

    async def delete_golden(self, number: str) -> bool:
        """Ask this one no more; ``False`` when it was not kept."""
        return bool(await self._database.write("DELETE FROM golden WHERE id = ?", number))


_NOTE = "INSERT INTO audit (at, who, action, subject, detail) VALUES (?, ?, ?, ?, ?)"


def _line(deed: Deed) -> tuple[str | int | None, ...]:
    return (stamp(deed.at), deed.who, deed.action, deed.subject, deed.detail)


def _granted(member: Member) -> Deed:
    return Deed(member.granted_at, member.granted_by, "granted", str(member.person), member.role)
