"""Updates by long polling: fetched raw, and confirmed when the inbox has them safe."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import Any

from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.errors import RefusedByTelegramError
from bot.handlers.sending import describe
from bot.inbox import Inbox
from bot.storage.inbox import Update

logger = logging.getLogger(__name__)

POLL_SECONDS = 10
# Beyond that, for the response to come.
READ_SECONDS = 10.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0
# How long the program's end waits for its last word to Telegram.
LAST_WORD_SECONDS = 1.0


async def poll(bot: Bot, inbox: Inbox, allowed_updates: Sequence[str]) -> None:
    """Fetch until cancelled; whatever the network does, it is tried again.

    Raises:
        RefusedByTelegramError: the token was revoked.
    """
    polling = _Polling(bot, inbox, allowed_updates)
    try:
        while True:
            await inbox.room()
            await polling.once()
    finally:
        await polling.confirm()


class _Polling:
    def __init__(self, bot: Bot, inbox: Inbox, allowed_updates: Sequence[str]) -> None:
        self._bot = bot
        self._inbox = inbox
        self._allowed = list(allowed_updates)
        self._next: int | None = None  # what comes before it Telegram need not keep any more
        self._confirmed: int | None = None
        self._pause = 0.0

    async def once(self) -> None:
        """One poll, and what it brought; or a pause when it failed."""
        try:
            updates = await self._fetch(POLL_SECONDS)
        except InvalidToken as error:
            # A proxy's 404 page looks like a refused token, too.
            if await self._is_revoked():
                raise RefusedByTelegramError("BOT_TOKEN: Telegram does not accept this token any more") from error
            await self._after(error)
        except Exception as error:  # noqa: BLE001 - a response of an unknown shape must not end the polling either
            await self._after(error)
        else:
            self._pause = 0.0
            safe = await self._inbox.take(updates)
            if safe:
                self._next = updates[safe - 1]["update_id"] + 1
            if safe < len(updates):  # they come again with the next poll
                await asyncio.sleep(FIRST_PAUSE_SECONDS)

    async def confirm(self) -> None:
        """Tell Telegram of the last that arrived; were this lost, the inbox would know them again."""
        if self._next == self._confirmed:
            return
        with contextlib.suppress(TelegramError, TimeoutError):
            await asyncio.wait_for(self._fetch(0, limit=1), LAST_WORD_SECONDS)

    async def _fetch(self, seconds: int, limit: int | None = None) -> list[Update]:
        following = self._next
        parameters = {
            "offset": following,
            "limit": limit,
            "timeout": seconds,
            "allowed_updates": self._allowed,
        }
        # Not bot.get_updates: that reads all of them or, when one is of an unknown shape, none.
        fetched: Any = await self._bot._post("getUpdates", parameters, read_timeout=seconds + READ_SECONDS)
        if not isinstance(fetched, list):
            raise TypeError(f"found {type(fetched).__name__}, expected a list of updates")
        self._confirmed = following
        return [update for update in fetched if isinstance(update, dict) and isinstance(update.get("update_id"), int)]

    async def _is_revoked(self) -> bool:
        await asyncio.sleep(FIRST_PAUSE_SECONDS)
        try:
            await self._bot.get_me()
        except InvalidToken:
            return True
        except TelegramError:
            return False
        return False

    async def _after(self, error: Exception) -> None:
        self._pause = min(self._pause * 2 or FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
        if isinstance(error, RetryAfter):
            self._pause = max(self._pause, error._retry_after.total_seconds())  # the public one warns of its change
        if isinstance(error, Conflict):
            logger.error("another process is polling with this token; only one may (%s)", error)
        elif isinstance(error, NetworkError):
            logger.warning("cannot reach Telegram, trying again in %.0f s (%s)", self._pause, describe(error))
        elif isinstance(error, TelegramError):
            logger.error("polling failed, trying again in %.0f s (%s)", self._pause, describe(error))
        else:
            logger.error("polling failed, trying again in %.0f s (%s)", self._pause, type(error).__name__)
        await asyncio.sleep(self._pause)
