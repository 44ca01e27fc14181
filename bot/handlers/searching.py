"""/cari."""

from __future__ import annotations

import asyncio

from telegram import Message, Update

from bot import searchboard, searching
from bot.deeplinks import Links
from bot.handlers.context import Context
from bot.handlers.sending import reply_to, reply_with_file, show_instead, while_typing
from bot.library import Library
from bot.privacy import mask
from bot.richtext import sentence
from bot.searching import Search, SearchError
from index.finding import Finding


async def cari(update: Update, context: Context) -> None:
    """The articles that a search finds, from the first page of their list."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    services = context.services
    try:
        # Masked: the list repeats the search, in a group for all to read.
        search = searching.parse(mask(context.arguments))
    except SearchError as error:
        await reply_to(message, searchboard.refusal(error, services.texts))
        return
    library = services.library
    finding = await while_typing(message, _find(library, search))
    await reply_to(message, searchboard.page(search, finding, 1, library, services.texts, services.today()))


async def turn(context: Context, message: Message, _: int, arguments: tuple[str, ...]) -> str | None:
    """Another page of the list."""
    services, library = context.services, context.services.library
    search = _search_of(message)
    if search is None:
        return services.texts("search.page_expired")
    number = int(arguments[0]) if arguments and arguments[0].isdecimal() else 1
    finding = await _find(library, search)
    await show_instead(message, searchboard.page(search, finding, number, library, services.texts, services.today()))
    return None


async def export(context: Context, message: Message, _: int, __: tuple[str, ...]) -> str | None:
    """The whole list as a text to forward."""
    services, library = context.services, context.services.library
    texts, search = services.texts, _search_of(message)
    if search is None:
        return texts("search.page_expired")
    finding = await _find(library, search)
    if not finding.snippets:
        return texts("search.nothing")
    links = Links(context.bot.username)
    document = searchboard.document(search, finding, library, links, texts, services.today())
    told = sentence(texts("search.document_told", count=len(finding.snippets)))
    await reply_with_file(message, document.encode(), searchboard.file_name(search), told)
    return None


def _search_of(message: Message) -> Search | None:
    """The search that stands on the first line of its list, which outlives every restart."""
    written = searchboard.written_in(message.text or "")
    try:
        return searching.parse(written) if written is not None else None
    except SearchError:
        return None


async def _find(library: Library, search: Search) -> Finding:
    # In a thread: all articles are looked through.
    return await asyncio.to_thread(library.archive.find, search.words, search.phrases, search.keeps)
