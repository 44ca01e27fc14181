"""Nothing that arrived is lost, each update is handled once, each chat in order: on a real database file."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import StorageError
from bot.inbox import ATTEMPTS, FAILURES, Entry, Inbox, TryLaterError
from bot.lanes import chat_of
from bot.storage import Storage


def update(number, chat=10, text="bantuan"):
    return {"update_id": number, "message": {"message_id": number, "chat": {"id": chat}, "text": text}}


class House:
    """One database, and one inbox after the other in it, as a program is started again and again."""

    def __init__(self, path):
        self.path = path
        self.handled, self.given_up = [], []
        self.behaviour = {}  # number of an update: what its handling does, a coroutine function or an exception
        self.storage = self.inbox = None

    async def start(self, **parts):
        self.storage = await Storage.open(self.path)
        parts = {"first_pause": 0.01, **parts}
        self.inbox = Inbox(self.storage.inbox, self._handle, self._give_up, **parts)
        await self.inbox.start()
        return self.inbox

    async def _handle(self, update):
        number = update["update_id"]
        self.handled.append(number)
        behaviour = self.behaviour.get(number)
        if isinstance(behaviour, Exception):
            raise behaviour
        if behaviour is not None:
            await behaviour()

    async def _give_up(self, update, error, attempts):
        self.given_up.append((update["update_id"], type(error).__name__, attempts))

    async def crash(self):
        """What SIGKILL leaves: the database as it is."""
        inbox, self.inbox = self.inbox, None
        inbox._keeper._store._batches._database = _Gone()
        await inbox.stop(0)
        await self.storage.close()

    async def end(self, grace=1.0):
        if self.inbox is not None:
            await self.inbox.stop(grace)
            await self.storage.close()

    async def settled(self):
        await asyncio.wait_for(self.inbox.settled(), 5)

    def rows(self):
        with sqlite3.connect(self.path) as connection:
            return connection.execute("SELECT update_id, payload, attempts, outcome FROM inbox ORDER BY 1").fetchall()


class _Gone:
    """A process that is gone writes nothing."""

    def __getattr__(self, name):
        raise StorageError("gone")


@pytest.fixture
async def house(tmp_path):
    house = House(tmp_path / "bot.sqlite3")
    yield house
    await house.end(0)


def held():
    """A handling that lasts until it is released."""
    begun, release = asyncio.Event(), asyncio.Event()

    async def hold():
        begun.set()
        await release.wait()

    return hold, begun, release


async def until(condition):
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.001)


async def test_what_was_accepted_is_on_the_disk_and_what_is_over_says_nothing_any_more(house):
    inbox = await house.start()
    house.behaviour[1], begun, release = held()
    await inbox.accept(update(1, text="NIK 3501"))
    ((number, payload, _, outcome),) = house.rows()
    assert (number, outcome) == (1, None)
    assert "3501" in payload
    await begun.wait()
    release.set()
    await house.settled()
    assert house.rows() == [(1, None, 1, "done")]
    await inbox.tidy()
    for file in house.path.parent.iterdir():
        assert b"3501" not in file.read_bytes(), file


async def test_an_update_is_handled_once_however_often_it_is_delivered(house):
    inbox = await house.start()
    await asyncio.gather(*(inbox.accept(update(1)) for _ in range(5)), inbox.take([update(1), update(2), update(1)]))
    await house.settled()
    assert await inbox.take([update(2), update(1)]) == 2
    await house.end()
    inbox = await house.start()
    assert await inbox.take([update(1), update(2), update(3)]) == 3
    await house.settled()
    assert house.handled == [1, 2, 3]


async def test_a_slow_chat_keeps_its_own_order_and_delays_no_other(house):
    inbox = await house.start()
    house.behaviour[1], begun, release = held()
    await inbox.take([update(1, 10), update(3, 10), update(4, 20)])
    await begun.wait()
    await inbox.accept(update(2, 10))  # overtaken on its way
    await until(lambda: 4 in house.handled)
    assert house.handled == [1, 4]
    release.set()
    await house.settled()
    assert house.handled == [1, 4, 2, 3]
    assert inbox._lanes._lanes == {}


async def test_sixteen_chats_are_answered_at_once_and_no_more(house):
    inbox = await house.start()
    release, running, most = asyncio.Event(), 0, 0

    async def busy():
        nonlocal running, most
        running += 1
        most = max(most, running)
        await release.wait()
        running -= 1

    house.behaviour = dict.fromkeys(range(1, 31), busy)
    await inbox.take([update(number, chat=number) for number in range(1, 31)])
    await asyncio.sleep(0.05)
    release.set()
    await house.settled()
    assert most == 16


async def test_what_was_waiting_or_under_way_at_a_crash_is_taken_up_again_in_order(house):
    inbox = await house.start()
    house.behaviour[1], begun, _ = held()
    await inbox.take([update(1, 10), update(2, 10), update(3, 20)])
    await begun.wait()
    await until(lambda: inbox.waiting == 2)
    await house.crash()
    house.behaviour.clear()
    house.handled.clear()
    await house.start()
    await house.settled()
    assert house.handled == [1, 2]


async def test_a_crash_between_a_reply_and_its_mark_repeats_that_one_and_no_other(house):
    inbox = await house.start()
    await inbox.take([update(1), update(2)])
    await house.settled()

    async def crashing(number, outcome, *, durable):
        await asyncio.Event().wait()

    inbox._keeper.finish = crashing
    await inbox.take([update(3), update(4)])
    await until(lambda: 3 in house.handled)
    await asyncio.sleep(0.05)
    assert house.handled == [1, 2, 3]  # the chat waits for the mark
    await house.crash()
    await house.start()
    await house.settled()
    assert house.handled == [1, 2, 3, 3, 4]


async def test_the_end_answers_what_it_can_within_its_grace_and_leaves_the_rest(house):
    inbox = await house.start()
    house.behaviour[3], begun, _ = held()

    async def slow():
        await asyncio.sleep(0.05)

    house.behaviour[1] = slow
    await inbox.take([update(1, 10), update(2, 10), update(3, 20), update(4, 20)])
    await begun.wait()
    await house.end(grace=0.3)
    assert sorted(house.handled) == [1, 2, 3]
    # Its handling was cut off by us, which is no fault of its own.
    assert [(number, attempts) for number, _, attempts, outcome in house.rows() if outcome is None] == [(3, 0), (4, 0)]
    house.behaviour.clear()
    await house.start()
    await house.settled()
    assert sorted(house.handled) == [1, 2, 3, 3, 4]


async def test_a_stopping_inbox_lets_nothing_be_acknowledged_that_it_does_not_take(house):
    inbox = await house.start()
    await inbox.stop(0)
    assert await inbox.take([update(1)]) == 0
    with pytest.raises(StorageError):
        await inbox.accept(update(2))


async def test_one_that_fails_is_tried_thrice_then_set_aside_and_told(house):
    inbox = await house.start()
    house.behaviour[1] = RuntimeError("rusak")
    await inbox.take([update(1), update(2)])
    await house.settled()
    assert house.handled == [1] * FAILURES + [2]
    assert house.given_up == [(1, "RuntimeError", FAILURES)]
    assert house.rows()[0] == (1, None, FAILURES, "set_aside")
    assert inbox.set_aside == 1


async def test_one_that_hangs_counts_as_failed(house, monkeypatch):
    monkeypatch.setattr("bot.inbox.LONGEST_HANDLING_SECONDS", 0.02)
    inbox = await house.start()
    house.behaviour[1], *_ = held()
    await inbox.accept(update(1))
    await house.settled()
    assert house.given_up == [(1, "TimeoutError", FAILURES)]


async def test_one_that_kills_the_process_is_set_aside_and_takes_none_along(house):
    house.behaviour[1], _, _ = held()
    house.behaviour[2], begun, _ = held()
    inbox = await house.start()
    await inbox.take([update(1, 10), update(2, 20)])
    await begun.wait()
    await house.crash()
    # From now on only the first is deadly, and the second was under way beside it.
    house.behaviour[2] = None
    for _ in range(ATTEMPTS - 1):
        house.behaviour[1], begun, _ = held()
        await house.start()
        await begun.wait()
        assert house.handled.count(2) == 1  # alone: the second was not begun
        await house.crash()
    await house.start()
    await house.settled()
    assert house.given_up == [(1, "NoneType", ATTEMPTS)]
    assert (house.handled.count(1), house.handled.count(2)) == (ATTEMPTS, 2)


async def test_telegram_out_of_reach_is_no_failure_however_often_and_keeps_the_order(house):
    inbox = await house.start()
    refusals = iter([True] * (FAILURES + 2))

    async def unreachable():
        if next(refusals, False):
            raise TryLaterError

    house.behaviour[1] = unreachable
    await inbox.take([update(1, 10), update(2, 10), update(3, 20)])
    await house.settled()
    assert house.handled.index(3) < house.handled.index(2)  # another chat is not kept waiting
    assert [number for number in house.handled if number != 3] == [1] * (FAILURES + 3) + [2]
    assert house.given_up == []
    assert [row[2:] for row in house.rows()] == [(1, "done")] * 3


async def test_telegrams_own_wait_is_obeyed(house):
    inbox = await house.start()
    moments = []

    async def busy():
        moments.append(time.monotonic())
        if len(moments) == 1:
            raise TryLaterError(0.2)

    house.behaviour[1] = busy
    await inbox.accept(update(1))
    await house.settled()
    assert moments[1] - moments[0] >= 0.2


async def test_what_cannot_be_answered_for_a_day_is_set_aside(house):
    house.storage = await Storage.open(house.path)
    await house.storage.inbox.add([update(1)], datetime.now(UTC) - timedelta(days=1, seconds=1))
    await house.storage.close()
    house.behaviour[1] = TryLaterError()
    await house.start()
    await house.settled()
    assert house.given_up == [(1, "TryLaterError", 0)]


async def test_what_is_nobodys_business_is_neither_kept_nor_handled(house):
    inbox = await house.start(admit=lambda update: None if update["message"]["text"] == "rahasia" else Entry())
    assert await inbox.take([update(1, text="rahasia"), update(2)]) == 2
    await house.settled()
    assert house.handled == [2]
    assert [row[0] for row in house.rows()] == [2]


async def test_one_that_cannot_be_read_is_kept_and_its_failure_told(house):
    def admit(update):
        raise KeyError("chat")

    inbox = await house.start(admit=admit)
    house.behaviour[1] = KeyError("chat")
    await inbox.accept({"update_id": 1, "message": {"text": "\ud83d tanpa obrolan"}})
    await house.settled()
    assert house.given_up == [(1, "KeyError", FAILURES)]


async def test_the_mark_waits_for_the_query_log_but_not_for_ever(house, monkeypatch):
    monkeypatch.setattr("bot.inbox.LONGEST_LOG_SECONDS", 0.05)
    logged = asyncio.Event()
    inbox = await house.start(logged=logged.wait)
    await inbox.accept(update(1))
    await until(lambda: house.handled)
    assert house.rows()[0][3] is None
    await house.settled()
    assert house.rows()[0][3] == "done"


# -- a failing database ------------------------------------------------------------------------------------------------


def break_store(house, monkeypatch):
    """Everything the database is asked fails, until the returned function is called."""

    async def failing(*_, **__):
        raise StorageError("database or disk is full")

    store = house.storage.inbox
    for name in ("add", "begin", "finish", "release", "forget"):
        monkeypatch.setattr(store, name, failing)

    def mend():
        for name in ("add", "begin", "finish", "release", "forget"):
            monkeypatch.delattr(store, name)
        house.inbox._keeper._again = 0.0  # the pause is over

    return mend


async def test_while_the_database_fails_questions_are_answered_first_and_acknowledged_then(house, monkeypatch, caplog):
    inbox = await house.start()
    mend = break_store(house, monkeypatch)
    house.behaviour[2], begun, release = held()
    taking = asyncio.create_task(inbox.take([update(1, 10), update(2, 20)]))
    await begun.wait()
    await asyncio.sleep(0.05)
    assert not taking.done()
    release.set()
    assert await taking == 2
    assert house.handled == [1, 2]
    assert inbox.unkept == 2
    assert caplog.text.count("the database fails") == 1
    mend()
    await inbox.tidy()
    assert [(row[0], row[3]) for row in house.rows()] == [(1, "done"), (2, "done")]
    await inbox.accept(update(3))
    assert "works again" in caplog.text
    await house.settled()
    assert [row[0] for row in house.rows()] == [1, 2, 3]


async def test_what_is_neither_kept_nor_answered_is_not_acknowledged_and_not_handled_twice(house, monkeypatch):
    monkeypatch.setattr("bot.inbox.LONGEST_UNKEPT_SECONDS", 0.05)
    inbox = await house.start()
    mend = break_store(house, monkeypatch)
    house.behaviour[2], _, release = held()
    assert await inbox.take([update(1, 10), update(2, 20), update(3, 30)]) == 1
    with pytest.raises(StorageError):
        await inbox.accept(update(2, 20))
    mend()
    assert await inbox.take([update(2, 20), update(3, 30)]) == 2  # delivered again, and kept by now
    assert (2, None) in [(row[0], row[3]) for row in house.rows()]
    release.set()
    await house.settled()
    assert sorted(house.handled) == [1, 2, 3]


async def test_at_the_end_what_could_not_be_marked_is_left_for_the_next_start(house, monkeypatch):
    inbox = await house.start()
    house.behaviour[1], begun, release = held()
    await inbox.take([update(1), update(2)])
    await begun.wait()
    mend = break_store(house, monkeypatch)
    ending = asyncio.create_task(inbox.stop(1))
    await asyncio.sleep(0.01)
    release.set()
    await ending
    assert house.handled == [1]
    mend()


async def test_a_disk_that_is_really_full_loses_nothing(house):
    inbox = await house.start()
    pages = (await house.storage.database.read_one("PRAGMA page_count"))[0]
    await house.storage.database.read_one(f"PRAGMA max_page_count = {pages}")
    numbers = range(1, 101)
    assert await inbox.take([update(number, number, "x" * 3000) for number in numbers]) == len(numbers)
    await house.settled()
    assert sorted(house.handled) == list(numbers)
    assert inbox.unkept == len(numbers)
    assert inbox.failures > 0


async def test_a_locked_database_holds_an_answer_up_once_and_not_each_time(house, monkeypatch):
    monkeypatch.setattr("bot.storage.sqlite.BUSY_MILLISECONDS", 200)
    inbox = await house.start()
    with contextlib.closing(sqlite3.connect(house.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        for number in range(1, 6):
            await inbox.accept(update(number, number))
        assert time.monotonic() - begun < 2
        assert sorted(house.handled) == [1, 2, 3, 4, 5]
        other.execute("ROLLBACK")


async def test_more_than_can_be_held_is_left_with_telegram(house, monkeypatch):
    monkeypatch.setattr("bot.inbox.MOST_WAITING", 2)
    inbox = await house.start()
    house.behaviour[1], begun, release = held()
    await inbox.take([update(1), update(2)])
    await begun.wait()
    with pytest.raises(StorageError, match="2 updates are waiting"):
        await inbox.accept(update(3))
    await inbox.accept(update(2))  # delivered again: it is safe
    room = asyncio.create_task(inbox.room())
    await asyncio.sleep(0.01)
    assert not room.done()
    release.set()
    await asyncio.wait_for(room, 2)


def test_the_chat_of_an_update_is_found_in_every_kind_of_it():
    message = {"message_id": 1, "chat": {"id": -5}, "from": {"id": 7}}
    assert chat_of({"update_id": 1, "message": message}) == -5
    assert chat_of({"update_id": 1, "edited_message": message}) == -5
    assert chat_of({"update_id": 1, "callback_query": {"from": {"id": 7}, "message": message}}) == -5
    assert chat_of({"update_id": 1, "callback_query": {"from": {"id": 7}, "inline_message_id": "x"}}) == 7
    assert chat_of({"update_id": 1, "my_chat_member": {"chat": {"id": -5}, "from": {"id": 7}}}) == -5
    assert chat_of({"update_id": 1, "poll": {"id": "9"}}) is None
    assert chat_of({"update_id": 1, "message": "bukan objek"}) is None


# -- what a write costs, and what it is worth ----------------------------------------------------------------------


@pytest.fixture
async def synced(house, monkeypatch):
    """The statements' transactions: whether each was synced to the disk."""
    await house.start()
    commit, seen = house.storage.database.commit, []

    async def watched(steps, *, durable=False):
        seen.append(durable)
        return await commit(steps, durable=durable)

    monkeypatch.setattr(house.storage.database, "commit", watched)
    return seen


async def test_an_arrival_is_synced_and_a_mark_that_nothing_waits_for_is_not(house, synced):
    await house.inbox.take([update(1)])
    await house.settled()
    assert synced == [True, False]
    assert house.rows() == [(1, None, 1, "done")]


async def test_where_the_chats_next_update_waits_already_the_mark_is_synced_before_it(house, synced):
    house.behaviour[1], begun, release = held()
    await house.inbox.take([update(1), update(2), update(3, chat=20)])
    await begun.wait()
    await until(lambda: 3 in house.handled)
    await until(lambda: synced == [True, False])  # the arrivals; the mark of 3
    synced_at_2 = []

    async def look():
        synced_at_2.extend(synced)

    house.behaviour[2] = look
    release.set()
    await house.settled()
    assert True in synced_at_2[2:]


async def test_one_that_arrives_while_the_mark_before_it_is_written_still_finds_that_synced(house, synced, monkeypatch):
    finish, durable = house.inbox._keeper.finish, []

    async def slowly(number, outcome, **how):
        durable.append(how["durable"])
        if len(durable) == 1:
            await house.inbox.take([update(2)])
        await finish(number, outcome, **how)

    monkeypatch.setattr(house.inbox._keeper, "finish", slowly)
    await house.inbox.take([update(1)])
    await house.settled()
    assert durable[:2] == [False, True]


async def test_an_attempt_that_begins_at_once_is_counted_with_the_arrival_and_as_many_are_while_they_wait(house):
    inbox = await house.start()
    for number in range(1, 41):
        house.behaviour[number], *_ = held()
    await until(inbox._opened.is_set)
    await inbox.take([update(number, chat=number) for number in range(1, 41)])
    assert [row[2] for row in house.rows()] == [1] * 16 + [0] * 24
    await until(lambda: [row[2] for row in house.rows()] == [1] * 32 + [0] * 8)  # none is counted twice
    assert sorted(house.handled) == list(range(1, 17))
    await house.end(grace=0.05)
    assert [row[2] for row in house.rows()] == [0] * 40  # no fault of theirs


async def test_what_is_fleeting_is_handled_once_and_touches_no_database(house, synced):
    house.inbox._admit = lambda _: Entry(kept=False)
    house.behaviour[2] = TryLaterError(0)
    house.behaviour[3] = ValueError()
    assert await house.inbox.take([update(1), update(2), update(3)]) == 3
    await house.settled()
    assert sorted(house.handled) == [1, 2, 3]
    assert house.given_up == [(3, "ValueError", 1)]
    assert (synced, house.rows()) == ([], [])
    assert await house.inbox.take([update(1)]) == 1
    assert len(house.handled) == 3
