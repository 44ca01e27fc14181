"""What comes back from a question: quotations with citations, or a reasoned absence of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from index.article import ArticleDate


@dataclass(frozen=True, slots=True)
class Citation:
    """What a reader needs to judge and find the source; ``place`` as shown ("Kabupaten Pacitan, Jawa Timur").

    ``article`` is its id, for whoever wants to open it: two articles that are cited alike are one source to a reader.
    """

    title: str
    outlet: str | None
    place: str | None
    date: ArticleDate | None
    url: str | None
    article: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A verbatim quotation: ``text == article.body[start:end]``.

    ``highlights`` are (start, end) offsets into ``text`` of the words that the question matched. ``also_in`` cites
    near-duplicates of the article that are not shown. ``older`` marks a quotation that a newer one shown supersedes.
    """

    article: str  # the article's id
    start: int
    end: int
    text: str
    highlights: tuple[tuple[int, int], ...]
    citation: Citation
    also_in: tuple[Citation, ...] = ()
    older: bool = False


class Home(StrEnum):
    """What came of looking first where a person lives, for a question that names no place."""

    PREFERRED = "preferred"  # the answer is from there
    EMPTY = "empty"  # nothing there answers it: this is from everywhere


@dataclass(frozen=True, slots=True)
class Understanding:
    """How the question was read, for showing back: "Saya cari: PKH = Program Keluarga Harapan · di Pacitan"."""

    topic: tuple[str, ...] = ()  # the words searched for, as mended and in the question's order
    expansions: tuple[tuple[str, str], ...] = ()  # (abbreviation, long form) used
    corrections: tuple[tuple[str, str], ...] = ()  # (as typed, as read)
    place: str | None = None
    time: str | None = None  # "2023", "sejak 2023"
    follows: str | None = None  # what was kept from the question before
    home: Home | None = None  # ``place`` is the person's own when PREFERRED; ``None`` when it played no part


class Gap(StrEnum):
    """Why the archive's nearest material does not answer the question."""

    PLACE = "place"  # nothing from the place asked about
    TIME = "time"
    ATTRIBUTE = "attribute"  # the matter is there, the number, person, day, ... asked for is not
    TOPIC = "topic"  # a word that the question hangs on is nowhere near


@dataclass(frozen=True, slots=True)
class Found:
    """These snippets answer the question; best first. ``considered`` is what ``Archive.further`` goes on from."""

    understanding: Understanding
    snippets: tuple[Snippet, ...]
    considered: object = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Related:
    """The archive does not answer; these snippets are the nearest. ``missing`` is what it lacks, in words to show.

    ``considered`` is what ``Archive.further`` goes on from.
    """

    understanding: Understanding
    gap: Gap
    missing: str
    snippets: tuple[Snippet, ...]
    considered: object = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class NotFound:
    """Nothing near enough to quote. ``nearest`` are citations of what the archive holds close by, possibly none."""

    understanding: Understanding
    nearest: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Smalltalk:
    """Not a question to the archive; ``topic`` picks the reply ("greeting", "thanks", "identity", "noise", ...)."""

    topic: str


@dataclass(frozen=True, slots=True)
class Clarify:
    """A fragment with nothing to refer to; ``choices`` are whole questions a person could tap instead."""

    understanding: Understanding
    choices: tuple[str, ...] = ()


Answer = Found | Related | NotFound | Smalltalk | Clarify

STATUS: dict[type, str] = {
    Found: "answered",
    Related: "related",
    NotFound: "not_found",
    Smalltalk: "smalltalk",
    Clarify: "clarify",
}
