"""Replies out to Telegram: in the right topic, under the right message, and through its occasional refusals."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.richtext import Reply, to_html, to_plain

logger = logging.getLogger(__name__)

# Longer waits than this are not worth a person's patience.
LONGEST_WAIT_SECONDS = 30
RETRY_SECONDS = 1.0
TYPING_SECONDS = 1.0

T = TypeVar("T")


def thread_of(message: Message) -> int | None:
    """The topic to answer in. Elsewhere the thread id names a chain of replies, and sending to it fails."""
    return message.message_thread_id if message.is_topic_message else None


async def reply_to(message: Message, reply: Reply) -> Message:
    """Send a reply under ``message``, in its topic; sent all the same when that message is gone by then."""
    return await send(message.get_bot(), message.chat.id, reply, thread=thread_of(message), under=message.message_id)


async def send(bot: Bot, chat: int, reply: Reply, *, thread: int | None = None, under: int | None = None) -> Message:
    """Send a message.

    Raises:
        TelegramError: Telegram refuses it, also after a wait and as plain text.
    """
    parameters = ReplyParameters(under, allow_sending_without_reply=True) if under is not None else None
    common: dict[str, Any] = {
        "chat_id": chat,
        "message_thread_id": thread,
        "reply_parameters": parameters,
        "reply_markup": keyboard(reply),
        "link_preview_options": LinkPreviewOptions(is_disabled=True),
    }
    try:
        return await _patiently(
            lambda: bot.send_message(text=to_html(reply.blocks), parse_mode=ParseMode.HTML, **common)
        )
    except BadRequest as error:
        if "parse entities" not in str(error):
            raise
        # The HTML is balanced by construction; should Telegram's rules change, an unstyled answer beats none.
        logger.error("Telegram cannot parse our HTML: %s", error)
        return await bot.send_message(text=to_plain(reply.blocks), **common)


async def edit(bot: Bot, chat: int, message: int, reply: Reply) -> bool:
    """Put ``reply`` in place of a message of ours; ``False`` when that message is gone or cannot be edited any more."""
    try:
        await _patiently(
            lambda: bot.edit_message_text(
                text=to_html(reply.blocks),
                chat_id=chat,
                message_id=message,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard(reply),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )
    except BadRequest as error:
        # "message is not modified": it already says this.
        return "not modified" in str(error)
    return True


def keyboard(reply: Reply) -> InlineKeyboardMarkup | None:
    """The reply's buttons."""
    rows = [[InlineKeyboardButton(button.label, callback_data=button.data) for button in row] for row in reply.rows]
    return InlineKeyboardMarkup(rows) if rows else None


async def while_typing(message: Message, work: Awaitable[T]) -> T:
    """Do ``work`` while the chat shows "typing ..."; the action arrives first, or it would outlive the reply."""
    typing = asyncio.ensure_future(
        message.get_bot().send_chat_action(message.chat.id, ChatAction.TYPING, message_thread_id=thread_of(message))
    )
    try:
        result = await work
        await asyncio.wait([typing], timeout=TYPING_SECONDS)
        return result
    finally:
        typing.cancel()
        # A refused action is no reason not to answer.
        await asyncio.gather(typing, return_exceptions=True)


async def _patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try, and once more when Telegram asks for a short wait or cannot be reached.

    Not after a time-out: the message may have arrived, and nobody wants it twice.
    """
    try:
        return await attempt()
    except RetryAfter as error:
        seconds = error._retry_after.total_seconds()  # the public attribute warns of its change of type
        if seconds > LONGEST_WAIT_SECONDS:
            raise
        logger.warning("Telegram asks to wait %.0f s", seconds)
    except NetworkError as error:
        if type(error) is not NetworkError:  # its subclasses: TimedOut, and BadRequest, which will not change its mind
            raise
        seconds = RETRY_SECONDS
        logger.warning("%s; trying once more", describe(error))
    await asyncio.sleep(seconds)
    return await attempt()


def describe(error: TelegramError) -> str:
    """An error on one line, for the log; without the ids that Telegram names in some ("New chat id: -100...")."""
    return re.sub(r"-?\d{5,}", "…", f"{type(error).__name__}: {error}")
