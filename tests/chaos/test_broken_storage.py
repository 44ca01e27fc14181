"""A full disk, a damaged database, a clock that jumps: people are answered, and what was not logged is counted."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from telegram_double import TelegramDouble

sys.path.insert(0, str(Path(__file__).parent))
from test_chaos import environment, free_port, under, whole
from world import ADMIN, ROOT

pytestmark = pytest.mark.chaos
TOKEN = "42:" + "x" * 35
STARTED: list[subprocess.Popen] = []  # a test that fails leaves no bot behind


class Bot:
    """The real program; ``limit`` is the greatest file that it may write, in bytes."""

    def __init__(self, folder, telegram, *, limit=None, **settings):
        self.port = free_port()
        self.telegram, self.log = telegram, folder / "log"
        self.environment = {**environment(folder, telegram), "PORT": str(self.port), **settings}
        self._limit = limit
        self._numbers = iter(range(1000, 9000))

    def start(self):
        def limited():
            if self._limit:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # an error instead of an end, as on a full disk
                resource.setrlimit(resource.RLIMIT_FSIZE, (self._limit, self._limit))

        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                preexec_fn=limited,
            )
        STARTED.append(self.process)

    def asks(self, count):
        """So many questions, each in a chat of its own; how many were answered, once no more are."""
        asked = set()
        for _ in range(count):
            number = next(self._numbers)
            asked.add(number)
            self.telegram.says(
                f"siapa penerima santunan lansia nomor {number}?", update_id=number, message_id=number, chat=number
            )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            answered = {under(call) for call in self.telegram.accepted}
            if asked <= answered:
                break
            time.sleep(0.05)
        return len(asked & answered)

    def counted(self, name):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as page:
            lines = page.read().decode().splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith((f"{name} ", f"{name}{{")))

    def ends(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    @property
    def said(self):
        return self.log.read_text(encoding="utf-8")


@contextlib.contextmanager
def small_disk(folder):
    """A disk of 3 MB mounted at ``folder``; skips where that is not allowed."""
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("cannot mount a file system here; the test with a limit on files shows the same")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture
def telegram():
    with TelegramDouble() as double:
        try:
            yield double
        finally:
            for process in STARTED:
                process.kill()
            STARTED.clear()


def test_on_a_full_disk_everybody_is_answered_and_what_was_not_logged_is_counted(tmp_path, telegram):
    data = tmp_path / "disk"
    with small_disk(data):
        bot = Bot(tmp_path, telegram, DATA_DIR=str(data))
        bot.start()
        assert bot.asks(3) == 3
        filler = data / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)
        assert bot.asks(40) == 40
        unlogged = bot.counted("arsip_unlogged_writes")
        assert unlogged > 0
        assert "full" in bot.said
        assert any(call.parameters.get("chat_id") == str(ADMIN) for call in telegram.accepted)
        filler.unlink()
        deadline = time.monotonic() + 90
        while "the database works again" not in bot.said and time.monotonic() < deadline:
            assert bot.asks(1) == 1
            time.sleep(0.5)
        assert bot.asks(5) == 5
        assert bot.ends() == 0
        assert whole(data / "bot.sqlite3")
        with contextlib.closing(sqlite3.connect(data / "bot.sqlite3")) as connection:
            rows = connection.execute("SELECT count(*) FROM queries").fetchone()[0]
            assert connection.execute("SELECT count(*) FROM inbox WHERE outcome IS NULL").fetchone() == (0,)
    answered = len({under(call) for call in telegram.accepted} - {None})
    assert answered - unlogged <= rows < answered


def test_where_no_file_may_grow_everybody_is_answered_and_the_count_is_told(tmp_path, telegram):
    first = Bot(tmp_path, telegram)
    first.start()
    assert first.asks(1) == 1
    assert first.ends() == 0
    size = (tmp_path / "data" / "bot.sqlite3").stat().st_size
    bot = Bot.__new__(Bot)
    bot.__dict__.update(first.__dict__, _limit=max(size, 200_000))
    bot.start()
    assert bot.asks(60) == 60
    assert bot.counted("arsip_unlogged_writes") > 0
    assert bot.ends() == 0
    assert whole(tmp_path / "data" / "bot.sqlite3")
    assert TOKEN.partition(":")[2] not in bot.said


def test_a_database_damaged_while_it_runs_costs_nobody_an_answer_and_the_next_start_begins_anew(tmp_path, telegram):
    bot = Bot(tmp_path, telegram)
    bot.start()
    assert bot.asks(20) == 20
    database = tmp_path / "data" / "bot.sqlite3"
    for path in (database, Path(f"{database}-wal")):
        with path.open("r+b") as file:
            size = path.stat().st_size
            file.seek(size // 8)
            file.write(os.urandom(size - size // 8))
    assert bot.asks(20) == 20
    bot.process.kill()
    bot.process.wait()
    bot.start()
    assert bot.asks(10) == 10
    assert "the database was damaged" in bot.said
    assert any("damaged" in call.parameters.get("text", "") for call in telegram.accepted)
    assert bot.ends() == 0
    assert whole(database)
    assert [path for path in database.parent.glob("bot.sqlite3.damaged-*") if path.suffix != ""]


@pytest.mark.slow  # it waits 15 s before it gives up
def test_a_second_bot_on_the_same_data_is_turned_away_and_the_first_goes_on(tmp_path, telegram):
    bot = Bot(tmp_path, telegram)
    bot.start()
    assert bot.asks(1) == 1
    second = subprocess.run(
        [sys.executable, "-m", "bot"], cwd=ROOT, env={**bot.environment, "PORT": str(free_port())},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert second.returncode == 2
    assert "running on this data" in second.stderr
    assert bot.asks(3) == 3
    assert bot.ends() == 0


@pytest.mark.slow
@pytest.mark.parametrize("offset", ["-3d", "+40d"])
def test_a_clock_that_jumps_costs_nobody_an_answer(tmp_path, telegram, offset):
    libfaketime = pytest.importorskip("libfaketime")
    moment = tmp_path / "moment"
    moment.write_text("+0\n")
    preloaded = next(Path(libfaketime.__file__).parent.rglob("libfaketime.so*"), None)
    if preloaded is None:
        pytest.skip("libfaketime was installed without its library")
    bot = Bot(
        tmp_path, telegram, LD_PRELOAD=str(preloaded), FAKETIME_TIMESTAMP_FILE=str(moment), FAKETIME_NO_CACHE="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1", DONT_FAKE_MONOTONIC="1",
    )  # fmt: skip
    bot.start()
    assert bot.asks(5) == 5
    moment.write_text(offset + "\n")
    assert bot.asks(20) == 20
    bot.process.kill()
    bot.process.wait()
    bot.start()
    assert bot.asks(5) == 5
    assert bot.ends() == 0
    database = tmp_path / "data" / "bot.sqlite3"
    assert whole(database)
    with contextlib.closing(sqlite3.connect(database)) as connection:
        days = connection.execute("SELECT julianday(max(asked_at)) - julianday(min(asked_at)) FROM queries").fetchone()[
            0
        ]
    assert days > 2  # or the clock has not moved
