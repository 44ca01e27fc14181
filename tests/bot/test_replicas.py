"""Several inboxes on one PostgreSQL server: each update once, each chat in order, a silent replica's work taken on."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import postgres_server
import pytest

from bot.duties import whenever_held
from bot.errors import StorageError
from bot.fencing import may_send
from bot.inbox import Entry, TryLaterError
from bot.limits import Verdict
from bot.replicas import Replica, new_name
from bot.shared_inbox import SharedInbox
from bot.storage import Storage
from bot.storage.leases import NOTICES, LeaseStore, Rhythm
from bot.storage.shared_inbox import CHANNEL
from bot.storage.staff import Member

QUICK = Rhythm(beat=0.1, gap=0.45, lease=0.9)
# What happens sooner than at its beats was heard of.
SLOW = Rhythm(beat=30, gap=60, lease=90)


def update(number, chat=10, text="bantuan"):
    return {"update_id": number, "message": {"message_id": number, "chat": {"id": chat}, "text": text}}


class Box:
    """A replica with an inbox, as a process has them; ``handled`` is shared by all, in the order of the handling."""

    code = "v1/key"

    def __init__(self, place, handled, rhythm=QUICK, **parts):
        self.place, self.handled, self.rhythm, self.parts = place, handled, rhythm, parts
        self.behaviour = {}

    async def start(self):
        self.storage = await Storage.open(self.place)
        self.shared = self.storage.shared
        self.leases = LeaseStore(self.storage.database, self.rhythm)
        name = new_name()
        self.line = self.shared.line((NOTICES, CHANNEL.format(name)))
        self.replica = Replica(name, self.leases, self.line, self.code)
        self.inbox = SharedInbox(
            self.shared.inbox, self._handle, self._give_up, replica=self.replica, leases=self.leases,
            code=lambda text: f"code of {text}", first_pause=0.01, **self.parts,
        )  # fmt: skip
        self.living = asyncio.create_task(self.replica.run())
        await self.replica.joined()
        await self.inbox.start()
        return self

    async def accept(self, number, chat=10):
        await self.inbox.accept(update(number, chat))

    async def _handle(self, given):
        self.handled.append((given["update_id"], self))
        behaviour = self.behaviour.get(given["update_id"])
        if behaviour is not None:
            await behaviour()

    async def _give_up(self, given, error, attempts):
        self.handled.append((given["update_id"], "given up"))

    async def falls_silent(self):
        """What SIGKILL leaves: the others hear no more of it, and nothing it began goes on."""
        await self._end(self.living, *self.inbox._lanes._workers, *self.inbox._tasks)
        await self.line.close()
        await self.storage.close()

    async def ends(self, grace=1.0):
        await self.inbox.stop(grace)
        await self._end(self.living)
        await self.replica.leave()
        await self.storage.close()

    async def _end(self, *tasks):
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def boxes(place, count=2, **parts):
    handled = []
    made = [await Box(place, handled, **parts).start() for _ in range(count)]
    try:
        yield (handled, *made)
    finally:
        for box in made:
            if not box.living.done():
                await box.ends(0)


async def until(condition, seconds=15.0):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - of anything
            await asyncio.sleep(0.005)


def numbers(handled):
    return [number for number, _ in handled]


async def waiting(box):
    rows = await box.storage.database.read("SELECT update_id FROM inbox WHERE outcome IS NULL ORDER BY 1")
    return [number for (number,) in rows]


async def test_each_update_is_handled_once_and_each_chat_in_order_wherever_they_arrive(server_database):
    async with boxes(server_database, 3, rhythm=SLOW) as (handled, *all_):
        chats = range(100, 109)
        turns = itertools.cycle(all_)

        async def talks(chat):
            for number in range(10):  # Telegram sends a chat's next one when the one before has arrived
                await next(turns).accept(chat * 1000 + number, chat)

        await asyncio.gather(*(talks(chat) for chat in chats))
        await until(lambda: len(handled) >= 90)
        await asyncio.sleep(0.2)
        assert len(handled) == len(set(numbers(handled))) == 90
        for chat in chats:
            own = [number for number in numbers(handled) if number // 1000 == chat]
            assert own == sorted(own)
            assert len({box for number, box in handled if number // 1000 == chat}) == 1  # its conversation is there
        assert len({box for _, box in handled}) == 3
        await all_[0].inbox.settled()


async def test_what_telegram_delivers_twice_to_two_replicas_is_handled_once(server_database):
    async with boxes(server_database, rhythm=SLOW) as (handled, one, other):
        await asyncio.gather(*(box.accept(number, number % 5) for number in range(40) for box in (one, other)))
        await until(lambda: len(handled) >= 40)
        for number in range(40):
            await other.accept(number, number % 5)  # and long after
        await asyncio.sleep(0.15)
        assert sorted(numbers(handled)) == list(range(40))


async def test_without_a_word_from_the_server_it_is_seen_at_the_next_beat(server_database):
    """A pooler in between carries no announcement."""
    async with boxes(server_database) as (handled, one, other):
        await one.accept(1)
        one.inbox._call = None  # it would fail if it were called
        one.replica.hear(CHANNEL.format(one.replica.id.partition(".")[0]), lambda _: None)
        await other.accept(2)
        await until(lambda: len(handled) == 2)
        assert handled == [(1, one), (2, one)]


async def test_a_silent_replicas_chats_are_taken_on_by_another_in_order(server_database):
    async with boxes(server_database) as (handled, one, other):
        one.behaviour[1] = asyncio.Event().wait  # it hangs in the middle
        await one.accept(1)
        await one.accept(2)
        await one.accept(3, chat=11)
        await until(lambda: (3, one) in handled)
        await one.falls_silent()
        begun = asyncio.get_running_loop().time()
        await other.accept(4)
        await until(lambda: (4, other) in handled)
        assert asyncio.get_running_loop().time() - begun < 10.0
        assert handled[2:] == [(1, other), (2, other), (4, other)]
        await other.inbox.settled()
        assert await waiting(other) == []
        rows = await other.storage.database.read("SELECT count(*), count(lane), count(payload) FROM inbox")
        assert rows == [(4, 0, 0)]


async def test_one_that_ends_in_order_leaves_what_is_left_to_the_others_at_once(server_database):
    async with boxes(server_database, rhythm=SLOW) as (handled, one, other):
        one.behaviour[1] = asyncio.Event().wait
        await one.accept(1)
        await other.accept(2)
        await until(lambda: len(handled) == 1)
        await one.ends(grace=0)
        await until(lambda: len(handled) == 3)
        assert handled[1:] == [(1, other), (2, other)]


async def test_a_replica_that_was_given_up_neither_sends_nor_handles_what_is_anothers(server_database):
    async with boxes(server_database) as (handled, one, other):
        sent, frozen = [], asyncio.Event()

        async def slow():
            await frozen.wait()
            if not may_send():
                raise TryLaterError
            sent.append("one")

        one.behaviour[1] = slow
        await one.accept(1)
        await one.accept(2)
        await until(lambda: len(handled) == 1)
        # As if the whole process stood still: no sign of life goes out, and then it goes on where it was.
        one.living.cancel()
        await until(lambda: (2, other) in handled)
        frozen.set()
        await asyncio.sleep(0.05)
        assert sent == []
        one.living = asyncio.create_task(one.replica.run())
        await until(lambda: one.replica.sure)
        await asyncio.sleep(0.1)
        assert handled == [(1, one), (1, other), (2, other)]
        assert one.inbox.waiting == 0
        assert one.replica.id.endswith(".1")
        await one.accept(3, chat=77)  # and it goes on with what is new
        await until(lambda: (3, one) in handled)
        await other.accept(4)
        await until(lambda: (4, other) in handled)


@pytest.mark.slow  # a server of its own takes seconds
async def test_after_a_restart_of_the_server_nobody_is_given_up_before_all_had_time_to_come_back():
    with postgres_server.running() as server:
        place = server.database()
        async with boxes(place) as (handled, one, other):
            hang = asyncio.Event()
            one.behaviour[1] = hang.wait
            await one.accept(1)
            await until(lambda: len(handled) == 1)
            server.stop()
            await asyncio.sleep(QUICK.lease * 2)
            arriving = asyncio.create_task(one.accept(5, chat=20))
            await until(lambda: (5, one) in handled)  # answered all the same, from memory
            assert one.inbox.unkept == 1
            hang.set()
            await arriving
            server.start()
            await until(lambda: one.replica.sure and other.replica.sure)
            await asyncio.sleep(QUICK.lease * 2)
            assert one.replica.id.endswith(".0")
            assert handled == [(1, one), (5, one)]
            await until(lambda: not one.inbox._keeper._unmarked)
            assert await waiting(other) == []
            await other.accept(2)
            await until(lambda: (2, one) in handled)


async def test_a_clock_of_the_server_that_jumps_costs_nobody_their_lanes(server_database, postgres):
    """Every lease looks run out at once; who sees it first has seen nobody for as long, itself included."""
    async with boxes(server_database) as (handled, one, other):
        one.behaviour[1] = asyncio.Event().wait
        await one.accept(1)
        for hours in ("5 h", "-5 h"):
            jump = f"seen_at = seen_at + interval '{hours}', since = since + interval '{hours}'"
            postgres.execute(f"UPDATE replicas SET {jump}", server_database)
            await asyncio.sleep(QUICK.beat * 3)
        assert {one.replica.id[-2:], other.replica.id[-2:]} == {".0"}
        assert numbers(handled) == [1]


async def test_a_lane_is_let_go_of_when_its_chat_says_nothing_for_long_and_another_may_have_it(
    server_database, monkeypatch
):
    monkeypatch.setattr("bot.shared_inbox.REMEMBERED_SECONDS", 0.0)
    async with boxes(server_database) as (handled, one, other):
        await one.accept(1)
        await until(lambda: len(handled) == 1)
        await one.inbox.settled()
        await asyncio.sleep(0.01)
        await one.inbox.tidy()
        assert one.inbox.held == 0
        await other.accept(2)
        await until(lambda: handled == [(1, one), (2, other)])


async def test_what_a_single_bot_left_behind_is_taken_up(server_database):
    storage = await Storage.open(server_database)
    await storage.inbox.add([update(1), update(2)], datetime.now(UTC), {1})
    await storage.close()
    async with boxes(server_database, 1) as (handled, one):
        await until(lambda: len(handled) == 2)
        assert handled == [(1, one), (2, one)]


async def test_how_much_one_may_ask_for_is_reckoned_where_the_chat_is(server_database):
    judged = []

    def readmit(given):
        judged.append(given["update_id"])
        return None if given["update_id"] == 3 else Entry(refused=Verdict.TOO_FAST)

    refused = []

    async def refuse(given, verdict):
        refused.append((given["update_id"], verdict))

    async with boxes(server_database, rhythm=SLOW, readmit=readmit, refuse=refuse) as (handled, one, other):
        await one.accept(1)
        await other.accept(2)
        await other.accept(3)
        await until(lambda: judged == [2, 3])
        await one.inbox.settled()
        assert refused == [(2, Verdict.TOO_FAST)]
        assert numbers(handled) == [1]
        assert await waiting(one) == []


async def test_one_that_may_have_ended_a_replica_is_counted_and_set_aside_in_the_end(server_database):
    async with boxes(server_database) as (handled, one, other):
        database = one.storage.database
        await database.write(
            "INSERT INTO inbox (update_id, arrived_at, payload, attempts, lane) VALUES"
            " (1, '2026-01-01T00:00:00Z', '{\"update_id\": 1}', 8, 'x')"
        )
        await until(lambda: len(handled) == 1)
        assert handled == [(1, "given up")]
        assert await waiting(other) == []


async def test_a_duty_is_one_replicas_and_another_goes_on_with_it_when_that_is_silent(server_database):
    async with boxes(server_database) as (_, one, other):
        doing = []

        def work(box):
            async def go_on():
                doing.append(box)
                await asyncio.Event().wait()

            return go_on

        duties = {box: box.replica.duty("jobs") for box in (one, other)}
        tasks = [asyncio.create_task(whenever_held(duty, work(box))) for box, duty in duties.items()]
        await until(lambda: doing)
        await asyncio.sleep(QUICK.beat * 3)
        (first,) = doing
        second = other if first is one else one
        assert duties[first].held
        assert not duties[second].held
        await first.falls_silent()
        await until(lambda: doing == [first, second])
        await until(lambda: not duties[first].held)
        for task in tasks:
            task.cancel()


async def test_a_role_that_was_revoked_is_heard_of_at_once_and_otherwise_with_the_next_beat(server_database):
    async with boxes(server_database, rhythm=SLOW) as (_, one, other):
        seen = []

        async def look():
            seen.append({member.person for member in await other.storage.staff.members()})

        other.replica.watch("staff", look)
        await one.storage.staff.grant(Member(5, "editor", 7, datetime.now(UTC)))
        await until(lambda: seen and seen[-1] == {5})
    async with boxes(server_database) as (_, one, other):
        other.replica.hear(NOTICES, lambda _: None)  # deaf
        other.replica.watch("staff", look)
        await until(lambda: seen[-1] == {5})
        await one.storage.staff.revoke(5, 7, datetime.now(UTC))
        await until(lambda: seen[-1] == set())


async def test_what_cannot_be_read_anew_is_tried_again(server_database):
    async with boxes(server_database, 1) as (_, one):
        tries = []

        async def look():
            tries.append(1)
            if len(tries) == 1:
                raise StorageError("not now")

        one.replica.watch("staff", look)
        await one.storage.staff.grant(Member(5, "editor", 7, datetime.now(UTC)))
        await until(lambda: len(tries) == 2)
        await asyncio.sleep(QUICK.beat * 3)
        assert len(tries) == 2


@pytest.mark.parametrize("number", [2**70, -5])
async def test_a_number_that_no_database_can_hold_keeps_nobody_waiting_for_ever(server_database, number):
    async with boxes(server_database, 1) as (handled, one):
        await one.accept(number)
        await one.accept(1)
        await until(lambda: sorted(numbers(handled)) == sorted([1, number]))


@pytest.mark.parametrize(
    ("code", "said"), [("v2/key", "runs another version (v2/key, this is v1/key)"), ("v1/other", "HASH_KEY differs")]
)
async def test_replicas_that_differ_say_so(server_database, caplog, code, said):
    async with boxes(server_database, 1) as (handled, _):
        other = Box(server_database, handled)
        other.code = code
        await other.start()
        await until(lambda: said in caplog.text)
        await other.ends()


async def test_one_that_stood_still_while_an_update_arrived_leaves_it_to_who_has_it_by_then(
    server_database, monkeypatch
):
    """It missed its own deadlines, not the server."""
    async with boxes(server_database) as (handled, one, other):
        arrive, frozen = one.shared.inbox.arrive, asyncio.Event()

        async def late(*given):
            await arrive(*given)  # kept, and that was not heard any more
            await frozen.wait()
            raise StorageError("the connection was lost")

        monkeypatch.setattr(one.shared.inbox, "arrive", late)
        one.living.cancel()
        arriving = asyncio.create_task(one.accept(1))
        await until(lambda: handled == [(1, other)])
        monkeypatch.undo()
        one.replica._clock = lambda: asyncio.get_running_loop().time() + 60
        one.living = asyncio.create_task(one.replica.run())
        frozen.set()
        await arriving
        await asyncio.sleep(QUICK.beat * 3)
        assert handled == [(1, other)]
        assert one.inbox.unkept == 0


async def test_what_was_to_be_handled_from_memory_is_kept_when_the_server_is_back_before_its_turn(server_database):
    async with boxes(server_database, hold=lambda _: 0.05 if waits else 0.0) as (handled, one, other):
        waits = True
        await other.accept(1)
        await other.accept(2)
        ask, one.inbox._keeper.ask = one.inbox._keeper.ask, fails
        one.replica.away = True
        arriving = asyncio.create_task(one.accept(3))
        await until(lambda: one.inbox.unkept == 1)
        one.inbox._keeper.ask = ask
        one.replica.away = waits = False
        await arriving
        await until(lambda: len(handled) == 3)
        assert handled == [(1, other), (2, other), (3, other)]


async def fails(_):
    return None
