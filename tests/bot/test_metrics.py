"""What is counted, as Prometheus reads it: from real questions and real requests, and without anything of anyone's."""

from __future__ import annotations

import asyncio
import math
import re
import sqlite3
import time
from dataclasses import replace
from datetime import date

import pytest
from prometheus_client.parser import text_string_to_metric_families
from recording import BOT
from shelf import ScriptedArchive, article
from telegram.error import TelegramError
from telegram_double import TelegramDouble

from bot.app import build
from bot.library import Library
from bot.metrics import Metrics
from bot.readiness import POLL_SECONDS, readiness
from bot.services import Services
from index.article import ArticleDate


def read(metrics: Metrics) -> dict[tuple, float]:
    """(name, label values ...) -> value."""
    families = text_string_to_metric_families(metrics.exposition().decode())
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


async def test_questions_are_counted_by_status_and_timed(stage):
    await stage.says("santunan lansia")
    await stage.says("santunan lansia")
    before = read(stage.services.metrics)
    await stage.says("/tolong")
    values = read(stage.services.metrics)
    assert {key for key in values if values[key] != before[key]} <= {
        ("arsip_archive_age_seconds",),
        ("arsip_updates_total",),
    }
    statuses = {key[1]: value for key, value in values.items() if key[0] == "arsip_questions_total"}
    assert statuses == {row["status"]: 2.0 for row in stage.rows()}
    assert values["arsip_question_seconds_count",] == 2
    assert 0 <= values["arsip_question_seconds_sum",] < 5


async def test_no_metric_holds_anything_of_anyone(stage):
    await stage.says("nomor saya 081234567890, santunan lansia di Sukamaju?")
    shown = stage.services.metrics.exposition().decode()
    assert "arsip_questions_total{" in shown
    for secret in ("0812", "Sukamaju", "Siti", "siti_rahayu", "1234567", "42:", "x" * 35):
        assert secret not in shown


async def test_requests_to_telegram_are_timed_by_method_and_outcome_and_errors_counted_by_kind(stage):
    with TelegramDouble() as telegram:
        settings = replace(stage.services.settings, bot_token=telegram.token, bot_api_url=telegram.url)
        services = Services(settings, stage.services.library, stage.services.log)
        telegram.down["sendMessage"] = 1
        telegram.refusals["sendChatAction"] = "no such chat"
        async with build(services).bot as bot:
            for _ in range(2):
                await bot.get_me()
            for attempt in (bot.send_message(1, "x"), bot.send_chat_action(1, "typing")):
                with pytest.raises(TelegramError):
                    await attempt
            await bot.get_updates(timeout=0)
    values = read(services.metrics)
    counts = {key[1:]: value for key, value in values.items() if key[0] == "arsip_telegram_request_seconds_count"}
    assert counts == {
        ("getMe", "ok"): 3,  # one more when the bot starts
        ("sendMessage", "server"): 1,
        ("sendChatAction", "bad_request"): 1,
        ("getUpdates", "ok"): 1,
    }
    errors = {key[1]: value for key, value in values.items() if key[0] == "arsip_telegram_errors_total"}
    assert errors == {"server": 1, "bad_request": 1}
    assert time.monotonic() - services.metrics.last_poll < 5
    assert telegram.token.partition(":")[2] not in services.metrics.exposition().decode()
    assert BOT["username"] not in services.metrics.exposition().decode()


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        ("401", "token"),
        ("403", "forbidden"),
        ("404", "not_found"),
        ("409", "conflict"),
        ("413", "too_large"),
        ("418", "other"),
        ("302", "other"),
        ("429", "flood"),
        ("503", "server"),
        ("599", "server"),
        ("timeout", "timeout"),
        ("pool", "pool"),
        ("network", "network"),
    ],
)
def test_every_kind_of_error_has_a_name(outcome, kind):
    metrics = Metrics()
    metrics.telegram_request("getUpdates", outcome, 0.2)
    assert read(metrics)["arsip_telegram_errors_total", kind] == 1
    assert metrics.last_poll is None


def test_a_cancelled_request_is_no_error():
    metrics = Metrics()
    metrics.telegram_request("getUpdates", "cancelled", 9)
    assert not [key for key in read(metrics) if key[0] == "arsip_telegram_errors_total"]


def test_the_archive_is_the_live_one():
    metrics = Metrics(clock=lambda: 130.0)
    library = Library(ScriptedArchive([article(1), article(2)]))
    library.opened = 100.0
    metrics.watch_archive(lambda: library, lambda: date(2023, 5, 13))
    values = read(metrics)
    assert values["arsip_archive_articles",] == 2
    assert values["arsip_archive_age_seconds",] == 30
    assert values["arsip_archive_newest_article_days",] == 10  # of 3 May
    library = Library(ScriptedArchive([replace(article(1), date=ArticleDate(2023, 4, None))]))
    assert read(metrics)["arsip_archive_newest_article_days",] == 42  # from the first of April
    for undated in ([replace(article(1), date=None)], []):
        library = Library(ScriptedArchive(undated))
        assert math.isnan(read(metrics)["arsip_archive_newest_article_days",])


async def test_what_is_not_logged_is_counted(stage):
    with sqlite3.connect(stage.services.settings.database) as connection:
        connection.execute("DROP TABLE queries")
    await stage.says("santunan lansia")
    assert read(stage.services.metrics)["arsip_unlogged_writes",] == 1


def test_the_inbox_is_watched():
    class Inbox:
        waiting, oldest_seconds, set_aside, unkept = 3, 12.5, 1, 2

    metrics = Metrics()
    metrics.watch_inbox(Inbox())
    values = {key[0]: value for key, value in read(metrics).items() if key[0].startswith("arsip_inbox")}
    assert values == {
        "arsip_inbox_updates": 3,
        "arsip_inbox_oldest_seconds": 12.5,
        "arsip_inbox_set_aside": 1,
        "arsip_inbox_unkept": 2,
    }


def test_every_metric_is_in_the_operators_page(request):
    metrics = Metrics()
    library = Library(ScriptedArchive())
    metrics.watch_archive(lambda: library, date.today)
    metrics.watch_log(lambda: 0)
    metrics.watch_inbox(type("Inbox", (), {"waiting": 0, "oldest_seconds": 0.0, "set_aside": 0, "unkept": 0})())
    there = set(re.findall(r"^# TYPE (\w+) ", metrics.exposition().decode(), re.MULTILINE))
    page = (request.config.rootpath / "docs" / "operations.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(arsip_\w+)", page, re.MULTILINE))
    assert told == {name for name in there if not name.endswith("_created")}


def test_two_bots_in_one_process_do_not_share_their_counts():
    one, other = Metrics(), Metrics()
    one.update_received()
    assert (read(one)["arsip_updates_total",], read(other)["arsip_updates_total",]) == (1, 0)
    assert one.last_update is not None


# -- ready or not ------------------------------------------------------------------------------------------------------


async def test_ready_when_everything_answers(stage):
    services = stage.services
    services.metrics.telegram_request("getUpdates", "ok", 0.1)
    services.metrics.update_received()
    health = await readiness(services, polling=True)
    assert health.not_ready == {}
    assert health.figures["articles"] == 2
    assert 0 <= health.figures["seconds_since_poll"] < 5
    assert 0 <= health.figures["seconds_since_update"] < 5


async def test_by_webhook_nothing_is_polled(stage):
    health = await readiness(stage.services, polling=False)
    assert health.not_ready == {}
    assert health.figures == {"articles": 2, "seconds_since_update": None}


async def test_each_part_that_is_not_ready_is_named(stage):
    services = stage.services
    assert (await readiness(services, polling=True)).not_ready == {"telegram": "was not reached yet"}
    services.metrics.last_poll = time.monotonic() - POLL_SECONDS - 80
    services.library = Library(ScriptedArchive([]))
    await services.storage.close()
    health = await readiness(services, polling=True)
    assert health.not_ready == {
        "database": "does not answer",
        "archive": "holds no article",
        "telegram": "was last reached 200 s ago",
    }
    services.storage = None
    assert (await readiness(services, polling=False)).not_ready.keys() == {"database", "archive"}


async def test_a_database_that_hangs_is_not_ready_rather_than_waited_for(stage, monkeypatch):
    monkeypatch.setattr("bot.readiness.DATABASE_SECONDS", 0.02)
    count = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000000) SELECT count(*) FROM n"
    busy = asyncio.create_task(stage.services.storage.database.read(count))
    await asyncio.sleep(0)
    assert "database" in (await readiness(stage.services, polling=False)).not_ready
    await busy
    assert "database" not in (await readiness(stage.services, polling=False)).not_ready
