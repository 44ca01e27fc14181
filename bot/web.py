"""One port: Telegram's webhook, ``/healthz`` for the host, ``/metrics`` for whoever watches."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.errors import StorageError
from bot.metrics import CONTENT_TYPE

logger = logging.getLogger(__name__)

LONGEST_BODY_SECONDS = 15.0
# Hosts kill 10 seconds after SIGTERM. Taking an update in takes longer only while the database fails, and one that is
# cut off is delivered again.
LONGEST_CLOSE_SECONDS = 3.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # nosec B105 # noqa: S105 - the header's name
# What aiohttp says of malformed requests quotes them, and any scanner can fill a log with it.
_NOWHERE = logging.Logger("nowhere", logging.CRITICAL + 1)
# A request that came through a proxy shows the proxy's private address as its own.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
_FRESH = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where and how Telegram delivers.

    ``path`` is that of ``WEBHOOK_URL``, percent-decoded, "/" at least. ``accept`` is given an update as Telegram sent
    it, and has it safe when it returns; it raises StorageError to have it delivered again later.
    """

    path: str
    secret: str = field(repr=False)
    accept: Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Health:
    """What keeps the bot from answering (part -> why; nothing when it is ready), and figures to look at."""

    not_ready: Mapping[str, str]
    figures: Mapping[str, float | None]


class WebServer:
    """A server that listens on ``port``; made by ``serve``."""

    def __init__(self, runner: web.ServerRunner) -> None:
        self.port = int(runner.addresses[0][1])
        self._runner = runner

    async def close(self) -> None:
        """Stop listening, and wait for the requests in flight: an update that is being taken in gets its 200."""
        await self._runner.cleanup()


async def serve(
    port: int,
    *,
    webhook: Webhook | None,
    health: Callable[[], Awaitable[Health]],
    metrics: Callable[[], bytes],
    metrics_token: str | None = None,
) -> WebServer:
    """Listen on ``port`` of all interfaces: the host's router is outside the container.

    Raises:
        OSError: the port is taken.
    """
    site = _Site(webhook, health, metrics, metrics_token)
    server = web.Server(site.answer, access_log=None, logger=_NOWHERE)
    runner = web.ServerRunner(server, shutdown_timeout=LONGEST_CLOSE_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, "0.0.0.0", port).start()  # nosec B104 # noqa: S104 - the host's router is outside
    except OSError:
        await runner.cleanup()
        raise
    return WebServer(runner)


@dataclass(frozen=True, slots=True)
class _Site:
    webhook: Webhook | None
    health: Callable[[], Awaitable[Health]]
    metrics: Callable[[], bytes]
    metrics_token: str | None = field(repr=False)

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Any request; a failure of this program's own is a 500, and logged without its words: they may quote."""
        try:
            return await self._page(request)
        except web.HTTPException:
            raise
        except Exception as error:  # noqa: BLE001
            logger.error("web: a request failed (%s)", type(error).__name__)
            return web.Response(status=500)

    async def _page(self, request: web.BaseRequest) -> web.Response:
        """By path and method: nothing else is here."""
        webhook = self.webhook
        if webhook is not None and request.path == webhook.path and request.method == "POST":
            return await _deliver(request, webhook)
        pages = {"/": _live, "/healthz": _live, "/healthz/ready": self._ready, "/metrics": self._show_metrics}
        page = pages.get(request.path)
        reading = request.method in ("GET", "HEAD")
        if page is not None and reading:
            return await page(request)
        allowed = [*(["GET", "HEAD"] if page else []), *(["POST"] if webhook and request.path == webhook.path else [])]
        if not allowed:
            return web.Response(status=404)
        return web.Response(status=405, headers={"Allow": ", ".join(allowed)})

    async def _ready(self, _: web.BaseRequest) -> web.Response:
        health = await self.health()
        state = {"ready": not health.not_ready, "not_ready": dict(health.not_ready), **health.figures}
        return web.json_response(state, status=503 if health.not_ready else 200, headers=_FRESH)

    async def _show_metrics(self, request: web.BaseRequest) -> web.Response:
        refusal = _refused(request, self.metrics_token)
        if refusal is not None:
            return refusal
        return web.Response(body=self.metrics(), headers={"Content-Type": CONTENT_TYPE, **_FRESH})


async def _live(_: web.BaseRequest) -> web.Response:
    return web.Response(text="ok\n", headers=_FRESH)


async def _deliver(request: web.BaseRequest, webhook: Webhook) -> web.Response:
    """Take one update in. Telegram delivers it again until it gets a 200."""
    if not _same(request.headers.get(SECRET_HEADER, ""), webhook.secret):
        return web.Response(status=403)
    try:
        async with asyncio.timeout(LONGEST_BODY_SECONDS):
            body = await request.read()  # 1 MiB at most, or aiohttp answers with 413
    except TimeoutError:
        return web.Response(status=408)
    except (ConnectionError, web.RequestPayloadError):  # cut off, or no body as its headers announce it
        return web.Response(status=400)
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        return web.Response(status=400)
    if not isinstance(update, dict) or type(update.get("update_id")) is not int:
        return web.Response(status=400)
    try:
        await webhook.accept(update)
    except StorageError as error:
        logger.error("webhook: an update cannot be stored (%s); Telegram will deliver it again", error)
        return web.Response(status=503)
    return web.Response()


def _refused(request: web.BaseRequest, token: str | None) -> web.Response | None:
    """Who may not see the metrics: without the token when there is one, otherwise from outside the private network."""
    if token is not None:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and _same(given.strip(), token):
            return None
        return web.Response(status=401, headers={"WWW-Authenticate": "Bearer"})
    if is_private(request.remote) and not any(header in request.headers for header in _FORWARDED):
        return None
    return web.Response(status=403)


def is_private(address: str | None) -> bool:
    """Whether a peer is this machine or on its private network."""
    try:
        peer = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    mapped = getattr(peer, "ipv4_mapped", None)
    return bool((mapped or peer).is_private)


def _same(given: str, secret: str) -> bool:
    """Compared in a time that tells nothing of where they differ."""
    return hmac.compare_digest(given.encode(errors="surrogateescape"), secret.encode())
