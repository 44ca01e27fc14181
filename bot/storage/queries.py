"""The query log, and which message answered which question."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from bot.storage.batches import Batches
from bot.storage.database import Database
from bot.storage.moments import stamp


@dataclass(frozen=True, slots=True)
class QueryRow:
    """One row of the query log; ``question`` is already masked and ``chat_hash`` already a code."""

    asked_at: datetime
    chat_hash: str
    chat_kind: str
    question: str
    status: str
    articles: tuple[str, ...]
    milliseconds: int
    edited: bool = False


class QueryStore:
    """The tables ``queries`` and ``answers``."""

    def __init__(self, database: Database, batches: Batches) -> None:
        self._database = database
        self._batches = batches

    async def add(self, row: QueryRow) -> None:
        """Add one row to the query log."""
        values = (
            stamp(row.asked_at),
            row.chat_hash,
            row.chat_kind,
            row.question,
            row.status,
            json.dumps(row.articles),
            row.milliseconds,
            int(row.edited),
        )
        await self._batches.write(
            "queries",
            "INSERT INTO queries (asked_at, chat_hash, chat_kind, question, status, articles, milliseconds, edited)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [values],
        )

    async def add_answer(self, chat_hash: str, question_message: int, answer_message: int, at: datetime) -> None:
        """Remember which message answered which; a later answer to the same question takes its place."""
        await self._batches.write(
            "answers",
            "INSERT INTO answers (chat_hash, question_message, answer_message, answered_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (chat_hash, question_message)"
            " DO UPDATE SET answer_message = excluded.answer_message, answered_at = excluded.answered_at",
            [(chat_hash, question_message, answer_message, stamp(at))],
        )

    async def answer_to(self, chat_hash: str, question_message: int) -> int | None:
        """The message that answered a question."""
        row = await self._database.read_one(
            "SELECT answer_message FROM answers WHERE chat_hash = ? AND question_message = ?",
            chat_hash,
            question_message,
        )
        return int(row[0]) if row else None

    async def delete_chat(self, chat_hash: str) -> tuple[int, int]:
        """Delete what is kept of a chat; returns how many questions went, and how many notes of answers."""
        async with self._database.transaction() as transaction:
            questions = await transaction.write("DELETE FROM queries WHERE chat_hash = ?", chat_hash)
            answers = await transaction.write("DELETE FROM answers WHERE chat_hash = ?", chat_hash)
        return questions, answers

    async def move(self, old_hash: str, new_hash: str) -> None:
        """Count a chat's questions to the one that it became; which message answered which is void there."""
        async with self._database.transaction() as transaction:
            await transaction.write("UPDATE queries SET chat_hash = ? WHERE chat_hash = ?", new_hash, old_hash)
            await transaction.write("DELETE FROM answers WHERE chat_hash = ?", old_hash)

    async def purge(self, *, queries_before: datetime, answers_before: datetime) -> int:
        """Delete what is older; returns how many queries went."""
        async with self._database.transaction() as transaction:
            gone = await transaction.write("DELETE FROM queries WHERE asked_at < ?", stamp(queries_before))
            await transaction.write("DELETE FROM answers WHERE answered_at < ?", stamp(answers_before))
        await self._database.scrub()
        return gone
