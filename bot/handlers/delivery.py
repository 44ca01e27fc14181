"""From the inbox to the handlers, and what a failure on the way means: over, or to be tried again."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from telegram import Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.handlers.context import BotApplication
from bot.handlers.sending import describe
from bot.inbox import TryLaterError
from bot.logs import TOLD_ELSEWHERE

logger = logging.getLogger(__name__)


def concerns(application: BotApplication, update: Update) -> bool:
    """Whether any handler takes the update: what people in a group say to each other is nobody's to keep."""
    return any(
        handler.check_update(update) not in (None, False)
        for handlers in application.handlers.values()
        for handler in handlers
    )


async def deliver(application: BotApplication, update: dict[str, Any] | Update) -> None:
    """Have an update handled, raw or as python-telegram-bot's object.

    Raises:
        TryLaterError: Telegram cannot be reached, or is too busy to take the reply.
        Exception: the handling failed, or the update is of an unknown shape.
    """
    with understood():
        await application.process_update(
            update if isinstance(update, Update) else Update.de_json(update, application.bot)
        )


@contextmanager
def understood() -> Iterator[None]:
    """What a failure in the block means: over, or later, or a fault.

    Raises:
        TryLaterError: Telegram cannot be reached, or is too busy.
        Exception: any other failure.
    """
    try:
        yield
    except Forbidden as error:
        # Blocked, or thrown out of the group: their right, and nothing to repair.
        logger.info("Telegram refused (%s)", describe(error))
    except (BadRequest, ChatMigrated) as error:
        logger.error("Telegram failed (%s)", describe(error))  # and would again
    except TelegramError as error:
        logger.warning("Telegram failed, trying again later (%s)", describe(error))
        # The public attribute warns of its change of type.
        raise TryLaterError(error._retry_after.total_seconds() if isinstance(error, RetryAfter) else 0.0) from None
    except TryLaterError:
        raise  # the chat is another replica's: bot.fencing
    except Exception as error:
        # Where and what kind, without the error's own words: those may quote the question.
        frames = "".join(traceback.format_tb(error.__traceback__))
        # After the last attempt the owners hear of it from ``errors.GivingUp``.
        logger.error("a handler failed: %s\n%s", type(error).__name__, frames, extra={TOLD_ELSEWHERE: True})
        raise
