"""What happens when a handler fails: a log line for the operator, a sentence for the person, never silence."""

from __future__ import annotations

import logging
import traceback

from telegram import Message, Update
from telegram.error import Conflict, Forbidden, NetworkError, TelegramError

from bot.handlers.context import Context
from bot.handlers.sending import describe, reply_to
from bot.richtext import sentence

logger = logging.getLogger(__name__)


async def failed(update: object, context: Context) -> None:
    """Log the error and apologise, unless Telegram itself is what failed."""
    error = context.error
    if isinstance(error, Forbidden):
        # Blocked, or thrown out of the group: their right, and nothing to repair.
        logger.info("Telegram refused (%s)", describe(error))
        return
    if isinstance(error, TelegramError):
        logger.error("Telegram failed (%s)", describe(error))
        return
    # Where and what kind, without the error's own words: those may quote the question.
    frames = "".join(traceback.format_tb(error.__traceback__)) if error else ""
    logger.error("a handler failed: %s\n%s", type(error).__name__, frames)
    # Handlers run for what is addressed to the bot only, so someone is waiting.
    message = update.effective_message if isinstance(update, Update) else None
    if not isinstance(message, Message):
        return
    try:
        await reply_to(message, sentence(context.services.texts("errors.failed")))
    except TelegramError as another:
        logger.error("cannot apologise (%s)", describe(another))


def polling_failed(error: TelegramError) -> None:
    """One line for a failed poll; python-telegram-bot tries again by itself."""
    if isinstance(error, Conflict):
        logger.error("another process is polling with this token; only one may (%s)", error)
    elif isinstance(error, NetworkError):
        logger.warning("cannot reach Telegram, trying again (%s)", describe(error))
    else:
        logger.error("polling failed, trying again (%s)", describe(error))
