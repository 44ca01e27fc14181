"""What happens when something fails: a sentence for the person, one for the owners, never silence, never a flood."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import Any

from telegram import Message, Update
from telegram.error import TelegramError

from bot.errors import StorageError
from bot.handlers.context import BotApplication
from bot.handlers.sending import describe, reply_to, send
from bot.logs import TOLD_ELSEWHERE
from bot.richtext import Reply, sentence

logger = logging.getLogger(__name__)

REPORT_EVERY_SECONDS = 3600
_FILLED = re.compile(r"%[-#0 +]*[\d.]*[a-zA-Z]")


class OncePerHour:
    """Lets each kind of news through once an hour."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: dict[str, float] = {}

    def __call__(self, kind: str) -> bool:
        """Whether it may be told now."""
        now = self._clock()
        if now - self._last.get(kind, -REPORT_EVERY_SECONDS) < REPORT_EVERY_SECONDS:
            return False
        self._last[kind] = now
        return True


class GivingUp:
    """Apologises, and tells the owners once an hour and kind of failure how many updates were set aside."""

    def __init__(self, application: BotApplication, clock: Callable[[], float] = time.monotonic) -> None:
        self._application = application
        self._may_tell = OncePerHour(clock)
        self._count = 0

    async def __call__(self, raw: dict[str, Any], error: Exception | None, attempts: int) -> None:
        """Say that an update could not be answered."""
        self._count += 1
        try:
            await self._apologise(raw, error)
        finally:
            reason = type(error).__name__ if error else "CRASH"
            if self._may_tell(reason):
                texts = self._application.services.texts
                told = texts("errors.set_aside", attempts=attempts, reason=reason, count=self._count)
                await tell_admins(self._application, sentence(told))

    async def _apologise(self, raw: dict[str, Any], failure: Exception | None) -> None:
        # Handlers run for what is addressed to the bot only, so someone is waiting.
        message = Update.de_json(raw, self._application.bot).effective_message
        if not isinstance(message, Message):
            return
        # Of the stores, most see to it themselves: left is an archive that is read from a server.
        why = "errors.away" if isinstance(failure, StorageError) else "errors.failed"
        try:
            await reply_to(message, sentence(self._application.services.texts(why)))
        except TelegramError as error:
            logger.error("cannot apologise (%s)", describe(error))


class ErrorReports(logging.Handler):
    """Tells the owners of what this program logs as an error: the sentence of the code, without what was filled in.

    What is filled in may be of a person; the log, which is the operator's own, has it.
    """

    def __init__(self, application: BotApplication, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(logging.ERROR)
        self._application = application
        self._loop = asyncio.get_running_loop()
        self._may_tell = OncePerHour(clock)
        self._counts: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Take a record, from whichever thread."""
        if getattr(record, TOLD_ELSEWHERE, False):
            return
        failure = f" ({record.exc_info[0].__name__})" if record.exc_info and record.exc_info[0] else ""
        kind = _FILLED.sub("…", str(record.msg).partition("\n")[0]) + failure
        self._counts[kind] += 1
        if self._may_tell(kind) and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, record.name, kind)

    def _tell(self, where: str, kind: str) -> None:
        told = self._application.services.texts("errors.logged", where=where, what=kind, count=self._counts[kind])
        # In a context of its own: what an update that is being handled may not send any more is no reason to be silent.
        work = tell_admins(self._application, sentence(told))
        task = asyncio.create_task(work, name="error report", context=Context())
        self._tasks.add(task)  # asyncio itself keeps only weak references
        task.add_done_callback(self._tasks.discard)


@contextmanager
def reported(application: BotApplication) -> Iterator[None]:
    """Tell the owners of errors within the block."""
    handler = ErrorReports(application)
    logger_of_all = logging.getLogger("bot")
    logger_of_all.addHandler(handler)
    try:
        yield
    finally:
        logger_of_all.removeHandler(handler)


async def tell_admins(application: BotApplication, reply: Reply) -> None:
    """Send every admin a message; what Telegram refuses is logged."""
    admins = sorted(application.services.settings.admin_ids)
    for number, chat in enumerate(admins, 1):
        try:
            await send(application.bot, chat, reply)
        except TelegramError as error:
            logger.warning("cannot tell admin %d of %d (%s)", number, len(admins), describe(error))
