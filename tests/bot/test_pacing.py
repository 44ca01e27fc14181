"""No chat gets more than Telegram allows, an answer waits for its own chat only, and nothing overtakes."""

from __future__ import annotations

import asyncio

import pytest
from conftest import CITIZEN, GROUP
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import RetryAfter

from bot.handlers.pacing import LONGEST_TURN_SECONDS, Pacing
from bot.handlers.sending import LONGEST_WAIT_SECONDS, send
from bot.handlers.unasked import sender
from bot.pacing import Pacer
from bot.richtext import sentence

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self):
        self.now = 1000.0
        self.slept = []

    def __call__(self):
        return self.now

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pacer(clock):
    return Pacer(clock)


def most_within(moments, seconds):
    return max(sum(start <= each < start + seconds for each in moments) for start in moments)


gaps = st.lists(st.floats(0, 20), min_size=1, max_size=200)


@given(gaps)
def test_a_group_never_gets_more_than_twenty_in_any_minute(gaps):
    clock = Clock()
    pacer, moments = Pacer(clock), []
    for gap in gaps:
        clock.now += gap / 10
        moments.append(clock.now + pacer.turn(GROUP))
    assert most_within(moments, 60) <= 20
    assert moments == sorted(moments)


@given(gaps)
def test_a_private_chat_gets_one_a_second_after_a_short_burst(gaps):
    clock = Clock()
    pacer, moments = Pacer(clock), []
    for gap in gaps:
        clock.now += gap / 20
        moments.append(clock.now + pacer.turn(CITIZEN))
    assert most_within(moments, 30) <= 30 + 5
    assert moments == sorted(moments)


@given(gaps)
def test_what_goes_to_many_never_exceeds_thirty_in_any_second(gaps):
    clock = Clock()
    pacer, moments = Pacer(clock), []
    for gap in gaps:
        clock.now += gap / 1000
        moments.append(clock.now + pacer.bulk())
    assert most_within(moments, 1) <= 30


def test_answers_to_a_thousand_people_wait_for_nothing(pacer):
    assert {pacer.turn(chat) for chat in range(1, 1001)} == {0.0}


def test_an_ordinary_conversation_never_waits(pacer, clock):
    for _ in range(100):
        assert (pacer.turn(CITIZEN), pacer.turn(CITIZEN)) == (0.0, 0.0)
        clock.now += 2


def test_a_chat_that_is_quiet_is_forgotten(pacer, clock):
    for chat in range(1, 500):
        pacer.turn(chat)
    clock.now += 60
    for _ in range(300):
        pacer.turn(CITIZEN)
    assert len(pacer._busy_until) == 1


# -- through the application ---------------------------------------------------------------------------------------


@pytest.fixture
def paced(stage, pacer, clock):
    stage.application.pacing._pacer, stage.application.pacing._sleep = pacer, clock.sleep
    return stage


async def test_every_way_of_sending_waits_for_its_turn_and_nothing_else_does(paced, clock):
    bot = paced.application.bot
    for _ in range(4):
        await bot.send_message(CITIZEN, "x")
    await bot.send_photo(CITIZEN, b"x")
    await bot.send_chat_action(CITIZEN, "typing")
    await bot.edit_message_text("x", CITIZEN, 5)
    assert clock.slept == []
    await bot.send_document(CITIZEN, b"x")
    assert clock.slept == [pytest.approx(1.0)]


async def test_a_busy_group_holds_its_own_next_answer_and_no_other_chats(paced, clock, monkeypatch):
    async def stops_within(seconds):  # what the lanes wait is the clock's time
        await asyncio.sleep(0)
        clock.now += seconds
        return False

    monkeypatch.setattr(paced.inbox._lanes, "_stops_within", stops_within)
    for number in range(12):
        await paced.in_group(f"/tanya bantuan {number}", sender=100 + number)
    assert len(paced.sent) == 12
    # Each was held before it was begun, and worked out once.
    assert len(paced.archive.asked) == 12
    assert max(clock.slept, default=0) <= LONGEST_TURN_SECONDS
    assert clock.now >= 1000 + 4 * 5 - LONGEST_TURN_SECONDS * 4


async def test_after_a_refusal_nothing_is_sent_there_until_telegrams_time_is_over_and_others_are_not_held(paced, clock):
    bot = paced.application.bot
    paced.request.refuse("sendMessage", 429, "Too Many Requests: retry after 30", retry_after=30)
    with pytest.raises(RetryAfter):
        await send(bot, CITIZEN, sentence("satu"))
    with pytest.raises(RetryAfter) as raised:
        await send(bot, CITIZEN, sentence("dua"))
    assert raised.value._retry_after.total_seconds() == pytest.approx(30)
    assert len(paced.sent) == 1  # Telegram was not asked a second time
    await send(bot, 999, sentence("tiga"))
    clock.now += 30 - LONGEST_WAIT_SECONDS
    await send(bot, CITIZEN, sentence("empat"))
    assert clock.slept == [pytest.approx(LONGEST_WAIT_SECONDS)]


async def test_a_refused_reply_keeps_the_order_of_its_chat(paced, clock, monkeypatch):
    async def stops_within(seconds):
        await asyncio.sleep(0)
        clock.now += seconds
        return False

    monkeypatch.setattr(paced.inbox._lanes, "_stops_within", stops_within)
    paced.request.refuse("sendMessage", 429, "Too Many Requests: retry after 40", retry_after=40)
    questions = [paced.message(f"bantuan {number}") for number in range(4)]
    await paced.inbox.take([{"update_id": 10 + number, "message": each} for number, each in enumerate(questions)])
    await paced.inbox.settled()
    under = [call["reply_parameters"]["message_id"] for call in paced.sent]
    first, *others = [each["message_id"] for each in questions]
    assert under == [first, first, *others]
    assert clock.now >= 1040


async def test_what_is_sent_unasked_goes_at_its_own_pace_and_answers_go_on_beside_it(paced, clock):
    deliver = sender(paced.application)
    for chat in range(1, 51):
        await deliver(chat, None, sentence("kabar"))
    assert clock.now - 1000 >= 49 / 30
    before = clock.now
    await paced.says("bantuan", chat=777, sender=777)
    assert clock.now == before


async def test_nothing_is_held_open():
    pacing = Pacing(Pacer())
    await pacing.initialize()
    await pacing.shutdown()
