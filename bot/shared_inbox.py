"""The inbox of one of several replicas: an update is kept wherever it arrives, and handled by whose chat it is.

A chat is a replica's from its first update until nothing was asked for as long as a conversation is remembered, so that
follow-ups, limits and the pace of messages are known where they are needed. What comes to another replica meanwhile is
kept there, and taken up here. While the database fails, an update is handled where it arrives, as by a single process.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any

from bot.conversations import REMEMBERED_SECONDS
from bot.errors import StorageError
from bot.fencing import fenced
from bot.inbox import ALONE_SECONDS, DONE, MOST_WAITING, Entry, Inbox
from bot.keeping import Numbers
from bot.lanes import Item, chat_of
from bot.replicas import Replica, address
from bot.storage.inbox import Update, Waiting
from bot.storage.leases import LeaseStore
from bot.storage.shared_inbox import CHANNEL, Arrival, Found, SharedInboxStore

logger = logging.getLogger(__name__)

# When it is not sure whose a chat is, and until the database is worth another try.
UNSURE_SECONDS, RETRY_SECONDS = 0.25, 0.25


class SharedInbox(Inbox):
    """See ``Inbox``.

    Args:
        store: what all replicas share.
        handle, give_up: as of ``Inbox``.
        replica: this one.
        leases: who has which lane.
        code: of a chat, or of an update without one; the same in every replica, and no chat's number.
        readmit: how an update is let in that another replica took; as ``admit``.
        more: as of ``Inbox``.
    """

    def __init__(
        self,
        store: SharedInboxStore,
        handle: Callable[[Update], Awaitable[None]],
        give_up: Callable[[Update, Exception | None, int], Awaitable[None]],
        *,
        replica: Replica,
        leases: LeaseStore,
        code: Callable[[str], str],
        readmit: Callable[[Update], Entry | None] = lambda _: Entry(),
        **more: Any,
    ) -> None:
        super().__init__(store, handle, give_up, **more)
        self._shared = store
        self._replica = replica
        self._leases = leases
        self._code = code
        self._readmit = readmit
        self._held: dict[str, float] = {}  # the replica's lanes -> when something last came
        self._left_to_others = Numbers()
        self._called: set[str] = set()  # lanes in which others have kept something
        self._calls = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._placed = False  # whether everything that waits has a lane
        self._arriving: set[int] = set()  # on their way to the database
        self._suspect: Item | None = None  # the last that may have ended another process
        replica.hear(CHANNEL.format(address(replica.id)), self._call)
        replica.each_look(self.look)
        replica.when_given_up(self._lose)

    @property
    def held(self) -> int:
        """How many chats are this replica's."""
        return len(self._held)

    async def start(self) -> None:
        """Take up what is nobody's, and go on taking up what others keep for this replica."""
        self._opened.set()
        self._spawn(self._answer_calls())
        self._replica.look_soon()

    async def stop(self, grace: float) -> None:
        """As ``Inbox.stop``; what is left is left for the others."""
        for task in self._tasks:
            task.cancel()
        await super().stop(grace)

    async def tidy(self) -> None:
        """As ``Inbox.tidy``; and let go of chats that have said nothing for long."""
        await super().tidy()
        busy = {self._lane(item.update_id, item.update) for item in self._items.values()}
        long_ago = time.monotonic() - REMEMBERED_SECONDS
        idle = {lane: used for lane, used in self._held.items() if used < long_ago and lane not in busy}
        for lane in idle:
            del self._held[lane]  # before it is anybody's
        if idle and await self._keeper.ask(lambda: self._leases.let_go(self._replica.id, idle)) is None:
            self._held = idle | self._held

    async def look(self) -> None:
        """Take up what waits in this replica's lanes and in nobody's. Called again and again: it is heard of sooner."""
        self._keeper.try_again()
        if self._replica.just_back:
            await self._keeper.catch_up()
            return
        if not self._placed:
            await self._place()
        found = await self._keeper.ask(lambda: self._shared.open_lanes(self._replica.id))
        unknown = {lane for number, lane, own in found or () if not (own and self._knows(number))}
        if unknown:
            await self._take_up(unknown)

    # -- arriving ---------------------------------------------------------------------------------------------

    async def _keep(self, items: list[Item], now: datetime) -> None:
        """Keep updates, handle those whose chats are this replica's, and leave the others to their replicas."""
        # Not what is handled from memory: it would be another's as well. Nor what is delivered twice at once.
        items = [item for item in items if not item.queued and item.update_id not in self._arriving]
        if not items:
            return
        own = [item for item in items if self._lane_of(item) in self._held]
        begun = self._starting(own) if self._replica.sure else []
        for item in begun:
            item.begun = True
        self._beginning += len(begun)
        arrivals = [Arrival(item.update, self._lane_of(item), item in begun) for item in items]
        numbers = {item.update_id for item in items}
        self._arriving |= numbers
        try:
            found = await self._kept(arrivals, now)
        finally:
            self._beginning -= len(begun)
            self._arriving -= numbers
        if found is None:
            self._keep_in_memory(items)
            return
        waiting = {each.update_id: each for _, each in found.waiting}
        for item in items:
            item.kept = True
            number, lane = item.update_id, self._lane_of(item)
            if not self._has(found, lane):
                self._leave_to(item, found.others.get(lane))
            elif number in waiting:
                item.attempts = 0 if number in found.new else waiting[number].attempts
                item.begun = item.begun and number in found.new
                self._put_after(found, item)
            else:
                self._leave(item)  # answered before
        self._put_found(found)

    async def _kept(self, arrivals: Sequence[Arrival], now: datetime) -> Found | None:
        """Keep updates; ``None`` when that cannot be done.

        Until a lease would have run out the other replicas handle what they have, and one of them may have what came
        before in the same chat: nothing is handled from memory sooner.
        """
        refusals = 0
        while True:
            while self._replica.just_back:  # noqa: ASYNC110 - it depends on a clock
                await asyncio.sleep(RETRY_SECONDS)
            replica, sure = self._replica.id, self._replica.sure
            found = await self._keeper.ask(lambda: self._shared.arrive(self._replica.id, arrivals, now))
            # Refused by a server that is there, or known not to run. Not seconds: this process may have stood still.
            refusals = refusals + 1 if sure and self._replica.sure and self._replica.id == replica else 0
            if found is not None or self._replica.away or refusals * RETRY_SECONDS >= self._leases.rhythm.lease:
                return found
            await asyncio.sleep(RETRY_SECONDS)

    def _keep_in_memory(self, items: Sequence[Item]) -> None:
        for item in items:
            item.begun = False
            self.unkept += 1
            self._lanes.put(item)

    def _leave_to(self, item: Item, holder: str | None) -> None:
        """Another replica handles it; whoever it is, it is kept."""
        self._left_to_others.add(item.update_id)
        self._items.pop(item.update_id, None)
        item.over.set()
        self._changed.set()
        if holder is not None:
            lane = self._lane_of(item)
            self._spawn(self._announce(lane, address(holder)))

    async def _announce(self, lane: str, holder: str) -> None:
        with contextlib.suppress(StorageError):  # it looks by itself, too
            await self._shared.announce(lane, holder)

    def _is_safe(self, number: int) -> bool:
        return super()._is_safe(number) or (number not in self._items and number in self._left_to_others)

    # -- taking up --------------------------------------------------------------------------------------------

    def _call(self, lane: str) -> None:
        self._called.add(lane)
        self._calls.set()

    async def _answer_calls(self) -> None:
        while True:
            await self._calls.wait()
            self._calls.clear()
            called, self._called = self._called, set()
            await self._take_up(called)

    async def _place(self) -> None:
        """Give lanes to what a single bot, with a database file, has left."""
        found = await self._shared.without_lane()
        if found:
            logger.info("inbox: %d updates were kept by a single bot; taking them up", len(found))
            await self._shared.place([(number, self._lane(number, update)) for number, update in found])
        self._placed = True

    async def _take_up(self, lanes: set[str]) -> None:
        if self._stopping or self._replica.just_back or self.waiting >= MOST_WAITING:
            return
        found = await self._keeper.ask(lambda: self._shared.look(self._replica.id, lanes))
        if found is not None:
            self._put_found(found)

    def _put_found(self, found: Found) -> None:
        """Queue what others have kept."""
        now = time.monotonic()
        for lane in found.held:
            if self._has(found, lane):
                self._held[lane] = now
        for lane, each in found.waiting:
            if self._has(found, lane) and not self._knows(each.update_id):
                self._take(each, anew=lane in found.taken, found=found)

    def _take(self, each: Waiting, *, anew: bool, found: Found) -> None:
        """One that another replica has kept; ``anew``: with its lane, from one that is gone."""
        entry: Entry | None = Entry()
        if not anew and not each.attempts:
            try:
                entry = self._readmit(each.update)
            except Exception:  # noqa: BLE001 - it cannot be read: its handling fails, too, and is reported
                entry = Entry()
        item = Item(each.update_id, each.update, each.arrived_at, self._opened, each.attempts, kept=True)
        self._items[item.update_id] = item
        if entry is None:
            self._spawn(self._finish(item, DONE))  # more than one may ask for
            return
        item.refused = entry.refused
        self._put_after(found, item)

    def _put_after(self, found: Found, item: Item) -> None:
        """Queue an item; one that may have ended another process is begun when the one before it is through."""
        if item.attempts:
            item.turn = asyncio.Event()
            before, self._suspect = self._suspect, item
            self._spawn(self._in_turn(before, item))
        self._lanes.put(item)

    async def _in_turn(self, before: Item | None, item: Item) -> None:
        if before is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(before.tried.wait(), ALONE_SECONDS)
        item.turn.set()

    def _knows(self, number: int) -> bool:
        return number in self._items or number in self._over

    # -- handling ---------------------------------------------------------------------------------------------

    async def _prepare(self, item: Item) -> None:
        if self._replica.sure:  # or it may be another's by now, and its attempts are counted there
            await super()._prepare(item)

    def _pause_before(self, item: Item) -> float | None:
        if item.kept and not self._replica.sure:
            return UNSURE_SECONDS
        return super()._pause_before(item)

    async def _attempt(self, item: Item) -> float | None:
        if not (item.kept or item.fleeting or self._replica.away) and await self._kept_after_all(item):
            return UNSURE_SECONDS if item.kept else None
        if not item.kept:
            return await super()._attempt(item)
        if not self._replica.sure:
            return UNSURE_SECONDS  # nor is it given up
        replica = self._replica.id
        with fenced(lambda: self._replica.sure and self._replica.id == replica):
            return await super()._attempt(item)

    async def _kept_after_all(self, item: Item) -> bool:
        """Keep one that was to be handled from memory, now that the server is back before its turn came.

        Returns whether that was done; ``item.kept`` says whether it is this replica's to handle.
        """
        arrival = Arrival(item.update, self._lane_of(item))
        found = await self._keeper.ask(lambda: self._shared.arrive(self._replica.id, [arrival], item.arrived_at))
        if found is None:
            return False
        waits = any(each.update_id == item.update_id for _, each in found.waiting)
        item.kept = waits and self._has(found, arrival.lane)
        if not item.kept and self._has(found, arrival.lane):
            self._leave(item)  # answered before
        elif not item.kept:
            self._leave_to(item, found.others.get(arrival.lane))
        self._put_found(found)
        return True

    async def _finish(self, item: Item, outcome: str) -> None:
        # Answered, whoever has the chat by the time that it is marked.
        self._over.add(item.update_id)
        await super()._finish(item, outcome)

    def _lose(self) -> None:
        """What was this replica's is others': leave it."""
        self._held.clear()
        lost = [item for item in self._items.values() if item.kept]
        for item in lost:
            item.kept = False  # nothing more is written about it
            self._items.pop(item.update_id)
            self._left_to_others.add(item.update_id)
        self._lanes.drop(set(lost).__contains__)
        self._changed.set()

    # -- lanes ------------------------------------------------------------------------------------------------

    def _has(self, found: Found, lane: str) -> bool:
        """Whether a lane that was found to be this replica's is so still."""
        return lane in found.held and found.replica == self._replica.id

    def _lane_of(self, item: Item) -> str:
        return self._lane(item.update_id, item.update)

    def _lane(self, number: int, update: Update) -> str:
        chat = chat_of(update)
        return self._code(f"update {number}" if chat is None else f"{chat}")

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name="inbox")
        self._tasks.add(task)  # asyncio itself keeps only weak references to tasks
        task.add_done_callback(self._tasks.discard)
