"""Whole updates: 👍 and 👎 under an answer, why, and what is kept of it."""

from __future__ import annotations

import sqlite3

import pytest
from conftest import CITIZEN, GROUP

GOOD, BAD = "👍 Membantu", "👎 Kurang tepat"
REASONS = {"Salah daerah": "place", "Sudah lama": "old", "Bukan itu": "other", "Tidak lengkap": "incomplete"}
NEIGHBOUR = 7654321


def labels(call):
    return [button["text"] for button in call.buttons]


def opinions(stage):
    return [(row["good"], row["reason"]) for row in stage.rows("ratings")]


@pytest.mark.parametrize("place", ["private", "group", "topic"])
async def test_a_thumb_up_is_one_tap_and_a_second_one_changes_nothing(stage, place):
    where = {
        "private": {},
        "group": {"chat": GROUP},
        "topic": {"chat": GROUP, "message_thread_id": 7, "is_topic_message": True},
    }[place]
    await stage.says("/tanya bantuan", **where)
    extra = {name: value for name, value in where.items() if name != "chat"}
    for _ in range(2):
        await stage.taps_on(stage.sent[0], GOOD, **extra)
        assert stage.told["text"] == "Terima kasih atas penilaian Anda."
    assert opinions(stage) == [(1, None)]
    assert stage.request.named("editMessageReplyMarkup") == []


@pytest.mark.parametrize("label", REASONS)
async def test_a_thumb_down_asks_why_and_one_tap_says_it(stage, label):
    await stage.says("bantuan")
    await stage.taps_on(stage.sent[0], BAD)
    assert opinions(stage) == [(0, None)]
    asked = stage.request.named("editMessageReplyMarkup")[0]
    assert set(REASONS) < set(labels(asked))
    assert BAD not in labels(asked)
    assert "Baca artikel 1" in labels(asked)
    await stage.taps_on(asked, label)
    assert stage.told["text"] == "Terima kasih, sudah dicatat."
    assert opinions(stage) == [(0, REASONS[label])]
    again = stage.request.named("editMessageReplyMarkup")[1]
    assert labels(again) == labels(stage.sent[0])


async def test_a_thumb_down_replaces_a_thumb_up_and_the_other_way_round(stage):
    await stage.says("bantuan")
    await stage.taps_on(stage.sent[0], GOOD)
    await stage.taps_on(stage.sent[0], BAD)
    asked = stage.request.named("editMessageReplyMarkup")[0]
    await stage.taps_on(asked, "Sudah lama")
    await stage.taps_on(stage.sent[0], BAD)  # once more: the reason stays
    assert opinions(stage) == [(0, "old")]
    await stage.taps_on(asked, GOOD)
    assert opinions(stage) == [(1, None)]
    assert labels(stage.request.named("editMessageReplyMarkup")[-1]) == labels(stage.sent[0])


async def test_in_a_group_everybody_has_an_opinion_of_their_own(stage):
    await stage.in_group("/tanya bantuan")
    await stage.taps_on(stage.sent[0], GOOD)
    await stage.taps_on(stage.sent[0], BAD, tapper=NEIGHBOUR)
    assert sorted(opinions(stage)) == [(0, None), (1, None)]


async def test_what_is_not_an_answer_is_not_rated(stage):
    await stage.says("bulan")  # nothing found
    await stage.says("makasih")
    assert all(GOOD not in labels(call) for call in stage.sent)


async def test_a_rating_of_a_forgotten_answer_is_refused_with_a_sentence(stage):
    await stage.says("bantuan")
    with sqlite3.connect(stage.services.settings.database) as connection:
        connection.execute("DELETE FROM shown")
    await stage.taps_on(stage.sent[0], GOOD)
    assert "tidak tersimpan" in stage.told["text"]
    assert opinions(stage) == []


async def test_a_message_whose_buttons_telegram_withholds_gets_a_sentence(stage):
    await stage.says("bantuan")
    data = next(b["callback_data"] for b in stage.sent[0].buttons if b["text"] == BAD)
    old = {"message_id": 1, "date": 0, "chat": {"id": CITIZEN, "type": "private"}}
    sender = {"id": CITIZEN, "is_bot": False, "first_name": "S"}
    await stage.update(callback_query={"id": "1", "from": sender, "chat_instance": "x", "data": data, "message": old})
    assert stage.told["text"] == "Terima kasih atas penilaian Anda."
    assert opinions(stage) == [(0, None)]


async def test_what_is_kept_names_nobody_and_no_number(stage):
    await stage.says("bantuan untuk 3501234567890001")
    await stage.taps_on(stage.sent[0], BAD)
    await stage.in_group("/tanya bantuan")
    kept = f"{stage.rows('shown')} {stage.rows('ratings')}"
    assert "3501234567890001" not in kept
    assert "[nomor identitas]" in kept
    assert str(CITIZEN) not in kept
    assert str(GROUP) not in kept
    assert len({row["asker_hash"] for row in stage.rows("shown")}) == 2  # the same person, not to be linked


async def test_it_is_deleted_when_its_time_is_up_and_when_the_chat_asks(stage):
    await stage.says("bantuan")
    await stage.taps_on(stage.sent[0], GOOD)
    await stage.in_group("/tanya bantuan")
    store = stage.services.storage.feedback
    assert await store.delete_chat(stage.services.log.hasher(CITIZEN)) == 1
    assert len(stage.rows("shown")) == 1
    assert opinions(stage) == []
    with sqlite3.connect(stage.services.settings.database) as connection:
        connection.execute("UPDATE shown SET shown_at = '2020-01-01T00:00:00Z'")
    await stage.services.purge()
    assert stage.rows("shown") == []
