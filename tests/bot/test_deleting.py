"""Deleted means gone: not a byte of a question is left in any file of the data folder."""

from __future__ import annotations

from datetime import timedelta

import pytest

QUESTION = "siapa penerima bantuan kambing zxqwyvut di kampung kami?"
WORD = b"zxqwyvut"


def holding(folder):
    return [path.name for path in folder.rglob("*") if path.is_file() and WORD in path.read_bytes()]


@pytest.fixture
async def asked(stage):
    """Somebody has asked, and others before and after; the question is in the database, or the tests show nothing."""
    for number in range(20):
        await stage.says(f"siapa penerima bantuan nomor {number}?", chat=2000 + number, sender=2000 + number)
    await stage.says(QUESTION)
    for number in range(20):
        await stage.says(f"siapa penerima bantuan nomor {number}?", chat=2000 + number, sender=2000 + number)
    await stage.inbox.tidy()
    assert holding(stage.services.settings.data_dir)
    return stage


async def test_after_its_time_nothing_of_a_question_is_left_in_any_file(asked, monkeypatch):
    services = asked.services
    real = services.now()
    services.now = lambda: real + timedelta(days=services.settings.retention_days + 1)
    for module in ("querylog", "shown"):
        monkeypatch.setattr(f"bot.{module}.datetime", Later)
    Later.ahead = timedelta(days=services.settings.retention_days + 1)
    await services.purge()
    assert holding(services.settings.data_dir) == []


async def test_after_hapus_data_nothing_of_a_question_is_left_in_any_file(asked):
    await asked.says("/hapus_data")
    for call in list(asked.sent):
        labels = [button["text"] for button in call.buttons]
        if labels and call["chat_id"] == 1234567 and "hapus" in call["text"].lower():
            await asked.taps_on(call, labels[0])
    await asked.inbox.tidy()
    assert holding(asked.services.settings.data_dir) == []


class Later:
    ahead = timedelta()

    @classmethod
    def now(cls, zone):
        from datetime import datetime

        return datetime.now(zone) + cls.ahead
