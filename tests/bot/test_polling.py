"""What is fetched is confirmed when it is safe, and no sooner: over real HTTP."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Bot
from telegram_double import TelegramDouble

from bot.errors import RefusedByTelegramError, StorageError
from bot.inbox import Inbox
from bot.polling import poll
from bot.storage import Storage
from bot.transport import AiohttpRequest


class Line:
    """A bot that polls the double into a real inbox; what is handled waits while ``hold`` is set."""

    def __init__(self, telegram, storage, bot):
        self.telegram, self.storage, self.bot = telegram, storage, bot
        self.handled = []
        self.free = asyncio.Event()
        self.free.set()
        self.inbox = Inbox(storage.inbox, self._handle, self._give_up, first_pause=0.01)
        self.task = None

    async def start(self):
        await self.inbox.start()
        self.task = asyncio.create_task(poll(self.bot, self.inbox, ("message",)))

    async def _handle(self, update):
        await self.free.wait()
        self.handled.append(update["update_id"])

    async def _give_up(self, *_):
        raise AssertionError

    async def until(self, condition):
        async with asyncio.timeout(8):
            while not condition():  # noqa: ASYNC110 - a server in another thread sets no event
                await asyncio.sleep(0.005)

    @property
    def offsets(self):
        return [int(call.get("offset", 0)) for call in self.telegram.named("getUpdates")]


@pytest.fixture
async def line(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.polling.FIRST_PAUSE_SECONDS", 0.02)
    with TelegramDouble() as telegram:
        storage = await Storage.open(tmp_path / "bot.sqlite3")
        request = AiohttpRequest(4)
        async with Bot(
            telegram.token, base_url=f"{telegram.url}/bot", request=request, get_updates_request=AiohttpRequest(1)
        ) as bot:
            line = Line(telegram, storage, bot)
            yield line
            line.task.cancel()
            await asyncio.gather(line.task, return_exceptions=True)
            await line.inbox.stop(0)
        await storage.close()


async def test_what_is_committed_is_confirmed_before_it_is_answered(line):
    line.free.clear()
    line.telegram.says("satu", update_id=10)
    await line.start()
    await line.until(lambda: 11 in line.offsets)
    assert line.handled == []
    assert len(await line.storage.inbox.waiting()) == 1


async def test_what_cannot_be_committed_is_confirmed_only_when_it_is_answered(line, monkeypatch):
    async def full(*_):
        raise StorageError("database or disk is full")

    monkeypatch.setattr(line.storage.inbox, "add", full)
    monkeypatch.setattr("bot.inbox.LONGEST_UNKEPT_SECONDS", 0.05)
    line.free.clear()
    line.telegram.says("satu", update_id=10)
    await line.start()
    await line.until(lambda: len(line.offsets) >= 4)  # fetched again and again
    assert set(line.offsets) == {0}
    line.free.set()
    await line.until(lambda: 11 in line.offsets)
    assert line.handled == [10]


async def test_faults_of_every_kind_are_tried_again_and_said_in_one_line(line, caplog):
    faults = iter(["500", "502", "409", "truncated", "cut", "429"])
    line.telegram.faults.draw = lambda method: (next(faults, None) if method == "getUpdates" else None, 0.0)
    line.telegram.says("satu", update_id=10)
    monotonic = asyncio.get_running_loop().time()
    await line.start()
    await line.until(lambda: line.handled == [10])
    assert asyncio.get_running_loop().time() - monotonic >= 1  # Telegram's retry_after
    ours = [record for record in caplog.records if record.name == "bot.polling"]
    assert len(ours) == 6
    assert any("another process is polling" in record.message for record in ours)


async def test_a_revoked_token_ends_the_polling_with_a_sentence(line):
    await line.start()
    await line.until(lambda: line.offsets)
    line.telegram.token = "42:another"
    line.telegram.says("satu")  # ends the long poll under way
    with pytest.raises(RefusedByTelegramError, match="BOT_TOKEN: Telegram does not accept this token any more"):
        await asyncio.wait_for(line.task, 8)


async def test_a_404_of_somebody_between_is_no_revoked_token(line):
    line.telegram.pages = ["getUpdates"]
    line.telegram.says("satu", update_id=10)
    await line.start()
    await line.until(lambda: line.handled == [10])


async def test_an_update_of_an_unknown_shape_keeps_no_other_from_coming(line):
    line.telegram.delivers({"update_id": 10, "message": {"bukan": "pesan"}})
    line.telegram.says("satu", update_id=11)
    await line.start()
    await line.until(lambda: sorted(line.handled) == [10, 11])
    await line.until(lambda: 12 in line.offsets)


async def test_the_last_that_arrived_is_confirmed_at_the_end(line):
    line.telegram.says("satu", update_id=10)
    await line.start()
    await line.until(lambda: line.handled == [10])
    line.task.cancel()
    await asyncio.gather(line.task, return_exceptions=True)
    assert line.offsets[-1] == 11
