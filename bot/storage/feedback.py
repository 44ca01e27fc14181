"""Answers that were shown, and what people said of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.storage.batches import Batches
from bot.storage.database import Database
from bot.storage.moments import stamp


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer under which there are buttons; its words are already masked and its hashes already codes.

    ``question``, ``asked_on``, ``previous`` and ``region`` (a code such as "35.01") are what it takes to work it out
    again.
    """

    id: str
    chat_hash: str
    asker_hash: str
    question: str
    asked_on: date
    status: str
    previous: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """One person's opinion of an answer; ``reason`` only of a bad one."""

    answer: str
    rater_hash: str
    good: bool
    reason: str | None = None


class FeedbackStore:
    """The tables ``shown`` and ``ratings``."""

    def __init__(self, database: Database, batches: Batches) -> None:
        self._database = database
        self._batches = batches

    async def add(self, shown: Shown, at: datetime) -> None:
        """Remember an answer."""
        values = (
            shown.id,
            shown.chat_hash,
            shown.asker_hash,
            stamp(at),
            shown.question,
            shown.asked_on.isoformat(),
            shown.previous,
            shown.region,
            shown.status,
        )
        await self._batches.write(
            "shown",
            "INSERT INTO shown (id, chat_hash, asker_hash, shown_at, question, asked_on, previous, region, status)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [values],
        )

    async def find(self, answer: str, chat_hash: str) -> Shown | None:
        """The answer of that id shown in that chat; ``None`` when there is none, or none any more."""
        row = await self._database.read_one(
            "SELECT id, chat_hash, asker_hash, question, asked_on, status, previous, region FROM shown"
            " WHERE id = ? AND chat_hash = ?",
            answer,
            chat_hash,
        )
        if row is None:
            return None
        number, chat, asker, question, asked_on, status, previous, region = row
        return Shown(number, chat, asker, question, date.fromisoformat(asked_on), status, previous, region)

    async def rate(self, rating: Rating, chat_hash: str, at: datetime) -> bool:
        """Keep an opinion in place of the same person's last one; ``False`` when that answer is not known there.

        Saying once more that it was bad keeps the reason given before.
        """
        changed = await self._database.write(
            "INSERT INTO ratings (answer, rater_hash, good, reason, rated_at)"
            " SELECT id, ?, ?, ?, ? FROM shown WHERE id = ? AND chat_hash = ?"
            " ON CONFLICT (answer, rater_hash) DO UPDATE SET good = excluded.good, rated_at = excluded.rated_at,"
            " reason = CASE WHEN excluded.good = 1 THEN NULL ELSE coalesce(excluded.reason, ratings.reason) END",
            rating.rater_hash,
            int(rating.good),
            rating.reason,
            stamp(at),
            rating.answer,
            chat_hash,
        )
        return changed > 0

    async def purge(self, before: datetime) -> int:
        """Delete the answers shown before, with what was said of them; returns how many answers went."""
        return await self._database.write("DELETE FROM shown WHERE shown_at < ?", stamp(before))

    async def move(self, old_hash: str, new_hash: str) -> None:
        """Count a chat's answers to the one that it became."""
        await self._database.write("UPDATE shown SET chat_hash = ? WHERE chat_hash = ?", new_hash, old_hash)

    async def delete_chat(self, chat_hash: str) -> int:
        """Delete a chat's answers, with what was said of them; returns how many answers went."""
        return await self._database.write("DELETE FROM shown WHERE chat_hash = ?", chat_hash)
