"""What a button says when it is tapped: short codes, because Telegram allows 64 bytes.

A code comes back from outside, so nothing in it is believed: an article is looked up by its key, an answer by its id
and the chat, and a page is kept in range.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_ID = r"[A-Za-z0-9_-]{12}"
_CODES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<verb>[op]):(?P<key>[0-9a-f]{16}):(?P<page>\d{1,5})",
        r"(?P<verb>s):(?P<page>\d{1,5})",
        r"(?P<verb>c):(?P<page>\d{1,2})",
        rf"(?P<verb>r):(?P<answer>{_ID}|-):(?P<from>\d{{1,2}}):(?P<key>[0-9a-f]{{16}}):(?P<block>\d{{1,5}}):(?P<page>\d{{1,5}})",
        rf"(?P<verb>m):(?P<answer>{_ID}):(?P<page>\d{{1,2}})",
        rf"(?P<verb>[ud]):(?P<answer>{_ID})",
        rf"(?P<verb>w):(?P<answer>{_ID}):(?P<reason>[a-z]{{1,12}})",
    )
)


class Reason(StrEnum):
    """Why an answer was not what was wanted."""

    PLACE = "place"
    OLD = "old"
    OTHER = "other"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class OpenArticle:
    """Show an article's page: in a message of its own (``turn`` false), or in place of the page shown (true)."""

    key: str  # library.key_of(article.id)
    page: int = 1
    turn: bool = False


@dataclass(frozen=True, slots=True)
class ReadQuoted:
    """Show an article in place of the answer that quotes it, and where the quotation stands in it.

    ``page`` 0 is the one with block ``block``. ``answer`` is the answer's id, to go back to its page ``answer_page``;
    ``None`` where nothing can be gone back to: page 0 then opens in a message of its own.
    """

    key: str
    block: int
    page: int = 0
    answer: str | None = None
    answer_page: int = 0


@dataclass(frozen=True, slots=True)
class ListSources:
    """Show a page of the list of articles in place of the one shown."""

    page: int


@dataclass(frozen=True, slots=True)
class AskChoice:
    """Ask the numbered question of the message that the button is under; it stands there, so no store is needed."""

    number: int


@dataclass(frozen=True, slots=True)
class ShowMore:
    """Show a page of an answer in place of the one shown: 0 is the answer itself, what follows its continuation."""

    answer: str
    page: int


@dataclass(frozen=True, slots=True)
class Rate:
    """Say that an answer was good, or not."""

    answer: str
    good: bool


@dataclass(frozen=True, slots=True)
class RateBecause:
    """Say that an answer was not good, and why."""

    answer: str
    reason: Reason


Tap = OpenArticle | ReadQuoted | ListSources | AskChoice | ShowMore | Rate | RateBecause


def encode(tap: Tap) -> str:
    """The tap as callback data."""
    match tap:
        case OpenArticle(key, page, turn):
            return f"{'p' if turn else 'o'}:{key}:{page}"
        case ReadQuoted(key, block, page, answer, answer_page):
            return f"r:{answer or '-'}:{answer_page}:{key}:{block}:{page}"
        case ListSources(page):
            return f"s:{page}"
        case AskChoice(number):
            return f"c:{number}"
        case ShowMore(answer, page):
            return f"m:{answer}:{page}"
        case Rate(answer, good):
            return f"{'u' if good else 'd'}:{answer}"
        case RateBecause(answer, reason):
            return f"w:{answer}:{reason}"


def decode(data: str | None) -> Tap | None:
    """The tap behind callback data; ``None`` for anything this version did not write."""
    match = next((found for code in _CODES if (found := code.fullmatch(data or ""))), None)
    if match is None:
        return None
    match match["verb"]:
        case "o" | "p" as verb:
            return OpenArticle(match["key"], int(match["page"]), turn=verb == "p")
        case "r":
            answer = None if match["answer"] == "-" else match["answer"]
            return ReadQuoted(match["key"], int(match["block"]), int(match["page"]), answer, int(match["from"]))
        case "s":
            return ListSources(int(match["page"]))
        case "c":
            return AskChoice(int(match["page"]))
        case "m":
            return ShowMore(match["answer"], int(match["page"]))
        case "u" | "d" as verb:
            return Rate(match["answer"], good=verb == "u")
        case _:
            return RateBecause(match["answer"], Reason(match["reason"])) if match["reason"] in set(Reason) else None


def choice(message_text: str, number: int) -> str | None:
    """The question written as "2. ..." in a message; ``None`` when there is none."""
    match = re.search(rf"^{number}\. (.+)$", message_text, re.MULTILINE)
    return match[1].strip() if match else None
