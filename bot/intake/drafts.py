"""A text -> what would be stored of it: read as the archive reads it, corrected by an admin, then two files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date as calendar_date
from enum import StrEnum
from types import MappingProxyType

from bot.intake.addresses import web_address
from bot.intake.corrections import MAX_VALUE, read_date, read_value
from bot.intake.documents import MAX_ARTICLE_BYTES, Document
from bot.intake.errors import NoArticleError, TooLongError, ValueEmptyError, ValueTooLongError
from index.article import Article, ArticleDate, BlockKind
from index.errors import ArticleError
from index.reading import parse_article
from index.sidecar import parse_sidecar, sidecar_text

_QUOTED = frozenset({BlockKind.PARAGRAPH, BlockKind.ROW, BlockKind.CAPTION, BlockKind.HEADING})


class Origin(StrEnum):
    """Where a draft's title, outlet, place, date or address is from."""

    EDITOR = "editor"
    PAGE = "page"  # what the page says about itself; of an article on the shelf, what is stored beside it
    TEXT = "text"  # found in the text by the archive's own rules
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the text; ``key`` names it in a button, also after other parts were taken out."""

    key: str
    kind: BlockKind
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Files:
    """An article's two files, to the byte."""

    text: bytes
    sidecar: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """An article that is not stored yet. Never changes: each correction gives another draft.

    ``article`` is what the archive will make of the files, so that what is previewed is what will be cited. ``found``
    and ``corrected`` are a sidecar's values, of the page and of the editor; the latter go first.
    """

    id: str
    text: str
    found: Mapping[str, str] = field(default_factory=dict)
    corrected: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()  # lines that the document's own reading dropped
    sidecar: Mapping[str, str] = field(init=False)
    article: Article = field(init=False)

    def __post_init__(self) -> None:
        # What was approved is written down, so that no later rule reads it otherwise.
        found = dict(self.found)
        if "date" in self.corrected:
            found.pop("weekday", None)  # of the other date
        given = {**found, **self.corrected}
        try:
            read = parse_article(self.id, self.text, given)
            sidecar = {**given, **_told(read)}
            again = parse_article(self.id, self.text, sidecar)
            if again.locality != read.locality:  # a name that would not be read back as these places
                del sidecar["place"]
                sidecar |= {"place": given["place"]} if "place" in given else {}
                again = parse_article(self.id, self.text, sidecar)
        except ArticleError as error:
            raise NoArticleError from error
        for name, value in (("found", self.found), ("corrected", self.corrected), ("sidecar", sidecar)):
            object.__setattr__(self, name, MappingProxyType(dict(value)))
        object.__setattr__(self, "article", again)

    def origin(self, value: str) -> Origin:
        """Where "title", "outlet", "place", "date" or "url" is from."""
        if value in self.corrected:
            return Origin.EDITOR
        if value in self.found:
            return Origin.PAGE
        shown = {"place": self.article.locality}.get(value) or getattr(self.article, value, None)
        return Origin.TEXT if shown else Origin.NOWHERE

    @property
    def place_is_known(self) -> bool:
        """Whether questions about a region will find the article: its place is one of the gazetteer's."""
        return self.article.locality is not None and bool(self.article.locality.places)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The text taken apart, page furniture included, in order."""
        seen: dict[str, int] = {}
        parts = []
        for block in self.article.blocks:
            text = self.text[block.start : block.end]
            times = seen[text] = seen.get(text, 0) + 1
            key = hashlib.sha256(f"{times}:{text}".encode(errors="surrogatepass")).hexdigest()[:12]
            parts.append(Part(key, block.kind, block.start, block.end, text))
        return tuple(parts)

    @property
    def kept(self) -> tuple[str, ...]:
        """What may be quoted or read, part by part."""
        return tuple(part.text for part in self.parts if part.kind in _QUOTED)

    @property
    def dropped(self) -> tuple[str, ...]:
        """What is no part of the article: furniture of the page, then what was left out in reading the file."""
        furniture = tuple(part.text for part in self.parts if part.kind is BlockKind.FURNITURE)
        return furniture + self.left_out

    def with_title(self, written: str | None) -> Draft:
        """The draft with this title; ``None`` takes a correction back, here and below.

        Raises:
            ValueEmptyError, ValueTooLongError: as they say, here and below.
        """
        return self._with("title", None if written is None else read_value(written))

    def with_outlet(self, written: str | None) -> Draft:
        """The draft as of this newspaper, site or office."""
        return self._with("outlet", None if written is None else read_value(written))

    def with_place(self, written: str | None) -> Draft:
        """The draft as of this place ("Pacitan", "Kota Serang, Banten"); see ``place_is_known``."""
        return self._with("place", None if written is None else read_value(written))

    def with_url(self, written: str | None) -> Draft:
        """The draft with the address of its page.

        Raises:
            BadAddressError, CredentialsError: no address that could be cited.
        """
        return self._with("url", None if written is None else str(web_address(written)))

    def with_date(self, written: str | None, today: calendar_date) -> Draft:
        """The draft with this date, as precise as it is written.

        Raises:
            IntakeError: as ``corrections.read_date`` says.
        """
        kept = {key: value for key, value in self.corrected.items() if key not in {"date", "weekday"}}
        values = {} if written is None else _dated(read_date(written, today))
        return replace(self, corrected={**kept, **values})

    def with_text(self, written: str) -> Draft:
        """The draft with another text, which must hold something to quote.

        Raises:
            NoArticleError, TooLongError: as they say.
        """
        return replace(self, text=_clean(written))

    def without(self, key: str) -> Draft:
        """The draft without one of its parts, for good; the same draft when it is gone already.

        Raises:
            NoArticleError: nothing to quote would be left.
        """
        part = next((each for each in self.parts if each.key == key), None)
        if part is None:
            return self
        before, after = self.text[: part.start], self.text[part.end :]
        if before.rstrip(" \t").endswith("\n") or not before.strip():
            after = after.lstrip(" \t\r\n")  # the whole line went, and its end with it
        return replace(self, text=before + after)

    def _with(self, key: str, value: str | None) -> Draft:
        kept = {name: text for name, text in self.corrected.items() if name != key}
        return replace(self, corrected=kept if value is None else {**kept, key: value})

    def files(self) -> Files:
        """The two files, as the archive's folder holds them."""
        return Files(self.text.encode(), sidecar_text(self.sidecar).encode())


def draft_of(document: Document, *, source: str | None = None) -> Draft:
    """A new article out of a document; ``source`` says in its sidecar how it came here.

    Raises:
        NoArticleError, TooLongError: as they say.
    """
    text = _clean(document.text)
    told = {"title": document.title, "outlet": document.outlet, "url": document.url, "source": source}
    found = {key: line for key, value in told.items() if value and (line := _line(value))}
    draft = Draft("draft", text, found, left_out=document.dropped)
    if document.date and not (draft.article.date and draft.article.date.day):
        # The day that the report itself tells goes first: its page may be of much later.
        draft = replace(draft, found={**found, "date": document.date})
    return draft


def draft_again(article: str, files: Files) -> Draft:
    """An article of the shelf, to be corrected.

    Raises:
        NoArticleError: its files are unusable.
    """
    try:
        sidecar = parse_sidecar(article, files.sidecar)
        return Draft(article, files.text.decode("utf-8-sig"), found=sidecar)
    except (UnicodeDecodeError, ArticleError) as error:
        raise NoArticleError from error


def _told(article: Article) -> dict[str, str]:
    """What is cited for an article, as a sidecar's values."""
    told = {
        "title": article.title,
        "outlet": article.outlet,
        "place": article.locality.shown if article.locality else None,
        "url": article.url,
    }
    return {key: value for key, value in told.items() if value} | _dated(article.date)


def _dated(date: ArticleDate | None) -> dict[str, str]:
    """A date as a sidecar's values; none without a year, which a sidecar must give and nobody may guess."""
    if date is None or date.year is None:
        return {}
    numbers = (f"{date.year:04}", *(f"{part:02}" for part in (date.month, date.day) if part))
    return {"date": "-".join(numbers)} | ({"weekday": date.weekday} if date.weekday else {})


def _line(value: str) -> str:
    """A value of a page or a file's name, which may be anything, as a line of at most ``MAX_VALUE`` characters."""
    try:
        return read_value(value[: 2 * MAX_VALUE])
    except ValueTooLongError:
        return read_value(value[:MAX_VALUE])
    except ValueEmptyError:
        return ""


def _clean(text: str) -> str:
    """The text to the letter, but for what no article file can hold."""
    text = text.encode(errors="replace").decode().replace("\0", "").lstrip("\ufeff")
    if len(text.encode()) > MAX_ARTICLE_BYTES:
        raise TooLongError
    return text
