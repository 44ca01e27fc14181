"""Articles that are previewed and not yet approved, and the messages that ask for a correction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Database
from bot.storage.moments import stamp


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A draft; ``content`` is JSON, ``article`` names the article that is edited (``None``: a new one)."""

    id: str
    who: int
    article: str | None
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A message that asks for a draft's ``field``; a reply to it gives the value."""

    chat: int
    message: int
    draft: str
    field: str


class DraftStore:
    """The tables ``drafts`` and ``prompts``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, draft: StoredDraft, at: datetime) -> None:
        """Keep a draft as it is now."""
        await self._database.write(
            "INSERT INTO drafts (id, who, article, content, changed_at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET content = excluded.content, changed_at = excluded.changed_at",
            draft.id,
            draft.who,
            draft.article,
            draft.content,
            stamp(at),
        )

    async def find(self, number: str) -> StoredDraft | None:
        """The draft of that id, unless it was approved, given up or forgotten."""
        row = await self._database.read_one("SELECT id, who, article, content FROM drafts WHERE id = ?", number)
        return StoredDraft(*row) if row else None

    async def delete(self, number: str) -> bool:
        """Forget a draft, and what was asked about it; ``False`` when it was gone."""
        return bool(await self._database.write("DELETE FROM drafts WHERE id = ?", number))

    async def delete_of(self, who: int) -> int:
        """Forget a person's drafts; returns how many."""
        return await self._database.write("DELETE FROM drafts WHERE who = ?", who)

    async def purge(self, before: datetime) -> int:
        """Forget the drafts that were last touched before; returns how many."""
        return await self._database.write("DELETE FROM drafts WHERE changed_at < ?", stamp(before))

    async def ask(self, prompt: Prompt) -> None:
        """Remember what a message asks for."""
        await self._database.write(
            "INSERT INTO prompts (chat, message, draft, field) VALUES (?, ?, ?, ?) ON CONFLICT (chat, message) DO"
            " UPDATE SET draft = excluded.draft, field = excluded.field",
            prompt.chat,
            prompt.message,
            prompt.draft,
            prompt.field,
        )

    async def prompts(self) -> list[Prompt]:
        """Every message that a reply may be given to."""
        return [Prompt(*row) for row in await self._database.read("SELECT chat, message, draft, field FROM prompts")]
