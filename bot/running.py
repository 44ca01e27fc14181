"""The bot's life on Telegram: first contact, polling or webhook, upkeep, and an end that loses nothing."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit

from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Updater

from bot import app, health
from bot.errors import BotError, RefusedByTelegramError
from bot.handlers.context import BotApplication
from bot.handlers.errors import polling_failed
from bot.handlers.sending import describe
from bot.menus import set_menus
from bot.services import open_services
from bot.settings import PUBLIC_API, Settings

logger = logging.getLogger(__name__)

WEBHOOK_PORT = 8080
LONGEST_PAUSE_SECONDS = 60.0
# Shorter than any time that /privasi names, so that nothing outlives it for long.
FORGET_SECONDS, PURGE_SECONDS = 60, 3600
TOKEN_CHECK_SECONDS = 24 * 3600


async def run(settings: Settings) -> None:
    """Answer on Telegram until SIGINT or SIGTERM.

    Raises:
        ArchiveError: the articles cannot be used.
        StorageError: the database cannot be used.
        RefusedByTelegramError: the token or the webhook's address is not valid.
        BotError: the webhook's port is taken.
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
    services = await open_services(settings)
    try:
        application = app.build(services)
        logger.info("%d articles; connecting to %s", len(services.library.shelf), settings.bot_api_url)
        try:
            await _persistently(application.initialize, settings)
            await set_menus(application.bot, settings.admin_ids, services.texts)
            await _serve(application, settings, stop)
        finally:
            services.reindexing.stop()
            await services.reindexing.finished()
            await application.shutdown()
    finally:
        await services.log.close()


async def _serve(application: BotApplication, settings: Settings, stop: asyncio.Event) -> None:
    upkeep = asyncio.create_task(_upkeep(application, stop), name="upkeep")
    # Processing starts before fetching and ends after it: what was fetched is answered before the program ends.
    await application.start()
    try:
        async with _fetching(application, settings):
            logger.info("@%s is answering", application.bot.username)
            await asyncio.Event().wait()  # until cancelled
    finally:
        await application.stop()
        upkeep.cancel()
        await asyncio.gather(upkeep, return_exceptions=True)


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
async def _fetching(application: BotApplication, settings: Settings) -> AsyncIterator[None]:
    """Updates arriving in the application's queue, by webhook or by polling."""
    updater = Updater(application.bot, application.update_queue)
    await updater.initialize()
    server = await health.listen(settings.port) if settings.port and not settings.webhook_url else None
    try:
        if settings.webhook_url:
            await _start_webhook(updater, settings, settings.webhook_url)
        else:
            await _persistently(
                lambda: updater.start_polling(allowed_updates=app.ALLOWED_UPDATES, error_callback=polling_failed),
                settings,
            )
        yield
    finally:
        # Not updater.shutdown(): that closes the bot's connections, and what has arrived is still to be answered.
        if updater.running:
            await updater.stop()
        if server is not None:
            server.close()


async def _start_webhook(updater: Updater, settings: Settings, url: str) -> None:
    port = settings.port or WEBHOOK_PORT
    try:
        await _persistently(
            lambda: updater.start_webhook(
                listen="0.0.0.0",  # noqa: S104 - the host's router is outside the container
                port=port,
                url_path=re.escape(urlsplit(url).path.lstrip("/")),  # the web server reads it as a pattern
                webhook_url=url,
                secret_token=settings.webhook_secret,
                allowed_updates=app.ALLOWED_UPDATES,
            ),
            settings,
        )
    except BadRequest as error:
        raise RefusedByTelegramError(f"WEBHOOK_URL: Telegram refuses {url}: {error}") from error
    except OSError as error:
        raise BotError(f"PORT: cannot listen on {port}: {error.strerror}") from error
    logger.info("webhook %s, listening on port %d", url, port)


async def _upkeep(application: BotApplication, stop: asyncio.Event) -> None:
    """What is done again and again beside answering, until cancelled."""
    services = application.services

    async def forget() -> None:
        services.conversations.forget()

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
        _every(PURGE_SECONDS, services.log.purge),
        _every(TOKEN_CHECK_SECONDS, check_token),
    )


async def _every(seconds: float, action: Callable[[], Awaitable[None]]) -> None:
    while True:
        await action()
        await asyncio.sleep(seconds)
