"""Inline mode: "@bot pacitan" in any chat."""

from __future__ import annotations

import logging

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot import inline
from bot.deeplinks import Links
from bot.handlers.context import Context
from bot.handlers.sending import describe, markup
from bot.richtext import Button, to_html
from index.texts import Texts

logger = logging.getLogger(__name__)

# What the line above the results opens the private chat with: like any payload that names no paragraph, it greets.
START = "inline"


async def suggest(update: Update, context: Context) -> None:
    """List quotations for what was typed so far."""
    query = update.inline_query
    assert query is not None  # the handler takes inline queries only
    services = context.services
    found = await inline.suggest(services, query.query, query.offset, Links(context.bot.username))
    button = InlineQueryResultsButton(found.hint, start_parameter=START) if found.hint else None
    try:
        await query.answer(
            [_article(each, services.texts) for each in found.listed],
            cache_time=inline.CACHED_SECONDS,
            is_personal=False,
            next_offset=found.following or None,
            button=button,
        )
    except BadRequest as error:
        # Who goes on typing asks anew, and Telegram gives up on the question before.
        logger.info("inline query answered too late (%s)", describe(error))


def _article(suggestion: inline.Suggestion, texts: Texts) -> InlineQueryResultArticle:
    content = InputTextMessageContent(
        to_html(suggestion.blocks),
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    buttons = markup(((Button(texts("inline.read"), url=suggestion.url),),))
    return InlineQueryResultArticle(
        suggestion.id, suggestion.title, content, description=suggestion.description, reply_markup=buttons
    )
