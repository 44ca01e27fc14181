"""Whether the bot can answer right now, for ``/healthz/ready``."""

from __future__ import annotations

import asyncio
import time

from bot.errors import StorageError
from bot.services import Services
from bot.web import Health

DATABASE_SECONDS = 2.0
# Some long polls and pauses; a bot in a quiet chat gets no updates for days, so it is the polls that count.
POLL_SECONDS = 120.0


async def readiness(services: Services, *, polling: bool) -> Health:
    """What is not ready, in words that anyone may see; by webhook nobody can tell whether updates would come."""
    metrics, now = services.metrics, time.monotonic()
    since_poll = None if metrics.last_poll is None else now - metrics.last_poll
    since_update = None if metrics.last_update is None else now - metrics.last_update
    not_ready = {}
    if not await _database_answers(services):
        not_ready["database"] = "does not answer"
    if not services.library.shelf:
        not_ready["archive"] = "holds no article"
    if polling and since_poll is None:
        not_ready["telegram"] = "was not reached yet"
    elif polling and since_poll is not None and since_poll > POLL_SECONDS:
        not_ready["telegram"] = f"was last reached {since_poll:.0f} s ago"
    figures: dict[str, float | None] = {
        "articles": len(services.library.shelf),
        "seconds_since_update": None if since_update is None else round(since_update, 1),
    }
    if polling:
        figures["seconds_since_poll"] = None if since_poll is None else round(since_poll, 1)
    return Health(not_ready, figures)


async def _database_answers(services: Services) -> bool:
    if services.storage is None:
        return False
    try:
        async with asyncio.timeout(DATABASE_SECONDS):
            await services.storage.check()
    except (StorageError, TimeoutError):
        return False
    return True
