"""A long job, told of in one message that is edited as it goes on."""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot, Message
from telegram.error import TelegramError

from bot.handlers.sending import describe, edit, reply_to
from bot.inbox import TryLaterError
from bot.richtext import Reply

logger = logging.getLogger(__name__)


class ProgressBoard:
    """One message of ours under ``message``; sent anew where it can be edited no more."""

    def __init__(self, bot: Bot, message: Message) -> None:
        self._bot = bot
        self._message = message
        self._shown: Message | None = None
        self._turn = asyncio.Lock()  # the next edit waits for the message to exist

    async def show(self, reply: Reply) -> None:
        """Show this instead of what was shown; a failure is logged, as the job goes on regardless."""
        async with self._turn:
            try:
                if self._shown is None or not await edit(self._bot, self._shown.chat.id, self._shown.message_id, reply):
                    self._shown = await reply_to(self._message, reply)
            except TelegramError as error:
                logger.warning("cannot show how a job goes on (%s)", describe(error))
            except TryLaterError:
                logger.warning("cannot show how a job goes on (the chat is another replica's by now)")
