"""The query log as the chat sees it: it masks, it hashes, and it never costs anyone an answer."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.asking import ChatKind
from bot.privacy import ChatHasher, mask
from bot.storage import QueryRow, Storage

logger = logging.getLogger(__name__)

# People can edit a message for 48 hours: https://core.telegram.org/bots/faq and Telegram's own clients.
ANSWERS_KEPT = timedelta(days=3)
ANSWERS_IN_MEMORY = 5_000
REPORT_EVERY_SECONDS = 3600

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
    """Writes to storage; a failure is logged, counted and told to the operator at most once an hour.

    ``storage`` is ``None`` when the database could not be opened and the chat goes on without. ``report`` is how the
    operator is told; the application sets it.
    """

    def __init__(
        self,
        storage: Storage | None,
        hasher: ChatHasher,
        retention_days: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.report: Callable[[int], Awaitable[None]] | None = None
        self.failures = 0
        self._storage = storage
        self._hasher = hasher
        self._retention = timedelta(days=retention_days)
        self._clock = clock
        self._last_report: float | None = None
        # Most recent last. In memory as well, so that edits work while the database does not.
        self._answers: OrderedDict[tuple[str, int], int] = OrderedDict()

    async def record(self, asked: LoggedQuestion) -> None:
        """Write one question down, masked."""
        if self._storage is not None:
            await self._guarded(self._add(self._storage, asked))

    async def remember_answer(self, chat: int, question_message: int, answer_message: int) -> None:
        """Remember which message answered which, here and past a restart."""
        chat_hash = self._hasher(chat)
        self._answers[chat_hash, question_message] = answer_message
        self._answers.move_to_end((chat_hash, question_message))
        while len(self._answers) > ANSWERS_IN_MEMORY:
            self._answers.popitem(last=False)
        if self._storage is not None:
            await self._guarded(
                self._storage.add_answer(chat_hash, question_message, answer_message, datetime.now(UTC))
            )

    async def answer_to(self, chat: int, question_message: int) -> int | None:
        """The message that answered a question, while it is remembered."""
        chat_hash = self._hasher(chat)
        known = self._answers.get((chat_hash, question_message))
        if known is None and self._storage is not None:
            known = await self._guarded(self._storage.answer_to(chat_hash, question_message))
        return known

    async def purge(self) -> None:
        """Delete what is older than promised in /privasi."""
        if self._storage is None:
            return
        now = datetime.now(UTC)
        gone = await self._guarded(
            self._storage.purge(queries_before=now - self._retention, answers_before=now - ANSWERS_KEPT)
        )
        if gone:
            logger.info("query log: %d rows past their time deleted", gone)

    async def close(self) -> None:
        """Close the database."""
        if self._storage is not None:
            await self._storage.close()

    async def _add(self, storage: Storage, asked: LoggedQuestion) -> None:
        row = QueryRow(
            asked_at=datetime.now(UTC),
            chat_hash=self._hasher(asked.chat),
            chat_kind=asked.kind.value,
            question=mask(asked.question),
            status=asked.status,
            articles=asked.articles,
            milliseconds=asked.milliseconds,
            edited=asked.edited,
        )
        await storage.add_query(row)

    async def _guarded(self, work: Awaitable[T]) -> T | None:
        try:
            return await work
        except Exception as error:  # noqa: BLE001 - whatever the log suffers, the chat must go on
            self.failures += 1
            # The kind of error and its text only: neither holds the question.
            logger.error(
                "query log: cannot store or read (%s: %s), failure %d", type(error).__name__, error, self.failures
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
            logger.error("query log: cannot tell the admins (%s)", type(error).__name__)
