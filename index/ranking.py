"""Terms -> scored documents: the one door to rank-bm25.

``rank_bm25`` keeps the statistics (document lengths, frequencies, k1 and b); its ``get_scores`` walks every document
for every term, so here only the documents that hold a query term are scored, from postings whose sums are equal to
``get_scores`` to the last few bits (a test compares them). The inverse document frequencies are blended with those of
general Indonesian, because five articles say little about which words are telling.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

# The weight of the background, in documents: an archive of this size trusts both equally.
BACKGROUND_DOCUMENTS = 300
# How many words one background "document" has: about a news paragraph.
_BACKGROUND_LENGTH = 40
# wordfreq's small Indonesian list ends at a Zipf value of 3 (1e-6); a word beyond it is taken to be ten times rarer.
_UNLISTED_FREQUENCY = 1e-7


@cache
def word_frequencies() -> Mapping[str, float]:
    """General Indonesian: word -> share of all words, from wordfreq (31,000 words; Speer 2022)."""
    import wordfreq  # late: 0.1 s to import

    frequencies: Mapping[str, float] = wordfreq.get_frequency_dict("id")
    return frequencies


class Background:
    """How common each stem is in general Indonesian.

    Args:
        surfaces: stem -> the words that it stands for in this archive; their frequencies add up.
    """

    def __init__(self, surfaces: Mapping[str, Iterable[str]]) -> None:
        self._surfaces = surfaces

    def share(self, stem: str, *also: str) -> float:
        """The share of background documents (0 to 1) that hold the stem, or one of the words ``also``."""
        frequencies = word_frequencies()
        words = {stem, *also, *self._surfaces.get(stem, ())}
        frequency = max(_UNLISTED_FREQUENCY, sum(frequencies.get(word, 0.0) for word in words))
        return float(-math.expm1(_BACKGROUND_LENGTH * math.log1p(-min(frequency, 0.5))))


class BM25(BM25Okapi):  # type: ignore[misc]  # rank_bm25 is untyped
    """Okapi BM25 whose idf blends the archive's own statistics with general Indonesian ones.

    Args:
        documents: the terms of each document, at least one document with at least one term.
        background: the prior; ``None`` leaves the archive's own statistics alone.
        k1: how soon a term's repetitions stop counting; ``b``: how much long documents are discounted.
    """

    def __init__(
        self, documents: Sequence[Sequence[str]], background: Background | None = None, *, k1: float, b: float
    ) -> None:
        self._background = background
        super().__init__(documents, k1=k1, b=b)
        self._postings = self._impacts()
        # rank_bm25 keeps one dictionary a document for get_scores; the postings hold the same and are what is walked.
        self.document_frequencies = {term: len(ids) for term, (ids, _) in self._postings.items()}

    def _calc_idf(self, nd: Mapping[str, int]) -> None:
        self.idf = {term: self._idf(term, count) for term, count in nd.items()}

    def _idf(self, term: str, count: int, *also: str) -> float:
        size, held = float(self.corpus_size), float(count)
        if self._background is not None:
            size += BACKGROUND_DOCUMENTS
            held += BACKGROUND_DOCUMENTS * self._background.share(term, *also)
        # The "+ 1" keeps a term that most documents hold above zero (as Lucene does); Okapi's own goes negative.
        return math.log(1 + (size - held + 0.5) / (held + 0.5))

    def idf_of(self, term: str, *also: str) -> float:
        """How telling a term is, whether or not the archive holds it; ``also`` are the words it was typed as."""
        known = self.idf.get(term)
        return known if known is not None else self._idf(term, 0, *also)

    @property
    def highest_idf(self) -> float:
        """The idf of a term that neither the archive nor general Indonesian has."""
        return self._idf("", 0)

    def _impacts(self) -> dict[str, tuple[NDArray[np.int32], NDArray[np.float64]]]:
        """Term -> (documents that hold it, in order; what it adds to each one's score)."""
        gathered: dict[str, tuple[list[int], list[int]]] = {}
        for number, frequencies in enumerate(self.doc_freqs):
            for term, count in frequencies.items():
                ids, counts = gathered.setdefault(term, ([], []))
                ids.append(number)
                counts.append(count)
        lengths = np.array(self.doc_len, dtype=np.float64)
        norm = self.k1 * (1 - self.b + self.b * lengths / self.avgdl)
        postings = {}
        for term, (ids, counts) in gathered.items():
            held = np.array(ids, dtype=np.int32)
            frequency = np.array(counts, dtype=np.float64)
            postings[term] = (held, self.idf[term] * (frequency * (self.k1 + 1) / (frequency + norm[held])))
        return postings

    def scores(self, query: Mapping[str, float]) -> NDArray[np.float64]:
        """Every document's score (shape: documents) for weighted query terms; zero where no term is held."""
        scores = np.zeros(self.corpus_size)
        for term, weight in query.items():
            posting = self._postings.get(term)
            if posting is not None:
                scores[posting[0]] += weight * posting[1]
        return scores

    def holding(self, term: str) -> NDArray[np.int32]:
        """The documents that hold a term, in order."""
        posting = self._postings.get(term)
        return posting[0] if posting is not None else np.empty(0, dtype=np.int32)


def best(scores: NDArray[np.float64], count: int) -> list[int]:
    """The indices of the ``count`` highest positive scores, highest first, ties in document order."""
    if count < len(scores):
        candidates = np.argpartition(-scores, count)[:count]
        # Ties at the cut would fall arbitrarily; take all that equal the lowest kept score, then cut in order.
        candidates = np.flatnonzero(scores >= scores[candidates].min()) if len(candidates) else candidates
    else:
        candidates = np.arange(len(scores))
    order = candidates[np.lexsort((candidates, -scores[candidates]))]
    return [int(index) for index in order[:count] if scores[index] > 0]
