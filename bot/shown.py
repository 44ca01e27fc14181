"""The answers that were shown, as their buttons need them: masked, hashed, and known again after a restart."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.privacy import mask
from bot.querylog import QueryLog
from bot.storage.feedback import FeedbackStore, Rating, Shown

# 12 characters in a button; never guessed, and never twice.
_ID_BYTES = 9


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question as it was put to the archive: what it takes to work its answer out again."""

    question: str
    asked_on: date  # what "bulan lalu" is counted from
    previous: str | None = None
    region: str | None = None  # a code such as "35.01"


class ShownAnswers:
    """Remembers answers and what people said of them; without a store (the terminal) nothing is remembered."""

    def __init__(self, store: FeedbackStore | None, log: QueryLog, retention_days: int) -> None:
        self._store = store
        self._log = log
        self._retention = timedelta(days=retention_days)

    @staticmethod
    def new_id() -> str:
        """A name for an answer that is about to be shown."""
        return secrets.token_urlsafe(_ID_BYTES)

    def remember(self, answer: str, chat: int, asker: int | None, asked: Inquiry, status: str) -> None:
        """Remember the answer with that id, in the background: it is shown meanwhile."""
        if self._store is None:
            return
        shown = Shown(
            answer,
            self._log.hasher(chat),
            self.person(chat, asker),
            mask(asked.question),
            asked.asked_on,
            status,
            mask(asked.previous) if asked.previous else None,
            asked.region,
        )
        self._log.write(self._store.add(shown, datetime.now(UTC)))

    async def find(self, answer: str, chat: int) -> Shown | None:
        """The answer of that id, if it was shown in that chat and is still remembered.

        Raises:
            StorageError: the database fails.
        """
        return await self._store.find(answer, self._log.hasher(chat)) if self._store else None

    async def rate(self, answer: str, chat: int, rater: int, *, good: bool, reason: str | None = None) -> bool:
        """Keep a person's opinion in place of the one before; ``False`` when the answer is not remembered.

        Raises:
            StorageError: the database fails.
        """
        if self._store is None:
            return False
        rating = Rating(answer, self.person(chat, rater), good, reason)
        return await self._store.rate(rating, self._log.hasher(chat), datetime.now(UTC))

    async def purge(self) -> None:
        """Delete what is older than promised in /privasi."""
        if self._store is not None:
            await self._log.guarded(self._store.purge(datetime.now(UTC) - self._retention))

    def person(self, chat: int, user: int | None) -> str:
        """The code of a person in a chat; the same person has another code in every chat."""
        return self._log.hasher(f"{chat}:{user}")
