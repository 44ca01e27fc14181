"""From what an editor sends to an article on the shelf, with a line in the audit trail for each change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ParamSpec, TypeVar

from bot.desk import Desk, Pending
from bot.holdings import ARTICLES
from bot.intake.documents import Document
from bot.intake.drafts import Draft, draft_again, draft_of
from bot.intake.fetching import Fetcher
from bot.intake.likeness import Twin, twins
from bot.intake.parsing import Parser
from bot.intake.publishing import unpublished
from bot.intake.shelf import Action, Entry, Shelf, Version
from bot.library import Library, key_of
from bot.mirror import Mirror
from bot.settings import Settings
from bot.staff import Staff
from bot.storage.drafts import DraftStore
from index.article import Article

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shelved:
    """An article as it stands on the shelf."""

    id: str
    article: Article
    hidden: bool
    searchable: bool  # the live archive has it
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in the list of all; ``title`` is ``None`` where it would have to be read first."""

    id: str
    title: str | None
    hidden: bool
    searchable: bool


class Newsroom:
    """Reads, previews, shelves. What blocks on the disk or the processor happens in threads and processes."""

    def __init__(
        self,
        settings: Settings,
        staff: Staff,
        drafts: DraftStore | None,
        now: Callable[[], datetime],
        mirror: Mirror | None = None,
    ) -> None:
        self.desk = Desk(drafts, now)
        publish = mirror.publisher(ARTICLES) if mirror else unpublished
        self.shelf = Shelf(settings.articles_dir, settings.seeds_dir, now, publish)
        self._mirror = mirror
        self.fetcher = Fetcher()  # app.py gives it the certificates
        self._parser = Parser()
        self._staff = staff

    # -- reading ----------------------------------------------------------------------------------------------

    async def read_file(self, data: bytes, name: str, mime: str) -> Draft:
        """A draft of a file.

        Raises:
            IntakeError: it cannot be one, here and below; nothing was changed.
        """
        document = await self._parser.read(data, name=name, mime=mime)
        return await asyncio.to_thread(draft_of, document, source=f"chat: {name}" if name else "chat")

    async def read_page(self, address: str) -> Draft:
        """A draft of what a web address leads to."""
        page = await self.fetcher.fetch(address)
        document = await self._parser.read(
            page.data, name=page.name, mime=page.mime, charset=page.charset, url=page.url
        )
        return await asyncio.to_thread(draft_of, document, source=f"chat: {page.url}")

    async def read_text(self, text: str) -> Draft:
        """A draft of a text that was pasted."""
        return await self.read_file(text.encode(), "", "text/plain")

    async def text_of_file(self, data: bytes, name: str, mime: str) -> str:
        """Only the text of a file."""
        document: Document = await self._parser.read(data, name=name, mime=mime)
        return document.text

    async def likeness(self, draft: Draft, archive: Iterable[Article]) -> tuple[Twin, ...]:
        """The articles that a draft repeats."""
        return await asyncio.to_thread(twins, draft.article, archive)

    # -- the shelf --------------------------------------------------------------------------------------------

    async def approve(self, pending: Pending) -> tuple[str, bool]:
        """Store a draft; the article's name, and whether anything was changed. Done twice, it is done once.

        Raises:
            IntakeError: it cannot be stored; the draft stays on the desk.
            StorageError: the database fails; approving again finishes it.
        """
        if pending.article is None:
            # One that a crash interrupted after the article was stored is not stored a second time.
            stored = await self._on_shelf(self.shelf.holding, pending.draft.files())
            entry = None if stored else await self._on_shelf(self.shelf.add, pending.draft, pending.who)
            name = entry.article if entry else stored or ""
            changed = True
        else:
            name = pending.article
            entry = await self._on_shelf(self.shelf.edit, name, pending.draft, pending.who)
            changed = await self._is_unnoted(name) if entry is None else True
        action = Action.ADDED if pending.article is None else Action.EDITED
        await self._note(entry, pending.who, action, name)
        await self.desk.close(pending.id)
        return name, changed

    async def correct(self, name: str, who: int) -> Pending:
        """Put an article of the shelf on somebody's desk."""
        files = await self._on_shelf(self.shelf.files, name)
        return await self.desk.put(who, await asyncio.to_thread(draft_again, name, files), name)

    async def hide(self, name: str, who: int) -> bool:
        """Leave an article out of the archive; ``False`` when it is hidden already."""
        entry = await self._on_shelf(self.shelf.hide, name, who)
        return await self._note(entry, who, Action.HIDDEN, name)

    async def restore(self, name: str, who: int) -> bool:
        """Let an article back in; ``False`` when it is not hidden."""
        entry = await self._on_shelf(self.shelf.restore, name, who)
        return await self._note(entry, who, Action.RESTORED, name)

    async def roll_back(self, name: str, version: int, who: int) -> bool:
        """Put an earlier version in place; ``False`` when nothing differs."""
        entry = await self._on_shelf(self.shelf.roll_back, name, version, who)
        return await self._note(entry, who, Action.ROLLED_BACK, name)

    async def look(self, name: str, library: Library) -> Shelved:
        """An article as it stands on the shelf, hidden or not."""

        def read() -> Shelved:
            article = draft_again(name, self.shelf.files(name)).article
            searchable = library.article(key_of(name)) is not None
            return Shelved(name, article, name in self.shelf.hidden(), searchable, self.shelf.versions(name))

        return await asyncio.to_thread(read)

    async def listed(self, library: Library, words: str = "") -> list[Listed]:
        """Every article: the hidden ones first, then those that the archive does not have, then newest first.

        It does not have what could not be read, or was refused by the golden questions. With ``words`` only those that
        have all of them in their name or title.
        """
        hidden = await asyncio.to_thread(self.shelf.hidden)
        stored = await asyncio.to_thread(self.shelf.stored)
        titles = await asyncio.to_thread(lambda: {each.id: each.title for each in library.shelf})
        order = [Listed(name, titles.get(name), hidden=True, searchable=name in titles) for name in hidden]
        order += [
            Listed(name, None, hidden=False, searchable=False)
            for name in stored
            if name not in titles and name not in hidden
        ]
        order += [
            Listed(name, title, hidden=False, searchable=True) for name, title in titles.items() if name not in hidden
        ]
        wanted = words.lower().split()
        return [each for each in order if all(word in f"{each.id} {each.title or ''}".lower() for word in wanted)]

    async def name_of(self, key: str, library: Library) -> str | None:
        """The article behind a button; ``None`` when there is none."""
        found = await asyncio.to_thread(library.article, key)
        if found is not None:
            return found.id
        others = {*await asyncio.to_thread(self.shelf.hidden), *await asyncio.to_thread(self.shelf.stored)}
        return next((name for name in others if key_of(name) == key), None)

    async def _on_shelf(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Do something in a thread, with the shelf as it is for all bots that share it.

        Raises:
            StorageError: what they share cannot be reached; nothing was changed.
        """
        if self._mirror is not None:
            await self._mirror.refresh()
        return await asyncio.to_thread(work, *arguments, **named)

    async def _note(self, entry: Entry | None, who: int, action: Action, name: str) -> bool:
        """Write a change into the trail; also one that was made before and never noted, after a crash in between."""
        if entry is not None:
            version = None if entry.version is None else str(entry.version)
            detail = version if entry.came_from is None else f"{entry.came_from} -> {entry.version}"
            await self._staff.note(entry.who, entry.action, entry.article, detail)
            return True
        if not await self._is_unnoted(name):
            return False
        newest = await self._newest(name)
        shown = action in {Action.HIDDEN, Action.RESTORED} or not newest
        await self._staff.note(who, action, name, None if shown else str(newest))
        return True

    async def _is_unnoted(self, name: str) -> bool:
        """Whether the shelf has a version of an article, or hides it, and the trail does not tell of it."""
        deeds = await self._staff.deeds_of(name)
        noted = max((_version(deed.detail) for deed in deeds), default=0)
        turned = next((deed.action for deed in deeds if deed.action in {Action.HIDDEN, Action.RESTORED}), None)
        hidden = name in await asyncio.to_thread(self.shelf.hidden)
        return await self._newest(name) > noted or hidden != (turned == Action.HIDDEN)

    async def _newest(self, name: str) -> int:
        return max((each.number for each in await asyncio.to_thread(self.shelf.versions, name)), default=0)


def _version(detail: str | None) -> int:
    """The version in a line of the trail; 0 when it names none."""
    number = (detail or "").rpartition(" ")[2]
    return int(number) if number.isdecimal() else 0
