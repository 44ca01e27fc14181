"""What Telegram's refusals mean for an update: over, or later; and who hears of what was given up."""

from __future__ import annotations

import pytest
from conftest import ADMIN, CITIZEN

from bot.fencing import fenced
from bot.handlers.delivery import deliver
from bot.handlers.errors import REPORT_EVERY_SECONDS, GivingUp
from bot.inbox import TryLaterError

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


async def test_a_telegram_that_fails_for_longer_gets_the_answer_later_and_once(stage, monkeypatch):
    monkeypatch.setattr("bot.handlers.sending.RETRY_SECONDS", 0)
    for status in (502, 500, 502, 500):
        stage.request.refuse("sendMessage", status, "Bad Gateway")
    await stage.says("bantuan")
    assert len(stage.sent) == 5  # four refused, the last taken
    assert len(stage.rows()) == 1
    assert [row["outcome"] for row in stage.rows("inbox")] == ["done"]


@pytest.mark.parametrize(
    ("status", "description"),
    [(403, "Forbidden: bot was blocked by the user"), (400, "Bad Request: not enough rights to send text messages")],
)
async def test_a_telegram_that_will_not_change_its_mind_is_asked_once(stage, status, description):
    stage.request.refuse("sendMessage", status, description)
    await stage.says("bantuan")
    assert len(stage.sent) == 1
    assert [row["outcome"] for row in stage.rows("inbox")] == ["done"]


async def test_a_long_wait_is_left_to_the_inbox(stage):
    stage.request.refuse("sendMessage", 429, "Too Many Requests: retry after 60", retry_after=60)
    with pytest.raises(TryLaterError) as raised:
        await deliver(stage.application, {"update_id": 1, "message": stage.message("bantuan")})
    assert raised.value.seconds == 60


async def test_what_people_in_a_group_say_to_each_other_is_not_even_kept_for_a_moment(stage, monkeypatch):
    kept = []
    add = stage.services.storage.inbox.add

    async def adding(updates, at, begun):
        kept.extend(updates)
        return await add(updates, at, begun)

    monkeypatch.setattr(stage.services.storage.inbox, "add", adding)
    await stage.in_group("nanti sore kumpul di balai desa")
    assert kept == []
    await stage.in_group("/tanya bantuan")
    assert len(kept) == 1


async def test_the_answered_question_leaves_no_name_in_the_inbox(stage):
    await stage.says("bantuan")
    await stage.inbox.tidy()
    for file in stage.services.settings.database.parent.glob("bot.sqlite3*"):
        assert b"siti_rahayu" not in file.read_bytes(), file


async def test_an_update_of_an_unknown_shape_is_told_to_the_admins(stage, caplog):
    await stage.processes(message={"siapa": "Siti Rahayu"})
    assert ["KeyError" in call["text"] or "TypeError" in call["text"] for call in stage.sent] == [True]
    assert stage.sent[0]["chat_id"] == ADMIN
    assert "Siti" not in caplog.text


async def test_the_admins_hear_of_what_was_given_up_once_an_hour_and_each_person_at_once(stage):
    now = [0.0]
    give_up = GivingUp(stage.application, clock=lambda: now[0])
    for _ in range(3):
        await give_up({"update_id": 1, "message": stage.message("bantuan")}, None, 8)
    now[0] = REPORT_EVERY_SECONDS
    await give_up({"update_id": 1, "message": stage.message("bantuan")}, None, 8)
    assert [call["chat_id"] for call in stage.sent].count(CITIZEN) == 4
    told = [call["text"] for call in stage.sent if call["chat_id"] == ADMIN]
    assert ["sudah 1 pesan" in told[0], "sudah 4 pesan" in told[1], len(told)] == [True, True, 2]


async def test_nothing_is_sent_for_an_update_whose_chat_is_another_replicas_by_now(stage):
    asking = {"update_id": 5, "message": stage.message("bantuan")}
    with fenced(lambda: False), pytest.raises(TryLaterError):
        await deliver(stage.application, asking)
    assert stage.request.calls == []
    with fenced(lambda: True):
        await deliver(stage.application, asking)
    assert len(stage.sent) == 1
