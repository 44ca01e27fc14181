"""/hapus_data."""

from __future__ import annotations

from telegram import Message, Update

from bot import erasing
from bot.asking import ChatKind
from bot.handlers.context import Context
from bot.handlers.routing import chat_kind
from bot.handlers.sending import reply_to, show_instead
from bot.richtext import Reply, sentence


async def hapus_data(update: Update, context: Context) -> None:
    """Ask before deleting; "/hapus_data ya" does not ask, for admins whose taps Telegram does not vouch for."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    texts = context.services.texts
    if not await context.admins.wrote(message):
        await reply_to(message, sentence(texts("board.group_admin_only")))
    elif context.arguments.lower() == erasing.YES:
        await reply_to(message, await _erased(context, message.chat.id) or sentence(texts("erase.nothing")))
    else:
        await reply_to(message, erasing.confirmation(texts, group=chat_kind(message) is ChatKind.GROUP))


async def decide(context: Context, message: Message, _: int, arguments: tuple[str, ...]) -> str | None:
    """Delete, or leave everything as it is."""
    texts = context.services.texts
    if arguments != (erasing.YES,):
        await show_instead(message, sentence(texts("erase.cancelled")))
        return None
    report = await _erased(context, message.chat.id)
    if report is None:
        return texts("erase.nothing")  # what a first tap deleted stays to be read
    await show_instead(message, report)
    return None


async def _erased(context: Context, chat: int) -> Reply | None:
    """What went; ``None`` when nothing was there."""
    context.admins.forget(chat)
    return erasing.report(await erasing.erase(context.services, chat), context.services.texts)
