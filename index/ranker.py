"""The passages nearest to a question: what an archive asks of whoever ranks for it, and how arrays do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.places import Place
from index.postings import union
from index.ranking import BM25, Peaks, best, reach, slack
from index.sections import let_go

# Up to this many passages, all are scored. Where a query walks no more postings than this, all that hold any of its
# words are; only beyond both is it quicker to narrow them down by rough scores first.
_ALL, _WALKED = 2_000, 12_000


class Ranked(NamedTuple):
    """A passage by its number in the archive, its score, and the score of its article by itself."""

    passage: int
    score: float
    article: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The passages nearest to a question, nearest first.

    ``highest`` is the highest score of any passage, ``highest_article`` that of any article by itself (1 when none
    holds a word of the question).
    """

    passages: tuple[Ranked, ...]
    highest: float
    highest_article: float


class Ranker(Protocol):
    """Ranks an archive's passages: exact BM25 over stems, as ``index.ranking`` defines it."""

    @property
    def highest_idf(self) -> float:
        """The idf of a term that neither the archive's passages nor general Indonesian has."""

    def idf_of(self, term: str, *also: str) -> float:
        """How telling a stem is among passages, held or not; ``also`` are the words that it was typed as."""

    def rank(
        self, query: Mapping[str, float], count: int, *, share: float = 0.0, places: Sequence[Place] = ()
    ) -> Ranking:
        """The ``count`` passages of the highest scores above zero, of equals the first in the archive.

        Args:
            query: stems and their weights.
            count: how many passages at most.
            share: of its article's own score, what is added to each passage's.
            places: passages of articles from there go before all others, however high those score.
        """


class PostingsRanker:
    """Ranks by postings in memory, or mapped from a file.

    Args:
        first: the number of each article's first passage, and how many passages there are (shape: articles + 1).
        at: the numbers of the articles that are from a place or from within it, ascending.
    """

    def __init__(
        self, passages: BM25, articles: BM25, first: NDArray[Any], at: Callable[[Place], NDArray[np.int32]]
    ) -> None:
        self._passages, self._articles = passages, articles
        self._first, self._at = first, at
        self._owners = np.repeat(np.arange(len(first) - 1, dtype=np.int32), np.diff(first))

    @property
    def highest_idf(self) -> float:
        """The idf of a term that neither the archive's passages nor general Indonesian has."""
        return self._passages.highest_idf

    def idf_of(self, term: str, *also: str) -> float:
        """How telling a stem is among passages, held or not; ``also`` are the words that it was typed as."""
        return self._passages.idf_of(term, *also)

    def rank(
        self, query: Mapping[str, float], count: int, *, share: float = 0.0, places: Sequence[Place] = ()
    ) -> Ranking:
        """As ``Ranker`` has it."""
        let_go()  # of what the question was read by: postings of common words are many pages more
        there = union(*map(self._at, places)) if places else self._owners[:0]
        numbers: NDArray[Any] | None = None  # all of them
        articles: NDArray[Any] | None = None
        if len(self._owners) <= _ALL:
            scores = self._passages.scores(query)
        elif (held := self._passages.held(query, _WALKED)) is not None:
            numbers, scores = held
            if share:
                numbers, scores = self._with_their_articles(query, numbers, scores)
        else:
            numbers, articles = self._narrowed(query, count, share, there)
            scores = self._passages.scores(query, numbers)
        owners = self._owners if numbers is None else self._owners[numbers]
        own, top_article = np.zeros(len(scores)), 0.0
        if share:
            by_article = self._articles.scores(query, articles)
            top_article = float(by_article.max(initial=0.0))
            own = by_article[owners if articles is None else np.searchsorted(articles, owners)]
            scores += share * own
        top = float(scores.max(initial=0.0))
        # What the place asked about has to offer is looked at first, however loudly other places speak of the matter.
        pool = scores + top * _among(owners, there) * (scores > 0) if len(there) else scores
        order = best(pool, count)
        found = order if numbers is None else numbers[order].tolist()
        return Ranking(
            tuple(map(Ranked, found, scores[order].tolist(), own[order].tolist())),
            top,
            top_article or 1.0,
        )

    def _with_their_articles(
        self, query: Mapping[str, float], numbers: NDArray[Any], scores: NDArray[np.float64]
    ) -> tuple[NDArray[Any], NDArray[np.float64]]:
        """Passages and their scores, and with them those whose article alone holds a word, scored zero."""
        every = union(numbers, self._of(self._articles.holding_any(query)))
        more = np.zeros(len(every))
        more[np.searchsorted(every, numbers)] = scores
        return every, more

    def _narrowed(
        self, query: Mapping[str, float], count: int, share: float, there: NDArray[np.int32]
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """The passages and the articles that can matter: all of the best, and few others."""
        off = slack(2 * len(query))
        by_passage = self._passages.roughly(query)
        high = Peaks(by_passage)
        numbers: NDArray[Any] = high.highest(count, off)
        articles: NDArray[Any] = self._owners[:0]
        together: Callable[[NDArray[Any]], NDArray[Any]] = by_passage.__getitem__
        if share:
            by_article = self._articles.roughly(query) * np.float32(share)
            together = lambda passages: by_passage[passages] + by_article[self._owners[passages]]  # noqa: E731
            high_articles = Peaks(by_article)
            articles = high_articles.highest(1, off)
            # The best by either score give a bound; what could reach it even in the best article is added up, too.
            numbers = union(numbers, self._of(high_articles.highest(count, off)))
            bound = reach(together(numbers), count, 2 * off)
            likely = high.above(bound - float(by_article.max(initial=0.0)))
            numbers = union(numbers, likely, self._of(high_articles.above(bound)))
            numbers = numbers[together(numbers) >= bound]
        if len(there):
            inside = self._of(there)
            numbers = union(numbers, inside[Peaks(together(inside)).highest(count, off)])
        return numbers, union(articles, self._owners[numbers])

    def _of(self, articles: NDArray[Any]) -> NDArray[np.intp]:
        """The passages of articles."""
        first, sizes = self._first[articles], self._first[articles + 1] - self._first[articles]
        inside: NDArray[np.intp] = np.arange(sizes.sum()) + np.repeat(first - np.cumsum(sizes) + sizes, sizes)
        return inside


def _among(numbers: NDArray[Any], some: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of the numbers are some of those, at least one, in order (shape: numbers)."""
    return np.asarray(np.take(some, np.searchsorted(some, numbers), mode="clip") == numbers)
