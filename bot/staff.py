"""Who looks after the bot: owners of the environment, editors and viewers whom they appoint in the chat."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from bot.errors import StorageError
from bot.storage.staff import Deed, Member, StaffStore

# The trail and the history of rebuilds; /privasi and docs/telegram.md say so.
REMEMBERED = timedelta(days=365)


class Role(IntEnum):
    """What somebody may do; each may do what those before it may."""

    VIEWER = 1
    EDITOR = 2
    OWNER = 3

    @property
    def code(self) -> str:
        """As it is stored, and in the keys of the catalogue."""
        return self.name.lower()


GRANTED = {Role.VIEWER.code: Role.VIEWER, Role.EDITOR.code: Role.EDITOR}


@dataclass(frozen=True, slots=True)
class Members:
    """Everybody with a role or a higher one, as it is at the moment of each look."""

    staff: Staff
    role: Role

    def __contains__(self, person: object) -> bool:
        held = self.staff.role_of(person) if isinstance(person, int) else None
        return held is not None and held >= self.role


class Staff:
    """The roles, held in memory, so that whether a message is a command can be told without waiting."""

    def __init__(self, owners: Collection[int], store: StaffStore | None, now: Callable[[], datetime]) -> None:
        self._owners = frozenset(owners)
        self._store = store
        self._now = now
        self._members: dict[int, Member] = {}
        self._revoked: set[int] = set()  # here, while the database failed

    async def load(self) -> None:
        """Read who has which role; before the first message is handled, and when another replica changed it.

        Raises:
            StorageError: the database fails.
        """
        if self._store is not None:
            members = await self._store.members()
            self._members = {each.person: each for each in members if each.person not in self._revoked}

    @property
    def owners(self) -> frozenset[int]:
        """Those of ``ADMIN_IDS``."""
        return self._owners

    @property
    def appointed(self) -> tuple[Member, ...]:
        """The editors and viewers, in the order in which they were appointed."""
        return tuple(self._members.values())

    @property
    def roles(self) -> dict[int, Role]:
        """Everybody with a role."""
        appointed = {person: GRANTED[member.role] for person, member in self._members.items()}
        return appointed | dict.fromkeys(self._owners, Role.OWNER)

    def role_of(self, person: int) -> Role | None:
        """A person's role, if any."""
        if person in self._owners:
            return Role.OWNER
        member = self._members.get(person)
        return GRANTED.get(member.role) if member else None

    def at_least(self, role: Role) -> Members:
        """Everybody with that role or a higher one; a revoked one is out of it at once."""
        return Members(self, role)

    async def grant(self, person: int, role: Role, by: int) -> bool:
        """Make somebody an editor or viewer; ``False`` when they are that already, or an owner.

        Raises:
            StorageError: the database fails, and nothing was changed.
        """
        held = self.role_of(person)
        if held in {role, Role.OWNER}:
            return False
        member = Member(person, role.code, by, self._now())
        await self._kept().grant(member)
        self._members.pop(person, None)
        self._members[person] = member
        self._revoked.discard(person)
        return True

    async def revoke(self, person: int, by: int) -> bool:
        """Take an editor's or viewer's role; ``False`` when they have none, or the environment gives it.

        Raises:
            StorageError: the database fails; the role is lost until the next start all the same.
        """
        # First here: a role that should go is gone, whatever becomes of the disk.
        known = self._members.pop(person, None) is not None
        self._revoked.add(person)
        there = await self._kept().revoke(person, by, self._now())
        self._revoked.discard(person)
        return there or known

    async def note(self, who: int, action: str, subject: str, detail: str | None = None) -> None:
        """Write into the trail what somebody did.

        Raises:
            StorageError: the database fails.
        """
        await self._kept().note(Deed(self._now(), who, action, subject, detail))

    async def deeds_of(self, subject: str) -> list[Deed]:
        """What was done to one article or person, newest first.

        Raises:
            StorageError: the database fails.
        """
        return await self._kept().deeds_of(subject)

    async def deeds(self, most: int, skip: int = 0) -> tuple[list[Deed], int]:
        """A stretch of the trail, newest first, and how long all of it is.

        Raises:
            StorageError: the database fails.
        """
        return await self._kept().deeds(most, skip), await self._kept().count_deeds()

    async def purge(self) -> None:
        """Delete what is past its time.

        Raises:
            StorageError: the database fails.
        """
        if self._store is not None:
            await self._store.purge(self._now() - REMEMBERED)

    def _kept(self) -> StaffStore:
        if self._store is None:
            raise StorageError("there is no database")
        return self._store
