"""The composition root on Telegram's side: the application, and its handlers in the order that matters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest

from bot import choices
from bot.asking import Check, Command, Empty, NotText, Question
from bot.handlers import (
    about,
    admin,
    admitting,
    articles,
    asking,
    broadcasting,
    browsing,
    choosing,
    delivery,
    drafting,
    erasing,
    errors,
    groups,
    inline,
    insight,
    regions,
    searching,
    staffing,
    subscribing,
    tapping,
    unanswered,
    wording,
)
from bot.handlers.client import Client
from bot.handlers.context import BotApplication, Context
from bot.handlers.pacing import Pacing
from bot.handlers.routing import NamedCommandHandler, RequestHandler
from bot.handlers.submissions import SubmissionHandler
from bot.inbox import FIRST_PAUSE_SECONDS, Inbox
from bot.intake.fetching import Fetcher
from bot.limits import Limits
from bot.pacing import Pacer
from bot.richtext import sentence
from bot.services import Services
from bot.shared_inbox import SharedInbox
from bot.staff import Role
from bot.transport import AiohttpRequest, tls

if TYPE_CHECKING:
    from bot.together import Together

# Nothing else is asked of Telegram: what is not delivered cannot be stored.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "inline_query")


def build(services: Services, request: BaseRequest | None = None, pacer: Pacer | None = None) -> BotApplication:
    """The application, with nothing started; ``request`` replaces the network in tests, ``pacer`` Telegram's pace."""
    settings = services.settings
    assert settings.bot_token is not None  # __main__ opens the terminal chat otherwise
    pacing = Pacing(pacer or Pacer())
    client = Client(
        settings.bot_token,
        f"{settings.bot_api_url}/bot",
        f"{settings.bot_api_url}/file/bot",
        request=request or _transport(services, 256),
        # A connection of its own, which long polling may hold for as long as it likes.
        get_updates_request=request or _transport(services, 2),
        rate_limiter=pacing,
    )
    builder = (
        Application.builder()
        .application_class(BotApplication, {"services": services})
        .bot(client)
        .context_types(ContextTypes(context=Context))
        .job_queue(None)
        .updater(None)
    )
    application = builder.build()
    assert isinstance(application, BotApplication)
    application.pacing = pacing
    application.broadcasts = broadcasting.broadcasts(application)
    application.together = _together(application)
    # Pages are fetched by the certificates that Telegram is reached by: not every system brings its own.
    services.newsroom.fetcher = Fetcher(tls=tls())
    _add_handlers(application)
    services.log.report = _telling_admins(application)
    return application


def _together(application: BotApplication) -> Together | None:
    storage = application.services.storage
    if storage is None or storage.shared is None:
        return None
    # Here and not above: nobody without a server need wait for its library.
    from bot.together import Together

    together, broadcasts = Together(application.services, storage.shared), application.broadcasts
    broadcasts.may_send = lambda: together.jobs.held

    async def wake() -> None:
        broadcasts.wake()

    together.replica.watch("broadcasts", wake)
    return together


def _transport(services: Services, connections: int) -> BaseRequest:
    return AiohttpRequest(
        connections,
        connect_timeout=10,
        read_timeout=20,
        write_timeout=20,
        pool_timeout=10,
        observe=services.metrics.telegram_request,
    )


def _add_handlers(application: BotApplication) -> None:
    staff = application.services.staff
    viewers, editors, owners = (staff.at_least(role) for role in Role)
    # The first handler that takes an update keeps it.
    application.add_handlers(
        [
            # By role, and before the unknown commands: to anyone else these are some of those.
            NamedCommandHandler(("reindex",), admin.reindex, admins=editors),
            NamedCommandHandler(("kembalikan",), admin.kembalikan, admins=editors),
            NamedCommandHandler(("tambah",), drafting.tambah, admins=editors),
            NamedCommandHandler(("artikel",), articles.artikel, admins=viewers),
            NamedCommandHandler(("jejak",), staffing.jejak, admins=viewers),
            NamedCommandHandler(("statistik",), insight.statistik, admins=viewers),
            NamedCommandHandler(("belum_terjawab",), unanswered.belum_terjawab, admins=viewers),
            NamedCommandHandler(("peran",), staffing.peran, admins=owners),
            NamedCommandHandler(("siaran",), broadcasting.siaran, admins=owners),
            # Before the questions: a file with a caption, or an address alone, would be one.
            SubmissionHandler(application, drafting.submitted),
            wording.LineHandler(application),
            NamedCommandHandler(("mulai", "start"), about.start),
            NamedCommandHandler(("tolong", "help"), about.help_),
            NamedCommandHandler(("privasi", "privacy"), about.privacy),
            NamedCommandHandler(("sumber",), browsing.sources),
            NamedCommandHandler(("cari",), searching.cari),
            NamedCommandHandler(("daerah",), regions.daerah),
            NamedCommandHandler(("cakupan",), regions.cakupan),
            NamedCommandHandler(("langganan",), subscribing.langganan),
            NamedCommandHandler(("berhenti",), subscribing.berhenti),
            NamedCommandHandler(("hapus_data",), erasing.hapus_data),
            NamedCommandHandler(("atur",), groups.atur),
            ChatMemberHandler(groups.membership, ChatMemberHandler.MY_CHAT_MEMBER),
            MessageHandler(filters.StatusUpdate.MIGRATE, groups.migrated),
            # After every command that is known. /tanya is not among them: bot.asking reads it as its question.
            RequestHandler((Command,), asking.unknown_command),
            # Edited ones too: an edited question edits its answer, while an edited command is not run twice.
            RequestHandler((Question,), asking.question, edited=True),
            RequestHandler((Check,), asking.check),
            RequestHandler((Empty,), asking.empty),
            RequestHandler((NotText,), asking.not_text),
            # Before the other taps, which take every code.
            CallbackQueryHandler(choosing.tap, pattern=choices.PATTERN),
            CallbackQueryHandler(tapping.tap),
            InlineQueryHandler(inline.suggest),
        ]
    )


def open_inbox(application: BotApplication, first_pause: float = FIRST_PAUSE_SECONDS) -> Inbox:
    """The way in for every update; ``first_pause`` is how long one that failed waits, in seconds."""
    services = application.services
    assert services.storage is not None  # only the terminal chat goes on without
    gate = admitting.Gate(application, Limits())
    open_: Callable[..., Inbox] = partial(Inbox, services.storage.inbox)
    if application.together is not None:
        open_ = partial(
            SharedInbox,
            application.together.stores.inbox,
            replica=application.together.replica,
            leases=application.together.stores.leases,
            code=services.log.hasher,
            readmit=gate.again,
        )
    gate.inbox = inbox = open_(
        handle=lambda update: delivery.deliver(application, update),
        give_up=errors.GivingUp(application),
        admit=gate,
        refuse=lambda update, verdict: admitting.refuse(application, update, verdict),
        hold=application.pacing.hold,
        logged=services.log.written,
        first_pause=first_pause,
    )
    services.metrics.watch_inbox(inbox)
    return inbox


def _telling_admins(application: BotApplication) -> Callable[[int], Awaitable[None]]:
    async def tell(failures: int) -> None:
        texts = application.services.texts
        await errors.tell_admins(application, sentence(texts("errors.log_failing", count=failures)))

    return tell
