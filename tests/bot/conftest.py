"""The whole bot, offline: real updates in, recorded Bot API calls out."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3

import pytest
from postgres_server import MISSING, programs, running
from recording import BOT, RecordingRequest
from shelf import ScriptedArchive

from bot.app import build, open_inbox
from bot.library import Library
from bot.pacing import Pacer
from bot.privacy import ChatHasher
from bot.querylog import QueryLog
from bot.services import Services
from bot.settings import Settings
from bot.storage import Storage

ADMIN, CITIZEN, GROUP = 7, 1234567, -100555


def unhurried():
    """A Telegram that takes everything at once: most tests are not about its limits."""
    return Pacer(itertools.count(step=1_000_000).__next__)  # a clock that makes every wait long past


class Stage:
    """One bot with one recording Bot API; what people do is a method each."""

    def __init__(self, services, request, application, inbox):
        self.services, self.request, self.application, self.inbox = services, request, application, inbox
        self.numbers = itertools.count(1)
        self.bot = BOT

    @property
    def sent(self):
        return self.request.named("sendMessage")

    @property
    def edited(self):
        return self.request.named("editMessageText")

    @property
    def archive(self):
        return self.services.library.archive

    async def processes(self, **content):
        await self.inbox.accept({"update_id": next(self.numbers), **content})
        await self.inbox.settled()

    async def update(self, **content):
        await self.processes(**content)
        await self.services.log.written()  # in the background: no update waits for it

    def message(self, text=None, *, chat=CITIZEN, sender=CITIZEN, entities=(), **more):
        kind = {"type": "private"} if chat > 0 else {"type": "supergroup", "title": "RT 05"}
        content = {
            "message_id": more.pop("message_id", None) or next(self.numbers),
            "date": 1700000000,
            "chat": {"id": chat, **kind},
            "from": {"id": sender, "is_bot": False, "first_name": "Siti Rahayu", "username": "siti_rahayu"},
            **more,
        }
        if text is not None:
            content["text"] = text
            content["entities"] = [*entities, *self._commands(text)]
        return content

    def _commands(self, text):
        if not text.startswith("/"):
            return []
        return [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]

    async def says(self, text=None, **more):
        """A new message in the private chat, or in ``chat``."""
        message = self.message(text, **more)
        await self.update(message=message)
        return message["message_id"]

    async def edits(self, message_id, text, **more):
        await self.update(edited_message=self.message(text, message_id=message_id, edit_date=1700000100, **more))

    async def in_group(self, text=None, **more):
        return await self.says(text, chat=GROUP, **more)

    async def taps_on(self, call, label, **more):
        """Tap the button of that label under a message that the bot sent or edited."""
        data = next(button["callback_data"] for button in call.buttons if button["text"] == label)
        await self.taps(data, chat=call["chat_id"], reply_markup=call["reply_markup"], **more)

    @property
    def told(self):
        """What the last tap was answered with."""
        return self.request.named("answerCallbackQuery")[-1].data

    async def taps(self, data, *, text="pesan bot", chat=CITIZEN, message_id=900, tapper=CITIZEN, **more):
        message = self.message(text, chat=chat, message_id=message_id, **more)
        message["from"] = BOT
        await self.update(
            callback_query={
                "id": "1",
                "from": {"id": tapper, "is_bot": False, "first_name": "Siti Rahayu"},
                "chat_instance": "x",
                "data": data,
                "message": message,
            }
        )

    def rows(self, table="queries"):
        with sqlite3.connect(self.services.settings.database) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1")]


@pytest.fixture(scope="session")
def postgres():
    """A real server, and in it a database with an empty schema to copy from."""
    if programs() is None:
        pytest.skip(MISSING)
    with running() as server:
        server.execute("CREATE DATABASE template_of_tests")

        async def migrate():
            await (await Storage.open(server.server("template_of_tests"))).close()

        asyncio.run(migrate())
        yield server


@pytest.fixture
def server_database(postgres):
    """A database of the server's, for this test alone, at the newest schema version."""
    return postgres.database("template_of_tests")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path):
    """Where a database is, once with each engine: what ``Storage.open`` takes."""
    return tmp_path / "bot.sqlite3" if request.param == "sqlite" else request.getfixturevalue("server_database")


@pytest.fixture
async def storage(place):
    storage = await Storage.open(place)
    yield storage
    await storage.close()


@pytest.fixture
def mention():
    """The entity that Telegram sends with "@ArsipBot" in a text."""

    def entity(text, name="@ArsipBot"):
        before = text[: text.index(name)]
        return {"type": "mention", "offset": len(before.encode("utf-16-le")) // 2, "length": len(name)}

    return entity


@pytest.fixture
async def stage(tmp_path):
    settings = Settings(
        bot_token="42:" + "x" * 35,
        admin_ids=frozenset({ADMIN}),
        data_dir=tmp_path,
        database=tmp_path / "bot.sqlite3",
        seeds_dir=tmp_path / "seeds",
    )
    storage = await Storage.open(settings.database)
    log = QueryLog(storage.queries, ChatHasher(b"a key of the tests"), settings.retention_days)
    services = Services(settings, Library(ScriptedArchive()), log, storage)
    request = RecordingRequest()
    application = build(services, request, unhurried())
    await application.initialize()
    request.calls.clear()
    inbox = open_inbox(application, first_pause=0)
    await inbox.start()
    yield Stage(services, request, application, inbox)
    await inbox.stop(0)
    await services.reindexing.finished()
    await application.shutdown()
    await services.close()
