"""Every message to a chat waits for that chat's turn: ``bot.pacing`` says when it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.fencing import may_send
from bot.handlers.sending import LONGEST_WAIT_SECONDS
from bot.inbox import TryLaterError
from bot.lanes import chat_of
from bot.pacing import Pacer

# How long an update may hold one of the places among those that are handled.
LONGEST_TURN_SECONDS = 1.0


class Pacing(BaseRateLimiter[None]):
    """Between the bot and the transport, so that no message goes another way. Edits count only after a refusal."""

    def __init__(self, pacer: Pacer, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._pacer = pacer
        self._sleep = sleep

    async def initialize(self) -> None:
        """Nothing is held open."""

    async def shutdown(self) -> None:
        """Nothing is held open."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,
    ) -> Any:
        """Send when it is the chat's turn.

        Raises:
            TryLaterError: the chat of the update that is being handled may be another replica's by now.
            RetryAfter: Telegram has said that it takes nothing for this chat, for longer than is waited here.
            TelegramError: what sending raises.
        """
        _expect_own()
        chat = data.get("chat_id")
        if not isinstance(chat, int) or not endpoint.startswith(("send", "edit")) or endpoint == "sendChatAction":
            return await callback(*args, **kwargs)
        held = self._pacer.held(chat)
        if held > LONGEST_WAIT_SECONDS:
            raise RetryAfter(timedelta(seconds=held))  # asking all the same only makes it longer
        wait = self._pacer.turn(chat) if endpoint.startswith("send") else held
        if wait > 0:
            await self._sleep(wait)
            _expect_own()
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as error:
            # The public attribute warns of its change of type.
            self._pacer.hold(chat, error._retry_after.total_seconds())
            raise

    async def bulk_turn(self) -> None:
        """Wait for the next turn of what is sent unasked."""
        wait = self._pacer.bulk()
        if wait > 0:
            await self._sleep(wait)

    def hold(self, raw: dict[str, Any]) -> float:
        """For how many seconds an update should wait before it is handled, as its reply could not be sent now."""
        chat = None if "callback_query" in raw else chat_of(raw)
        wait = 0.0 if chat is None else self._pacer.wait(chat)
        return wait if wait > LONGEST_TURN_SECONDS else 0.0


def _expect_own() -> None:
    if not may_send():
        raise TryLaterError
