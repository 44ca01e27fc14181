"""What the bot sends unasked, to those who wished it: answers that were waited for, and digests of new articles.

Each is marked as sent before it is sent, on the disk: after a crash it may be missing, but nobody is told twice.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

from bot import digestboard, hours
from bot.deeplinks import Links
from bot.errors import StorageError
from bot.library import Library
from bot.regions import place_of
from bot.rendering import Frame, render
from bot.richtext import MESSAGE_UNITS, Reply, clip, length, paragraph
from bot.services import Services
from bot.storage import Storage
from bot.storage.chats import Digest
from bot.storage.waiting import Awaited
from index.answer import Found

logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 30
TRY_AGAIN = timedelta(minutes=5)
_QUESTION = 200


class Sent(Enum):
    """What became of a message."""

    YES = auto()
    GONE = auto()  # the chat blocked the bot, threw it out, or is no more
    LATER = auto()  # Telegram cannot take it now


Send = Callable[[int, int | None, Reply], Awaitable[Sent]]
"""Sends a message to (chat, topic)."""


@dataclass(frozen=True, slots=True)
class Told:
    """How many that waited were told, wait on because nothing answers them, and could not be told at this hour."""

    told: int
    waiting: int
    later: int


class Digests:
    """Looks again and again for what is to be sent; ``links`` make every quotation in it reopen its paragraph."""

    def __init__(self, services: Services, send: Send, links: Links) -> None:
        self._services = services
        self._send = send
        self._links = links
        self._noted: Library | None = None
        # Answered, but not yet to be sent; only these are asked again, and not at every look.
        self._held: set[str] = set()
        self._again = datetime.min.replace(tzinfo=UTC)

    async def look(self) -> None:
        """Send what is due. Whatever fails is logged, and tried again at the next look."""
        storage = self._services.storage
        if storage is None:
            return
        try:
            await self._note(storage)
            await self._digests(storage)
        except StorageError as error:
            logger.error("digests: the database fails (%s)", error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next look comes
            # Without the error's own words: those may quote a question.
            frames = "".join(traceback.format_tb(error.__traceback__))
            logger.error("digests: a look failed: %s\n%s", type(error).__name__, frames)

    async def _note(self, storage: Storage) -> None:
        """When the archive is another than last time: what is new in it, and who waited for that."""
        services, library = self._services, self._services.library
        if library is not self._noted:
            fingerprints = await asyncio.to_thread(lambda: list(library.archive.fingerprints.items()))
            await storage.chats.note_articles(fingerprints, services.now())
            await self._waiting(storage, library, await storage.waiting.all())
            self._noted = library
        elif self._held and services.now() >= self._again:
            held = [awaited for awaited in await storage.waiting.all() if awaited.id in self._held]
            await self._waiting(storage, library, held)

    # -- waited for -------------------------------------------------------------------------------------------

    async def _waiting(self, storage: Storage, library: Library, waits: Sequence[Awaited]) -> None:
        """Ask again what is waited for, and send what is answered now; what cannot be sent now is held."""
        self._held, self._again = set(), self._services.now() + TRY_AGAIN
        changes, refused = await storage.chats.changes(), False
        for awaited in waits:
            reply = await self._answered(library, awaited, changes)
            if reply is None:
                continue
            # Once Telegram has had enough, the others of this look need not try.
            if refused or await self._quiet(awaited.chat):
                self._held.add(awaited.id)
            elif await storage.waiting.take(awaited.id) and not await self._tell(storage, awaited, reply):
                self._held.add(awaited.id)
                refused = True

    async def tell_now(self, wanted: Callable[[Awaited], bool]) -> Told:
        """Ask the archive as it is, whatever is new in it, what those wait for whom ``wanted`` picks, and tell them.

        Raises:
            StorageError: the database fails.
        """
        storage, library = self._services.storage, self._services.library
        told = waiting = later = 0
        refused = False
        for awaited in await storage.waiting.all() if storage else ():
            if storage is None or not wanted(awaited):
                continue
            found = await asyncio.to_thread(
                library.archive.ask, awaited.question, awaited.previous, place_of(awaited.region)
            )
            if not isinstance(found, Found):
                waiting += 1
            elif refused or await self._quiet(awaited.chat):
                later += 1
            elif await storage.waiting.take(awaited.id):
                sent = await self._tell(storage, awaited, await self._render(found, library, awaited))
                told, later, refused = told + sent, later + (not sent), not sent
        return Told(told, waiting, later)

    async def _answered(self, library: Library, awaited: Awaited, changes: Mapping[str, datetime]) -> Reply | None:
        """The answer that what came or changed since gives; ``None`` when there is none."""
        if not changes or max(changes.values()) < awaited.asked_at:
            return None
        found = await asyncio.to_thread(
            library.archive.ask, awaited.question, awaited.previous, place_of(awaited.region)
        )
        if not isinstance(found, Found):
            return None
        answering = tuple(snippet for snippet in found.snippets if changes[snippet.article] >= awaited.asked_at)
        if not answering:
            return None
        return await self._render(replace(found, snippets=answering), library, awaited)

    async def _render(self, found: Found, library: Library, awaited: Awaited) -> Reply:
        services, settings = self._services, await self._services.chats.of(awaited.chat)
        group = awaited.chat < 0  # https://core.telegram.org/bots/api#chat: of groups the numbers are negative
        if group and settings.brief:
            found = replace(found, snippets=found.snippets[:1])
        frame = Frame(self._links, private_chat=group)
        return render(found, library, services.texts, services.today(), frame)

    async def _tell(self, storage: Storage, awaited: Awaited, reply: Reply) -> bool:
        """Send an answer; ``False`` when it could not be sent now, and is waited for still."""
        question = clip(awaited.question, _QUESTION)
        heading = paragraph(self._services.texts("waiting.found", question=question), bold=True)
        whole = Reply((heading, *reply.blocks), reply.rows)
        messages = [whole] if length(whole.blocks) <= MESSAGE_UNITS else [Reply((heading,)), reply]
        for number, message in enumerate(messages):
            sent = await self._send(awaited.chat, awaited.thread, message)
            if sent is Sent.GONE:
                await self._gone(storage, awaited.chat_hash)
                return True
            if sent is Sent.LATER and number == 0:
                await storage.waiting.put_back(awaited)
                return False
        return True

    # -- digests ----------------------------------------------------------------------------------------------

    async def _digests(self, storage: Storage) -> None:
        for digest in await storage.chats.due(self._services.now()):
            if not await self._quiet(digest.chat):
                await self._digest(storage, digest)

    async def _digest(self, storage: Storage, digest: Digest) -> None:
        services, library = self._services, self._services.library
        now = services.now()
        came = await storage.chats.came_between(digest.told_until, now)
        coverage = await services.surveys.of(library)
        there = await asyncio.to_thread(library.these, came)
        articles = [article for article in there if digestboard.wanted(article, digest.topics, coverage)]
        next_due = hours.next_time(digest.hour, digest.zone, now)
        claimed = await storage.chats.reschedule(
            digest.chat_hash, told_until=now, due_at=next_due, was_due_at=digest.due_at
        )
        if not claimed or not articles:
            return
        sent = await self._send(
            digest.chat, digest.thread, digestboard.message(articles, services.texts, services.today())
        )
        if sent is Sent.GONE:
            await self._gone(storage, digest.chat_hash)
        elif sent is Sent.LATER:
            await storage.chats.reschedule(
                digest.chat_hash, told_until=digest.told_until, due_at=now + TRY_AGAIN, was_due_at=next_due
            )

    async def _quiet(self, chat: int) -> bool:
        settings = await self._services.chats.of(chat)
        return hours.is_within(settings.quiet, settings.zone, self._services.now())

    @staticmethod
    async def _gone(storage: Storage, chat_hash: str) -> None:
        await storage.chats.stop_digest(chat_hash)
        await storage.waiting.delete_chat(chat_hash)


async def upkeep(digests: Digests) -> None:
    """Look every half minute, until cancelled."""
    while True:
        await digests.look()
        await asyncio.sleep(LOOK_EVERY_SECONDS)
