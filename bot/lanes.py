"""Chats side by side, each chat in order: who is handled next, who waits, and how it all ends."""

from __future__ import annotations

import asyncio
import bisect
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.limits import Verdict
from bot.storage.inbox import Update

logger = logging.getLogger(__name__)

# After a fault of this program's own while it handled an update.
FAULT_PAUSE_SECONDS = 60.0


@dataclass(eq=False, slots=True)
class Item:
    """One update on its way.

    ``kept`` once it is in the database, and never for a ``fleeting`` one; ``refused`` is what is to be told in place of
    handling it; ``turn`` is set when it may be handled, ``over`` once it is answered or set aside; ``tried`` after each
    attempt; ``outcome`` until it is marked.
    """

    update_id: int
    update: Update
    arrived_at: datetime
    turn: asyncio.Event
    attempts: int = 0  # begun, here and in processes that ended meanwhile; not counting those taken back
    failures: int = 0
    kept: bool = False
    begun: bool = False  # its next attempt is counted on the disk already
    queued: bool = False
    pause: float = 0.0
    fleeting: bool = False
    refused: Verdict | None = None
    ready: Callable[[], Awaitable[None]] | None = None  # has it handled for the first time
    outcome: str | None = None
    tried: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def lane(self) -> object:
        """What it must stay in order with: its chat; nothing when it has none."""
        chat = None if self.fleeting else chat_of(self.update)
        return ("update", self.update_id) if chat is None else chat


def chat_of(update: Update) -> int | None:
    """The chat that an update belongs to, whichever kind it is; its sender where there is no chat."""
    for content in update.values():
        if not isinstance(content, dict):
            continue
        # A tap carries the message that its button is under.
        message = content.get("message")
        for part in (content, message if isinstance(message, dict) else {}, {"chat": content.get("from")}):
            chat = part.get("chat")
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                number: int = chat["id"]
                return number
    return None


class Lanes:
    """Handles items, one of each lane at a time and ``at_once`` of all.

    A slow reply in one chat keeps no other chat waiting; and an edit is never handled before the question it edits,
    nor a follow-up before what it follows. Refusals have as many places of their own, so that they need not queue for
    what they say is busy.

    Args:
        attempt: returns ``None`` when the item is over, otherwise the seconds to wait before the next attempt.
        settle: what is to be done after that and before the lane's next item, and needs no place among ``at_once``.
        prepare: what is to be done before it, so that a place waits for nothing else; as many as there are places are
            prepared while they wait for one.
        at_once: how many are handled side by side.
    """

    def __init__(
        self,
        attempt: Callable[[Item], Awaitable[float | None]],
        settle: Callable[[Item], Awaitable[None]],
        prepare: Callable[[Item], Awaitable[None]],
        at_once: int,
    ) -> None:
        self._attempt = attempt
        self._settle = settle
        self._prepare = prepare
        self._at_once = at_once
        self._next, self._slots = asyncio.Semaphore(at_once), asyncio.Semaphore(at_once)
        self._refusal_slots = asyncio.Semaphore(at_once)
        self._queued: dict[Item, float] = {}  # those that wait for a place -> since when; the first has waited longest
        self._lanes: dict[object, list[Item]] = {}
        self._workers: dict[asyncio.Task[None], list[Item]] = {}
        self._stopping = asyncio.Event()
        self._closed = False

    @property
    def queued(self) -> int:
        """How many chats wait for one of the places."""
        return len(self._queued)

    @property
    def delay(self) -> float:
        """For how many seconds the first of them has waited."""
        return time.monotonic() - next(iter(self._queued.values())) if self._queued else 0.0

    def is_followed(self, item: Item) -> bool:
        """Whether another one of its lane waits behind an item."""
        return len(self._lanes.get(item.lane, ())) > 1

    def starting(self, items: Sequence[Item], before: int) -> list[Item]:
        """Those of ``items`` that begin at once when all of them are put, after ``before`` that are about to be."""
        lanes: set[object] = set(self._lanes)
        found = []
        for item in items:
            if len(lanes) + before < self._at_once and item.lane not in lanes:
                found.append(item)
            lanes.add(item.lane)
        return found

    def put(self, item: Item) -> None:
        """Queue an item behind those of its lane."""
        item.queued = True
        lane = item.lane
        queue = self._lanes.setdefault(lane, [])
        # By number, as two deliveries of a webhook may overtake each other.
        bisect.insort(queue, item, key=lambda each: each.update_id)
        if len(queue) == 1:
            self._begin(lane, queue)

    def drop(self, gone: Callable[[Item], bool]) -> list[Item]:
        """Take items out, those that are being handled, too; which they were."""
        dropped: list[Item] = []
        for worker, queue in list(self._workers.items()):
            out = [item for item in queue if gone(item)]
            if not out:
                continue
            dropped += out
            lane = queue[0].lane
            rest = [item for item in queue if item not in out]
            worker.cancel()
            queue.clear()
            self._lanes.pop(lane, None)
            if rest:
                self._lanes[lane] = rest
                self._begin(lane, rest)
        return dropped

    async def stop(self, grace: float) -> None:
        """Go on for ``grace`` seconds, without waiting for what has a pause, and leave the rest."""
        self._stopping.set()
        if self._workers:
            _, late = await asyncio.wait(self._workers, timeout=grace)
            for worker in late:
                worker.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._closed = True

    def _begin(self, lane: object, queue: list[Item]) -> None:
        worker = asyncio.create_task(self._work(lane, queue), name=f"lane of update {queue[0].update_id}")
        self._workers[worker] = queue
        worker.add_done_callback(self._workers.pop)

    async def _work(self, lane: object, queue: list[Item]) -> None:
        try:
            while queue and not self._closed:
                item = queue[0]
                await item.turn.wait()
                pause = await (self._in_place(item) if item.refused is None else self._refused(item))
                if pause is None:
                    await self._settle(item)
                    queue.remove(item)
                # Outside of the slot: a chat that has to wait keeps no other waiting.
                elif await self._stops_within(pause):
                    return
        finally:
            # A queue per chat ever seen would be a leak; after ``drop`` the lane may have another.
            if not queue and self._lanes.get(lane) is queue:
                del self._lanes[lane]

    async def _in_place(self, item: Item) -> float | None:
        self._queued[item] = time.monotonic()
        try:
            async with self._next:
                await self._prepare(item)
                await self._slots.acquire()
        finally:
            del self._queued[item]
        try:
            return await self._safely(item)
        finally:
            self._slots.release()

    async def _refused(self, item: Item) -> float | None:
        async with self._refusal_slots:
            return await self._safely(item)

    async def _safely(self, item: Item) -> float | None:
        try:
            return await self._attempt(item)
        except Exception as error:  # noqa: BLE001 - a lane without its worker would never move again
            logger.error("a lane stumbled (%s); it goes on in %.0f s", type(error).__name__, FAULT_PAUSE_SECONDS)
            return FAULT_PAUSE_SECONDS
        finally:
            item.tried.set()

    async def _stops_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()
