"""/mulai, /tolong and /privasi."""

from __future__ import annotations

from telegram import Update

from bot import about
from bot.asking import Command
from bot.deeplinks import is_link
from bot.handlers import browsing
from bot.handlers.context import Context
from bot.handlers.sending import reply_to
from bot.richtext import Reply


async def start(update: Update, context: Context) -> None:
    """Greet, with questions to tap; or open the paragraph that a link leads to."""
    services = context.services
    message = update.effective_message
    if message is not None and isinstance(context.request, Command) and is_link(context.request.arguments):
        await browsing.linked(context, message, context.request.arguments)
        return
    await _reply(update, about.greeting(services.texts, len(services.library.shelf)))


async def help_(update: Update, context: Context) -> None:
    """Say how to ask."""
    await _reply(update, about.help_text(context.services.texts))


async def privacy(update: Update, context: Context) -> None:
    """Say what is kept."""
    services = context.services
    await _reply(update, about.privacy(services.texts, services.settings))


async def _reply(update: Update, reply: Reply) -> None:
    message = update.effective_message
    assert message is not None  # the handlers take messages only
    await reply_to(message, reply)
