"""What one person, one group and all together may ask for: nobody is drowned out, nobody is left without a word."""

from __future__ import annotations

import asyncio
import time

import pytest
from conftest import ADMIN, CITIZEN, GROUP

from bot import limits
from bot.limits import GROUP as GROUP_RATE
from bot.limits import (
    LONGEST_DELAY_SECONDS,
    MOST_BUCKETS,
    MOST_QUEUED,
    PERSON,
    TELL_AGAIN_SECONDS,
    Kind,
    Limits,
    Verdict,
)

SITI, BUDI, RT = 1, 2, -100


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def decide(clock):
    held = Limits(clock)

    def ask(person=SITI, group=None, kind=Kind.QUESTION, **queue):
        return held.decide(kind, person, group, **queue)

    ask.held = held
    return ask


def many(ask, count):
    return [ask() for _ in range(count)]


# -- the rule ------------------------------------------------------------------------------------------------------


def test_a_burst_is_answered_then_told_once_then_ignored(decide):
    burst = int(PERSON.burst)
    assert many(decide, burst + 3) == [Verdict.ADMITTED] * burst + [Verdict.TOO_FAST] + [Verdict.IGNORED] * 2


def test_one_person_takes_nothing_from_another(decide):
    many(decide, 50)
    assert decide(BUDI) is Verdict.ADMITTED


def test_the_bucket_fills_again_and_who_goes_on_is_told_again_after_a_minute(decide, clock):
    many(decide, 50)
    clock.now += 1 / PERSON.a_second
    assert [decide(), decide()] == [Verdict.ADMITTED, Verdict.IGNORED]
    clock.now += TELL_AGAIN_SECONDS
    assert Verdict.TOO_FAST in many(decide, 50)


def test_at_a_pace_that_people_keep_nobody_is_ever_refused(decide, clock):
    for _ in range(200):
        assert decide() is Verdict.ADMITTED
        clock.now += 1 / PERSON.a_second


def test_a_group_has_a_bucket_of_its_own_that_all_in_it_share(decide):
    verdicts = [decide(person, RT) for person in range(1, 12)]
    assert verdicts == [Verdict.ADMITTED] * int(GROUP_RATE.burst) + [Verdict.GROUP_TOO_FAST] + [Verdict.IGNORED] * 2
    assert decide(SITI) is Verdict.ADMITTED  # alone with the bot
    assert decide(BUDI, RT - 1) is Verdict.ADMITTED


def test_taps_cost_less_than_questions_and_letters_have_their_own_bucket(decide):
    taps = [decide(kind=Kind.TAP) for _ in range(100)].count(Verdict.ADMITTED)
    assert taps == int(PERSON.burst / Kind.TAP.value)
    assert decide(BUDI, kind=Kind.KEYSTROKE) is Verdict.ADMITTED
    letters = [decide(BUDI, kind=Kind.KEYSTROKE) for _ in range(200)]
    assert set(letters) == {Verdict.ADMITTED, Verdict.IGNORED}
    assert decide(BUDI) is Verdict.ADMITTED


@pytest.mark.parametrize("queue", [{"delay": LONGEST_DELAY_SECONDS}, {"queued": MOST_QUEUED}])
def test_a_bot_that_is_behind_says_so_and_asking_again_costs_as_much(decide, queue):
    assert decide(**queue) is Verdict.BUSY
    assert [decide(**queue) for _ in range(20)].count(Verdict.BUSY) == int(PERSON.burst) - 1


def test_nobody_is_held_for_longer_than_their_bucket_takes_to_fill(decide, clock):
    for person in range(500):
        decide(person)
    clock.now += TELL_AGAIN_SECONDS + PERSON.burst / PERSON.a_second
    for _ in range(200):
        decide()
    assert len(decide.held) == 1


def test_however_many_come_only_so_many_are_held(decide, monkeypatch):
    monkeypatch.setattr(limits, "MOST_BUCKETS", 100)
    for person in range(300):
        decide(person)
    assert len(decide.held) <= 100
    assert MOST_BUCKETS >= 10_000


# -- through the application ---------------------------------------------------------------------------------------


@pytest.fixture
def street(stage, clock):
    """The bot with a clock that stands still; what people write is of this moment."""
    stage.inbox._admit._limits = Limits(clock)
    stage.now = int(time.time())
    write = stage.message

    def message(text=None, **more):
        return write(text, **{"date": stage.now, **more})

    stage.message = message
    return stage


async def test_who_asks_too_fast_is_answered_told_once_and_answered_again_later(street, clock):
    for number in range(30):
        await street.says(f"bantuan {number}")
    texts = [call["text"] for call in street.sent]
    assert len(texts) == PERSON.burst + 1
    assert "tunggu sebentar" in texts[-1]
    assert len(street.archive.asked) == PERSON.burst
    # What is ignored is not even kept.
    assert len(street.rows("inbox")) == PERSON.burst + 1
    clock.now += 60
    await street.says("bantuan lagi")
    assert len(street.archive.asked) == PERSON.burst + 1


async def test_a_flood_in_one_chat_leaves_the_others_their_answers(street):
    for number in range(30):
        await street.says(f"bantuan {number}")
    await street.says("bantuan", chat=555, sender=555)
    assert street.sent[-1]["chat_id"] == 555
    assert "tunggu" not in street.sent[-1]["text"]


async def test_commands_and_edits_count_as_questions_do(street):
    for _ in range(4):
        await street.says("/tolong")
        number = await street.says("bantuan")
        edited = street.message("bantuan lansia", message_id=number, edit_date=street.now)
        await street.update(edited_message=edited)
    assert "tunggu sebentar" in street.sent[-1]["text"]


async def test_whoever_looks_after_the_bot_is_not_limited(street):
    for number in range(30):
        await street.says(f"bantuan {number}", chat=ADMIN, sender=ADMIN)
    assert len(street.archive.asked) == 30


async def test_what_was_written_while_the_bot_was_away_is_answered_all_of_it(street):
    for number in range(30):
        await street.says(f"bantuan {number}", date=street.now - 3600)
    assert len(street.archive.asked) == 30


async def test_a_group_is_told_once_and_without_a_sound(street):
    for number in range(20):
        await street.in_group(f"/tanya bantuan {number}", sender=1000 + number)
    assert len(street.archive.asked) == GROUP_RATE.burst
    assert "Di grup ini" in street.sent[-1]["text"]
    assert street.sent[-1]["disable_notification"] is True
    assert len(street.sent) == GROUP_RATE.burst + 1


async def test_a_group_that_wants_no_answers_to_mentions_hears_no_refusals_either(street, mention):
    settings = await street.services.chats.of(GROUP)
    await street.services.chats.save(GROUP, type(settings)(mentions=False))
    text = "@ArsipBot bantuan"
    for number in range(20):
        await street.in_group(text, sender=1000 + number, entities=[mention(text)])
    assert street.sent == []


async def test_anonymous_admins_of_two_groups_are_not_the_same_person(street):
    for chat in (GROUP, GROUP - 1):
        behind = {"id": chat, "type": "supergroup", "title": "RT"}
        for number in range(6):
            await street.says(f"/tanya bantuan {number}", chat=chat, sender=1087968824, sender_chat=behind)
    assert len(street.archive.asked) == 12


async def test_what_people_say_to_each_other_costs_nobody_anything(street):
    for _ in range(30):
        await street.in_group("nanti sore kumpul di balai desa")
    await street.in_group("/tanya bantuan")
    assert len(street.archive.asked) == 1


async def test_every_tap_is_answered_and_the_quick_one_told(street):
    for _ in range(40):
        await street.taps("s:1")
    answers = [call.data.get("text") or "" for call in street.request.named("answerCallbackQuery")]
    assert len(answers) == 40
    assert sum("tunggu sebentar" in answer for answer in answers) == 1
    assert len(street.rows("inbox")) < 40  # those that were turned away were not worth a place on the disk


async def test_inline_queries_are_answered_and_never_kept(street):
    sender = {"id": CITIZEN, "is_bot": False, "first_name": "Siti"}
    for number in range(100):
        await street.processes(inline_query={"id": str(number), "from": sender, "query": "p", "offset": ""})
    assert 10 <= len(street.request.named("answerInlineQuery")) < 100
    assert street.rows("inbox") == []


async def test_an_inline_query_that_telegram_does_not_take_is_not_tried_again(street):
    street.request.refuse("answerInlineQuery", 502, "Bad Gateway")
    sender = {"id": CITIZEN, "is_bot": False, "first_name": "Siti"}
    await street.processes(inline_query={"id": "1", "from": sender, "query": "p", "offset": ""})
    assert len(street.request.named("answerInlineQuery")) == 1


async def test_when_too_many_wait_the_next_hears_so_at_once_and_who_waits_is_answered(street, monkeypatch):
    monkeypatch.setattr(limits, "MOST_QUEUED", 4)
    release = asyncio.Event()
    typing = []

    async def slow(message, work):
        typing.append(message)
        await release.wait()
        return await work

    monkeypatch.setattr("bot.handlers.asking.while_typing", slow)
    people = range(5001, 5001 + 16 + 4)  # sixteen places, and four that wait for one
    for person in people:
        await street.inbox.accept(
            {"update_id": next(street.numbers), "message": street.message("bantuan", chat=person, sender=person)}
        )
    await asyncio.sleep(0.05)
    assert (len(typing), street.inbox.queued) == (16, 4)
    await street.inbox.accept({"update_id": 999, "message": street.message("bantuan", chat=7777, sender=7777)})
    for _ in range(100):
        if street.sent:
            break
        await asyncio.sleep(0.01)
    assert [(call["chat_id"], "sedang ramai" in call["text"]) for call in street.sent] == [(7777, True)]
    release.set()
    await street.inbox.settled()
    assert {call["chat_id"] for call in street.sent} == {*people, 7777}
    assert street.inbox.queued == 0
    assert street.inbox.delay == 0


async def test_a_refusal_that_telegram_does_not_take_becomes_an_answer(street, monkeypatch):
    monkeypatch.setattr("bot.handlers.sending.RETRY_SECONDS", 0)
    monkeypatch.setattr(limits, "MOST_QUEUED", 0)
    for _ in range(2):
        street.request.refuse("sendMessage", 502, "Bad Gateway")
    await street.says("bantuan")
    assert "sedang ramai" not in street.sent[-1]["text"]
    assert len(street.archive.asked) == 1


async def test_refusals_are_counted_by_reason(street):
    for number in range(13):
        await street.says(f"bantuan {number}")
    shown = street.services.metrics.exposition().decode()
    assert 'arsip_refused_total{reason="too_fast"} 1.0' in shown
    assert 'arsip_refused_total{reason="ignored"} 2.0' in shown
