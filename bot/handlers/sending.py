"""Replies out to Telegram: in the right topic, under the right message, and through its occasional refusals."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from telegram import (
    Bot,
    CallbackQuery,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.richtext import Button, Reply, Rows, to_html, to_plain

logger = logging.getLogger(__name__)

# Longer ones are the inbox's, which lets other chats go on meanwhile.
LONGEST_WAIT_SECONDS = 5
RETRY_SECONDS = 1.0
# A proxy between may answer with a whole page.
LONGEST_DESCRIPTION = 160
TYPING_SECONDS = 1.0

T = TypeVar("T")


def thread_of(message: Message) -> int | None:
    """The topic to answer in. Elsewhere the thread id names a chain of replies, and sending to it fails."""
    return message.message_thread_id if message.is_topic_message else None


async def reply_to(message: Message, reply: Reply, *, silent: bool = False) -> Message:
    """Send a reply under ``message``, in its topic; sent all the same when that message is gone by then."""
    return await send(
        message.get_bot(),
        message.chat.id,
        reply,
        thread=thread_of(message),
        under=message.message_id,
        silent=silent,
    )


async def reply_with_picture(message: Message, png: bytes, caption: Reply) -> Message:
    """Send a picture under ``message``, in its topic, with a caption within Telegram's limit."""
    return await _patiently(
        lambda: message.get_bot().send_photo(
            message.chat.id,
            png,
            caption=to_html(caption.blocks),
            parse_mode=ParseMode.HTML,
            message_thread_id=thread_of(message),
            reply_parameters=ReplyParameters(message.message_id, allow_sending_without_reply=True),
            reply_markup=keyboard(caption),
        )
    )


async def show_picture_instead(message: Message, png: bytes, caption: Reply) -> None:
    """Put another picture and caption in place of one of ours, or under it where that is gone or too old."""
    media = InputMediaPhoto(png, caption=to_html(caption.blocks), parse_mode=ParseMode.HTML)
    try:
        await _patiently(
            lambda: message.get_bot().edit_message_media(
                media, message.chat.id, message.message_id, reply_markup=keyboard(caption)
            )
        )
    except BadRequest as error:
        if "not modified" not in str(error):
            await reply_with_picture(message, png, caption)


async def reply_with_file(message: Message, content: bytes, name: str, caption: Reply) -> Message:
    """Send a file under ``message``, in its topic."""
    return await _patiently(
        lambda: message.get_bot().send_document(
            message.chat.id,
            InputFile(content, name),
            caption=to_html(caption.blocks),
            parse_mode=ParseMode.HTML,
            message_thread_id=thread_of(message),
            reply_parameters=ReplyParameters(message.message_id, allow_sending_without_reply=True),
        )
    )


async def ask_for_reply(message: Message, request: Reply, placeholder: str) -> Message:
    """Ask for something, with the keyboard open for the reply."""
    return await _patiently(
        lambda: message.get_bot().send_message(
            message.chat.id,
            to_html(request.blocks),
            parse_mode=ParseMode.HTML,
            reply_parameters=ReplyParameters(message.message_id, allow_sending_without_reply=True),
            reply_markup=ForceReply(input_field_placeholder=placeholder),
        )
    )


async def show_instead(message: Message, reply: Reply) -> None:
    """Put ``reply`` in place of a message of ours, or under it where that is gone or too old to be edited."""
    if not await edit(message.get_bot(), message.chat.id, message.message_id, reply):
        await reply_to(message, reply)


async def send(
    bot: Bot,
    chat: int,
    reply: Reply,
    *,
    thread: int | None = None,
    under: int | None = None,
    silent: bool = False,
) -> Message:
    """Send a message, in the topic ``thread`` and under the message ``under``; ``silent`` makes no sound.

    Raises:
        TelegramError: Telegram refuses it, also after a wait and as plain text.
    """
    parameters = ReplyParameters(under, allow_sending_without_reply=True) if under is not None else None
    common: dict[str, Any] = {
        "chat_id": chat,
        "message_thread_id": thread,
        "reply_parameters": parameters,
        "reply_markup": keyboard(reply),
        "disable_notification": silent or None,
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
    return markup(reply.rows)


def markup(rows: Rows) -> InlineKeyboardMarkup | None:
    """Rows of buttons as Telegram takes them."""
    made = [
        [
            InlineKeyboardButton(each.label, url=each.url)
            if each.url
            else InlineKeyboardButton(each.label, callback_data=each.data)
            for each in row
        ]
        for row in rows
    ]
    return InlineKeyboardMarkup(made) if made else None


def rows_of(message: Message) -> Rows:
    """The buttons that a message has: those that are tapped, and those that open an address."""
    shown = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return tuple(
        tuple(
            Button(each.text, each.callback_data if isinstance(each.callback_data, str) else "", each.url)
            for each in row
        )
        for row in shown
    )


async def edit_buttons(bot: Bot, message: Message, rows: Rows) -> None:
    """Put other buttons under a message of ours; one that is gone, or has them already, is left alone."""
    try:
        await _patiently(
            lambda: bot.edit_message_reply_markup(message.chat.id, message.message_id, reply_markup=markup(rows))
        )
    except BadRequest as error:
        logger.info("buttons left as they are (%s)", describe(error))


async def answer_tap(query: CallbackQuery, notice: str | None, *, loud: bool = True, url: str | None = None) -> None:
    """End a tap's spinning: with nothing, with a notice (``loud``: one to confirm), or with an address to open."""
    try:
        await query.answer(notice, show_alert=notice is not None and loud, url=url)
    except BadRequest as error:
        # Tapped while the bot was down: Telegram has given up on it, and what was wanted is in the chat.
        logger.info("tap answered too late (%s)", describe(error))


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
    return re.sub(r"-?\d{5,}", "…", f"{type(error).__name__}: {error}"[:LONGEST_DESCRIPTION])
