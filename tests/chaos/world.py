"""People who ask and tap without end, and a supervisor who starts the bot again whenever it was killed."""

from __future__ import annotations

import contextlib
import itertools
import queue
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from telegram_double import TelegramDouble, message, post

ROOT = Path(__file__).resolve().parents[2]
ADMIN = 7
CHATS = range(1001, 1013)


@dataclass
class People:
    """Ask, tap and now and then reindex, each in a thread of their own until ``stop``; what they did is kept."""

    seed: int
    deliver: object
    questions: dict[int, tuple[int, str]] = field(default_factory=dict)  # message: chat, text
    taps: dict[str, int] = field(default_factory=dict)  # callback query: chat
    updates: int = 0

    def __post_init__(self):
        self._random = random.Random(self.seed)
        self._numbers = itertools.count(100)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def start(self):
        self._thread.start()

    def stop(self):
        self._stop.set()
        self._thread.join()

    def _live(self):
        while not self._stop.wait(self._random.expovariate(15)):
            self.act()

    def act(self):
        number, chat, draw = next(self._numbers), self._random.choice(CHATS), self._random.random()
        if draw < 0.80:
            text = f"siapa penerima santunan lansia nomor {number}?"
            self.questions[number] = (chat, text)
            content = {"message": message(text, number, chat)}
        elif draw < 0.97:
            self.taps[str(number)] = chat
            under = message("Arsip ini memuat 1 artikel.", 50, chat)
            under["from"] = {"id": 42, "is_bot": True, "first_name": "Arsip"}
            person = {"id": chat, "is_bot": False, "first_name": "Siti"}
            content = {
                "callback_query": {
                    "id": str(number), "from": person, "chat_instance": "x", "data": "s:1", "message": under,
                }
            }  # fmt: skip
        else:
            content = {"message": message("/reindex", number, ADMIN)}
        self.updates += 1
        self.deliver({"update_id": number, **content})


class Webhooks:
    """Telegram's side of a webhook: each chat's updates in order, each again until it is answered with 200."""

    def __init__(self, port, path, secret):
        self.port, self.path, self.secret = port, path, secret
        self.refused = 0
        self.twice: set[int] = set()  # what was delivered again though it was taken
        self._lanes: dict[object, queue.Queue] = {}
        self._waiting = 0
        self._lock = threading.Lock()

    def deliver(self, update):
        content = update.get("message") or update["callback_query"]["message"]
        chat = content["chat"]["id"]
        with self._lock:
            self._waiting += 1
            if chat not in self._lanes:
                self._lanes[chat] = queue.Queue()
                threading.Thread(target=self._work, args=(self._lanes[chat],), daemon=True).start()
        self._lanes[chat].put(update)

    @property
    def waiting(self):
        return self._waiting

    def post(self, update):
        return post(self.port, self.path, update, self.secret)

    def _work(self, updates):
        chance = random.Random(0)
        while True:
            update = updates.get()
            while self.post(update) != 200:
                self.refused += 1
                time.sleep(0.1)
            if chance.random() < 0.05:  # Telegram did not hear of it, and delivers it again
                self.twice.add(update["update_id"])
                self.post(update)
            with self._lock:
                self._waiting -= 1


class Supervisor:
    """Starts the bot, and ends it as power, hosts and kernels do."""

    def __init__(self, environment: dict[str, str], database: Path, log: Path, telegram: TelegramDouble, seed: int):
        self.environment, self.database, self.telegram = environment, database, telegram
        self.log = log
        self.ends: list[tuple[float, str]] = []
        self.codes: list[int] = []
        self.locked: list[tuple[float, float]] = []  # when the database was, from and to
        self._random = random.Random(seed)
        self._process: subprocess.Popen | None = None

    def start(self):
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def round(self):
        """Start, let it work for a while, now and then beside a locked database, and end it at a random moment."""
        before = len(self.telegram.accepted)
        self.start()
        end = self._random.choice(["SIGTERM", "SIGKILL", "SIGKILL"])
        if self._random.random() < 0.15:
            time.sleep(self._random.uniform(0, 3))  # wherever it is in its start
            self.end(end)
            return
        self._until(lambda: len(self.telegram.accepted) > before, 30)
        time.sleep(self._random.uniform(0, 1.5))
        if self._random.random() < 0.2:
            with (
                contextlib.suppress(sqlite3.Error),
                contextlib.closing(sqlite3.connect(self.database, isolation_level=None, timeout=0.5)) as other,
            ):
                other.execute("BEGIN IMMEDIATE")
                begun = time.monotonic()
                time.sleep(self._random.uniform(0, 0.5))
                self.end(end)  # and stays locked meanwhile
                self.locked.append((begun, time.monotonic()))
                return
        self.end(end)

    def end(self, name):
        self._process.send_signal(getattr(signal, name))
        moment = time.monotonic()
        self.codes.append(self._process.wait(timeout=30))
        # For a SIGTERM the end is when it is gone: until then it may answer.
        self.ends.append((time.monotonic() if name == "SIGTERM" else moment, name))

    def kill(self):
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def finish(self, done, seconds):
        """Start once more, and leave it alone until ``done``."""
        self.start()
        try:
            return self._until(done, seconds)
        finally:
            self.end("SIGTERM")

    def _until(self, condition, seconds):
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True
