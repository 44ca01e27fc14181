"""Whole updates: an owner's message to all subscribers, and to nobody else, and to nobody twice."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime

import pytest
from conftest import ADMIN

from bot import broadcasting
from bot.erasing import erase
from bot.handlers.broadcasting import broadcasts
from bot.pacing import Pacer
from bot.storage.chats import Digest, Topic

NOW = datetime(2025, 2, 1, tzinfo=UTC)
CHATS = [101, 102, 103, -200]


async def subscribes(stage, chat, thread=None):
    digest = Digest(stage.services.log.hasher(chat), chat, thread, 7, "WIB", NOW, NOW, (Topic("all"),))
    await stage.services.storage.chats.save_digest(digest)


@pytest.fixture
async def station(stage):
    for chat in CHATS:
        await subscribes(stage, chat)
    return stage


async def asks(stage, text="/siaran Besok ada penyaluran.\nBawa KTP."):
    await stage.says(text, chat=ADMIN, sender=ADMIN)
    return stage.sent[-1]


def received(stage):
    return [call["chat_id"] for call in stage.sent if call["chat_id"] != ADMIN]


async def test_it_is_previewed_confirmed_sent_and_counted(station):
    preview = await asks(station)
    assert "4 pelanggan" in preview["text"]
    assert "Besok ada penyaluran.\nBawa KTP." in preview["text"]
    assert received(station) == []
    await station.taps_on(preview, "Kirim ke 4 pelanggan", tapper=ADMIN)
    await station.application.broadcasts.finished()
    assert sorted(received(station)) == sorted(CHATS)
    assert all("/berhenti" in call["text"] for call in station.sent[1:])
    assert "4 terkirim, 0 tidak sampai" in station.edited[-1]["text"]
    assert any("dari 4 pelanggan" in call["text"] for call in station.edited)
    assert station.rows("broadcasts") == station.rows("broadcast_targets") == []
    assert station.rows("audit")[-1]["detail"] == "4/4"


async def test_tapped_twice_it_is_sent_once_and_cancelled_never(station):
    preview = await asks(station)
    await station.taps_on(preview, "Kirim ke 4 pelanggan", tapper=ADMIN)
    await station.taps_on(preview, "Kirim ke 4 pelanggan", tapper=ADMIN)
    await station.application.broadcasts.finished()
    assert "sudah dikirim atau dibatalkan" in station.told["text"]
    assert len(received(station)) == 4
    second = await asks(station)
    await station.taps_on(second, "Batalkan", tapper=ADMIN)
    await station.taps_on(second, "Kirim ke 4 pelanggan", tapper=ADMIN)
    await station.application.broadcasts.finished()
    assert len(received(station)) == 4


async def test_who_stopped_after_the_preview_gets_nothing_and_who_blocked_the_bot_is_asked_no_more(station):
    preview = await asks(station)
    await station.services.storage.chats.stop_digest(station.services.log.hasher(101))
    station.request.refuse("sendMessage", 403, "Forbidden: bot was blocked by the user")
    await station.taps_on(preview, "Kirim ke 4 pelanggan", tapper=ADMIN)
    await station.application.broadcasts.finished()
    assert 101 not in received(station)
    assert "2 terkirim, 1 tidak sampai" in station.edited[-1]["text"]
    assert len(await station.services.storage.broadcasts.subscribers()) == 2


async def test_when_telegram_is_too_busy_it_waits_and_goes_on(station, monkeypatch):
    preview = await asks(station)
    monkeypatch.setattr(broadcasting, "PAUSE_SECONDS", 0.01)
    station.application.pacing._pacer._clock = itertools.count(time.monotonic(), 5).__next__  # time flies
    station.request.refuse("sendMessage", 429, "Too Many Requests: retry after 40", retry_after=40)
    await station.taps_on(preview, "Kirim ke 4 pelanggan", tapper=ADMIN)
    await station.application.broadcasts.finished()
    assert "4 terkirim" in station.edited[-1]["text"]


async def test_after_a_restart_the_rest_is_sent_and_nobody_gets_it_twice(station):
    preview = await asks(station)
    real = station.application.broadcasts._send
    sent = itertools.count()

    async def dies(chat, thread, reply):
        if next(sent) == 2:
            raise RuntimeError("the power went")
        return await real(chat, thread, reply)

    station.application.broadcasts._send = dies
    await station.taps_on(preview, "Kirim ke 4 pelanggan", tapper=ADMIN)
    await station.application.broadcasts.finished()
    assert len(received(station)) == 2
    again = broadcasts(station.application)
    again.wake()
    await again.finished()
    # The one in whose middle it happened may have got it: it is not sent a second time.
    assert len(received(station)) == len(set(received(station))) == 3
    assert "3 terkirim, 0 tidak sampai. Untuk 1 lainnya tidak pasti" in station.edited[-1]["text"]


async def test_it_keeps_below_thirty_a_second(station):
    for chat in range(300, 308):
        await subscribes(station, chat)
    station.application.pacing._pacer = Pacer()
    preview = await asks(station)
    began = time.monotonic()
    await station.taps_on(preview, "Kirim ke 12 pelanggan", tapper=ADMIN)
    await station.application.broadcasts.finished()
    assert len(received(station)) == 12
    assert time.monotonic() - began >= 11 / 30


async def test_in_quiet_hours_it_makes_no_sound(station):
    settings = await station.services.chats.of(-200)
    await station.services.chats.save(-200, type(settings)(quiet=(0, 0)))
    await station.taps_on(await asks(station), "Kirim ke 4 pelanggan", tapper=ADMIN)
    await station.application.broadcasts.finished()
    silent = {call["chat_id"]: call.data.get("disable_notification") for call in station.sent}
    assert (silent[-200], silent[101]) == (True, None)


@pytest.mark.parametrize(
    ("text", "told"),
    [("/siaran", "Tulis pesannya setelah perintah"), ("/siaran " + "x" * 3600, "terlalu panjang")],
)
async def test_a_message_that_cannot_be_sent_is_refused(station, text, told):
    assert told in (await asks(station, text))["text"]


async def test_without_subscribers_there_is_nobody_to_send_to(stage):
    assert "Belum ada pelanggan" in (await asks(stage))["text"]


async def test_a_preview_that_nobody_confirmed_goes_with_the_owners_data(station):
    await asks(station)
    erased = await erase(station.services, ADMIN)
    assert erased.drafts == 1
    assert station.rows("broadcasts") == []
