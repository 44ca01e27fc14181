"""An archive whose bulk is kept elsewhere: what grows with its text is fetched, by number, when a question looks at it.

The bulk is the rows of articles and the postings of stems. The rest of the sections is light: words and how they are
spelled, how often stems are held, how long passages are, where articles are from.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.forward import TYPES, Forward
from index.postings import Postings
from index.sections import Sections

# Changes when any of this is kept otherwise; what the rows themselves mean is the business of ``index.rules``.
FORM = 1
# What the numbers of kinds mean, and what a row of an article has; whoever keeps the bulk keeps both in this order.
KINDS = ("by_passage", "by_article", "by_title")
ROWS = ("meta", "body", "words", "blocks", "passages", "sentences", "mentions", "dates")
# Of a term's postings; a term of more is several rows.
BLOCK = 65_536
_AT_ONCE = 4_000_000  # postings
# What is kept of what was fetched: bytes of postings, and articles of some 10 kB each.
_POSTINGS_KEPT, _ARTICLES_KEPT = 128 << 20, 1_000
# Articles that are fetched at once when one after the other is looked at, more each time.
FETCHED_AT_FIRST, _MOST = 16, 256

Held = tuple[NDArray[np.int32], NDArray[Any]]
"""The documents that hold a term, in order, and how often each does."""


class Block(NamedTuple):
    """Some of a term's postings, as they are kept.

    ``gaps`` are from each document to the next, in little-endian whole numbers of as many bytes as the widest needs;
    the first is from ``first``. ``counts`` are of the type of the sections' own.
    """

    kind: int
    term: int
    number: int
    first: int
    gaps: bytes
    counts: bytes


class Bulk(Protocol):
    """Whoever keeps the bulk of one archive. May be asked by several threads at once.

    What it raises when it cannot be asked goes to whoever asked the archive.
    """

    def blocks(self, kind: int, terms: Sequence[int]) -> Iterable[tuple[int, int, bytes, bytes]]:
        """(term, first, gaps, counts) of every ``Block`` of the terms, each term's in order."""

    def articles(self, numbers: Sequence[int]) -> Iterable[tuple[int, Sequence[bytes]]]:
        """(number, rows in the order of ``ROWS``) of each article."""


# -- taking sections apart --------------------------------------------------------------------------------------------


def light(sections: Sections) -> dict[str, NDArray[Any]]:
    """The sections without the bulk, of which empty arrays tell the types."""
    bulk = {f"forward.{name}{part}" for name in ROWS for part in ("", ".ends")}
    bulk |= {f"{kind}.{part}" for kind in KINDS for part in ("ids", "counts")}
    left = {f"{kind}.impacts" for kind in KINDS}
    return {name: array[:0] if name in bulk else array for name, array in sections.items() if name not in left}


def blocks(sections: Sections) -> Iterator[Block]:
    """The postings, to be kept."""
    for kind, name in enumerate(KINDS):
        postings = Postings.of(sections, name)
        starts, step = postings.starts, 0
        while step < len(starts) - 1:  # terms of some million postings at a time, but at least one
            end = int(np.searchsorted(starts, starts[step] + _AT_ONCE, "right")) - 1
            end = min(max(end, step + 1), len(starts) - 1)
            yield from _blocks(postings, kind, step, end)
            step = end


def _blocks(postings: Postings, kind: int, low: int, high: int) -> Iterator[Block]:
    """Those of the terms from ``low`` to ``high``. Most terms have a posting or two: nothing is worked out for each."""
    starts = postings.starts[low : high + 1]
    ids, counts = (each[starts[0] : starts[-1]] for each in (postings.ids, postings.counts))
    parts = -(-np.diff(starts) // BLOCK)
    if not parts.any():
        return
    terms = np.repeat(np.arange(high - low), parts)
    numbers = np.arange(len(terms)) - np.repeat(np.cumsum(parts) - parts, parts)
    begins = starts[terms] - starts[0] + numbers * BLOCK
    ends = np.minimum(begins + BLOCK, starts[terms + 1] - starts[0])
    gaps = np.diff(ids, prepend=ids[:1])
    gaps[begins] = 0
    widths = np.array([1, 2, 4])[np.searchsorted([1 << 8, 1 << 16], np.maximum.reduceat(gaps, begins), "right")]
    written = {width: gaps.astype(f"<u{width}").tobytes() for width in np.unique(widths).tolist()}
    often, size = counts.tobytes(), counts.itemsize
    rows = ((terms + low), numbers, ids[begins], begins, ends, widths)
    for term, number, first, begin, end, width in zip(*(row.tolist() for row in rows), strict=True):
        part = written[width][begin * width : end * width]
        yield Block(kind, term, number, first, part, often[begin * size : end * size])


def articles(sections: Sections) -> Iterator[tuple[int, list[bytes]]]:
    """The rows of the articles, to be kept."""
    forward = Forward(sections)
    for number in range(len(forward)):
        yield number, [forward.row(name, number).tobytes() for name in ROWS]


# -- putting them together --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FetchedPostings(Postings):
    """Postings of which ``ids`` and ``counts`` are fetched, and empty here."""

    fetched: Fetched
    kind: int

    def several(self, terms: Sequence[int]) -> list[Held]:
        """The postings of terms, in one fetch."""
        return self.fetched.several(self.kind, terms, self.counts.dtype)


class FetchedForward(Forward):
    """Rows that are fetched, whole articles at a time; the last that were looked at are kept."""

    def __init__(self, sections: Sections, bulk: Bulk) -> None:
        super().__init__(sections)
        self._bulk = bulk
        self._kept: OrderedDict[int, dict[str, NDArray[Any]]] = OrderedDict()
        self._lock = Lock()

    def row(self, name: str, number: int) -> NDArray[Any]:
        """One row of an article."""
        with self._lock:
            rows = self._kept.get(number)
            if rows is not None:
                self._kept.move_to_end(number)
        return (self._fetched([number])[number] if rows is None else rows)[name]

    def ahead(self, numbers: Iterable[int]) -> None:
        """Fetch articles that are about to be looked at, in one go."""
        with self._lock:
            missing = [number for number in dict.fromkeys(numbers) if number not in self._kept]
        if missing:
            self._fetched(missing)

    def one_by_one(self, numbers: Iterable[int]) -> Iterator[int]:
        """The same numbers, each fetched shortly before it comes."""
        rest, size = iter(numbers), FETCHED_AT_FIRST
        while some := list(islice(rest, size)):
            self.ahead(some)
            yield from some
            size = min(2 * size, _MOST)

    def _fetched(self, numbers: Sequence[int]) -> Mapping[int, dict[str, NDArray[Any]]]:
        found = {
            number: {name: np.frombuffer(row, TYPES[name]) for name, row in zip(ROWS, rows, strict=True)}
            for number, rows in self._bulk.articles(numbers)
        }
        with self._lock:
            self._kept.update(found)
            while len(self._kept) > _ARTICLES_KEPT:
                self._kept.popitem(last=False)
        return found


class Fetched:
    """What is fetched of one archive's bulk, and what is kept of its postings."""

    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk
        # As they came, which takes a third of the room: (first, gaps, counts) of each block.
        self._kept: OrderedDict[tuple[int, int], list[tuple[int, bytes, bytes]]] = OrderedDict()
        self._size = 0
        self._lock = Lock()
        # Of each kind what was asked for last: a question asks for rough scores first, and then for exact ones.
        self._last: dict[int, tuple[tuple[int, ...], list[Held]]] = {}

    def forward(self, sections: Sections) -> FetchedForward:
        """The rows of articles."""
        return FetchedForward(sections, self._bulk)

    def postings(self, sections: Sections, name: str) -> FetchedPostings:
        """One of ``KINDS``."""
        own = Postings.of(sections, name)
        return FetchedPostings(own.starts, own.ids, own.counts, own.lengths, self, KINDS.index(name))

    def several(self, kind: int, terms: Sequence[int], counted: np.dtype[Any]) -> list[Held]:
        """The postings of terms; ``counted`` is the type of counts."""
        last = self._last.get(kind)
        if last is not None and last[0] == tuple(terms):
            return last[1]
        with self._lock:
            found = {term: self._kept[kind, term] for term in terms if (kind, term) in self._kept}
            for term in found:
                self._kept.move_to_end((kind, term))
        missing = [term for term in dict.fromkeys(terms) if term not in found]
        if missing:
            found |= self._fetched(kind, missing)
        held = [_together(found[term], counted) for term in terms]
        self._last[kind] = tuple(terms), held
        return held

    def _fetched(self, kind: int, terms: Sequence[int]) -> dict[int, list[tuple[int, bytes, bytes]]]:
        new: dict[int, list[tuple[int, bytes, bytes]]] = {term: [] for term in terms}
        for term, first, gaps, counts in self._bulk.blocks(kind, terms):
            new[term].append((first, gaps, counts))
        with self._lock:
            for term, parts in new.items():
                if (kind, term) not in self._kept:
                    self._kept[kind, term] = parts
                    self._size += _size(parts)
            while self._size > _POSTINGS_KEPT:
                self._size -= _size(self._kept.popitem(last=False)[1])
        return new


def _together(parts: Sequence[tuple[int, bytes, bytes]], counted: np.dtype[Any]) -> Held:
    """The postings of a term from its blocks."""
    counts = np.frombuffer(b"".join(often for _, _, often in parts), counted)
    ids, at = np.empty(len(counts), np.int32), 0
    for first, gaps, often in parts:
        size = len(often) // counted.itemsize
        inside = ids[at : at + size]
        np.cumsum(np.frombuffer(gaps, f"<u{len(gaps) // size}"), dtype=np.int32, out=inside)
        inside += first
        at += size
    return ids, counts


def _size(parts: Sequence[tuple[int, bytes, bytes]]) -> int:
    return sum(len(gaps) + len(counts) for _, gaps, counts in parts)
