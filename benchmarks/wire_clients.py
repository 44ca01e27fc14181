"""The bots that are measured: each answers every message once, with one short sentence."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

TOKEN = "42:" + "x" * 35
REPLY = "Terima kasih, pertanyaan Anda sudah kami terima."


async def _reply(update: Any, _: Any) -> None:
    await update.effective_message.reply_text(REPLY)


def ptb(url: str) -> None:
    """python-telegram-bot as its documentation shows it, with updates handled concurrently."""
    _poll(url, None)


def ptb_with_our_transport(url: str) -> None:
    from bot.transport import AiohttpRequest

    _poll(url, AiohttpRequest)


def _poll(url: str, transport: Callable[..., Any] | None) -> None:
    from telegram.ext import Application, MessageHandler, filters

    # 256 is what concurrent_updates(True) means.
    builder = Application.builder().token(TOKEN).base_url(f"{url}/bot").concurrent_updates(256)
    if transport is not None:
        builder = builder.request(transport(256)).get_updates_request(transport(1))
    application = builder.build()
    application.add_handler(MessageHandler(filters.ALL, _reply))
    application.run_polling()


def ours(url: str) -> None:
    """This bot's application, inbox and polling; only its handlers are replaced."""
    asyncio.run(_ours(url))


def ours_uvloop(url: str) -> None:
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_ours(url))


async def _ours(url: str) -> None:
    from telegram.ext import MessageHandler, filters

    from bot import app
    from bot.library import Library
    from bot.polling import poll
    from bot.privacy import ChatHasher
    from bot.querylog import QueryLog
    from bot.services import Services
    from bot.settings import read
    from bot.storage import Storage

    with tempfile.TemporaryDirectory() as folder:
        settings = read({"BOT_TOKEN": TOKEN, "BOT_API_URL": url, "DATA_DIR": folder})
        storage = await Storage.open(settings.database)
        # No archive: what it takes to answer is measured by "bot".
        library = Library(SimpleNamespace(articles=(), newest_first=(), fingerprints={}))
        log = QueryLog(storage.queries, ChatHasher(b"a key for measuring"), settings.retention_days)
        application = app.build(Services(settings, library, log, storage))
        application.handlers.clear()
        application.add_handler(MessageHandler(filters.ALL, _reply))
        await application.initialize()
        await application.start()
        inbox = app.open_inbox(application)
        await inbox.start()
        await poll(application.bot, inbox, app.ALLOWED_UPDATES)


def aiogram(url: str) -> None:
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer

    async def reply(message: Any) -> None:
        await message.answer(REPLY)

    dispatcher = Dispatcher()
    dispatcher.message()(reply)
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
    asyncio.run(dispatcher.start_polling(bot))


def whole_bot(url: str) -> None:
    """``python -m bot``, which looks the answers up in the archive, says that it is typing, and logs."""
    import os

    from bot.__main__ import main

    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(BOT_TOKEN=TOKEN, BOT_API_URL=url, DATA_DIR=folder, LOG_LEVEL="WARNING")
        main([])


CLIENTS = {
    "ptb": ptb,
    "ptb+transport": ptb_with_our_transport,
    "ours": ours,
    "ours+uvloop": ours_uvloop,
    "aiogram": aiogram,
    "bot": whole_bot,
}
