"""Terms -> scored documents: the one door to rank-bm25.

``rank_bm25`` defines the statistics and the score (Okapi BM25 with k1 and b). Its own ``get_scores`` walks every
document for every term; here only the postings of the query's terms are walked, and the sums are equal to its to the
last few bits (a test compares them). The inverse document frequencies are blended with those of general Indonesian,
because five articles say little about which words are telling.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from index.postings import Postings, invert, union

# The weight of the background, in documents: an archive of this size trusts both equally.
BACKGROUND_DOCUMENTS = 300
# How many words one background "document" has: about a news paragraph.
_BACKGROUND_LENGTH = 40
# wordfreq's small Indonesian list ends at a Zipf value of 3 (1e-6); a word beyond it is taken to be ten times rarer.
_UNLISTED_FREQUENCY = 1e-7
_BLOCK = 256  # scores of which only the highest is looked at first
_FEW = 2_048  # scores that are all looked at
_SORTED = 128  # scores that are sooner sorted than partitioned first


@cache
def word_frequencies() -> Mapping[str, float]:
    """General Indonesian: word -> share of all words, from wordfreq (31,000 words; Speer 2022)."""
    import wordfreq  # late: 0.1 s to import

    frequencies: Mapping[str, float] = wordfreq.get_frequency_dict("id")
    return frequencies


class Background:
    """How common each stem is in general Indonesian.

    Args:
        surfaces: the words that a stem stands for in this archive; their frequencies add up.
    """

    def __init__(self, surfaces: Callable[[str], Iterable[str]]) -> None:
        self._surfaces = surfaces

    def share(self, stem: str, *also: str) -> float:
        """The share of background documents (0 to 1) that hold the stem, or one of the words ``also``."""
        frequencies = word_frequencies()
        frequency = sum(frequencies.get(word, 0.0) for word in {stem, *also, *self._surfaces(stem)})
        return float(shares(np.array([frequency]))[0])


def shares(frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares of all words -> shares of background documents that hold such a word."""
    usual = np.clip(frequencies, _UNLISTED_FREQUENCY, 0.5)
    return np.asarray(-np.expm1(_BACKGROUND_LENGTH * np.log1p(-usual)))


class BM25(BM25Okapi):  # type: ignore[misc]  # rank_bm25 is untyped
    """Okapi BM25 over postings, its idf a blend of the archive's own statistics with general Indonesian ones.

    Args:
        postings: at least one document with at least one term.
        find: a term's number in the postings, or -1.
        background: the prior; ``None`` leaves the archive's own statistics alone.
        shares: what ``background`` says of each term (shape: terms), so that it need not be asked again.
        impacts: what ``impacts`` made of the same postings before; ``None``: worked out for each question.
        k1: how soon a term's repetitions stop counting; ``b``: how much long documents are discounted.
    """

    def __init__(
        self,
        postings: Postings,
        find: Callable[[str], int],
        background: Background | None = None,
        shares: NDArray[np.float64] | None = None,
        impacts: NDArray[np.float32] | None = None,
        *,
        k1: float,
        b: float,
    ) -> None:
        self._postings, self._find = postings, find
        self._starts = postings.starts.data  # one number at a time, this is several times quicker
        self._background, self._shares = background, shares
        self._impacts = impacts
        self._zeros: list[NDArray[np.float64]] = []
        super().__init__(postings, k1=k1, b=b)

    @classmethod
    def of(
        cls, documents: Sequence[Sequence[str]], background: Background | None = None, *, k1: float, b: float
    ) -> BM25:
        """The index of documents given as their terms."""
        numbers: dict[str, int] = {}
        terms = [numbers.setdefault(term, len(numbers)) for document in documents for term in document]
        owners = np.repeat(np.arange(len(documents)), list(map(len, documents)))
        postings = invert(owners, np.array(terms, dtype=np.int64), len(documents), len(numbers))
        shares = np.array([background.share(term) for term in numbers]) if background else None
        return cls(postings, lambda term: numbers.get(term, -1), background, shares, k1=k1, b=b)

    def _initialize(self, corpus: Postings) -> NDArray[np.int64]:
        self.corpus_size = len(corpus.lengths)
        self.doc_len = corpus.lengths
        self.avgdl = float(corpus.lengths.sum(dtype=np.int64)) / self.corpus_size
        return corpus.frequencies

    def _calc_idf(self, nd: NDArray[np.int64]) -> None:
        self.idf = self._idf(nd.astype(np.float64), self._shares if self._shares is not None else 0.0)

    def _idf(self, held: Any, share: Any) -> Any:
        size = float(self.corpus_size)
        if self._background is not None:
            size += BACKGROUND_DOCUMENTS
            held = held + BACKGROUND_DOCUMENTS * share
        # The "+ 1" keeps a term that most documents hold above zero (as Lucene does); Okapi's own goes negative.
        return np.log(1 + (size - held + 0.5) / (held + 0.5))

    def idf_of(self, term: str, *also: str) -> float:
        """How telling a term is, whether or not the archive holds it; ``also`` are the words it was typed as."""
        number = self._find(term)
        if number >= 0 and self._is_held(number):
            return float(self.idf[number])
        return float(self._idf(0.0, self._background.share(term, *also) if self._background else 0.0))

    @property
    def highest_idf(self) -> float:
        """The idf of a term that neither the archive nor general Indonesian has."""
        return float(self._idf(0.0, self._background.share("") if self._background else 0.0))

    def holding(self, term: str) -> NDArray[np.int32]:
        """The documents that hold a term, in order."""
        return self._postings.holding(self._find(term))

    @cached_property
    def _norms(self) -> NDArray[np.float64]:
        norms = self.k1 * (1 - self.b + self.b * self.doc_len / self.avgdl)
        return np.asarray(norms, dtype=np.float64)

    def _is_held(self, number: int) -> bool:
        return bool(self._starts[number] < self._starts[number + 1])

    def _terms(self, query: Mapping[str, float]) -> list[tuple[int, float, float]]:
        """The terms of the query that are held at all, by number, each with its weight and its idf."""
        found = [(self._find(term), weight) for term, weight in query.items()]
        return [(term, weight, self.idf[term]) for term, weight in found if term >= 0 and self._is_held(term)]

    def scores(self, query: Mapping[str, float], among: NDArray[Any] | None = None) -> NDArray[np.float64]:
        """Documents' scores for weighted query terms; zero where no term is held.

        Args:
            query: terms and their weights.
            among: the documents to score, in order (the shape of what is returned); all when ``None``.
        """
        scores = np.zeros(self.corpus_size if among is None else len(among))
        self._add(query, scores, among)
        return scores

    def _add(self, query: Mapping[str, float], scores: NDArray[np.float64], among: NDArray[Any] | None = None) -> None:
        terms = self._terms(query)
        postings = self._postings.several([term for term, _, _ in terms])
        at: list[NDArray[Any]]
        if among is None:
            at = [ids for ids, _ in postings]
            often = [counts for _, counts in postings]
        else:
            at, often = [], []
            wanted = among.astype(np.int32)  # of the type of the ids, which would all be converted otherwise
            for ids, counts in postings:
                place = ids.searchsorted(wanted)
                (held,) = (ids.take(place, mode="clip") == wanted).nonzero()
                at.append(held)
                often.append(counts[place[held]])
        if terms:
            where, frequency = np.concatenate(at), np.concatenate(often).astype(np.float64)
            factors = np.repeat([weight * idf * (self.k1 + 1) for _, weight, idf in terms], list(map(len, at)))
            norms = self._norms[where if among is None else among[where]]
            # In the order of the query, so that the sums are the same whatever they are summed among.
            np.add.at(scores, where, factors * frequency / (frequency + norms))

    def holding_any(self, query: Mapping[str, float]) -> NDArray[np.int32]:
        """The documents that hold any term of the query, in order."""
        found = [ids for ids, _ in self._postings.several([term for term, _, _ in self._terms(query)])]
        return union(*found) if found else np.empty(0, dtype=np.int32)

    def held(self, query: Mapping[str, float], most: int) -> tuple[NDArray[np.int32], NDArray[np.float64]] | None:
        """The documents that hold any term of the query, in order, and their scores.

        ``None`` when its terms have more than ``most`` postings together: then this is not the way.
        """
        starts = self._starts
        if sum(starts[term + 1] - starts[term] for term, _, _ in self._terms(query)) > most:
            return None
        documents = self.holding_any(query)
        try:
            scores = self._zeros.pop()  # kept from the last time: new memory costs more than all the rest
        except IndexError:
            scores = np.zeros(self.corpus_size)
        self._add(query, scores)
        found = scores[documents]
        scores[documents] = 0.0
        self._zeros.append(scores)
        return documents, found

    def get_scores(self, query: Iterable[str]) -> NDArray[np.float64]:
        """As ``rank_bm25`` has it: every document's score, a term counting as often as it stands in the query."""
        return self.scores(Counter(query))

    @property
    def impacts(self) -> NDArray[np.float32]:
        """What each posting adds to a score for a weight and an idf of 1, in single precision (shape: postings)."""
        return self._impacts_of(self._postings.ids, self._postings.counts)

    def _impacts_of(self, ids: NDArray[np.int32], counts: NDArray[Any]) -> NDArray[np.float32]:
        impacts, norms = counts.astype(np.float32), self._single_norms[ids]
        norms += impacts  # in place: new arrays of this size cost as much as what is worked out
        impacts *= np.float32(self.k1 + 1)
        impacts /= norms
        return impacts

    @cached_property
    def _single_norms(self) -> NDArray[np.float32]:
        return self._norms.astype(np.float32)

    def roughly(self, query: Mapping[str, float]) -> NDArray[np.float32]:
        """Every document's score, no further from it than ``slack`` times itself: a nanosecond or two a posting."""
        scores = np.zeros(self.corpus_size, dtype=np.float32)
        terms = self._terms(query)
        postings = self._postings.several([term for term, _, _ in terms])
        for (term, weight, idf), (ids, counts) in zip(terms, postings, strict=True):
            made = self._impacts
            impacts = self._impacts_of(ids, counts) if made is None else made[self._postings.span(term)]
            np.add.at(scores, ids, impacts * np.float32(weight * idf))
        return scores


def slack(terms: int) -> float:
    """How far a sum of single-precision products may be off, as a share of it."""
    return 4e-7 * (terms + 8)


def best(scores: NDArray[Any], count: int) -> list[int]:
    """The indices of the ``count`` highest positive scores, highest first, ties in document order."""
    if len(scores) <= _FEW:
        found = np.flatnonzero(scores > 0)
        if len(found) > _SORTED:
            high = scores[found]
            found = found[high >= reach(high, count, 0.0)]
    else:
        found = Peaks(scores).highest(count)
    order: list[int] = found[np.argsort(-scores[found], kind="stable")][:count].tolist()
    return order


class Peaks:
    """Where scores are high, found in one pass at the speed of memory: only blocks with a high peak are looked into."""

    def __init__(self, scores: NDArray[Any]) -> None:
        self._scores = scores
        whole = len(scores) // _BLOCK * _BLOCK
        self._blocks, self._tail = scores[:whole].reshape(-1, _BLOCK), scores[whole:]
        self._tops = self._blocks.max(axis=1)

    def highest(self, count: int, slack: float = 0.0) -> NDArray[np.intp]:
        """The indices, in order, of positive scores that reach the ``count``-th highest or fall short by ``slack``."""
        # As many blocks have a peak at least as high as the count-th highest peak: no score below it is among the best.
        found = self.above(reach(self._tops, count, slack))
        high = self._scores[found]
        return found[high >= reach(high, count, slack)]

    def above(self, floor: float) -> NDArray[np.intp]:
        """The indices, in order, of positive scores that reach ``floor``."""
        blocks = np.flatnonzero(self._tops >= floor)
        looked_into = (self._blocks[blocks], self._tail)
        at, tail = (np.flatnonzero(scores >= floor if floor > 0 else scores > 0) for scores in looked_into)
        return np.concatenate([blocks[at // _BLOCK] * _BLOCK + at % _BLOCK, tail + self._blocks.size])


def reach(scores: NDArray[Any], count: int, slack: float) -> float:
    """The ``count``-th highest score, less by ``slack``; 0 where there are no more than that."""
    if len(scores) <= count:
        return 0.0
    return float(np.partition(scores, len(scores) - count)[len(scores) - count]) * (1 - slack)
