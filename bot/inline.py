"""What is offered to who writes "@bot pacitan" in any chat: quotations to share, page by page.

Nothing of it is logged: Telegram sends the words letter by letter while they are typed.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import date
from itertools import islice

from bot.deeplinks import Links
from bot.library import Library, key_of
from bot.pages import citation_of
from bot.rendering import Frame, quoting
from bot.richtext import Block, clip
from bot.services import Services
from index import phrasing
from index.answer import Found, NotFound, Related, Snippet
from index.article import Article, BlockKind
from index.texts import Texts

# Telegram takes 50 at most (https://core.telegram.org/bots/api#answerinlinequery); a phone shows a handful.
RESULTS = 10
# The same for everybody, so Telegram may keep it; soon enough forgotten for what /reindex brings.
CACHED_SECONDS = 300
_TITLE, _DESCRIPTION = 100, 200


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One quotation to share: how it is listed, the message that it becomes, and where its paragraph can be read."""

    id: str
    title: str
    description: str
    blocks: tuple[Block, ...]
    url: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """A page of them; ``hint`` is a line above them, ``following`` the offset of the next page, empty on the last."""

    listed: tuple[Suggestion, ...]
    hint: str | None = None
    following: str = ""


async def suggest(services: Services, typed: str, offset: str, links: Links) -> Suggestions:
    """What to list for what was typed so far, from ``offset`` on."""
    library, texts = services.library, services.texts
    # In a thread: people who ask need not wait for people who type.
    today = services.today()
    first = int(offset) if re.fullmatch("[0-9]{1,4}", offset) else 0
    # One more than is listed, to know whether there are more.
    snippets, hint = await asyncio.to_thread(_find, library, typed.strip(), texts, today, first + RESULTS + 1)
    listed = tuple(_suggestion(each, library, texts, today, links) for each in snippets[first : first + RESULTS])
    more = first + RESULTS < len(snippets)
    return Suggestions(listed, hint, str(first + RESULTS) if more else "")


def _find(library: Library, typed: str, texts: Texts, today: date, most: int) -> tuple[list[Snippet], str | None]:
    if not typed:
        leads = (lead for article in library.shelf if (lead := _lead(article)))
        return list(islice(leads, most)), texts("inline.hint")
    answer = library.archive.ask(typed, today=today)
    found: list[Snippet] = []
    if isinstance(answer, Found | Related):
        found = [*answer.snippets, *library.archive.further(answer)]
    # A name or a word that is typed here looks for every article of it, whether or not it makes a question.
    found += _every_other(library, typed, {snippet.article for snippet in found})
    if found:
        return found, texts("inline.nearest") if isinstance(answer, Related) else None
    return [], texts("inline.nothing" if isinstance(answer, NotFound) else "inline.hint")


def _every_other(library: Library, typed: str, quoted: set[str]) -> list[Snippet]:
    """The articles that hold all that was typed, beside those ``quoted``, each with its telling sentence."""
    finding = library.archive.find(typed, (), lambda article: article.id not in quoted)
    read = finding.understanding
    said = read.topic or read.place or read.time
    return [] if finding.partial or not said else list(finding.snippets)


def _lead(article: Article) -> Snippet | None:
    """An article's first paragraph."""
    block = next((each for each in article.blocks if each.kind is BlockKind.PARAGRAPH), None)
    if block is None:
        return None
    text = article.body[block.start : block.end]
    return Snippet(article.id, block.start, block.end, text, (), citation_of(article))


def _suggestion(snippet: Snippet, library: Library, texts: Texts, today: date, links: Links) -> Suggestion:
    key = key_of(snippet.article)
    article = library.article(key)
    assert article is not None  # the snippet is of this very archive
    source = phrasing.source_line(snippet.citation, texts, today)
    return Suggestion(
        id=f"{key}-{snippet.start}-{snippet.end}",
        title=clip(snippet.citation.title, _TITLE),
        description=clip(f"{source}: {snippet.text}", _DESCRIPTION),
        blocks=quoting([], (snippet,), library, texts, today, Frame(links)).blocks,
        url=links.to(article, snippet.start),
    )
