"""What has arrived and is not yet answered: nothing of it is lost, each of it is handled once, each chat in order.

An update is committed before Telegram hears that it arrived and marked when its reply was accepted; in between the
program may end in any way. While the database fails, Telegram itself is the one that keeps: it hears of an arrival
only when the update is answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.errors import StorageError
from bot.keeping import Keeper, Numbers
from bot.lanes import Item, Lanes
from bot.limits import Verdict
from bot.storage.inbox import InboxStore, Update

logger = logging.getLogger(__name__)

# Chats that are answered side by side.
AT_ONCE = 16
# How often an update is tried whose handling fails, and how often its handling is begun at all. The second is greater:
# whoever pulls the plug again and again may by chance hit the same innocent one.
FAILURES, ATTEMPTS = 3, 8
# A handler that takes longer than this hangs.
LONGEST_HANDLING_SECONDS = 180.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0
# For what could not be answered for longer nobody waits.
LONGEST_KEPT = timedelta(days=1)
# One that may have ended the process before is given this long before the others begin.
ALONE_SECONDS = 10.0
# A mark waits this long for the query log, and the chat's next update for the mark: as long as a database is waited for
# that another process has locked.
LONGEST_LOG_SECONDS, LONGEST_MARK_SECONDS = 0.25, 6.0
# And this long at the end.
LAST_MARKS_SECONDS = 1.0
# While the database fails, an arrival may wait this long for its answer.
LONGEST_UNKEPT_SECONDS = 20.0
# More than this is left with Telegram.
MOST_WAITING = 2_000

DONE, SET_ASIDE = "done", "set_aside"


@dataclass(frozen=True, slots=True)
class Entry:
    """How an update is let in.

    ``kept`` in the database until it is over; otherwise it is tried once, and lost when the program ends. ``refused``
    when that is told in place of handling it; should Telegram not take that, it is handled after all. ``ready`` has it
    handled, for the first time, with what was made of it to decide on it.
    """

    kept: bool = True
    refused: Verdict | None = None
    ready: Callable[[], Awaitable[None]] | None = None


class TryLaterError(Exception):
    """Telegram did not take the reply, and may later: in ``seconds`` when it says so."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__(f"in {seconds:.0f} s")
        self.seconds = seconds


class Inbox:
    """Takes updates as Telegram sends them, and has each handled.

    Args:
        store: where they are kept.
        handle: answers one. ``TryLaterError`` when Telegram did not take the reply; any other exception is a failure
            of its handling.
        give_up: told of one that was set aside, with the last failure (``None``: it ended the process) and the number
            of attempts. What it raises is only logged.
        admit: how an update is let in; ``None``: it is none of the bot's business, and neither kept nor handled.
        refuse: tells why one is not handled; raises as ``handle`` does.
        hold: for how many seconds an update has to wait because its chat has had as much as Telegram allows.
        logged: waited for before an update is marked, so that what it left in the query log is not lost with the mark.
        first_pause: seconds before the second attempt; doubled for each further one.
    """

    def __init__(
        self,
        store: InboxStore,
        handle: Callable[[Update], Awaitable[None]],
        give_up: Callable[[Update, Exception | None, int], Awaitable[None]],
        *,
        admit: Callable[[Update], Entry | None] = lambda _: Entry(),
        refuse: Callable[[Update, Verdict], Awaitable[None]] | None = None,
        hold: Callable[[Update], float] = lambda _: 0.0,
        logged: Callable[[], Awaitable[None]] | None = None,
        first_pause: float = FIRST_PAUSE_SECONDS,
    ) -> None:
        self.unkept = 0  # updates that were handled from memory, as the database failed
        self.set_aside = 0
        self._keeper = Keeper(store)
        self._handle = handle
        self._give_up = give_up
        self._admit = admit
        self._refuse = refuse
        self._hold = hold
        self._logged = logged
        self._first_pause = first_pause
        self._items: dict[int, Item] = {}
        self._over = Numbers()
        self._lanes = Lanes(self._attempt, self._settle, self._prepare, AT_ONCE)
        self._beginning = 0
        self._marks: set[asyncio.Task[None]] = set()
        self._opening: asyncio.Task[None] | None = None
        self._opened = asyncio.Event()
        self._stopping = False
        self._changed = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How many updates are not over."""
        return len(self._items)

    @property
    def oldest_seconds(self) -> float:
        """For how long the oldest of them has waited; 0 when there is none."""
        oldest = min((item.arrived_at for item in self._items.values()), default=None)
        return (datetime.now(UTC) - oldest).total_seconds() if oldest else 0.0

    @property
    def queued(self) -> int:
        """How many chats wait because as many as possible are answered."""
        return self._lanes.queued

    @property
    def delay(self) -> float:
        """For how many seconds the first of those has waited."""
        return self._lanes.delay

    @property
    def failures(self) -> int:
        """How often the database failed."""
        return self._keeper.failures

    async def start(self) -> None:
        """Take up what was left when the program last ended.

        Raises:
            StorageError: it cannot be read.
        """
        left = await self._keeper.waiting()
        if left:
            logger.info("inbox: %d updates were left unanswered; taking them up", len(left))
        suspects = []
        for each in left:
            # Begun and not over: one of these may be what ended the process.
            turn = asyncio.Event() if each.attempts else self._opened
            item = Item(each.update_id, each.update, each.arrived_at, turn, each.attempts, kept=True)
            suspects += [item] if each.attempts else []
            self._items[item.update_id] = item
            self._lanes.put(item)
        self._opening = asyncio.create_task(self._open(suspects), name="inbox")

    async def accept(self, update: Update) -> None:
        """Return once Telegram may hear that an update has arrived.

        Raises:
            StorageError: it may not, and has to deliver it again: the update can be neither kept nor answered now.
        """
        if self.waiting >= MOST_WAITING and update["update_id"] not in self._items:
            raise StorageError(f"{self.waiting} updates are waiting: no more are taken")
        if not await self.take([update]):
            raise StorageError("the update cannot be kept, and is not answered yet")

    async def take(self, updates: Sequence[Update]) -> int:
        """Keep and handle updates. Returns how many of them, from the first on, Telegram may hear have arrived."""
        now = datetime.now(UTC)
        for update in updates:
            self._meet(update, now)
        known = [self._items.get(update["update_id"]) for update in updates]
        items = [item for item in known if item is not None and not (item.kept or item.fleeting)]
        for item in known:
            if item is not None and item.fleeting and not item.queued:
                self._lanes.put(item)
        await self._keep(items, now)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_UNKEPT_SECONDS):
                for item in items:
                    if not item.kept:
                        await item.over.wait()
        unsafe = (index for index, update in enumerate(updates) if not self._is_safe(update["update_id"]))
        return next(unsafe, len(updates))

    async def room(self) -> None:
        """Wait until not too many are waiting to take more."""
        while self.waiting >= MOST_WAITING:
            self._changed.clear()
            await self._changed.wait()

    async def settled(self) -> None:
        """Wait until everything taken is over, and marked."""
        while self._items or self._marks:
            self._changed.clear()
            await self._changed.wait()

    async def stop(self, grace: float) -> None:
        """Take nothing more, go on answering for ``grace`` seconds, and leave the rest for the next start."""
        self._stopping = True
        await self._lanes.stop(grace)
        if self._opening is not None:
            self._opening.cancel()
        if self._marks:
            await asyncio.wait(self._marks, timeout=LAST_MARKS_SECONDS)
        # The next start has no reason to suspect what was counted and then not begun.
        await asyncio.gather(*(self._keeper.release(each.update_id) for each in self._items.values() if each.begun))
        await self._keeper.catch_up()
        if self._items:
            logger.info("inbox: %d updates are left for the next start", len(self._items))

    async def tidy(self) -> None:
        """Delete what /privasi says is deleted, and mark what could not be marked before."""
        await self._keeper.catch_up()
        await self._keeper.forget()

    # -- arriving ----------------------------------------------------------------------------------------------------

    def _meet(self, update: Update, now: datetime) -> None:
        number = update["update_id"]
        if self._stopping or number in self._items or number in self._over:
            return
        try:
            entry = self._admit(update)
        except Exception:  # noqa: BLE001 - it cannot be read: its handling fails, too, and is reported
            entry = Entry()
        if entry is None:
            self._over.add(number)
        else:
            item = Item(number, update, now, self._opened, fleeting=not entry.kept, refused=entry.refused)
            item.ready = entry.ready
            self._items[number] = item

    async def _keep(self, items: list[Item], now: datetime) -> None:
        """Commit items, and queue those that are new."""
        # Of those that begin at once the attempt is counted with their arrival: that spares them a write of its own.
        begun = self._starting(items)
        for item in begun:
            item.begun = True
        self._beginning += len(begun)
        new = await self._keeper.add([item.update for item in items], now, {item.update_id for item in begun})
        self._beginning -= len(begun)
        for item in items:
            item.kept = new is not None
            if item.queued:
                continue  # handled from memory until now; or delivered twice at once, and the other was quicker
            if new is not None and item.update_id not in new:
                self._leave(item)  # answered before the program last started
                continue
            self.unkept += 0 if item.kept else 1
            self._lanes.put(item)

    def _starting(self, items: list[Item]) -> list[Item]:
        if not self._opened.is_set():
            return []
        return self._lanes.starting([item for item in items if not item.queued], self._beginning)

    def _is_safe(self, number: int) -> bool:
        item = self._items.get(number)
        return number in self._over if item is None else item.kept or item.fleeting

    async def _open(self, suspects: list[Item]) -> None:
        """Begin with those that may have ended the process, one at a time: what else was begun then is not blamed."""
        for item in suspects:
            item.turn.set()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(item.tried.wait(), ALONE_SECONDS)
        self._opened.set()

    # -- handling ----------------------------------------------------------------------------------------------------

    async def _prepare(self, item: Item) -> None:
        """Count an attempt that is about to be made."""
        if item.attempts < ATTEMPTS and self._pause_before(item) is None:
            await self._begin(item)

    async def _begin(self, item: Item) -> None:
        if item.kept and not item.begun:
            await self._keeper.begin(item.update_id)
            item.begun = True

    def _pause_before(self, item: Item) -> float | None:
        """The seconds for which an update cannot be handled, if it cannot be."""
        if self._stopping and item.kept and self._keeper.failing:
            return LONGEST_PAUSE_SECONDS  # its answer could not be marked; the next start gives it, and once
        pause = 0.0 if item.fleeting else self._hold(item.update)
        return pause if pause > 0 else None

    async def _attempt(self, item: Item) -> float | None:
        """Handle an update once; the seconds until the next attempt, ``None`` when it is over."""
        if item.attempts >= ATTEMPTS:
            await self._put_aside(item, None)
            return None
        if (pause := self._pause_before(item)) is not None:
            return pause
        item.attempts += 1
        await self._begin(item)
        item.begun = False  # counted for one attempt only
        refused, item.refused = item.refused, None
        ready, item.ready = item.ready, None
        try:
            async with asyncio.timeout(LONGEST_HANDLING_SECONDS):
                if refused and self._refuse:
                    await self._refuse(item.update, refused)
                else:
                    await (ready() if ready else self._handle(item.update))
        except TryLaterError as error:
            if item.fleeting:
                return None
            await self._take_back(item)
            if datetime.now(UTC) - item.arrived_at > LONGEST_KEPT:
                await self._put_aside(item, error)
                return None
            return max(error.seconds, self._next_pause(item))
        except Exception as error:  # noqa: BLE001 - one update must not stop the others, whatever it does
            item.failures += 1
            logger.warning("inbox: failure %d of an update (%s)", item.failures, type(error).__name__)
            if item.failures >= FAILURES or item.attempts >= ATTEMPTS or item.fleeting:
                await self._put_aside(item, error)
                return None
            return self._next_pause(item)
        except asyncio.CancelledError:
            # The program ends; the next one has no reason to suspect this update.
            await asyncio.shield(self._take_back(item))
            raise
        item.outcome = DONE
        return None

    def _next_pause(self, item: Item) -> float:
        item.pause = min(item.pause * 2, LONGEST_PAUSE_SECONDS) if item.pause else self._first_pause
        return item.pause

    async def _take_back(self, item: Item) -> None:
        item.attempts -= 1
        if item.kept:
            await self._keeper.release(item.update_id)

    async def _put_aside(self, item: Item, error: Exception | None) -> None:
        self.set_aside += 1
        # The kind of error without its own words: those may quote the question.
        reason = type(error).__name__ if error else "it ended the process"
        logger.error("inbox: an update was set aside after %d attempts (%s)", item.attempts, reason)
        # Before anybody is told: should the telling end the process, it is not told for ever.
        await self._finish(item, SET_ASIDE)
        try:
            await self._give_up(item.update, error, item.attempts)
        except Exception as another:  # noqa: BLE001 - nobody is left to tell
            logger.error("inbox: cannot tell that an update was set aside (%s)", type(another).__name__)

    # -- over --------------------------------------------------------------------------------------------------------

    async def _settle(self, item: Item) -> None:
        """What comes between the end of an update and the chat's next one."""
        if item.fleeting:
            self._leave(item)
        elif item.outcome is not None:
            await self._finish(item, item.outcome)

    async def _finish(self, item: Item, outcome: str) -> None:
        item.outcome = None
        if not item.fleeting:
            mark = asyncio.create_task(self._mark(item, outcome), name="inbox")
            self._marks.add(mark)
            mark.add_done_callback(self._marked)
            # The chat's next update waits for the mark, so that a crash repeats one reply and not two.
            await asyncio.wait({mark}, timeout=LONGEST_MARK_SECONDS)
        self._leave(item)

    async def _mark(self, item: Item, outcome: str) -> None:
        if self._logged is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_LOG_SECONDS):
                    await self._logged()
        durable = False
        # One that nothing waits for goes to the disk with the next arrival, which comes before the chat's next reply.
        while not durable:
            durable = self._lanes.is_followed(item)
            await self._keeper.finish(item.update_id, outcome, durable=durable)
            if not self._lanes.is_followed(item):
                break

    def _marked(self, mark: asyncio.Task[None]) -> None:
        self._marks.discard(mark)
        self._changed.set()

    def _leave(self, item: Item) -> None:
        self._over.add(item.update_id)
        self._items.pop(item.update_id, None)
        item.over.set()
        self._changed.set()
