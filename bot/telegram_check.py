"""What Telegram says of the token, the webhook and the time; for ``python -m bot doctor``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.doctor import Finding, good, note, problem
from bot.errors import SettingsError
from bot.settings import Settings
from bot.transport import tls

TIMEOUT_SECONDS = 10.0
# Dates of articles, quiet hours and retention bear more; certificates do not bear much more.
CLOCK_SECONDS = 60.0
_MANY = 100


@dataclass(frozen=True, slots=True)
class Response:
    """One response of the Bot API; ``date`` is by its server's clock and ``now``, amid the request, by this one's."""

    status: int
    body: Mapping[str, Any]
    date: datetime | None
    now: datetime

    @property
    def result(self) -> Mapping[str, Any]:
        """What it brings when it is one that the Bot API gives."""
        result = self.body.get("result")
        return result if isinstance(result, dict) else {}


async def check_telegram(settings: Settings, *, running: bool) -> list[Finding]:
    """Ask for the bot's name and its webhook, each within ``TIMEOUT_SECONDS``. Changes nothing there."""
    if settings.bot_token is None:
        return []
    where = settings.bot_api_url
    try:
        me = await _ask(settings, "getMe")
        webhook = await _ask(settings, "getWebhookInfo") if me.status == 200 else None
    except SettingsError as error:
        return [problem("telegram", str(error), "mend that setting")]
    except TimeoutError:
        return [
            problem("telegram", f"{where} does not answer within {TIMEOUT_SECONDS:.0f} s", "check network and proxy")
        ]
    except (aiohttp.ClientError, OSError, ValueError) as error:
        # The kind only: an error's own words may hold the address, and so the token.
        return [
            problem(
                "telegram", f"{where} cannot be reached ({type(error).__name__})", "check network, proxy, BOT_API_URL"
            )
        ]
    found = [said_of_token(me, where)]
    if webhook is not None:
        found.append(said_of_webhook(webhook, settings, running=running))
    return [*found, said_of_clock(me)]


def said_of_token(me: Response, where: str) -> Finding:
    """Whether the token is one of a bot's."""
    if me.status in (401, 404):
        return problem(
            "token", f"{where} does not accept BOT_TOKEN", "copy it again from @BotFather (/mybots, API Token)"
        )
    if me.status != 200 or "id" not in me.result:
        return problem(
            "token", f"{where} answers {me.status}, which is no Bot API's answer", "check BOT_API_URL, or wait"
        )
    return good("token", f"is of @{me.result.get('username', '?')}")


def said_of_webhook(info: Response, settings: Settings, *, running: bool) -> Finding:
    """Whether updates come the way that the settings say."""
    url, wanted = str(info.result.get("url", "")), settings.webhook_url or ""
    waiting = int(info.result.get("pending_update_count", 0))
    if info.status != 200:
        return problem("webhook", f"getWebhookInfo is answered with {info.status}", "try again")
    if url != wanted:
        # The address may hold a secret, like any that somebody chose to keep others out.
        found = "is set to another address than WEBHOOK_URL" if url and wanted else "is set" if url else "is not set"
        if running:
            return problem(
                "webhook", f"{found}, and the bot is running", "another process may have this token; start again"
            )
        return note("webhook", found, "the next start sets it as WEBHOOK_URL says")
    if wanted and info.result.get("last_error_message") and waiting:
        return problem(
            "webhook",
            f"Telegram cannot deliver ({info.result['last_error_message']}); {waiting} updates wait",
            "check that WEBHOOK_URL leads to PORT with a valid certificate",
        )
    if waiting > _MANY:
        return note("webhook", f"{waiting} updates wait at Telegram", "" if running else "start the bot")
    return good("webhook", f"{'set' if wanted else 'none: long polling'}; {waiting} updates wait")


def said_of_clock(me: Response) -> Finding:
    """This machine's clock against Telegram's."""
    if me.date is None:
        return note("clock", "Telegram's answer has no date to compare with")
    off = (me.now - me.date).total_seconds()
    if abs(off) > CLOCK_SECONDS:
        way = "ahead of" if off > 0 else "behind"
        return problem("clock", f"{abs(off):.0f} s {way} Telegram's", "set it, and keep it by NTP")
    return good("clock", "agrees with Telegram's")


async def _ask(settings: Settings, method: str) -> Response:
    begun = datetime.now(UTC)
    async with (
        asyncio.timeout(TIMEOUT_SECONDS),
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls()), trust_env=True) as session,
        session.post(f"{settings.bot_api_url}/bot{settings.bot_token}/{method}", allow_redirects=False) as response,
    ):
        body = await response.content.read(1_000_000)
        now = begun + (datetime.now(UTC) - begun) / 2
        try:
            told = json.loads(body)
        except ValueError:
            told = {}
        return Response(
            response.status, told if isinstance(told, dict) else {}, _date(response.headers.get("Date")), now
        )


def _date(written: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(written) if written else None
    except ValueError:
        return None
    return date if date is None or date.tzinfo else None
