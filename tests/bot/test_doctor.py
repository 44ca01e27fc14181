"""`doctor` says in one line each what is wrong and what to do, beside a running bot too, and shows no secret."""

from __future__ import annotations

import dataclasses
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from telegram_double import TelegramDouble

from bot import __main__ as program
from bot import doctor
from bot.claim import Claim
from bot.database_url import Server
from bot.doctor import Level
from bot.settings import Settings
from bot.storage import Storage
from bot.telegram_check import Response, check_telegram, said_of_clock, said_of_token, said_of_webhook

SEEDS = Path(__file__).parents[2] / "seeds"
TOKEN = "42:" + "x" * 35


class Telegram(TelegramDouble):
    webhook: dict = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}  # noqa: RUF012 - of a test

    def _result(self, method, parameters):
        return self.webhook if method == "getWebhookInfo" else super()._result(method, parameters)


@pytest.fixture
async def healthy(tmp_path, monkeypatch):
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    data = tmp_path / "data"
    settings = Settings(
        bot_token=TOKEN, admin_ids=frozenset({7}), data_dir=data, database=data / "bot.sqlite3", seeds_dir=SEEDS
    )
    await (await Storage.open(settings.database)).close()
    return settings


def wrong(findings):
    return [str(each) for each in findings if each.level is not Level.GOOD]


def test_a_healthy_bot_has_nothing_to_put_right(healthy):
    findings = list(doctor.examine(healthy))
    assert wrong(findings) == []
    assert {each.what for each in findings} == {
        "settings", "data", "permissions", "database", "disk", "memory", "articles",
    }  # fmt: skip


def test_a_server_to_read_the_archive_from_that_is_not_used_is_noted(healthy):
    unused = dataclasses.replace(healthy, archive_url=Server("postgresql://a:s3cret@b/c"))
    (told,) = wrong(doctor.check_settings(unused))
    assert "ARCHIVE_URL is set and not used" in told


def test_it_works_beside_a_running_bot_and_says_that_it_runs(healthy):
    with Claim(healthy.data_dir):
        assert any("a bot is running" in str(each) for each in doctor.check_folder(healthy))


@pytest.mark.skipif(os.name == "nt", reason="no such permissions")
def test_what_others_can_read_is_told_with_the_command_that_closes_it(healthy):
    healthy.data_dir.chmod(0o755)
    healthy.database.chmod(0o640)
    assert [each.rpartition("; ")[2] for each in wrong(doctor.check_permissions(healthy))] == [
        f"chmod 700 {healthy.data_dir}",
        f"chmod 600 {healthy.database}",
    ]


def test_a_damaged_database_and_one_of_a_newer_program_are_told(healthy):
    healthy.database.write_bytes(b"SQLite format 3\0" + b"\7" * 9000)
    assert "restore a backup" in wrong(doctor.check_database(healthy))[0]


def test_a_refused_article_is_told(healthy, tmp_path):
    shutil.copytree(SEEDS, tmp_path / "seeds")
    (tmp_path / "seeds" / "rusak.txt").write_bytes(b"\xff\xfe\0")
    told = wrong(doctor.check_seeds(dataclasses.replace(healthy, seeds_dir=tmp_path / "seeds")))
    assert len(told) == 1
    assert "rusak.txt" in told[0]
    assert wrong(doctor.check_seeds(dataclasses.replace(healthy, seeds_dir=tmp_path / "tidak ada")))


def test_little_room_is_told(healthy, monkeypatch):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))
    assert doctor.check_disk(healthy).level is Level.PROBLEM


def test_the_container_counts_when_it_allows_less_than_the_machine(tmp_path):
    (tmp_path / "proc").mkdir()
    (tmp_path / "sys/fs/cgroup").mkdir(parents=True)
    (tmp_path / "proc/meminfo").write_text("MemTotal: 8000000 kB\nMemAvailable: 4000000 kB\n")
    assert doctor.memory_left(tmp_path) == 4_096_000_000
    (tmp_path / "sys/fs/cgroup/memory.max").write_text("256000000\n")
    (tmp_path / "sys/fs/cgroup/memory.current").write_text("56000000\n")
    assert doctor.memory_left(tmp_path) == 200_000_000
    assert doctor.memory_left(tmp_path / "nowhere") is None


async def test_telegram_is_asked_and_agrees(healthy):
    with Telegram() as telegram:
        found = await check_telegram(dataclasses.replace(healthy, bot_api_url=telegram.url), running=False)
    assert [str(each) for each in found] == [
        "ok      token: is of @ArsipBot",
        "ok      webhook: none: long polling; 0 updates wait",
        "ok      clock: agrees with Telegram's",
    ]
    assert {method for method, _ in telegram.calls} == {"getMe", "getWebhookInfo"}


async def test_a_wrong_token_and_a_server_that_is_not_there_are_told_without_the_token(healthy):
    with Telegram(token="42:another") as telegram:
        refused = await check_telegram(dataclasses.replace(healthy, bot_api_url=telegram.url), running=False)
    gone = await check_telegram(dataclasses.replace(healthy, bot_api_url=telegram.url), running=False)
    assert "does not accept BOT_TOKEN" in str(refused[0])
    assert "cannot be reached" in str(gone[0])
    assert TOKEN.partition(":")[2] not in "".join(map(str, [*refused, *gone]))


def response(status=200, date=None, now=None, **result):
    return Response(status, {"ok": True, "result": result}, date, now or datetime.now(UTC))


def test_a_webhook_that_is_not_as_set_is_a_problem_only_once_the_bot_runs(healthy):
    settings = dataclasses.replace(healthy, webhook_url="https://bot.example.org/rahasia-sekali")
    other = response(url="https://lain.example.org/rahasia-lain", pending_update_count=0)
    assert said_of_webhook(other, settings, running=True).level is Level.PROBLEM
    assert said_of_webhook(other, settings, running=False).level is Level.NOTE
    assert "rahasia" not in str(said_of_webhook(other, settings, running=True))
    failing = response(url=settings.webhook_url, pending_update_count=3, last_error_message="Connection refused")
    assert "Connection refused" in str(said_of_webhook(failing, settings, running=True))


def test_a_clock_that_is_off_and_a_server_that_is_no_bot_api_are_told():
    now = datetime.now(UTC)
    assert said_of_clock(response(date=now, now=now + timedelta(hours=2))).level is Level.PROBLEM
    assert "behind" in str(said_of_clock(response(date=now, now=now - timedelta(hours=2))))
    assert said_of_clock(response(date=now, now=now + timedelta(seconds=5))).level is Level.GOOD
    assert said_of_clock(response(date=None)).level is Level.NOTE
    assert said_of_token(Response(200, {}, None, now), "https://x").level is Level.PROBLEM


def test_the_exit_code_says_whether_there_is_a_problem(healthy, monkeypatch, capsys):
    with Telegram() as telegram:
        for name, value in {
            "BOT_TOKEN": TOKEN, "ADMIN_IDS": "7", "BOT_API_URL": telegram.url, "DATA_DIR": str(healthy.data_dir),
            "SEEDS_DIR": str(SEEDS), "HASH_KEY": "a key that nobody sees",
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        assert program.main(["doctor"]) == 0
        told = capsys.readouterr().out
        (healthy.data_dir / "restoring.json").write_text("[]")
        assert program.main(["doctor"]) == 1
        monkeypatch.setenv("ADMIN_IDS", "siti")
        assert program.main(["doctor"]) == 1
    assert "problem settings: ADMIN_IDS" in capsys.readouterr().out
    assert "nobody sees" not in told
    assert TOKEN.partition(":")[2] not in told
