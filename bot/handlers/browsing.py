"""The articles themselves: /sumber, and every tap on a button."""

from __future__ import annotations

import logging

from telegram import CallbackQuery, Message, Update
from telegram.error import BadRequest

from bot import pages
from bot.callbacks import AskChoice, ListSources, OpenArticle, choice, decode
from bot.handlers import asking
from bot.handlers.context import Context
from bot.handlers.sending import edit, reply_to
from bot.richtext import Reply

logger = logging.getLogger(__name__)


async def sources(update: Update, context: Context) -> None:
    """The list of articles, from its first page."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    services = context.services
    await reply_to(message, pages.source_list(services.library, 1, services.texts, services.today()))


async def tap(update: Update, context: Context) -> None:
    """Do what a button promises. The tap is always answered, or the button would spin until it times out."""
    query = update.callback_query
    assert query is not None  # the handler takes callback queries only
    services = context.services
    wanted = decode(query.data)
    # Telegram withholds the text of old messages: their buttons work all the same, save those that refer to the text.
    message = query.message if isinstance(query.message, Message) else None
    notice: str | None = None
    try:
        match wanted:
            case OpenArticle(key=key, page=page, turn=turn) if message:
                notice = await _article(context, message, key, page, turn=turn)
            case ListSources(page=page) if message:
                reply = pages.source_list(services.library, page, services.texts, services.today())
                await _replace(context, message, reply)
            case AskChoice(number=number) if message and (text := choice(message.text or "", number)):
                await asking.answer(context, message, text, asker=query.from_user.id)
            case _:
                notice = services.texts("chat.button_expired")
    finally:
        await _answer_tap(query, notice)


async def _answer_tap(query: CallbackQuery, notice: str | None) -> None:
    try:
        await query.answer(notice, show_alert=notice is not None)
    except BadRequest as error:
        # Tapped while the bot was down: Telegram has given up on it, and what was wanted is in the chat.
        logger.info("tap answered too late (%s)", error)


async def _article(context: Context, message: Message, key: str, page: int, *, turn: bool) -> str | None:
    """Show an article's page; what to say when it has left the archive."""
    services = context.services
    article = services.library.article(key)
    if article is None:
        return services.texts("sources.gone")
    reply = pages.article_page(article, page, services.texts, services.today())
    if turn:
        await _replace(context, message, reply)
    else:
        await reply_to(message, reply)
    return None


async def _replace(context: Context, message: Message, reply: Reply) -> None:
    if not await edit(context.bot, message.chat.id, message.message_id, reply):
        await reply_to(message, reply)
