"""What an article is, once read: plain data with offsets into its text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from index.places import Place

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArticleDate:
    """A date with the precision that the article itself gives; what is unknown stays ``None``.

    ``weekday`` is kept only when the day of the month is unknown ("Rabu, 2022"): a known day says it already.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: str | None = None

    def __str__(self) -> str:
        """The date in Indonesian, no more precise than known: "23 September 2024", "Rabu, 2022", "2022"."""
        month = MONTHS[self.month - 1] if self.month else None
        date = " ".join(str(part) for part in (self.day, month, self.year) if part)
        return ", ".join(part for part in (self.weekday, date) if part)

    @property
    def sort_key(self) -> tuple[int, int, int]:
        """Newest last; an unknown part sorts before any known one."""
        return (self.year or 0, self.month or 0, self.day or 0)


class BlockKind(StrEnum):
    """What a stretch of an article's text is for its reader."""

    TITLE = "title"
    HEADING = "heading"  # a subhead: tells what follows, answers nothing by itself
    PARAGRAPH = "paragraph"
    ROW = "row"  # a line of a table, schedule or list
    CAPTION = "caption"  # of a photo, without the photographer's credit
    FURNITURE = "furniture"  # "Baca juga", share lines, bylines, credits, copyright: never quoted


@dataclass(frozen=True, slots=True)
class Block:
    """``body[start:end]``, trimmed of white space, datelines and bylines; blocks are in order and do not overlap."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Locality:
    """Where an article is from.

    ``shown`` is for the citation ("Kabupaten Pacitan, Jawa Timur"). ``places`` has several entries when the text does
    not tell a kota from the kabupaten of the same name.
    """

    shown: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One news article. ``body`` is the file's decoded text to the letter; every offset points into it."""

    id: str  # the file's stem
    body: str
    title: str  # as given, or the beginning of the lead when the page has none
    outlet: str | None = None
    locality: Locality | None = None
    date: ArticleDate | None = None
    url: str | None = None
    blocks: tuple[Block, ...] = field(default=(), repr=False)

    @property
    def recency(self) -> tuple[int, int, int]:
        """Newest last; an undated article sorts before any dated one."""
        return self.date.sort_key if self.date else (0, 0, 0)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the text and of what is cited with it: changes exactly when an answer could change."""
        parts = (self.body, self.title, self.outlet, self.locality and self.locality.shown, str(self.date), self.url)
        return hashlib.sha256(repr(parts).encode()).hexdigest()
