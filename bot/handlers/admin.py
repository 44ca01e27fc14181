"""/reindex, for admins."""

from __future__ import annotations

import asyncio
import logging

from telegram import Message, Update
from telegram.error import TelegramError

from bot import reports
from bot.handlers.context import Context
from bot.handlers.sending import describe, edit, reply_to
from bot.reindexing import AlreadyRunningError, Outcome
from bot.richtext import Reply, sentence

logger = logging.getLogger(__name__)


async def reindex(update: Update, context: Context) -> None:
    """Start a rebuild and return, so that this chat's next messages are answered meanwhile."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    services = context.services
    board = _Board(context, message)

    async def report(done: int, total: int) -> None:
        await board.show(reports.progress(done, total, services.texts))

    async def finish(result: Outcome | Exception) -> None:
        await board.show(reports.ending(result, services.texts))

    try:
        services.reindexing.begin(report, finish)
    except AlreadyRunningError:
        await reply_to(message, sentence(services.texts("reindex.running")))
        return
    await board.show(sentence(services.texts("reindex.started")))


class _Board:
    """One message under the admin's command, edited as the rebuild goes on."""

    def __init__(self, context: Context, command: Message) -> None:
        self._bot = context.bot
        self._command = command
        self._shown: Message | None = None
        self._turn = asyncio.Lock()  # the next edit waits for the message to exist

    async def show(self, reply: Reply) -> None:
        """Show this instead of what was shown; a failure is logged, as the rebuild goes on regardless."""
        async with self._turn:
            try:
                if self._shown is None or not await edit(self._bot, self._shown.chat.id, self._shown.message_id, reply):
                    self._shown = await reply_to(self._command, reply)
            except TelegramError as error:
                logger.warning("reindex: cannot show progress (%s)", describe(error))
