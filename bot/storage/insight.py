"""What the log can tell: how much was asked, what stayed without a good answer, and what was done about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Database
from bot.storage.moments import stamp

# Greetings and fragments are no questions; an edited question is asked again, and counts once.
_ASKED = "status IN ('answered', 'related', 'not_found') AND edited = 0"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions one chat asked in one hour with one outcome."""

    hour: datetime
    chat_hash: str
    status: str
    questions: int


@dataclass(frozen=True, slots=True)
class Opinions:
    """How many opinions of one kind one chat gave; ``reason`` only of bad ones."""

    chat_hash: str
    good: bool
    reason: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question without a good answer, masked. ``why``: related, not_found, or bad for one that somebody disliked."""

    question: str
    asked_at: datetime
    chat_hash: str
    why: str


@dataclass(frozen=True, slots=True)
class LoggedRow:
    """A row of the query log as it is exported."""

    asked_at: datetime
    chat_hash: str
    chat_kind: str
    question: str
    status: str
    articles: str  # a JSON list
    milliseconds: int
    edited: bool


class InsightStore:
    """Reads the tables of others, and owns ``handled``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tallies(self, since: datetime) -> list[Tally]:
        """Questions by hour, chat and outcome."""
        rows = await self._database.read(
            f"SELECT substr(asked_at, 1, 13), chat_hash, status, count(*) FROM queries WHERE {_ASKED}"  # nosec B608 # noqa: S608 - ours
            " AND asked_at >= ? GROUP BY substr(asked_at, 1, 13), chat_hash, status",
            stamp(since),
        )
        return [Tally(datetime.fromisoformat(f"{hour}:00:00+00:00"), *rest) for hour, *rest in rows]

    async def questions(self, since: datetime, most: int) -> list[tuple[str, str]]:
        """The newest (question, chat's code), each pair once."""
        rows = await self._database.read(
            f"SELECT question, chat_hash FROM queries WHERE asked_at >= ? AND {_ASKED}"  # nosec B608 # noqa: S608 - ours
            " GROUP BY question, chat_hash ORDER BY max(asked_at) DESC LIMIT ?",
            stamp(since),
            most,
        )
        return [(question, chat) for question, chat in rows]

    async def opinions(self, since: datetime) -> list[Opinions]:
        """What was said of answers, by chat."""
        rows = await self._database.read(
            "SELECT shown.chat_hash, ratings.good, ratings.reason, count(*)"
            " FROM ratings JOIN shown ON shown.id = ratings.answer WHERE ratings.rated_at >= ?"
            " GROUP BY shown.chat_hash, ratings.good, ratings.reason",
            stamp(since),
        )
        return [Opinions(chat, bool(good), reason, count) for chat, good, reason, count in rows]

    async def unanswered(self, since: datetime, most: int) -> list[Asked]:
        """The newest questions without a good answer: near or no answers, and answers that were disliked."""
        rows = await self._database.read(
            "SELECT question, asked_at, chat_hash, status AS why FROM queries"
            " WHERE asked_at >= ? AND status IN ('related', 'not_found')"
            " UNION ALL SELECT shown.question, ratings.rated_at, shown.chat_hash, 'bad'"
            " FROM ratings JOIN shown ON shown.id = ratings.answer"
            " WHERE ratings.rated_at >= ? AND ratings.good = 0 ORDER BY 2 DESC LIMIT ?",
            stamp(since),
            stamp(since),
            most,
        )
        return [Asked(question, datetime.fromisoformat(at), chat, why) for question, at, chat, why in rows]

    async def export(self, since: datetime, most: int) -> list[LoggedRow]:
        """The newest rows of the query log, oldest first."""
        rows = await self._database.read(
            "SELECT asked_at, chat_hash, chat_kind, question, status, articles, milliseconds, edited FROM queries"
            " WHERE asked_at >= ? ORDER BY id DESC LIMIT ?",
            stamp(since),
            most,
        )
        return [
            LoggedRow(datetime.fromisoformat(at), chat, kind, question, status, articles, milliseconds, bool(edited))
            for at, chat, kind, question, status, articles, milliseconds, edited in reversed(rows)
        ]

    async def handled(self) -> dict[str, datetime]:
        """When each question was dealt with, by its code."""
        rows = await self._database.read("SELECT question, handled_at FROM handled")
        return {question: datetime.fromisoformat(at) for question, at in rows}

    async def handle(self, questions: Iterable[str], at: datetime) -> None:
        """Note that questions, by their codes, were dealt with."""
        async with self._database.transaction() as transaction:
            await transaction.write_many(
                "INSERT INTO handled (question, handled_at) VALUES (?, ?)"
                " ON CONFLICT (question) DO UPDATE SET handled_at = excluded.handled_at",
                [(question, stamp(at)) for question in questions],
            )

    async def unhandle(self, questions: Iterable[str]) -> None:
        """Take that back."""
        async with self._database.transaction() as transaction:
            await transaction.write_many("DELETE FROM handled WHERE question = ?", [(each,) for each in questions])

    async def purge(self, before: datetime) -> int:
        """Forget what was dealt with before; returns how many."""
        return await self._database.write("DELETE FROM handled WHERE handled_at < ?", stamp(before))
