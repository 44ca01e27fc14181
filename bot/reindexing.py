"""One rebuild at a time, beside the live archive, then swapped in one assignment."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import BotError
from bot.library import Library
from index.errors import ArticleError

if TYPE_CHECKING:
    from index.archive import Archive, Changes

logger = logging.getLogger(__name__)

# Telegram allows about one edit of a message per second: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits
REPORT_EVERY_SECONDS = 1.0

Builder = Callable[[Callable[[int, int], None]], "Archive"]
"""Builds an archive, calling back with (articles read, articles in all); runs in a thread."""


class AlreadyRunningError(BotError):
    """A rebuild is under way; there is never a second one."""


class StoppedError(BotError):
    """The program is ending; the rebuild was given up."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rebuild changed."""

    articles: int
    changes: Changes
    refused: tuple[ArticleError, ...]


Report = Callable[[int, int], Awaitable[None]]
Finish = Callable[[Outcome | Exception], Awaitable[None]]


class Reindexing:
    """Rebuilds the archive and puts it in place of the live one.

    ``current`` gives the live library and ``install`` replaces it: the only write that any question can see.
    """

    def __init__(
        self,
        build: Builder,
        current: Callable[[], Library],
        install: Callable[[Library], None],
        report_every: float = REPORT_EVERY_SECONDS,
    ) -> None:
        self._build = build
        self._current = current
        self._install = install
        self._report_every = report_every
        self._running = False
        self._task: asyncio.Task[None] | None = None
        self._stop = threading.Event()

    def stop(self) -> None:
        """Give up a rebuild under way, at its next article: the program is ending."""
        self._stop.set()

    def begin(self, report: Report, finish: Finish) -> None:
        """Start a rebuild in the background.

        ``report(done, total)`` is awaited at most once a second, ``finish`` once at the end, with what changed or with
        the error that left the old archive answering (an ``ArchiveError`` when the articles are to blame).

        Raises:
            AlreadyRunningError: one is under way; this call changed nothing.
        """
        if self._running:
            raise AlreadyRunningError("a rebuild is already running")
        self._running = True  # no await since the test above: nobody can come between
        # asyncio itself keeps only weak references to tasks.
        self._task = asyncio.create_task(self._run(report, finish), name="reindex")

    async def finished(self) -> None:
        """Wait for the rebuild under way, if any."""
        if self._task is not None:
            await self._task

    async def _run(self, report: Report, finish: Finish) -> None:
        try:
            try:
                library = await self._built(report)
                result: Outcome | Exception = Outcome(
                    articles=len(library.shelf),
                    changes=library.archive.changes_from(self._current().archive),
                    refused=tuple(library.archive.refused),
                )
                self._install(library)
            except Exception as error:  # noqa: BLE001 - whatever it is, the old archive answers on, and `finish` hears
                result = error
        finally:
            self._running = False
        try:
            await finish(result)
        except Exception:
            logger.exception("reindex: cannot say how it ended")

    async def _built(self, report: Report) -> Library:
        loop = asyncio.get_running_loop()
        news = asyncio.Event()
        latest = (0, 0)

        def progress(done: int, total: int) -> None:  # called in the building thread
            nonlocal latest
            if self._stop.is_set():
                raise StoppedError("the program is ending")
            latest = (done, total)
            loop.call_soon_threadsafe(news.set)

        async def tell() -> None:
            while True:
                await news.wait()
                news.clear()
                await report(*latest)
                await asyncio.sleep(self._report_every)

        teller = asyncio.create_task(tell(), name="reindex progress")
        try:
            # The library, too: its shelf is sorted there and not on the event loop.
            return await asyncio.to_thread(lambda: Library(self._build(progress)))
        finally:
            teller.cancel()
            # A report that failed is not worth the rebuild.
            await asyncio.gather(teller, return_exceptions=True)
