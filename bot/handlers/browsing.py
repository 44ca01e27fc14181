"""The articles themselves: /sumber, links to a paragraph, and the taps that leaf through them."""

from __future__ import annotations

import asyncio

from telegram import Message, Update

from bot import deeplinks, pages
from bot.callbacks import ReadQuoted
from bot.handlers.context import Context
from bot.handlers.sending import reply_to, show_instead
from bot.richtext import Reply


async def sources(update: Update, context: Context) -> None:
    """The list of articles, from its first page."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    await reply_to(message, await _source_list(context, 1))


async def linked(context: Context, message: Message, start: str) -> None:
    """Open the paragraph that a link leads to; ``start`` is what it gave to /start."""
    services = context.services
    destination = await asyncio.to_thread(deeplinks.follow, services.library, start)
    if destination is None:
        await reply_to(message, pages.link_gone(services.texts))
    else:
        await reply_to(message, pages.linked_page(destination, services.texts, services.today()))


async def article(context: Context, message: Message, key: str, page: int, *, turn: bool) -> str | None:
    """Show an article's page; what to say when it has left the archive."""
    services = context.services
    found = await asyncio.to_thread(services.library.article, key)
    if found is None:
        return services.texts("sources.gone")
    reply = pages.article_page(found, page, services.texts, services.today())
    if turn:
        await show_instead(message, reply)
    else:
        await reply_to(message, reply)
    return None


async def quoted(context: Context, message: Message, tap: ReadQuoted) -> str | None:
    """Show an article where it is quoted; what to say when it has left the archive."""
    services = context.services
    found = await asyncio.to_thread(services.library.article, tap.key)
    if found is None:
        return services.texts("sources.gone")
    reply = pages.quoted_page(found, tap, services.texts, services.today())
    if tap.answer is None and tap.page == 0:
        await reply_to(message, reply)
    else:
        await show_instead(message, reply)
    return None


async def list_page(context: Context, message: Message, page: int) -> None:
    """Turn the list of articles."""
    await show_instead(message, await _source_list(context, page))


async def _source_list(context: Context, page: int) -> Reply:
    services = context.services
    # In a thread, as everything that looks at articles: they may have to be fetched.
    return await asyncio.to_thread(pages.source_list, services.library, page, services.texts, services.today())
