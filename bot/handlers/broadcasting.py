"""/siaran, for owners: a message to all subscribers, after a preview and a confirmation."""

from __future__ import annotations

import logging
import secrets

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot import broadcasting
from bot.broadcasting import Broadcasts, Show
from bot.handlers import unasked
from bot.handlers.context import BotApplication, Context
from bot.handlers.sending import describe, edit, reply_to, show_instead
from bot.richtext import Reply, sentence
from bot.storage.broadcasts import Broadcast

logger = logging.getLogger(__name__)

_ID_BYTES = 6


def broadcasts(application: BotApplication) -> Broadcasts:
    """The application's broadcasts."""
    return Broadcasts(application.services, unasked.sender(application), _showing(application))


async def siaran(update: Update, context: Context) -> None:
    """Preview the text after the command, or of the message that it replies to."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    assert message.from_user is not None  # and of owners only
    services, texts = context.services, context.services.texts
    if message.chat.type != ChatType.PRIVATE:
        await reply_to(message, sentence(texts("staff.only_private")))
        return
    replied = message.reply_to_message
    text = context.arguments or ((replied.text or "").strip() if replied else "")
    if not text:
        await reply_to(message, sentence(texts("broadcast.usage")))
        return
    if broadcasting.too_long(text):
        await reply_to(message, sentence(texts("broadcast.too_long", most=broadcasting.MOST_UNITS)))
        return
    storage = context.storage
    count = len(await storage.broadcasts.subscribers())
    if not count:
        await reply_to(message, sentence(texts("broadcast.nobody")))
        return
    broadcast = Broadcast(secrets.token_urlsafe(_ID_BYTES), message.from_user.id, text, total=count)
    await storage.broadcasts.add(broadcast, services.now())
    await reply_to(message, broadcasting.preview(broadcast, texts))


async def tap(context: Context, message: Message, who: int, arguments: tuple[str, ...]) -> str | None:
    """Send, or not."""
    texts, storage = context.services.texts, context.storage
    number, answer = (*arguments, "", "")[:2]
    broadcast = await storage.broadcasts.find(number)
    if broadcast is None or broadcast.begun:
        return texts("broadcast.over")
    if broadcast.who != who:
        return texts("draft.others")
    if answer != "yes":
        await storage.broadcasts.delete(number)
        await show_instead(message, sentence(texts("broadcast.cancelled")))
        return None
    if not await storage.broadcasts.begin(number, message.message_id, await storage.broadcasts.subscribers()):
        return texts("broadcast.over")
    await show_instead(message, sentence(texts("broadcast.started")))
    context.broadcasts.wake()
    return None


def _showing(application: BotApplication) -> Show:
    async def show(broadcast: Broadcast, reply: Reply) -> None:
        if broadcast.message is None:
            return
        try:
            await edit(application.bot, broadcast.who, broadcast.message, reply)
        except TelegramError as error:
            logger.info("cannot show how a broadcast goes (%s)", describe(error))

    return show
