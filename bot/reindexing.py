"""One rebuild at a time, beside the live archive: judged by the golden questions, then swapped in one assignment."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.errors import BotError
from bot.golden import Verdict, judge
from bot.library import Library
from bot.turns import Alone, AlreadyRunningError, Others
from index.errors import ArticleError, QuestionFileError

if TYPE_CHECKING:
    from index.archive import Archive, Changes
    from index.evaluation import Case

logger = logging.getLogger(__name__)

# Telegram allows about one edit of a message per second: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits
REPORT_EVERY_SECONDS = 1.0
_TELLING_AFTER = 5.0  # seconds from which on its pace says how long a rebuild will take

Builder = Callable[[Callable[[int, int], None]], "Archive"]
"""Builds an archive, calling back with (articles read, articles in all); runs in a thread."""

# Who orders a rebuild in the terminal.
NOBODY = 0


class Pace:
    """How fast a rebuild goes, from its first article on: what is as it was takes no time, and says nothing."""

    def __init__(self) -> None:
        self._first: tuple[int, float] | None = None

    def left(self, done: int, total: int, now: float) -> float | None:
        """The seconds that the rest will take at that pace; ``now`` is in seconds."""
        if self._first is None:
            self._first = done, now
        before, began = self._first
        if now - began < _TELLING_AFTER or done <= before:
            return None
        return (now - began) / (done - before) * (total - done)


class StoppedError(BotError):
    """The program is ending; the rebuild was given up."""


class Ending(StrEnum):
    """What became of a new archive."""

    INSTALLED = "installed"
    REFUSED = "refused"  # by the golden questions
    FORCED = "forced"  # put in place all the same
    TRIED = "tried"  # a dry run
    PUT_BACK = "put_back"  # the archive before, in place again
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rebuild changed, or would; ``library`` is the archive it made, in place or not."""

    library: Library
    changes: Changes
    refused: tuple[ArticleError, ...]
    verdict: Verdict
    ending: Ending
    held: str | None = None  # names a refused archive, for ``install_held``

    @property
    def articles(self) -> int:
        """How many articles it has."""
        return len(self.library.shelf)


@dataclass(frozen=True, slots=True)
class Step:
    """How far a rebuild is, in articles; ``seconds_left`` as it went so far, ``None`` while that tells nothing yet."""

    done: int
    total: int
    seconds_left: float | None


Report = Callable[[Step], Awaitable[None]]
Finish = Callable[[Outcome | Exception], Awaitable[None]]
Cases = Callable[[], Awaitable["list[Case]"]]
Note = Callable[[int, Ending, Outcome | None], Awaitable[None]]
"""Keeps in the history that somebody's rebuild ended so."""


async def no_cases() -> list[Case]:
    """For where there are no golden questions."""
    return []


async def no_note(_: int, __: Ending, ___: Outcome | None) -> None:
    """For where there is no history."""


@dataclass(frozen=True, slots=True)
class Order:
    """A rebuild that ``who`` wants.

    ``report(step)`` is awaited at most once a second, ``finish`` once at the end, with what changed or with the
    error that left the old archive answering (an ``ArchiveError`` when the articles are to blame). A ``dry`` one leaves
    the old archive in place in any case.
    """

    who: int
    finish: Finish
    report: Report | None = None
    dry: bool = False


@dataclass(slots=True)
class _Spares:
    """Archives that are not in place, the one before and one that was refused; each as large as the live one."""

    before: Library | None = None
    # Names ``before`` in a button: tapped twice, the button finds another archive there, and does nothing.
    name: str = field(default_factory=lambda: secrets.token_urlsafe(6))
    refused: dict[str, Outcome] = field(default_factory=dict)


class Reindexing:
    """Rebuilds the archive and puts it in place of the live one.

    ``current`` gives the live library and ``install`` replaces it: the only write that any question can see.
    """

    def __init__(
        self,
        build: Builder,
        current: Callable[[], Library],
        install: Callable[[Library], None],
        cases: Cases = no_cases,
        note: Note = no_note,
        report_every: float = REPORT_EVERY_SECONDS,
    ) -> None:
        self._build = build
        self._current = current
        self._install = install
        self._cases = cases
        self._note = note
        self._report_every = report_every
        self.others: Others = Alone()
        self._running = False
        self._next: list[Order] = []
        self._task: asyncio.Task[None] | None = None
        self._stop = threading.Event()
        self._spares = _Spares()

    def stop(self) -> None:
        """Give up a rebuild under way, at its next article: the program is ending."""
        self._stop.set()

    def begin(self, order: Order) -> None:
        """Start a rebuild in the background.

        Raises:
            AlreadyRunningError: one is under way; this call changed nothing.
        """
        if self._running:
            raise AlreadyRunningError
        self._start([order], waits=False)

    def follow(self, order: Order) -> None:
        """Start a rebuild, or have one follow that which is under way: it may have read the articles already.

        All that are waiting are served by one rebuild.
        """
        if self._running:
            self._next.append(order)
        else:
            self._start([order], waits=True)

    async def finished(self) -> None:
        """Wait for the rebuild under way and those that follow it, if any."""
        while (task := self._task) is not None and not task.done():
            await task

    @property
    def before(self) -> str:
        """The name of the archive before the live one, for ``put_back``."""
        return self._spares.name

    @property
    def library_before(self) -> Library | None:
        """The archive before the live one."""
        return self._spares.before

    async def adopt(self, library: Library) -> None:
        """Put a library in place that another replica built and judged."""
        if await asyncio.to_thread(self._differs, library):
            self._put(library)
        else:
            self._install(library)

    def _differs(self, library: Library) -> bool:
        changes = library.archive.changes_from(self._current().archive)
        return bool(changes.added or changes.changed or changes.removed)

    def changes_back(self) -> Changes | None:
        """What ``put_back`` would change."""
        before = self._spares.before
        return before.archive.changes_from(self._current().archive) if before else None

    async def put_back(self, name: str, who: int) -> Outcome | None:
        """Put the archive before in place again; ``None`` when the one of that name is no longer in memory as such.

        What it replaces is then the one before. The articles' files stay as they are: the next rebuild reads them.

        Raises:
            AlreadyRunningError: another replica is building.
            StorageError: the others cannot be told; nothing was changed.
        """
        async with self.others.turn(who, waits=False):
            library, before = self._current(), self._spares.before
            if before is None or name != self._spares.name:
                return None
            changes = before.archive.changes_from(library.archive)
            outcome = Outcome(before, changes, tuple(before.archive.refused), Verdict(), Ending.PUT_BACK)
            await self.others.share(before)
            self._put(before)
        await self._note(who, Ending.PUT_BACK, outcome)
        return outcome

    async def install_held(self, held: str, who: int) -> Outcome | None:
        """Put an archive in place that the golden questions refused; ``None`` when it is no longer in memory.

        Raises:
            AlreadyRunningError: another replica is building.
            StorageError: the others cannot be told; nothing was changed.
        """
        async with self.others.turn(who, waits=False):
            outcome = self._spares.refused.get(held)
            if outcome is None:
                return None
            await self.others.share(outcome.library)
            self._put(outcome.library)
        forced = replace(outcome, ending=Ending.FORCED, held=None)
        await self._note(who, Ending.FORCED, forced)
        return forced

    def _put(self, library: Library) -> None:
        # What was refused was compared with another archive than the one that is now in place.
        self._spares = _Spares(before=self._current())
        self._install(library)

    def _start(self, orders: list[Order], *, waits: bool) -> None:
        self._running = True  # no await since the test before: nobody can come between
        # asyncio itself keeps only weak references to tasks.
        self._task = asyncio.create_task(self._run(orders, waits=waits), name="reindex")

    async def _run(self, orders: list[Order], *, waits: bool) -> None:
        first = orders[0]
        try:
            try:
                reports = [each.report for each in orders if each.report]
                async with self.others.turn(first.who, waits=waits):
                    result: Outcome | Exception = await self._rebuilt(first, reports)
            except Exception as error:  # noqa: BLE001 - whatever it is, the old archive answers on, and `finish` hears
                result = error
            if not first.dry and not isinstance(result, AlreadyRunningError):
                ending = result.ending if isinstance(result, Outcome) else Ending.FAILED
                await self._note(first.who, ending, result if isinstance(result, Outcome) else None)
        finally:
            waiting, self._next = self._next, []
            self._running = False
            if waiting:
                self._start(waiting, waits=True)
        for order in orders:
            try:
                await order.finish(result)
            except Exception:
                logger.exception("reindex: cannot say how it ended")

    async def _rebuilt(self, order: Order, reports: Sequence[Report]) -> Outcome:
        if self._stop.is_set():
            raise StoppedError("the program is ending")
        self._spares.refused.clear()  # whatever it was, what comes is newer
        library = await self._built(reports)
        before = self._current()
        verdict = await self._verdict(before, library)
        changes = library.archive.changes_from(before.archive)
        ending = Ending.TRIED if order.dry else Ending.INSTALLED if verdict.passes else Ending.REFUSED
        held = secrets.token_urlsafe(6) if ending is Ending.REFUSED else None
        outcome = Outcome(library, changes, tuple(library.archive.refused), verdict, ending, held)
        if ending is Ending.INSTALLED:
            await self.others.share(library)
        if ending is Ending.INSTALLED and (changes.added or changes.changed or changes.removed):
            self._put(library)
        elif ending is Ending.INSTALLED:
            self._install(library)  # word lists may differ; the archive to go back to is still the one before
        elif held:
            self._spares.refused[held] = outcome
        return outcome

    async def _verdict(self, before: Library, after: Library) -> Verdict:
        try:
            cases = await self._cases()
        except QuestionFileError as error:
            # A gate that cannot read its questions lets nothing through.
            return Verdict(problem=str(error))
        return await asyncio.to_thread(judge, before.archive, after.archive, cases)

    async def _built(self, reports: Sequence[Report]) -> Library:
        loop = asyncio.get_running_loop()
        news = asyncio.Event()
        latest = Step(0, 0, None)
        pace = Pace()

        def progress(done: int, total: int) -> None:  # called in the building thread
            nonlocal latest
            if self._stop.is_set():
                raise StoppedError("the program is ending")
            latest = Step(done, total, pace.left(done, total, time.monotonic()))
            loop.call_soon_threadsafe(news.set)

        async def tell() -> None:
            while reports:
                await news.wait()
                news.clear()
                # Each for itself: one chat that cannot be told is no reason to keep it from the others.
                await asyncio.gather(*(report(latest) for report in reports), return_exceptions=True)
                await asyncio.sleep(self._report_every)

        teller = asyncio.create_task(tell(), name="reindex progress")
        try:
            # The library, too: its shelf is sorted there and not on the event loop.
            return await asyncio.to_thread(lambda: Library(self._build(progress)))
        finally:
            teller.cancel()
            # A report that failed is not worth the rebuild.
            await asyncio.gather(teller, return_exceptions=True)
