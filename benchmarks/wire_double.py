"""A Bot API for measuring: it asks, as fast as it is answered or at a steady rate, and times every reply."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import defaultdict, deque
from collections.abc import Sequence
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web

BOT = {"id": 42, "is_bot": True, "first_name": "Arsip", "username": "ArsipBot", "can_join_groups": True}
# Each person asks again only after all the others have: nobody runs into the limits for one person.
CHATS = 5000
# Telegram's max_connections to a webhook, when setWebhook names none.
CONNECTIONS = 40
QUESTIONS = (
    "apa itu HKSN?",
    "berapa lansia yang dapat bantuan di Pacitan?",
    "siapa yang menyerahkan bantuan di Balangan?",
    "kapan rapat koordinasi pilar sosial?",
    "cara daftar bansos PKH",
)


class Double:
    """``rate`` updates a second, or a backlog without end when 0; every response comes ``delay`` seconds late.

    Of a backlog, ``at_once`` may be unanswered; half of them are handed out with each poll (Telegram hands out 100).
    """

    def __init__(self, rate: float, delay: float, at_once: int = 200, *, questions: Sequence[str] = QUESTIONS) -> None:
        self._questions = questions
        self.latencies: list[float] = []
        self.requests = 0
        self._rate = rate
        self._delay = delay
        self._at_once = at_once
        self._numbers = itertools.count(1)
        self._kept: deque[dict[str, object]] = deque()  # handed out, and not yet confirmed by the next offset
        self._asked: dict[str, deque[float]] = defaultdict(deque)
        self._unanswered = 0
        self._changed = asyncio.Event()
        self._webhook = asyncio.Event()
        self._started: float | None = None
        self._released = 0

    async def serve(self) -> web.ServerRunner:
        runner = web.ServerRunner(web.Server(self._answer, access_log=None), shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
        return runner

    async def deliver(self, address: str, secret: str) -> None:
        """Send updates to a webhook from its setWebhook on, each until it is accepted; for a steady rate only."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        await self._webhook.wait()
        connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as posts:

            async def post(update: dict[str, object]) -> None:
                while True:
                    async with session.post(address, json=update, headers=headers) as response:
                        if response.status == 200:
                            return
                    await asyncio.sleep(1)

            while True:
                for update in await self._steady():
                    posts.create_task(post(update))

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        self.requests += 1
        method = request.path.rpartition("/")[2]
        parameters = parse_qs((await request.read()).decode())
        if method == "getUpdates":
            result: object = await self._updates(int(parameters.get("offset", ["0"])[0]))
        elif method == "sendMessage":
            chat = parameters["chat_id"][0]
            result = {
                "message_id": 1,
                "date": 1,
                "chat": {"id": int(chat), "type": "private"},
                "from": BOT,
                "text": "x",
            }
        else:
            if method == "setWebhook":
                self._webhook.set()
            result = BOT if method == "getMe" else True
        if self._delay:
            await asyncio.sleep(self._delay)
        if method == "sendMessage" and self._asked[chat]:
            # A chat's replies come in the order of its questions.
            self.latencies.append(time.perf_counter() - self._asked[chat].popleft())
            self._unanswered -= 1
            self._changed.set()
        return web.Response(text=json.dumps({"ok": True, "result": result}), content_type="application/json")

    async def _updates(self, offset: int) -> list[dict[str, object]]:
        while self._kept and self._kept[0]["update_id"] < offset:  # type: ignore[operator]
            self._kept.popleft()
        if not self._kept:
            self._kept.extend(await (self._steady() if self._rate else self._flood()))
        return list(self._kept)

    async def _flood(self) -> list[dict[str, object]]:
        while self._unanswered > self._at_once // 2:
            self._changed.clear()
            await self._changed.wait()
        return [self._ask(time.perf_counter()) for _ in range(self._at_once // 2)]

    async def _steady(self) -> list[dict[str, object]]:
        self._started = self._started or time.perf_counter()
        await asyncio.sleep(self._started + (self._released + 1) / self._rate - time.perf_counter())
        due = int((time.perf_counter() - self._started) * self._rate)
        # Timed from when it was asked, not from when it was fetched: a bot that stalls is not spared the queue.
        fresh = range(self._released, min(max(due, self._released + 1), self._released + 100))
        self._released = fresh.stop
        return [self._ask(self._started + (number + 1) / self._rate) for number in fresh]

    def _ask(self, when: float) -> dict[str, object]:
        number = next(self._numbers)
        chat = 1_000_000 + number % CHATS
        self._asked[str(chat)].append(when)
        self._unanswered += 1
        person = {"id": chat, "first_name": "Siti"}
        message = {
            "message_id": number,
            "date": int(time.time()),
            "chat": {**person, "type": "private"},
            "from": {**person, "is_bot": False},
            "text": self._questions[number % len(self._questions)],
        }
        return {"update_id": number, "message": message}
