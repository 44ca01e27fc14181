"""The token and the other secrets: in no repr, log line, traceback, metric or error, whatever fails."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
import threading
import traceback
from pathlib import Path

import pytest
from conftest import ADMIN
from telegram.error import InvalidToken, TelegramError
from telegram_double import TelegramDouble

from bot.app import build
from bot.handlers.errors import reported
from bot.running import _persistently
from bot.settings import read
from bot.transport import AiohttpRequest
from bot.web import Health, Webhook, _Site

ROOT = Path(__file__).resolve().parents[2]
SECRET = "AAGx" + "s3cr3t-" * 5
TOKEN = f"42:{SECRET}"
OTHERS = {
    "WEBHOOK_SECRET": "rahasia-webhook-01",
    "METRICS_TOKEN": "rahasia-metrik-01234",
    "HASH_KEY": "rahasia-kunci-01234",
}


def chained(error):
    """Everything that a log could print of an error and of what led to it."""
    seen, told = set(), []
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        told += [str(error), repr(error), repr(error.args), "".join(traceback.format_exception(error))]
        error = error.__cause__ or error.__context__
    return "\n".join(told)


async def closed(bot):
    for request in bot._request:
        await request.shutdown()


@pytest.fixture
def unreachable(stage):
    """An application with the real transport and the secret token, and a Telegram that refuses connections."""
    stage.services.settings = read({"BOT_TOKEN": TOKEN, "BOT_API_URL": "http://127.0.0.1:1", **OTHERS})
    return build(stage.services)


async def test_no_repr_shows_a_secret(unreachable):
    application, services = unreachable, unreachable.services
    settings = services.settings
    assert settings.bot_token == TOKEN

    async def health():
        return Health({}, {})

    site = _Site(Webhook("/", settings.webhook_secret or "x", None), health, bytes, settings.metrics_token)
    parts = [
        application, application.bot, application.bot.request, application.pacing, services, settings, services.log,
        services.log.hasher, site, site.webhook, application.context_types, application.broadcasts,
    ]  # fmt: skip
    shown = "\n".join(f"{part!r} {part} {[part]}" for part in parts)
    for secret in (SECRET, *OTHERS.values()):
        assert secret not in shown


@pytest.mark.parametrize("what", ["get_me", "initialize", "send", "download"])
async def test_no_error_of_the_network_or_of_telegram_shows_it(unreachable, caplog, what):
    caplog.set_level(0)
    bot = unreachable.bot
    await bot.request.initialize()
    calls = {
        "get_me": bot.get_me,
        "initialize": bot.initialize,
        "send": lambda: bot.send_message(1, "x"),
        "download": lambda: bot.request.retrieve(f"{bot.base_file_url}/documents/x.pdf"),
    }
    with pytest.raises(TelegramError) as raised:
        await calls[what]()
    assert SECRET not in chained(raised.value)
    metrics = unreachable.services.metrics.exposition().decode()
    assert 'outcome="network"' in metrics
    assert SECRET not in metrics
    records = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert not [record for record in records if SECRET in record.getMessage()]
    await closed(bot)


async def test_a_refused_token_is_not_quoted_in_the_refusal(unreachable):
    with TelegramDouble() as telegram:  # which knows another token
        unreachable.services.settings = settings = read({"BOT_TOKEN": TOKEN, "BOT_API_URL": telegram.url})
        bot = build(unreachable.services).bot
        with pytest.raises(InvalidToken) as raised:
            await bot.initialize()
        assert SECRET not in chained(raised.value)
        with pytest.raises(Exception, match="does not accept this token") as told:
            await _persistently(bot.initialize, settings)
        assert SECRET not in chained(told.value)
        await closed(bot)


async def test_the_transports_repr_has_no_address():
    request = AiohttpRequest()
    assert "Aiohttp" in repr(request)
    assert "http:" not in repr(request)


def run(code, **environment):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env={**kept, "PYTHONPATH": str(ROOT), "BOT_TOKEN": TOKEN, **OTHERS, **environment},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "fails",
    [
        "raise RuntimeError(words)",
        "import threading; threading.Thread(target=lambda: (_ for _ in ()).throw(RuntimeError(words))).start()",
        "\nclass Bad:\n    def __del__(self):\n        raise RuntimeError(words)\nBad()",
        "import logging; logging.error('%s', words); logging.getLogger('httpx').error(words)",
        "import warnings, logging; logging.captureWarnings(True); warnings.warn(words)",
        "\nimport asyncio\nasync def main():\n    async def fail():\n        raise RuntimeError(words)\n"
        "    asyncio.create_task(fail())\n    await asyncio.sleep(0.01)\nasyncio.run(main())",
    ],
    ids=["program", "thread", "destructor", "log", "warning", "task"],
)
def test_whatever_way_a_failure_takes_to_the_console_it_is_redacted(fails):
    secrets = [SECRET, *OTHERS.values()]
    done = run(
        "import os\nfrom bot import logs\n"
        f"logs.set_up('DEBUG', token=os.environ['BOT_TOKEN'], secrets={list(OTHERS.values())!r})\n"
        f"words = 'at https://api.telegram.org/bot{TOKEN}/getMe ' + {' '.join(OTHERS.values())!r}\n{fails}\n"
    )
    # A traceback quotes the line of the code, which names the variable only.
    assert "***/getMe" in done.stderr, done.stderr
    assert [secret for secret in secrets if secret in done.stdout + done.stderr] == []


def test_the_program_itself_never_shows_a_secret_at_any_level(tmp_path):
    with TelegramDouble(token="42:another-token-than-ours") as telegram:
        (tmp_path / "seeds").mkdir()
        (tmp_path / "seeds" / "a.txt").write_text("Santunan\n\nSantunan untuk 25 lansia di balai desa.\n", "utf-8")
        done = run(
            "import sys; from bot.__main__ import main; sys.exit(main([]))",
            BOT_API_URL=telegram.url, DATA_DIR=str(tmp_path / "data"), SEEDS_DIR=str(tmp_path / "seeds"),
            LOG_LEVEL="DEBUG", WEBHOOK_URL=f"http://127.0.0.1/{TOKEN}",
        )  # fmt: skip
    assert done.returncode == 2
    assert "does not accept this token" in done.stderr
    assert [secret for secret in (SECRET, *OTHERS.values()) if secret in done.stdout + done.stderr] == []


def test_the_database_and_the_files_beside_it_hold_no_token(stage):
    folder = stage.services.settings.data_dir
    token = stage.services.settings.bot_token.partition(":")[2].encode()
    assert [path for path in folder.rglob("*") if path.is_file() and token in path.read_bytes()] == []


@pytest.mark.parametrize("name", ["BOT_API_URL", "WEBHOOK_URL"])
def test_an_address_with_a_password_in_it_is_refused_and_not_shown(name):
    with pytest.raises(Exception, match="user name or a password") as raised:
        read({"BOT_TOKEN": TOKEN, name: "https://siti:hunter2@example.org/x"})
    assert "hunter2" not in str(raised.value)  # a traceback would quote this very line of the test


async def test_the_owners_are_told_of_errors_without_what_was_filled_in(stage):
    with reported(stage.application):
        logging.getLogger("bot.somewhere").error("cannot reach %s", f"https://api.telegram.org/bot{TOKEN}/x")
        async with asyncio.timeout(5):
            while not stage.sent:  # noqa: ASYNC110 - what is waited for sets no event
                await asyncio.sleep(0.01)
    (told,) = [call for call in stage.sent if call["chat_id"] == ADMIN]
    assert SECRET not in told["text"]


@pytest.fixture(autouse=True)
def hooks_as_before():
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    yield
    sys.excepthook, threading.excepthook, sys.unraisablehook = before
