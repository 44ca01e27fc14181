"""Drafts between their preview and their approval, and the questions asked about them; both outlive a restart."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import StorageError
from bot.intake.drafts import Draft
from bot.storage.drafts import DraftStore, Prompt, StoredDraft

KEPT = timedelta(days=7)
_ID_BYTES = 6


@dataclass(frozen=True, slots=True)
class Pending:
    """A draft on the desk of ``who``; ``article`` names the article that it corrects, ``None`` is a new one."""

    id: str
    who: int
    draft: Draft
    article: str | None = None

    def with_draft(self, draft: Draft) -> Pending:
        """The same, corrected."""
        return replace(self, draft=draft)


class Desk:
    """Keeps drafts in the database. Which messages ask for something is known in memory, too: it routes messages."""

    def __init__(self, store: DraftStore | None, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._prompts: dict[tuple[int, int], Prompt] = {}

    async def load(self) -> None:
        """Read what was asked before the restart.

        Raises:
            StorageError: the database fails, here and below.
        """
        if self._store is not None:
            self._prompts = {(prompt.chat, prompt.message): prompt for prompt in await self._store.prompts()}

    async def put(self, who: int, draft: Draft, article: str | None = None) -> Pending:
        """Put a draft on somebody's desk."""
        pending = Pending(secrets.token_urlsafe(_ID_BYTES), who, draft, article)
        await self.save(pending)
        return pending

    async def save(self, pending: Pending) -> None:
        """Keep a corrected draft."""
        draft = pending.draft
        content = {
            "id": draft.id,
            "text": draft.text,
            "found": dict(draft.found),
            "corrected": dict(draft.corrected),
            "left_out": draft.left_out,
        }
        stored = StoredDraft(pending.id, pending.who, pending.article, json.dumps(content))
        await self._kept().save(stored, self._now())

    async def find(self, number: str) -> Pending | None:
        """The draft of that id, unless it was approved, given up or forgotten."""
        stored = await self._kept().find(number)
        if stored is None:
            return None
        # A long article takes a moment to be read.
        draft = await asyncio.to_thread(_draft, stored.content)
        return Pending(stored.id, stored.who, draft, stored.article)

    async def close(self, number: str) -> bool:
        """Take a draft off the desk; ``False`` when it was gone."""
        self._prompts = {key: prompt for key, prompt in self._prompts.items() if prompt.draft != number}
        return await self._kept().delete(number)

    async def clear(self, who: int) -> int:
        """Take everything off somebody's desk; returns how many drafts that were."""
        gone = await self._kept().delete_of(who)
        await self.load()
        return gone

    async def ask(self, prompt: Prompt) -> None:
        """Remember what a message of ours asks for."""
        self._prompts[prompt.chat, prompt.message] = prompt
        await self._kept().ask(prompt)

    def asked(self, chat: int, message: int) -> Prompt | None:
        """What that message of ours asks for, if anything."""
        return self._prompts.get((chat, message))

    async def purge(self) -> None:
        """Forget drafts that nobody touched for a week."""
        if self._store is not None and await self._store.purge(self._now() - KEPT):
            await self.load()

    def _kept(self) -> DraftStore:
        if self._store is None:
            raise StorageError("there is no database")
        return self._store


def _draft(content: str) -> Draft:
    kept = json.loads(content)
    return Draft(kept["id"], kept["text"], kept["found"], kept["corrected"], tuple(kept["left_out"]))
