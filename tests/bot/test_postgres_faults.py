"""A server that is down, lost, hung, full or only read from: people are answered, and nothing acknowledged is lost."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest
from postgres_server import MISSING, programs, running
from telegram_double import TelegramDouble
from test_end_to_end import ROOT, articles, bot, environment

from bot import opening
from bot.errors import StorageError, UnreachableError
from bot.opening import open_kept
from bot.settings import Settings
from bot.storage import Storage, connections
from bot.storage.queries import QueryRow

__all__ = ["articles", "environment"]
NOW = datetime(2026, 3, 1, tzinfo=UTC)
WRITABLE = "BEGIN READ WRITE; ALTER ROLE bot RESET default_transaction_read_only; COMMIT"
ROW = QueryRow(NOW, "abc", "private", "apa itu PKH", "answered", ("x",), 3)


@pytest.fixture(scope="module")
def unlucky():
    """A server of this module's own, to stop and to start."""
    if programs() is None:
        pytest.skip(MISSING)
    with running(max_connections="12", superuser_reserved_connections="0") as server:
        yield server


@pytest.fixture
async def lost(unlucky):
    """A storage on a database of that server."""
    unlucky.stop()
    unlucky.start()  # whatever the test before did to it
    unlucky.execute(WRITABLE)
    storage = await Storage.open(unlucky.database())
    yield storage
    await storage.close()


async def fails(work, match=None):
    """How long it took to fail."""
    begun = time.monotonic()
    with pytest.raises(StorageError, match=match) as error:
        await work
    assert "s3cret" not in str(error.value)
    return time.monotonic() - begun


async def test_a_restart_between_two_writes_is_not_noticed(unlucky, lost):
    await asyncio.gather(*(lost.queries.answer_to("abc", 1) for _ in range(5)))  # several connections
    unlucky.stop()
    unlucky.start()
    await lost.queries.add(ROW)
    assert await lost.inbox.add([{"update_id": 1}], NOW) == {1}
    assert await lost.queries.delete_chat("abc") == (1, 0)


async def test_while_the_server_is_away_everything_fails_at_once_and_then_works_again(unlucky, lost):
    unlucky.stop()
    begun = time.monotonic()
    results = await asyncio.gather(*(lost.queries.add(ROW) for _ in range(30)), return_exceptions=True)
    assert {type(result) for result in results} == {UnreachableError}
    assert await fails(lost.inbox.waiting(), "No such file or directory|refused") < 1
    assert time.monotonic() - begun < 2
    unlucky.start()
    await asyncio.sleep(connections.PAUSE_SECONDS)
    await lost.queries.add(ROW)


async def test_a_server_that_hangs_is_hung_up_on_and_only_the_first_waits_long(unlucky, lost, monkeypatch):
    monkeypatch.setattr(connections, "PATIENT_SECONDS", 1.0)
    monkeypatch.setattr(connections, "IMPATIENT_SECONDS", 0.1)
    unlucky.pause()
    try:
        assert 1 < await fails(lost.queries.add(ROW)) < 4
    finally:
        unlucky.resume()
    await lost.check()


async def test_a_lock_that_another_program_holds_is_waited_for_in_vain_and_not_without_an_end(lost, monkeypatch):
    monkeypatch.setattr(connections, "PATIENT_SECONDS", 0.3)
    server = lost.database.connections.server
    with psycopg.connect(server.url) as other:
        other.execute("LOCK TABLE queries, inbox")
        assert await fails(lost.queries.add(ROW), "lock timeout") < 2
        assert await fails(lost.inbox.add([{"update_id": 1}], NOW), "lock timeout") < 2
    await lost.queries.add(ROW)


async def test_a_server_that_only_reads_is_read_from_and_written_to_once_it_can_be(unlucky, lost, tmp_path):
    await lost.queries.add_answer("abc", 1, 2, NOW)
    settings = Settings(data_dir=tmp_path, database=lost.database.connections.server, hash_key="sixteen letters!")
    unlucky.execute("ALTER ROLE bot SET default_transaction_read_only = on")
    unlucky.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test%'")
    while unlucky.execute("SELECT 1 FROM pg_stat_activity WHERE datname LIKE 'test%'"):  # noqa: ASYNC110 - not ours
        await asyncio.sleep(0.01)
    await fails(lost.queries.add(ROW), "read-only")
    await fails(lost.inbox.add([{"update_id": 1}], NOW), "read-only")
    assert await lost.queries.answer_to("abc", 1) == 2
    kept = await open_kept(settings, None)  # also by a start
    assert await kept.storage.queries.answer_to("abc", 1) == 2
    await kept.storage.close()
    # Of what was written there nothing is told to those who are connected: they have to connect anew.
    unlucky.execute(WRITABLE)
    await fails(lost.queries.add(ROW), "read-only")
    await lost.queries.add(ROW)
    assert await lost.inbox.add([{"update_id": 1}], NOW) == {1}


async def test_without_a_free_connection_the_ones_there_are_do_and_without_any_it_is_said(unlucky, lost, monkeypatch):
    monkeypatch.setattr(connections, "PAUSE_SECONDS", 0.0)
    server = lost.database.connections.server
    with contextlib.ExitStack() as others:
        with contextlib.suppress(psycopg.OperationalError):
            for _ in range(20):
                others.enter_context(psycopg.connect(server.url))
        # One is ours: it serves all.
        await asyncio.gather(*(lost.queries.add(ROW) for _ in range(20)))
        assert await lost.queries.delete_chat("abc") == (20, 0)
        with pytest.raises(UnreachableError, match="too many clients"):
            await Storage.open(server)
    await (await Storage.open(server)).close()


async def test_a_server_that_dies_loses_nothing_that_was_acknowledged(unlucky, lost):
    acknowledged, numbers, stop = set(), itertools.count(1), asyncio.Event()

    async def deliver():
        while not stop.is_set():
            number = next(numbers)
            with contextlib.suppress(StorageError):
                acknowledged.update(await lost.inbox.add([{"update_id": number}], NOW))
            await asyncio.sleep(0)

    delivering = [asyncio.create_task(deliver()) for _ in range(4)]
    for _ in range(2):
        await asyncio.sleep(0.2)
        await asyncio.to_thread(unlucky.stop, signal.SIGQUIT)
        await asyncio.to_thread(unlucky.start)
        await asyncio.sleep(connections.PAUSE_SECONDS + 0.2)
    stop.set()
    await asyncio.gather(*delivering)
    kept = {each.update_id for each in await lost.inbox.waiting()}
    assert len(acknowledged) > 50
    assert acknowledged <= kept


async def test_a_start_waits_for_a_server_that_is_away_and_not_for_one_that_refuses(
    unlucky, lost, tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr(opening, "FIRST_PAUSE_SECONDS", 0.05)
    settings = Settings(data_dir=tmp_path, database=lost.database.connections.server)
    with caplog.at_level(logging.WARNING):
        unlucky.stop()
        opened = asyncio.create_task(open_kept(settings, None))
        await asyncio.sleep(0.3)
        assert not opened.done()
        told = []
        assert (await open_kept(settings, told.append)).storage is None  # a chat in a terminal does not wait
        assert isinstance(told[0], UnreachableError)
        unlucky.start()
        kept = await asyncio.wait_for(opened, 10)
        await kept.storage.queries.add(ROW)
        await kept.storage.close()
    said = [record.getMessage() for record in caplog.records if record.name == "bot.opening"]
    assert said
    assert all(line.startswith("the database cannot be reached (postgresql://") for line in said)
    assert "s3cret" not in caplog.text
    for database, user in (("no_such_database", "bot"), ("postgres", "nobody")):
        refusing = unlucky.server(database)
        refusing = replace(refusing, url=refusing.url.replace("bot:", f"{user}:"))
        assert await fails(open_kept(replace(settings, database=refusing), None), "does not exist") < 2


def test_the_program_says_what_is_wrong_and_a_question_in_the_terminal_is_answered(environment, unlucky):
    place = unlucky.database()
    assert bot(environment, "ask", "siapa yang memberi santunan lansia?", DATABASE_URL=place.url).returncode == 0
    assert unlucky.execute("SELECT status FROM queries", place) == [("answered",)]
    absent = unlucky.server("no_such_database").url
    done = bot(environment, DATABASE_URL=absent, BOT_TOKEN="1:" + "a" * 35)
    assert done.returncode == 2
    assert 'database "no_such_database" does not exist' in done.stderr
    answered = bot(environment, "ask", "siapa yang memberi santunan lansia?", DATABASE_URL=absent)
    assert answered.returncode == 0
    assert "kepala desa" in answered.stdout
    looked = bot(environment, "doctor", DATABASE_URL=absent)
    assert looked.returncode == 1
    assert "no_such_database" in looked.stdout
    assert not any("s3cret" in text or "Traceback" in text for text in (
        done.stderr, answered.stdout, answered.stderr, looked.stdout, looked.stderr))  # fmt: skip


@pytest.mark.chaos
def test_everybody_is_answered_once_while_the_server_goes_and_comes(environment, unlucky, tmp_path):
    """Down at the start, lost while people ask, back, only read from, back again."""
    asked = itertools.count(10)
    place = unlucky.database()
    with TelegramDouble() as telegram:
        settings = {
            **environment, "BOT_TOKEN": telegram.token, "BOT_API_URL": telegram.url, "DATABASE_URL": place.url,
        }  # fmt: skip

        def ask(count=4):
            numbers = [next(asked) for _ in range(count)]
            for number in numbers:
                telegram.says(
                    "siapa yang memberi santunan lansia?", update_id=number, message_id=number, chat=1000 + number
                )
            return numbers

        unlucky.stop()
        questions = ask()
        with (tmp_path / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot"], cwd=ROOT, env=settings, stdout=log, stderr=log, start_new_session=True
            )
        try:
            while b"cannot be reached" not in (tmp_path / "log").read_bytes():
                assert process.poll() is None
                time.sleep(0.05)
            unlucky.start()
            telegram.wait_for("sendMessage", len(questions), seconds=60)
            for stays_away in (True, False):
                unlucky.stop()
                if not stays_away:
                    unlucky.start(default_transaction_read_only="on")
                questions += ask()
                telegram.wait_for("sendMessage", len(questions), seconds=60)
                unlucky.stop()
                unlucky.start()
                questions += ask()
                telegram.wait_for("sendMessage", len(questions), seconds=60)
            for _ in range(30):  # what could not be marked is marked with the next that can be
                questions += ask(1)
                telegram.wait_for("sendMessage", len(questions), seconds=60)
                rows = dict(unlucky.execute("SELECT update_id, outcome FROM inbox", place))
                if set(questions) <= rows.keys() and set(rows.values()) == {"done"}:
                    break
                time.sleep(0.5)
            process.terminate()
            assert process.wait(20) == 0
        finally:
            process.kill()
            process.wait()
    assert set(questions) <= rows.keys()
    assert set(rows.values()) == {"done"}
    chats = sorted(int(call["chat_id"]) for call in telegram.named("sendMessage"))
    assert chats == sorted(1000 + number for number in questions)
    said = (tmp_path / "log").read_text()
    assert "cannot be reached" in said
    assert "answering from memory" in said
    assert "Traceback" not in said
    assert "s3cret" not in said
