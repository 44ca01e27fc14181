"""What is kept of each article: itself, and where its words, places and dates stand, as rows of numbers.

This is all that an index is made from, and what is copied from one index to the next for an article that is as it was.
Everything in a row is relative to its article, but for numbers of words, of places and of dates, which lists of the
whole archive explain. A stretch of text is a span of the article's words: its body's in order, and after those the few
that a stretch has otherwise than the body (a title made for it, a sentence cut inside a word).
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.abbreviations import pairs
from index.analysis import tokenize
from index.article import Article, ArticleDate, BlockKind
from index.asked import question_asked
from index.attributes import Kind
from index.dates import find_dates
from index.passages import Passage
from index.places import Level, Place, load_gazetteer
from index.ragged import Ragged, joined
from index.sections import Sections
from index.vocabulary import decoded, encoded

BLOCK_KINDS, ASKED_KINDS = tuple(BlockKind), tuple(Kind)
NONE = -1
# What the rows' columns are; lengths are those of spans of words.
FACTS = ("places", "date", "title_first", "title_length", "own_title", "lead", "lead_start", "lead_end")
BLOCK = ("kind", "start", "end", "first", "length")
PASSAGE = ("kind", "start", "end", "heading_first", "heading_length", "asked", "sentences")
SENTENCE = ("start", "end", "first", "length")
MENTION = ("start", "places")
DATE = ("start", "date")


class Numbering(dict[Any, int]):
    """Gives each new key the next number."""

    def __missing__(self, key: Any) -> int:
        number = self[key] = len(self)
        return number


@dataclass(frozen=True, slots=True)
class Rows:
    """A row for each article, of each kind."""

    meta: Ragged  # JSON: id, title, outlet, address, where it is from as shown, [short, long] of abbreviations
    fingerprint: Ragged  # SHA-256
    body: Ragged  # UTF-8
    words: Ragged
    facts: Ragged
    blocks: Ragged
    passages: Ragged
    sentences: Ragged
    mentions: Ragged
    dates: Ragged


TYPES = {each.name: np.uint8 for each in fields(Rows)[:3]} | {each.name: np.int32 for each in fields(Rows)[3:]}


class Forward:
    """The rows of an archive and the lists that explain their numbers."""

    def __init__(self, sections: Sections) -> None:
        self.rows = Rows(**{name: Ragged.of(sections, f"forward.{name}") for name in TYPES})
        lists = json.loads(bytes(sections["forward.lists"]))
        self.places = tuple(
            tuple(Place(code, Level(level), name, province) for code, level, name, province in places)
            for places in lists["places"]
        )
        self.dates = tuple(ArticleDate(*date) for date in lists["dates"])
        self.facts = self.rows.facts.data.reshape(-1, len(FACTS))

    def __len__(self) -> int:
        return len(self.rows.fingerprint)

    def fact(self, name: str) -> NDArray[np.int32]:
        """One column of the facts (shape: articles)."""
        return self.facts[:, FACTS.index(name)]

    def row(self, name: str, number: int) -> NDArray[Any]:
        """One row of an article; ``name`` is a field of ``Rows``."""
        rows: Ragged = getattr(self.rows, name)
        return rows.row(number)

    def ahead(self, numbers: Iterable[int]) -> None:
        """Told which articles are about to be looked at: nothing to do, where they are at hand."""

    def one_by_one(self, numbers: Iterable[int]) -> Iterator[int]:
        """The same numbers, for articles that are looked at in this order and maybe not to the end."""
        return iter(numbers)

    def meta(self, number: int) -> list[Any]:
        """What is named in ``Rows.meta``."""
        meta: list[Any] = json.loads(bytes(self.row("meta", number)))
        return meta

    def body(self, number: int) -> str:
        """An article's text."""
        return decoded(self.row("body", number).data)

    def fingerprints(self) -> Iterator[str]:
        """Each article's fingerprint, as ``Article.fingerprint`` has it."""
        data = self.rows.fingerprint.data.tobytes()
        return (data[at : at + 32].hex() for at in range(0, len(data), 32))


class ForwardWriter:
    """Collects rows: of articles that were read, and of another archive's that are as they were.

    Args:
        cut: takes an article apart.
        words: the words that the other archive has, in the order of their numbers.
        before: the other archive.
    """

    def __init__(
        self, cut: Callable[[Article], list[Passage]], words: Iterable[str] = (), before: Forward | None = None
    ) -> None:
        self._cut = cut
        self.words = Numbering()
        self.words.update((word, number) for number, word in enumerate(words))
        self._places, self._dates = Numbering(), Numbering()
        self._before = before
        if before is not None:
            self._places.update((places, number) for number, places in enumerate(before.places))
            self._dates.update((date, number) for number, date in enumerate(before.dates))
        self._parts: list[tuple[Rows, int, int]] = []
        self._new: dict[str, list[bytes]] = {name: [] for name in TYPES}

    def copy(self, number: int) -> None:
        """Take over an article of the archive before."""
        assert self._before is not None
        self._close()
        if self._parts and self._parts[-1][0] is self._before.rows and self._parts[-1][2] == number:
            self._parts[-1] = (self._before.rows, self._parts[-1][1], number + 1)
        else:
            self._parts.append((self._before.rows, number, number + 1))

    def add(self, article: Article) -> None:
        """Take apart an article."""
        for name, row in self._rows(article).items():
            self._new[name].append(row)

    def sections(self) -> dict[str, NDArray[Any]]:
        """All rows, in the order in which they came."""
        self._close()
        found: dict[str, NDArray[Any]] = {}
        for name, dtype in TYPES.items():
            rows = joined(((getattr(part, name), start, stop) for part, start, stop in self._parts), dtype)
            found |= rows.sections(f"forward.{name}")
        lists = {
            "places": [[(each.code, each.level, each.name, each.province) for each in key] for key in self._places],
            "dates": [(date.year, date.month, date.day, date.weekday) for date in self._dates],
        }
        return found | {"forward.lists": np.frombuffer(json.dumps(lists).encode(), dtype=np.uint8)}

    def _close(self) -> None:
        count = len(self._new["meta"])
        if count:
            rows = Rows(**{name: Ragged.made(self._new[name], dtype) for name, dtype in TYPES.items()})
            self._parts.append((rows, 0, count))
            self._new = {name: [] for name in TYPES}

    def _rows(self, article: Article) -> dict[str, bytes]:
        body, spans = article.body, _Spans(article.body)
        title_first, title_length = spans.apart(article.title)
        # A title that was derived from the text, or stands in it, is not counted twice.
        own_title = article.title.rstrip("…") not in body
        blocks, passages, sentences = array("i"), array("i"), array("i")
        for block in article.blocks:
            kind = BLOCK_KINDS.index(block.kind)
            blocks.extend((kind, block.start, block.end, *spans.of(block.start, block.end)))
        lead = (NONE, NONE, NONE)
        for number, passage in enumerate(self._cut(article)):
            asked = question_asked(body[slice(*passage.heading)]) if passage.heading else None
            passages.extend((BLOCK_KINDS.index(passage.kind), passage.start, passage.end))
            passages.extend(spans.of(*passage.heading) if passage.heading else (0, 0))
            passages.extend((ASKED_KINDS.index(asked) if asked else NONE, len(passage.sentences)))
            for each in passage.sentences:
                sentences.extend((each.start, each.end, *spans.of(each.start, each.end)))
            if lead[0] == NONE and passage.kind is BlockKind.PARAGRAPH:
                lead = (number, passage.start, passage.end)
        locality, places = article.locality, self._places
        facts = (
            places[locality.places] if locality else NONE,
            self._dates[article.date] if article.date else NONE,
            *(title_first, title_length, own_title),
            *lead,
        )
        mentions = array("i")
        for mention in load_gazetteer().mentions(body):
            mentions.extend((mention.start, places[mention.places]))
        dates = array("i")
        for named in find_dates(body):
            dates.extend((named.start, self._dates[named.date]))
        shown = locality.shown if locality else None
        meta = (article.id, article.title, article.outlet, article.url, shown, pairs(body))
        return {
            "meta": json.dumps(meta).encode(),
            "fingerprint": bytes.fromhex(article.fingerprint),
            "body": encoded(body),
            "words": array("i", map(self.words.__getitem__, spans.words)).tobytes(),
            "facts": array("i", facts).tobytes(),
            "blocks": blocks.tobytes(),
            "passages": passages.tobytes(),
            "sentences": sentences.tobytes(),
            "mentions": mentions.tobytes(),
            "dates": dates.tobytes(),
        }


class _Spans:
    """A text's words, and which of them a stretch of it has."""

    def __init__(self, text: str) -> None:
        self._text = text
        tokens = list(tokenize(text))
        self.words = [token.word for token in tokens]
        self._starts = [token.start for token in tokens]

    def of(self, start: int, end: int) -> tuple[int, int]:
        """The first word and the number of words of ``text[start:end]``."""
        text = self._text
        # No word has white space in it, or looks beyond it: between two of them words are the same by themselves.
        if (not start or text[start - 1].isspace()) and (end >= len(text) or text[end].isspace()):
            first = bisect_left(self._starts, start)
            return first, bisect_left(self._starts, end, first) - first
        return self._added(token.word for token in tokenize(text, start, end))

    def apart(self, text: str) -> tuple[int, int]:
        """The first word and the number of words of a text that is not of this one."""
        return self._added(token.word for token in tokenize(text))

    def _added(self, words: Iterable[str]) -> tuple[int, int]:
        first = len(self.words)
        self.words.extend(words)
        return first, len(self.words) - first
