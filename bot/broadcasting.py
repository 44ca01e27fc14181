"""/siaran: a message of an owner to all subscribers, at a pace that Telegram allows, and nobody twice.

The pace is kept by what sends (``bot.pacing``).
Each chat is struck off on the disk before it is sent to: after a crash the rest goes on, and one may have missed it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.choices import Verb, encode
from bot.digests import Send, Sent
from bot.errors import StorageError
from bot.richtext import Button, Reply, paragraph, sentence, units
from bot.services import Services
from bot.storage import Storage
from bot.storage.broadcasts import Broadcast
from index.texts import Texts

logger = logging.getLogger(__name__)

PROGRESS_SECONDS = 3.0
# When Telegram cannot take one now, and how often it is tried again.
PAUSE_SECONDS, ATTEMPTS = 30.0, 5
MOST_UNITS = 3500

Show = Callable[[Broadcast, Reply], Awaitable[None]]
"""Shows the owner how a broadcast goes."""


class Broadcasts:
    """Sends the broadcasts that were confirmed, one after the other, in the background.

    ``may_send``: whether that is for this process to do, and not for another replica.
    """

    def __init__(self, services: Services, send: Send, show: Show) -> None:
        self.may_send: Callable[[], bool] = lambda: True
        self._services = services
        self._send = send
        self._show = show
        self._task: asyncio.Task[None] | None = None
        self._woken = False

    def wake(self) -> None:
        """Send what is confirmed, if that is not under way."""
        if not self.may_send():
            return
        self._woken = True  # heard also by a task that has just looked for the last time
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work(), name="broadcast")

    async def finished(self) -> None:
        """Wait until all is sent."""
        if self._task is not None:
            await self._task

    async def stop(self) -> None:
        """Leave the rest for the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        storage = self._services.storage
        assert storage is not None  # a broadcast is confirmed in it
        try:
            while self._woken:
                self._woken = False
                for broadcast in await storage.broadcasts.begun():
                    await self._broadcast(storage, broadcast)
        except StorageError as error:
            logger.error("a broadcast waits for the next start: the database fails (%s)", error)
        except Exception as error:
            # Without the error's own words: those may quote the message.
            logger.exception("a broadcast waits for the next start (%s)", type(error).__name__, exc_info=None)

    async def _broadcast(self, storage: Storage, broadcast: Broadcast) -> None:
        texts = self._services.texts
        reply = message(broadcast.text, texts)
        shown = 0.0
        while (code := await storage.broadcasts.next_target(broadcast.id)) is not None:
            if not self.may_send():
                return
            if not await storage.broadcasts.take(broadcast.id, code):
                continue
            digest = await storage.chats.digest(code)
            if digest is None:  # stopped in the meantime
                broadcast = replace(broadcast, total=broadcast.total - 1)
                await storage.broadcasts.count(broadcast)
                continue
            reached = await self._deliver(storage, code, (digest.chat, digest.thread), reply)
            broadcast = replace(broadcast, sent=broadcast.sent + reached, failed=broadcast.failed + (not reached))
            await storage.broadcasts.count(broadcast)
            if time.monotonic() - shown >= PROGRESS_SECONDS:
                shown = time.monotonic()
                await self._show(broadcast, progress(broadcast, texts))
        await storage.broadcasts.delete(broadcast.id)
        await self._services.staff.note(broadcast.who, "broadcast", broadcast.id, f"{broadcast.sent}/{broadcast.total}")
        await self._show(broadcast, ended(broadcast, texts))

    async def _deliver(self, storage: Storage, code: str, where: tuple[int, int | None], reply: Reply) -> bool:
        for attempt in range(ATTEMPTS):
            if attempt:
                await asyncio.sleep(PAUSE_SECONDS)
            sent = await self._send(*where, reply)
            if sent is Sent.GONE:
                # Blocked, or thrown out: nothing is sent there any more, by anyone.
                await storage.chats.stop_digest(code)
                await storage.waiting.delete_chat(code)
            if sent is not Sent.LATER:
                return sent is Sent.YES
        return False


def message(text: str, texts: Texts) -> Reply:
    """What each subscriber gets."""
    blocks = sentence(text).blocks
    return Reply((*blocks, paragraph(texts("digest.how_to_stop"), italic=True)))


def too_long(text: str) -> bool:
    """Whether it would not fit into one message."""
    return units(text) > MOST_UNITS


def preview(broadcast: Broadcast, texts: Texts) -> Reply:
    """The message as it will be, and the question whether to send it."""
    blocks = (
        paragraph(texts("broadcast.preview", count=broadcast.total), bold=True),
        *message(broadcast.text, texts).blocks,
    )
    yes = Button(texts("broadcast.send", count=broadcast.total), encode(Verb.BROADCAST, broadcast.id, "yes"))
    no = Button(texts("broadcast.cancel"), encode(Verb.BROADCAST, broadcast.id, "no"))
    return Reply(blocks, ((yes,), (no,)))


def progress(broadcast: Broadcast, texts: Texts) -> Reply:
    """How far it is."""
    done = broadcast.sent + broadcast.failed
    return sentence(texts("broadcast.progress", done=done, total=broadcast.total))


def ended(broadcast: Broadcast, texts: Texts) -> Reply:
    """What it came to; struck off and not counted is who was being sent to when the bot was killed."""
    told = texts("broadcast.ended", sent=broadcast.sent, failed=broadcast.failed)
    unsure = broadcast.total - broadcast.sent - broadcast.failed
    return sentence(f"{told} {texts('broadcast.unsure', count=unsure)}" if unsure > 0 else told)
