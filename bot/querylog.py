"""The query log as the chat sees it: it masks, it hashes, and it costs nobody an answer, nor a wait for one."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot.asking import ChatKind
from bot.logs import TOLD_ELSEWHERE
from bot.privacy import ChatHasher, mask
from bot.storage.queries import QueryRow, QueryStore

logger = logging.getLogger(__name__)

# People can edit a message for 48 hours: https://core.telegram.org/bots/faq and Telegram's own clients.
ANSWERS_KEPT = timedelta(days=3)
ANSWERS_IN_MEMORY = 5_000
REPORT_EVERY_SECONDS = 3600
# Writes that may wait for a database which another process has locked; what comes after them counts as failed.
WRITES_WAITING = 1_000
# How long the program's end waits for them.
LONGEST_CLOSE_SECONDS = 4.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LoggedQuestion:
    """A question that was answered, as it came in."""

    chat: int | str
    kind: ChatKind
    question: str
    status: str
    articles: tuple[str, ...]
    milliseconds: int
    edited: bool = False


class QueryLog:
    """Writes to storage, in the background and in order: a locked database must keep no question waiting.

    A failure is logged, counted and told to the operator at most once an hour.
    ``store`` is ``None`` when the database could not be opened and the chat goes on without. ``report`` is how the
    operator is told; the application sets it.
    """

    def __init__(
        self,
        store: QueryStore | None,
        hasher: ChatHasher,
        retention_days: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.report: Callable[[int], Awaitable[None]] | None = None
        self.failures = 0
        self._store = store
        self.hasher = hasher
        self._retention = timedelta(days=retention_days)
        self._clock = clock
        self._last_report: float | None = None
        self._writes: dict[asyncio.Task[None], None] = {}  # in the order in which they began
        # (answer's message, when), most recent last. In memory as well, so that edits work while the database does not.
        self._answers: OrderedDict[tuple[str, int], tuple[int, datetime]] = OrderedDict()

    def record(self, asked: LoggedQuestion) -> None:
        """Write one question down, masked."""
        if self._store is not None:
            self.write(self._add(self._store, asked))

    def remember_answer(self, chat: int, question_message: int, answer_message: int) -> None:
        """Remember which message answered which, here and past a restart."""
        chat_hash, now = self.hasher(chat), datetime.now(UTC)
        self._answers[chat_hash, question_message] = (answer_message, now)
        self._answers.move_to_end((chat_hash, question_message))
        while len(self._answers) > ANSWERS_IN_MEMORY:
            self._answers.popitem(last=False)
        if self._store is not None:
            self.write(self._store.add_answer(chat_hash, question_message, answer_message, now))

    async def answer_to(self, chat: int, question_message: int) -> int | None:
        """The message that answered a question, while it is remembered."""
        chat_hash = self.hasher(chat)
        known = self._answers.get((chat_hash, question_message))
        if known is not None:
            return known[0]
        return await self.guarded(self._store.answer_to(chat_hash, question_message)) if self._store else None

    async def written(self) -> None:
        """Wait until everything recorded so far is in the database, or has failed."""
        # The last first: mostly it is in the database together with those before it, and there is one to wait for.
        for write in reversed(tuple(self._writes)):
            if not write.done():
                await asyncio.wait((write,))

    async def forget_chat(self, chat: int | str) -> tuple[int, int]:
        """Delete what is kept of a chat: how many questions, and how many notes of which message answered which.

        Raises:
            StorageError: the database fails.
        """
        await self.written()  # or what is on its way would come after
        chat_hash = self.hasher(chat)
        for known in [key for key in self._answers if key[0] == chat_hash]:
            del self._answers[known]
        return await self._store.delete_chat(chat_hash) if self._store else (0, 0)

    async def purge(self) -> None:
        """Delete what is older than promised in /privasi."""
        now = datetime.now(UTC)
        while self._answers and next(iter(self._answers.values()))[1] < now - ANSWERS_KEPT:
            self._answers.popitem(last=False)
        if self._store is None:
            return
        gone = await self.guarded(
            self._store.purge(queries_before=now - self._retention, answers_before=now - ANSWERS_KEPT)
        )
        if gone:
            logger.info("query log: %d rows past their time deleted", gone)

    async def close(self) -> None:
        """Write what is still waiting, for as long as that may take."""
        try:
            await asyncio.wait_for(self.written(), LONGEST_CLOSE_SECONDS)
        except TimeoutError:
            lost = list(self._writes)
            logger.error("query log: %d rows not written: the database is locked", len(lost))
            for write in lost:
                write.cancel()
            await asyncio.gather(*lost, return_exceptions=True)

    async def _add(self, store: QueryStore, asked: LoggedQuestion) -> None:
        row = QueryRow(
            asked_at=datetime.now(UTC),
            chat_hash=self.hasher(asked.chat),
            chat_kind=asked.kind.value,
            question=mask(asked.question),
            status=asked.status,
            articles=asked.articles,
            milliseconds=asked.milliseconds,
            edited=asked.edited,
        )
        await store.add(row)

    def write(self, work: Coroutine[Any, Any, None]) -> None:
        """Do ``work`` in the background; a failure is counted and told, never raised."""
        if len(self._writes) >= WRITES_WAITING:
            work.close()
            self.failures += 1
            return
        write = asyncio.create_task(self.guarded(work), name="query log")
        self._writes[write] = None  # asyncio itself keeps only weak references to tasks
        write.add_done_callback(self._writes.pop)

    async def guarded(self, work: Awaitable[T]) -> T | None:
        """What ``work`` gives; ``None`` when it fails, which is counted and told."""
        try:
            return await work
        except Exception as error:  # noqa: BLE001 - whatever the log suffers, the chat must go on
            self.failures += 1
            # The kind of error and its text only: neither holds the question.
            logger.error(
                "query log: cannot store or read (%s: %s), failure %d",
                type(error).__name__,
                error,
                self.failures,
                extra={TOLD_ELSEWHERE: True},
            )
            await self._tell()
            return None

    async def _tell(self) -> None:
        now = self._clock()
        if self.report is None or (self._last_report is not None and now - self._last_report < REPORT_EVERY_SECONDS):
            return
        self._last_report = now
        try:
            await self.report(self.failures)
        except Exception as error:  # noqa: BLE001 - telling is the last resort: nobody is left to tell
            logger.warning("query log: cannot tell the admins (%s)", type(error).__name__)
