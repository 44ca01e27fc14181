"""Links that reopen exactly one paragraph: ``t.me/<bot>?start=<payload>``, the same after any restart or rebuild. Pure.

A payload names the article, the paragraph, and what both said when the link was made, so that a link to what has
changed since says so. https://core.telegram.org/bots/features#deep-linking: at most 64 of A-Z, a-z, 0-9, _ and -.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.library import Library, key_of
from index.article import Article

_PAYLOAD = re.compile(r"k([0-9a-f]{16})-(\d{1,5})-([0-9a-f]{8})([0-9a-f]{6})")
_PARAGRAPH_DIGITS, _BODY_DIGITS = 8, 6


class Since(StrEnum):
    """What became of the article since the link was made."""

    SAME = "same"
    ELSEWHERE = "elsewhere"  # changed, but not this paragraph
    CHANGED = "changed"  # this paragraph is not there any more as it was


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a link leads now; ``block`` is the paragraph's number, ``None`` when it is not there any more."""

    article: Article
    block: int | None
    since: Since


@dataclass(frozen=True, slots=True)
class Links:
    """Makes links for one bot."""

    username: str

    def to(self, article: Article, offset: int) -> str:
        """The address of the paragraph of ``article`` at ``offset`` of its body."""
        return f"https://t.me/{self.username}?start={payload(article, block_at(article, offset))}"


def block_at(article: Article, offset: int) -> int:
    """The number of the block that holds ``offset``; the last one before it when none does."""
    starts = [number for number, block in enumerate(article.blocks) if block.start <= offset]
    return starts[-1] if starts else 0


def payload(article: Article, block: int) -> str:
    """What names a paragraph in a link, in at most 37 characters."""
    return f"k{key_of(article.id)}-{block}-{_fingerprint(article, block)}{_whole(article.body)}"


def is_link(start: str) -> bool:
    """Whether what a person's client sent after ``/start`` was made by ``payload``."""
    return _PAYLOAD.fullmatch(start) is not None


def follow(library: Library, start: str) -> Destination | None:
    """Where the link leads; ``None`` when its article has left the archive, or it is no link of ours."""
    match = _PAYLOAD.fullmatch(start)
    article = library.article(match[1]) if match else None
    if match is None or article is None:
        return None
    since = Since.SAME if _whole(article.body) == match[4] else Since.ELSEWHERE
    # A paragraph put in before it has moved it, or a rule of reading that counts paragraphs otherwise.
    for number in (int(match[2]), *range(len(article.blocks))):
        if number < len(article.blocks) and _fingerprint(article, number) == match[3]:
            return Destination(article, number, since)
    return Destination(article, None, Since.CHANGED)


def _fingerprint(article: Article, number: int) -> str:
    block = article.blocks[number]
    return _digest(article.body[block.start : block.end], _PARAGRAPH_DIGITS)


@lru_cache(maxsize=512)
def _whole(body: str) -> str:
    """An article's digest, which every link to it carries: worked out anew it takes longer than finding the answer."""
    return _digest(body, _BODY_DIGITS)


def _digest(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:digits]
