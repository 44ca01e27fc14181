"""Three real bots behind a round-robin proxy, one PostgreSQL server, and what an operator's bad day does to them."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

from telegram_double import post
from world import ROOT, Webhooks

PATH, SECRET = "/telegram", "rahasia"
# Of a webhook that has nobody to ask in the database: Telegram itself waits longer.
POST_SECONDS = 30.0
# For so long without the server nobody is answered from memory; with a margin.
FROM_MEMORY_SECONDS = 3.0


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Proxy(Webhooks):
    """Telegram's side of the webhook, each delivery to the next replica that is not known to be gone."""

    def __init__(self, ports):
        super().__init__(0, PATH, SECRET)
        self.ports = ports
        self._turns = itertools.cycle(range(len(ports)))
        self._turn = threading.Lock()

    def post(self, update):
        with self._turn:
            port = self.ports[next(self._turns)]
        return post(port, PATH, update, SECRET, timeout=POST_SECONDS)


class Replica:
    """One of the processes, with a data folder of its own."""

    def __init__(self, folder, environment, port):
        self.port = port
        self.log = folder / f"log-{port}"
        self._environment = {**environment, "PORT": str(port), "DATA_DIR": str(folder / f"data-{port}")}
        self.process = None

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot"], cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )

    @property
    def health(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz/ready", timeout=5) as page:
                return json.load(page)
        except (OSError, ValueError):
            return {}

    @property
    def said(self):
        return self.log.read_text(encoding="utf-8")


class Fleet:
    """The replicas; ``ends`` is when one of them was ended, and how, as ``Supervisor.ends``."""

    def __init__(self, folder, telegram, server, seeds, admin, count=3, *, webhook=True):
        self.telegram, self.server = telegram, server
        self.place = server.database()
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(ROOT),
            "NO_PROXY": "127.0.0.1",
            "BOT_TOKEN": telegram.token,
            "BOT_API_URL": telegram.url,
            "ADMIN_IDS": str(admin),
            "SEEDS_DIR": str(seeds),
            "DATABASE_URL": self.place.url,
        }
        ports = [free_port() for _ in range(count)]
        if webhook:
            environment |= {"WEBHOOK_URL": f"https://bot.example.org{PATH}", "WEBHOOK_SECRET": SECRET}
        self.replicas = [Replica(folder, environment, port) for port in ports]
        self.proxy = Proxy(ports)
        self.ends, self.locked = [], []
        self.dark: list[tuple[float, float]] = []  # and for long enough that people were answered from memory
        self.away: list[tuple[float, float]] = []  # when the server was, and those who wait for it were impatient

    def __enter__(self):
        for replica in self.replicas:
            replica.start()
        until(lambda: all(replica.health.get("ready") for replica in self.replicas), 40, self.tails)
        return self

    def __exit__(self, *_):
        for replica in self.replicas:
            if replica.process is not None and replica.process.poll() is None:
                replica.process.send_signal(signal.SIGCONT)
                replica.process.kill()
                replica.process.wait()

    def kill(self, replica, how="SIGKILL"):
        """End one; for anything but SIGKILL the moment is when it is gone."""
        moment = time.monotonic()
        replica.process.send_signal(getattr(signal, how))
        code = replica.process.wait(timeout=30)
        self.ends.append((moment if how == "SIGKILL" else time.monotonic(), how))
        return code

    def freeze(self, replica, seconds):
        """Let one stand still, as a machine that moves does."""
        begun = time.monotonic()
        replica.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.ends.append((begun, "SIGSTOP"))
        replica.process.send_signal(signal.SIGCONT)

    def without_server(self, how, seconds):
        """Stop the server ("SIGINT": restarted in order, "SIGQUIT": crashed) or let it hang ("SIGSTOP") for a while."""
        begun = time.monotonic()
        if how == "SIGSTOP":
            self.server.pause()
        else:
            self.server.stop(getattr(signal, how))
        time.sleep(seconds)
        if how == "SIGSTOP":
            self.server.resume()
        else:
            self.server.start()
        self.away.append((begun - 1, time.monotonic() + 8))
        if seconds > FROM_MEMORY_SECONDS:
            self.dark.append(self.away[-1])

    def rows(self, statement):
        return self.server.execute(statement, self.place)

    def named(self, holder):
        """The replica that has a lane, by what its log says its name is."""
        return next(replica for replica in self.replicas if f"replica {holder}:" in replica.said)

    def end(self):
        return [self.kill(replica, "SIGTERM") for replica in self.replicas]

    def tails(self):
        return "\n".join(f"-- {replica.port}\n{replica.said[-1500:]}" for replica in self.replicas)


def until(condition, seconds, told=lambda: ""):
    """Wait for it; how long that took."""
    begun = time.monotonic()
    while True:
        with contextlib.suppress(OSError):
            if condition():
                return time.monotonic() - begun
        assert time.monotonic() - begun < seconds, told()
        time.sleep(0.02)
