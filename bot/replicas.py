"""This process among others on the same PostgreSQL server: alive or given up, its duties, and what others changed.

Everything that is heard is only a reason to look: what is not heard is seen at the next beat, a second later.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import secrets
import time
import traceback
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

from bot.duties import Duty
from bot.errors import ServerDownError, StorageError
from bot.storage.leases import LeaseStore

if TYPE_CHECKING:
    from bot.storage.line import Line

logger = logging.getLogger(__name__)

# How long the program's end waits for its last word.
LAST_WORD_SECONDS = 1.0

Changed = Callable[[], Awaitable[object]]


class Replica:
    """Shows a sign of life each second, and finds out what others did meanwhile.

    Args:
        name: as ``new_name`` makes it; the channel on which it is called has it, too.
        store: the leases.
        line: a connection of its own, that listens.
        code: which version of the program this is, a slash, and a sign of the key to the codes of chats.
        clock: seconds that never go back.
    """

    def __init__(
        self, name: str, store: LeaseStore, line: Line, code: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.id = f"{name}.0"  # in this life
        self.others: dict[str, str] = {}  # the other replicas, each with its version
        self._store = store
        self._line = line
        self._code = code
        self._clock = clock
        self._beaten_at = float("-inf")  # when the last sign of life was sent that arrived
        self._sure_until = float("-inf")
        self.away = False  # whether the server has not answered for as long as a lease lasts
        self._back_at = float("-inf")  # when the server was last back after it was away for long
        self._known = False
        self._topics: dict[str, Changed] = {}
        self._seen: dict[str, int] = {}
        self._duties: list[Duty] = []
        self._given_up: list[Callable[[], None]] = []
        self._looks: list[Changed] = []
        self._heard: dict[str, Callable[[str], None]] = {}
        self._lives = itertools.count(1)
        self._joined, self._woken = asyncio.Event(), asyncio.Event()
        self._failing: set[str] = set()

    @property
    def sure(self) -> bool:
        """Whether no other can have given this one up yet."""
        return self._known and self._clock() < self._sure_until

    @property
    def just_back(self) -> bool:
        """Whether the server was away until a moment ago, and others may not have written down what they did."""
        return self._clock() - self._back_at < self._store.rhythm.return_

    def watch(self, topic: str, changed: Changed) -> None:
        """Call back when another replica, or this one, changed something of that topic; once at the start."""
        self._topics[topic] = changed

    def hear(self, channel: str, heard: Callable[[str], None]) -> None:
        """Call back with what is announced on that channel, which ``line`` listens on; it may be lost."""
        self._heard[channel] = heard

    def each_look(self, look: Changed) -> None:
        """Call back at every look, each second at least while the database answers."""
        self._looks.append(look)

    def when_given_up(self, given_up: Callable[[], None]) -> None:
        """Call back when others have given this one up: what was its own is theirs."""
        self._given_up.append(given_up)

    def duty(self, name: str) -> Duty:
        """A duty to take whenever nobody has it."""
        duty = Duty(name, self)
        self._duties.append(duty)
        return duty

    async def joined(self) -> None:
        """Wait until the others know of this one, and it of them."""
        await self._joined.wait()

    def look_soon(self) -> None:
        """Look at what others did now rather than at the next beat."""
        self._woken.set()

    async def run(self) -> None:
        """Live until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            # A look may wait for a statement of somebody else's; a sign of life waits for nothing.
            tasks.create_task(self._beating(), name="beats")
            tasks.create_task(self._looking(), name="looks")

    async def leave(self) -> None:
        """Let go of everything, so that the others need not wait."""
        await self._line.close()
        try:
            async with asyncio.timeout(LAST_WORD_SECONDS):
                await self._store.leave(self.id)
        except (StorageError, TimeoutError):
            logger.warning("replica %s: cannot say that it ends; the others will notice", self.id)

    # -- signs of life ----------------------------------------------------------------------------------------

    async def _beating(self) -> None:
        while True:
            until = self._clock() + self._store.rhythm.beat
            with self._told("signs of life"):
                sent = self._clock()
                try:
                    await self._beat()
                except ServerDownError:
                    # The others' signs of life arrive no more than this one's.
                    if self.sure:
                        self._sure_until = max(self._sure_until, sent + self._store.rhythm.sure_when_down)
                    self._missed(sent)
                    raise
                except StorageError:
                    self._missed(sent)
                    raise
                self._woken.set()
            with self._told("announcements"):
                while (left := until - self._clock()) > 0:
                    for channel, text in await self._line.hear(left):
                        self._hear(channel, text)
            await asyncio.sleep(max(0.0, until - self._clock()))

    def _missed(self, sent: float) -> None:
        # Not one that was sent before this process stood still for as long: the server may have been there all along.
        self.away = self.away or sent - self._beaten_at >= self._store.rhythm.lease

    async def _beat(self) -> None:
        sent = self._clock()
        if self._known and not await self._store.beat(self._line, self.id):
            self._known = False
            logger.error("replica %s: the others have given it up; what it had is theirs", self.id)
            # Another name: what was begun under the old one cannot be taken for its own.
            self.id = f"{address(self.id)}.{next(self._lives)}"
            for duty in self._duties:
                duty.note(None)
            for given_up in self._given_up:
                given_up()
        if not self._known:
            sent = self._clock()
            await self._store.join(self._line, self.id, self._code)
            self._known = True
        if self._store.rhythm.sure < sent - self._beaten_at < float("inf"):
            self._back_at = self._clock()
        self._beaten_at, self._sure_until = sent, sent + self._store.rhythm.sure
        self.away = False

    def _hear(self, channel: str, text: str) -> None:
        if channel in self._heard:
            self._heard[channel](text)
        else:
            self._woken.set()

    # -- looks ------------------------------------------------------------------------------------------------

    async def _looking(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            with self._told("the others"):
                await self._look()

    async def _look(self) -> None:
        # What was changed goes first: a revoked role has a second.
        for topic, number in (await self._store.notices()).items():
            if self._seen.get(topic) != number and topic in self._topics:
                with self._told(topic):
                    await self._topics[topic]()
                    self._seen[topic] = number  # not if that failed: then it is tried again
        for silent in await self._store.give_up_silent(self.id):
            logger.warning("replica %s: no sign of life of %s; what it had is free", self.id, silent)
        self._notice(await self._store.others(self.id))
        for duty in self._duties:
            taken = await self._store.take_duty(self.id, duty.name)
            duty.note(taken.replica if taken else None)
        for look in self._looks:
            with self._told(look.__qualname__):
                await look()
        self._joined.set()

    def _notice(self, others: dict[str, str]) -> None:
        for name in sorted(others.keys() - self.others.keys()):
            if others[name] == self._code:
                logger.info("replica %s: beside %s", self.id, name)
            elif others[name].rpartition("/")[2] != self._code.rpartition("/")[2]:
                logger.error(
                    "replica %s: beside %s, whose HASH_KEY differs: to it, chats have other codes, and their order is "
                    "not kept; give every replica the same one", self.id, name,
                )  # fmt: skip
            else:
                logger.warning(
                    "replica %s: beside %s, which runs another version (%s, this is %s)",
                    self.id, name, others[name], self._code,
                )  # fmt: skip
        self.others = others

    @contextlib.contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Log a failure of something once, until it succeeds: it is tried again each second, and stops nothing else."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - one that shows no sign of life any more helps nobody
            if what in self._failing:
                return
            self._failing.add(what)
            told = str(error) if isinstance(error, StorageError) else type(error).__name__
            logger.error("replica %s: %s: %s; trying again each second", self.id, what, told)
            if not isinstance(error, StorageError):
                logger.error("%s", "".join(traceback.format_tb(error.__traceback__)))
        else:
            if what in self._failing:
                self._failing.remove(what)
                logger.warning("replica %s: %s: works again", self.id, what)


def new_name() -> str:
    """A name for a replica, of which no other has the same."""
    return secrets.token_hex(6)


def address(replica: str) -> str:
    """What stays of a replica's name when others have given it up and it goes on under another one."""
    return replica.partition(".")[0]
