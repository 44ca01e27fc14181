"""The inbox's database, and how the chat goes on without it: it fails for a while, is counted, and is tried again."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.errors import StorageError
from bot.storage.inbox import InboxStore, Update, Waiting

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0
# Telegram keeps what it could not deliver for a day; no number comes again after that.
NUMBERS_KEPT = timedelta(days=2)
# In memory, for while the database fails.
NUMBERS_IN_MEMORY = 10_000

T = TypeVar("T")


class Numbers:
    """The last numbers of updates that are over."""

    def __init__(self) -> None:
        self._numbers: OrderedDict[int, None] = OrderedDict()

    def __contains__(self, number: int) -> bool:
        return number in self._numbers

    def add(self, number: int) -> None:
        """Remember one, and forget the first."""
        self._numbers[number] = None
        if len(self._numbers) > NUMBERS_IN_MEMORY:
            self._numbers.popitem(last=False)


class Keeper:
    """Writes to the store unless that has just failed; no method raises, save ``waiting``."""

    def __init__(self, store: InboxStore, clock: Callable[[], float] = time.monotonic) -> None:
        self.failures = 0
        self._store = store
        self._clock = clock
        self._pause, self._again = 0.0, 0.0
        self._unmarked: dict[int, str] = {}

    @property
    def failing(self) -> bool:
        """Whether the last write failed."""
        return self._pause > 0

    async def waiting(self) -> list[Waiting]:
        """What was not over when the program last ended.

        Raises:
            StorageError: it cannot be read.
        """
        return await self._store.waiting()

    async def add(self, updates: Sequence[Update], at: datetime, begun: Collection[int] = ()) -> set[int] | None:
        """Commit updates, ``begun`` with an attempt: the numbers of the new ones; ``None`` when it cannot be done."""
        if not updates:
            return set()
        return await self.ask(lambda: self._store.add(updates, at, begun))

    async def ask(self, action: Callable[[], Awaitable[T]]) -> T | None:
        """What the store gives; ``None`` when it cannot be asked now."""
        given: T | None = None
        if self._is_worth_trying():
            try:
                given = await action()
            except StorageError as error:
                self._failed(error)
            else:
                await self._works()
        return given

    def try_again(self) -> None:
        """The database is known to work again: do not wait until it is worth another try."""
        self._again = 0.0

    async def begin(self, number: int) -> None:
        """Count an attempt."""
        await self._try(lambda: self._store.begin(number))

    async def release(self, number: int) -> None:
        """Uncount an attempt."""
        await self._try(lambda: self._store.release(number))

    async def finish(self, number: int, outcome: str, *, durable: bool = True) -> None:
        """Mark an update as over, now or as soon as it can be done; see ``InboxStore.finish``."""
        self._unmarked[number] = outcome
        if self._is_worth_trying():
            await self._mark({number: outcome}, durable=durable)

    async def catch_up(self) -> None:
        """Mark what could not be marked before."""
        if self._unmarked:
            await self._mark(dict(self._unmarked))

    async def forget(self) -> None:
        """Delete what /privasi says is deleted."""
        await self._try(lambda: self._store.forget(datetime.now(UTC) - NUMBERS_KEPT))

    async def _mark(self, outcomes: dict[int, str], *, durable: bool = True) -> None:
        async def mark() -> None:
            await self._store.finish(list(outcomes.items()), datetime.now(UTC), durable=durable)
            for number in outcomes:
                self._unmarked.pop(number, None)

        await self._try(mark)

    async def _try(self, action: Callable[[], Awaitable[None]]) -> None:
        if not self._is_worth_trying():
            return
        try:
            await action()
        except StorageError as error:
            self._failed(error)
        else:
            await self._works()

    def _is_worth_trying(self) -> bool:
        # A locked database lets each writer wait for seconds: one tries, not all.
        return self._clock() >= self._again

    def _failed(self, error: StorageError) -> None:
        self.failures += 1
        if not self._is_worth_trying():
            return  # several were on their way when it began to fail
        self._pause = min(self._pause * 2 or FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
        self._again = self._clock() + self._pause
        logger.error(
            "inbox: the database fails (%s), failure %d; answering from memory, next try in %.0f s",
            error,
            self.failures,
            self._pause,
        )

    async def _works(self) -> None:
        if not self._pause:
            return
        logger.warning("inbox: the database works again")
        self._pause = self._again = 0.0
        await self.catch_up()
