"""What a button says when it is tapped: short codes, because Telegram allows 64 bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CODE = re.compile(
    r"(?:(?P<verb>[op]):(?P<key>[0-9a-f]{16}):(?P<page>\d{1,5})|s:(?P<list>\d{1,5})|c:(?P<choice>\d{1,2}))"
)


@dataclass(frozen=True, slots=True)
class OpenArticle:
    """Show an article's page: in a message of its own (``turn`` false), or in place of the page shown (true)."""

    key: str  # library.key_of(article.id)
    page: int = 1
    turn: bool = False


@dataclass(frozen=True, slots=True)
class ListSources:
    """Show a page of the list of articles in place of the one shown."""

    page: int


@dataclass(frozen=True, slots=True)
class AskChoice:
    """Ask the numbered question of the message that the button is under; it stands there, so no store is needed."""

    number: int


Tap = OpenArticle | ListSources | AskChoice


def encode(tap: Tap) -> str:
    """The tap as callback data."""
    if isinstance(tap, OpenArticle):
        return f"{'p' if tap.turn else 'o'}:{tap.key}:{tap.page}"
    return f"s:{tap.page}" if isinstance(tap, ListSources) else f"c:{tap.number}"


def decode(data: str | None) -> Tap | None:
    """The tap behind callback data; ``None`` for anything this version did not write."""
    match = _CODE.fullmatch(data or "")
    if match is None:
        return None
    if match["key"]:
        return OpenArticle(match["key"], int(match["page"]), turn=match["verb"] == "p")
    return ListSources(int(match["list"])) if match["list"] else AskChoice(int(match["choice"]))


def choice(message_text: str, number: int) -> str | None:
    """The question written as "2. ..." in a message; ``None`` when there is none."""
    match = re.search(rf"^{number}\. (.+)$", message_text, re.MULTILINE)
    return match[1].strip() if match else None
