"""The bot's life on Telegram: first contact, polling or webhook, upkeep, and an end that loses nothing."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from telegram import Bot
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot import app
from bot.claim import Claim, TakenError
from bot.duties import whenever_held
from bot.errors import BotError, RefusedByTelegramError, UnreachableError
from bot.handlers import errors, unasked
from bot.handlers.context import BotApplication
from bot.handlers.sending import describe
from bot.holdings import finish_restore
from bot.inbox import Inbox
from bot.library import Library
from bot.menus import set_menus
from bot.polling import poll
from bot.readiness import readiness
from bot.services import Services, open_services
from bot.settings import PUBLIC_API, Settings
from bot.web import Webhook, WebServer, serve

if TYPE_CHECKING:
    from bot.together import Together

logger = logging.getLogger(__name__)

WEBHOOK_PORT = 8080
LONGEST_PAUSE_SECONDS = 60.0
# Shorter than any time that /privasi names, so that nothing outlives it for long.
FORGET_SECONDS, PURGE_SECONDS = 60, 3600
# As many as a few questions make: the collector is called once for those.
YOUNG_OBJECTS = 10_000
TOKEN_CHECK_SECONDS = 24 * 3600
# What has arrived is answered for this long after SIGTERM: hosts kill 10 seconds after it at the earliest, and the
# query log wants some of those. The rest waits in the database for the next start.
GRACE_SECONDS = 4.0
# When the database's server went away while everything was opened.
BEGIN_AGAIN_SECONDS = 1.0
# As long as one that has been told to stop may take.
CLAIM_SECONDS = 15.0


async def run(settings: Settings) -> None:
    """Answer on Telegram until SIGINT or SIGTERM.

    Raises:
        ArchiveError: the articles cannot be used.
        StorageError: the database cannot be used.
        RefusedByTelegramError: the token or the webhook's address is not valid.
        BotError: the webhook's port is taken, or another bot runs on this data.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C raises KeyboardInterrupt instead
            loop.add_signal_handler(number, stop.set)
    # Cancelled to stop it, wherever it is: also while it waits for a network that may never come.
    living = asyncio.create_task(_live(settings, stop), name="bot")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait({living, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not living.done():
        logger.info("stopping: answering what has arrived")
        living.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await living
    logger.info("stopped")


async def _live(settings: Settings, stop: asyncio.Event) -> None:
    async with _claimed(settings):
        await _answer(settings, stop)


@contextlib.asynccontextmanager
async def _claimed(settings: Settings) -> AsyncIterator[None]:
    """Be the one bot on this data; one that is just ending is waited for."""
    claim, deadline = Claim(settings.data_dir), time.monotonic() + CLAIM_SECONDS
    while True:
        try:
            claim.take()
            break
        except TakenError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.2)
    try:
        if kept := finish_restore(settings):
            logger.warning("a restore that was interrupted is finished; kept beside it: %s", ", ".join(map(str, kept)))
        yield
    finally:
        claim.release()


async def _opened(settings: Settings) -> Services:
    """Everything ready to answer; a server that goes away in the middle is waited for, as one that is away."""
    while True:
        try:
            return await open_services(settings)
        except UnreachableError as error:
            logger.warning("the database went away (%s); beginning again in %.0f s", error, BEGIN_AGAIN_SECONDS)
        await asyncio.sleep(BEGIN_AGAIN_SECONDS)


async def _answer(settings: Settings, stop: asyncio.Event) -> None:
    services = await _opened(settings)
    try:
        application = app.build(services)
        logger.info("%d articles; connecting to %s", len(services.library.shelf), settings.bot_api_url)
        try:
            await _persistently(application.initialize, settings)
            await set_menus(application.bot, services.staff.roles, services.texts)
            with errors.reported(application):
                if services.damaged:
                    logger.error(
                        "the database was damaged and a new one was begun; the old one is kept as %s. To put a backup "
                        "in its place: python -m bot restore FILE",
                        services.damaged,
                    )
                await _serve(application, settings, stop)
        finally:
            services.reindexing.stop()
            await services.reindexing.finished()
            await application.shutdown()
    finally:
        await services.close()


async def _serve(application: BotApplication, settings: Settings, stop: asyncio.Event) -> None:
    inbox = app.open_inbox(application)
    async with _joined(application.together):
        await _serve_beside_others(application, inbox, settings, stop)


@contextlib.asynccontextmanager
async def _joined(together: Together | None) -> AsyncIterator[None]:
    """Be one of the replicas on a server, where there is one."""
    if together is None:
        yield
        return
    living = asyncio.create_task(together.replica.run(), name="replica")
    try:
        await together.replica.joined()
        yield
    finally:
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
        await together.archives.stop()
        await together.replica.leave()


async def _serve_beside_others(
    application: BotApplication, inbox: Inbox, settings: Settings, stop: asyncio.Event
) -> None:
    upkeep = asyncio.create_task(_upkeep(application, inbox, stop), name="upkeep")
    await application.start()
    try:
        await inbox.start()
        # Answering starts before fetching and ends after it.
        async with _listening(application, inbox, settings):
            logger.info("@%s is answering", application.bot.username)
            if settings.webhook_url:
                await asyncio.Event().wait()  # until cancelled
            await _poll(application, inbox, settings)
    finally:
        await inbox.stop(GRACE_SECONDS)
        await application.broadcasts.stop()
        await application.stop()
        upkeep.cancel()
        await asyncio.gather(upkeep, return_exceptions=True)


async def _poll(application: BotApplication, inbox: Inbox, settings: Settings) -> None:
    """Fetch updates: Telegram gives them to one process only, and the others of several stand by."""

    async def fetch() -> None:
        await _persistently(application.bot.delete_webhook, settings)
        await poll(application.bot, inbox, app.ALLOWED_UPDATES)

    together = application.together
    await (whenever_held(together.polling, fetch) if together and together.polling else fetch())


async def _persistently(action: Callable[[], Awaitable[object]], settings: Settings) -> None:
    """Do something with Telegram, for as long as it takes to reach it.

    Raises:
        RefusedByTelegramError: the token is not valid; trying again would not help.
        BadRequest: nor would it help here; the caller knows what was asked.
    """
    pause = 1.0
    while True:
        try:
            await action()
        except InvalidToken as error:
            where = "" if settings.bot_api_url == PUBLIC_API else f" at BOT_API_URL {settings.bot_api_url}"
            raise RefusedByTelegramError(
                f"BOT_TOKEN: Telegram{where} does not accept this token; expected the one that @BotFather shows for "
                "your bot (/mybots, API Token)"
            ) from error
        except BadRequest:
            raise
        except TelegramError as error:
            if isinstance(error, RetryAfter):
                pause = max(pause, error._retry_after.total_seconds())  # the public one warns of its change of type
            logger.warning("cannot reach %s (%s); trying again in %.0f s", settings.bot_api_url, describe(error), pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        else:
            return


@contextlib.asynccontextmanager
async def _listening(application: BotApplication, inbox: Inbox, settings: Settings) -> AsyncIterator[None]:
    """The port, when there is one; with a webhook Telegram delivers there."""
    services, bot = application.services, application.bot
    url, secret = settings.webhook_url, settings.webhook_secret
    server: WebServer | None = None
    webhook = Webhook(unquote(urlsplit(url).path) or "/", secret, inbox.accept) if url and secret else None
    port = settings.port or (WEBHOOK_PORT if webhook else None)
    fetching = application.together.polling if application.together else None

    def polls() -> bool:
        return webhook is None and (fetching is None or fetching.held)  # one that stands by is ready

    try:
        if port:
            server = await serve(
                port,
                webhook=webhook,
                health=lambda: readiness(services, polling=polls()),
                metrics=services.metrics.exposition,
                metrics_token=settings.metrics_token,
            )
            logger.info("listening on port %d", port)
    except OSError as error:
        if webhook:
            raise BotError(f"PORT: cannot listen on {port}: {error.strerror}") from error
        logger.warning("PORT %d: cannot listen (%s); polling goes on without", port, error.strerror)
    try:
        if webhook and url:
            await _set_webhook(bot, settings, url, webhook.secret)
        yield
    finally:
        if server is not None:
            await server.close()


async def _set_webhook(bot: Bot, settings: Settings, url: str, secret: str) -> None:
    try:
        await _persistently(
            lambda: bot.set_webhook(url, secret_token=secret, allowed_updates=app.ALLOWED_UPDATES), settings
        )
    except BadRequest as error:
        raise RefusedByTelegramError(f"WEBHOOK_URL: Telegram refuses {url}: {error}") from error
    logger.info("webhook %s", url)


async def _upkeep(application: BotApplication, inbox: Inbox, stop: asyncio.Event) -> None:
    """What is done again and again beside answering, until cancelled."""
    services = application.services

    settled: Library | None = None

    async def forget() -> None:
        services.conversations.forget()

    async def settle() -> None:
        nonlocal settled
        if services.library is not settled:
            settled = services.library
            _pass_by_what_stays()

    async def check_token() -> None:
        try:
            await application.bot.get_me()
        except InvalidToken:
            # Polling ends silently on a revoked token; a process that answers nobody had better end, too.
            logger.critical("BOT_TOKEN was revoked: stopping")
            stop.set()
        except TelegramError as error:
            logger.debug("daily check: %s", describe(error))  # polling reports the network's ups and downs

    await asyncio.gather(
        _every(FORGET_SECONDS, forget),
        _every(FORGET_SECONDS, settle),
        _every(FORGET_SECONDS, inbox.tidy),
        _send_unasked(application),
        _every(PURGE_SECONDS, services.purge),
        _every(TOKEN_CHECK_SECONDS, check_token),
    )


async def _send_unasked(application: BotApplication) -> None:
    """Digests and broadcasts: of several replicas one sends them, and when it is gone another goes on."""

    async def send() -> None:
        application.broadcasts.wake()  # what a restart has interrupted
        await unasked.upkeep(application)

    together = application.together
    await (whenever_held(together.jobs, send) if together else send())


def _pass_by_what_stays() -> None:
    """Have the garbage collector leave alone what is there now, an archive above all.

    Going through that took it a tenth of a second and more, every few hundred questions, while everybody waited.
    """
    gc.unfreeze()  # or the archive before would never go
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])


async def _every(seconds: float, action: Callable[[], Awaitable[None]]) -> None:
    while True:
        await action()
        await asyncio.sleep(seconds)
