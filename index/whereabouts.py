"""Which articles are from a place or of a time, or begin by naming it: so that no question has to look at them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.article import ArticleDate
from index.forward import DATE, MENTION, NONE, Forward
from index.places import Place, load_gazetteer
from index.postings import Postings, invert
from index.ragged import Ragged
from index.sections import Sections

if TYPE_CHECKING:
    from index.question import Question

_YEARS = 10_000


def whereabouts(forward: Forward, words: Sequence[str]) -> dict[str, NDArray[Any]]:
    """The sections that ``Whereabouts`` reads; ``words`` are those that the rows number."""
    codes = _codes()
    size = len(forward)
    everyone = np.arange(size, dtype=np.int32)
    own = forward.fact("places")
    placed = _pairs(everyone, own, [_keys(places, codes) for places in forward.places])
    mentions, owners = _leading(forward, forward.rows.mentions, len(MENTION))
    named = _pairs(owners, mentions, [_keys(places, codes) for places in forward.places])
    dates, dated = _leading(forward, forward.rows.dates, len(DATE))
    dates, dated = np.concatenate([dates, forward.fact("date")]), np.concatenate([dated, everyone])
    found = invert(*placed, size, len(codes)).sections("from")
    naming, what = (np.concatenate(each) for each in zip(placed, named, strict=True))
    found |= invert(naming, what, size, len(codes)).sections("naming")
    for part, most in (("year", _YEARS), ("month", 13), ("day", 32)):
        keys = [[value] if (value := getattr(date, part)) else [] for date in forward.dates]
        documents, values = _pairs(dated, dates, keys)
        if part == "year":  # one that stands in a title counts
            years, titled = _in_titles(forward, words)
            documents, values = np.concatenate([documents, titled]), np.concatenate([values, years])
        fits = values < most
        found |= invert(documents[fits], values[fits], size, most).sections(part)
    keys_of_dates = np.array([[0, 0, 0], *(date.sort_key for date in forward.dates)], dtype=np.int64)
    found["recency"] = (keys_of_dates[forward.fact("date") + 1] @ np.array([10_000, 100, 1])).astype(np.int64)
    return found


def _codes() -> dict[str, int]:
    return {place.code: number for number, place in enumerate(load_gazetteer().places)}


def _keys(places: Iterable[Place], codes: dict[str, int]) -> list[int]:
    """The numbers of places and of the provinces that they lie in."""
    every = {code for place in places for code in (place.code, place.code.partition(".")[0])}
    return sorted(codes[code] for code in every if code in codes)


def _pairs(
    owners: NDArray[np.int32], values: NDArray[Any], keys: Sequence[Sequence[int]]
) -> tuple[NDArray[np.int32], NDArray[Any]]:
    """(document, key) for every key of each document's values; a value below zero has none."""
    known = values != NONE
    table = Ragged.made([np.array(each, dtype=np.int32).tobytes() for each in keys], np.int32)
    values, owners = values[known], owners[known]
    lengths = table.lengths[values] if len(table) else np.zeros(0, dtype=np.int64)
    at = np.repeat(table.ends[values] - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
    return np.repeat(owners, lengths), table.data[at]


def _leading(forward: Forward, rows: Ragged, columns: int) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """What is named in each article's first paragraph, and by which."""
    table = rows.data.reshape(-1, columns)
    owners = np.repeat(np.arange(len(rows), dtype=np.int32), rows.lengths // columns)
    start, end = forward.fact("lead_start")[owners], forward.fact("lead_end")[owners]
    inside = (start <= table[:, 0]) & (table[:, 0] < end)
    return table[inside, 1], owners[inside]


def _in_titles(forward: Forward, words: Sequence[str]) -> tuple[NDArray[Any], NDArray[np.int32]]:
    rows, first, length = forward.rows.words, forward.fact("title_first"), forward.fact("title_length")
    begins = rows.ends[:-1]
    lengths = length.astype(np.int64)
    at = np.repeat(begins + first - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
    owners = np.repeat(np.arange(len(forward), dtype=np.int32), lengths)
    year_of = np.array([int(word) if len(word) == 4 and word.isascii() and word.isdigit() else 0 for word in words])
    years = year_of[rows.data[at]]
    return years[years > 0], owners[years > 0]


class Whereabouts:
    """Finds articles by place and time, from arrays that may be mapped from a file."""

    def __init__(self, sections: Sections, leads: NDArray[np.int32]) -> None:
        self._from, self._naming = Postings.of(sections, "from"), Postings.of(sections, "naming")
        self._dates = {part: Postings.of(sections, part) for part in ("year", "month", "day")}
        self._recency = sections["recency"]
        self._numbers = _codes()
        self._leads = leads

    def at(self, place: Place) -> NDArray[np.int32]:
        """The articles (by number, ascending) that are from a place or from within it."""
        return self._from.holding(self._numbers.get(place.code, NONE))

    def newest(self) -> NDArray[np.intp]:
        """All articles, newest first, of equals the first in the archive."""
        return np.argsort(-self._recency, kind="stable")

    def leading(self, question: Question) -> NDArray[Any]:
        """The articles whose first paragraph may be of the place and time asked about, newest first.

        None of those that are is missing; whether one is, is for ``index.matching`` to say.
        """
        found = [self._leads]
        if question.asked_places:
            numbers = [self._numbers.get(place.code, NONE) for place in question.asked_places]
            found.append(_any(map(self._naming.holding, numbers)))
        if question.times:
            found.append(_any(self._on(date) for constraint in question.times for date in constraint.dates))
        likely = _all(found)
        return likely[np.argsort(self._recency[likely], kind="stable")][::-1]

    def _on(self, asked: ArticleDate) -> NDArray[np.int32]:
        parts = {"year": asked.year, "month": asked.month, "day": asked.day}
        if asked.year and not asked.month:
            parts = {"year": asked.year}  # a title names the year alone, whatever the day
        given = [self._dates[part].holding(value) for part, value in parts.items() if value]
        return _all(given) if given else self._leads


def _all(found: Sequence[NDArray[np.int32]]) -> NDArray[np.int32]:
    return reduce(lambda one, other: np.intersect1d(one, other, assume_unique=True), found)


def _any(found: Iterable[NDArray[np.int32]]) -> NDArray[np.int32]:
    return reduce(np.union1d, found, np.empty(0, dtype=np.int32))
