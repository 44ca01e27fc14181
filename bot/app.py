"""The composition root on Telegram's side: the application, and its handlers in the order that matters."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from telegram.error import TelegramError
from telegram.ext import Application, CallbackQueryHandler, ContextTypes
from telegram.request import BaseRequest, HTTPXRequest

from bot.asking import Command, Empty, NotText, Question
from bot.handlers import about, admin, asking, browsing, errors
from bot.handlers.context import BotApplication, Context
from bot.handlers.routing import NamedCommandHandler, RequestHandler
from bot.handlers.sending import send
from bot.ordering import ChatByChat
from bot.richtext import sentence
from bot.services import Services

logger = logging.getLogger(__name__)

# Nothing else is asked of Telegram: what is not delivered cannot be stored.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query")


def build(services: Services, request: BaseRequest | None = None) -> BotApplication:
    """The application, with nothing started; ``request`` replaces the network in tests."""
    settings = services.settings
    assert settings.bot_token is not None  # __main__ opens the terminal chat otherwise
    builder = (
        Application.builder()
        .application_class(BotApplication, {"services": services})
        .token(settings.bot_token)
        .base_url(f"{settings.bot_api_url}/bot")
        .base_file_url(f"{settings.bot_api_url}/file/bot")
        .request(request or HTTPXRequest(connect_timeout=10, read_timeout=20, write_timeout=20, pool_timeout=10))
        # A connection of its own, which long polling may hold for as long as it likes.
        .get_updates_request(request or HTTPXRequest(connection_pool_size=2, connect_timeout=10, read_timeout=20))
        .context_types(ContextTypes(context=Context))
        .concurrent_updates(ChatByChat())
        .job_queue(None)
        .updater(None)
    )
    application = builder.build()
    assert isinstance(application, BotApplication)
    _add_handlers(application)
    services.log.report = _telling_admins(application)
    return application


def _add_handlers(application: BotApplication) -> None:
    admins = application.services.settings.admin_ids
    # The first handler that takes an update keeps it.
    application.add_handlers(
        [
            # Admins only, and before the unknown commands: to anyone else /reindex is one of those.
            NamedCommandHandler(("reindex",), admin.reindex, admins=admins),
            NamedCommandHandler(("mulai", "start"), about.start),
            NamedCommandHandler(("tolong", "help"), about.help_),
            NamedCommandHandler(("privasi",), about.privacy),
            NamedCommandHandler(("sumber",), browsing.sources),
            # After every command that is known. /tanya is not among them: bot.asking reads it as its question.
            RequestHandler((Command,), asking.unknown_command),
            # Edited ones too: an edited question edits its answer, while an edited command is not run twice.
            RequestHandler((Question,), asking.question, edited=True),
            RequestHandler((Empty,), asking.empty),
            RequestHandler((NotText,), asking.not_text),
            CallbackQueryHandler(browsing.tap),
        ]
    )
    application.add_error_handler(errors.failed)


def _telling_admins(application: BotApplication) -> Callable[[int], Awaitable[None]]:
    async def tell(failures: int) -> None:
        services = application.services
        admins = sorted(services.settings.admin_ids)
        for number, chat in enumerate(admins, 1):
            try:
                await send(application.bot, chat, sentence(services.texts("errors.log_failing", count=failures)))
            except TelegramError as error:
                logger.warning("cannot tell admin %d of %d that the query log fails (%s)", number, len(admins), error)

    return tell
