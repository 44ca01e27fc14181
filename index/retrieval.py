"""Ranked articles for a question, with no abstaining: what retrieval is measured by.

Five lexical signals are added up. Their weights were found by coordinate ascent on the development halves of FacQA and
TyDi QA together (``benchmarks/retrieval.py`` prints each one's worth), one configuration for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.analysis import tokenize
from index.documents import Documents
from index.ranking import BM25, best
from index.stemming import Stemmer

# Beside BM25 over stems, whose weight is 1:
SURFACE = 0.3  # the words as written: tells "kerja" from "pekerja" where their stem does not
PAIRS = 0.2  # neighbouring stems: names and terms of two words
FOURGRAMS = 0.2  # letters of query terms that (almost) no article holds: typos, and inflections that stemming missed
COVERAGE = 0.2  # the idf of the query terms met, however often
SENTENCE = 0.05  # the best sentence's own BM25
# What a question is asked with, and the commonest function words. Dropping more of them, such as all that an answer
# ignores (words/function_words.txt), costs a point of MRR on TyDi: in a ranking even "sejak" tells a little.
_ASKED_WITH = frozenset(
    """
    apa apakah siapa siapakah kapan kapankah di mana dimana dimanakah manakah berapa berapakah bagaimana bagaimanakah
    mengapa kenapa yang dan itu ini ada adalah dari untuk pada dengan oleh ke dalam sebagai para akan telah sudah
    tersebut nama namanya disebut dimaksud saja saat ketika atau merupakan dapat bisa
    """.split()
)
_MOST_WORDS = 200  # of a question that are looked up: a pasted page must not hold up the next person
_RARE = 1  # a term held by this many articles or fewer is also looked up by its letters
_POOL = 100  # articles per signal that are scored by all of them


class Retriever:
    """Ranks whole articles.

    Args:
        documents: the archive's documents; ``articles``: BM25 over their stems.
    """

    def __init__(
        self,
        documents: Documents,
        articles: BM25,
        stemmer: Stemmer,
        *,
        k1: float,
        b: float,
    ) -> None:
        self._documents = documents
        self._articles = articles
        self._stemmer = stemmer
        self._k1, self._b = k1, b

    def _index(self, terms: Iterable[Sequence[str]]) -> BM25:
        return BM25.of([list(each) or [""] for each in terms], k1=self._k1, b=self._b)

    @cached_property
    def _words(self) -> list[list[str]]:
        return [document.words for document in self._documents.all]

    @cached_property
    def _surface(self) -> BM25:
        return self._index(self._words)

    @cached_property
    def _pairs(self) -> BM25:
        return self._index(_pairs(document.terms, self._stopped) for document in self._documents.all)

    @cached_property
    def _stopped(self) -> frozenset[str]:
        return frozenset(self._stemmer.stem(word) for word in _ASKED_WITH)

    @cached_property
    def _fourgrams(self) -> BM25:
        return self._index([gram for word in words for gram in _grams(word)] for words in self._words)

    @cached_property
    def _sentences(self) -> tuple[BM25, NDArray[np.intp]]:
        stems, owners = [], []
        for number, document in enumerate(self._documents.all):
            for passage in document.passages:
                for sentence in passage.sentences:
                    stems.append(sentence.stems)
                    owners.append(number)
        return self._index(stems), np.array(owners)

    def search(self, typed: str, mended: str, top: int) -> list[tuple[int, float]]:
        """(article number, score) of the ``top`` best articles for a question, best first.

        Args:
            typed: the question as it came.
            mended: its words in standard spelling, lower case; looked up beside the typed ones, since what looks like
                slang may be a name.
            top: how many articles.
        """
        words = list(dict.fromkeys(token.word for text in (typed, mended) for token in tokenize(text)))
        kept = ([word for word in words if word not in _ASKED_WITH] or words)[:_MOST_WORDS]
        stems = [self._stemmer.stem(word) for word in kept]
        if not stems:
            return []
        query = {stem: float(stems.count(stem)) for stem in stems}
        rare = [word for word, stem in zip(kept, stems, strict=True) if self._held(stem) <= _RARE]
        by_stem = self._articles.scores(query)
        by_letters = self._fourgrams.scores({gram: 1.0 for word in rare for gram in _grams(word)})
        scores = (
            by_stem
            + SURFACE * self._surface.scores(dict.fromkeys(kept, 1.0))
            + PAIRS * self._pairs.scores(dict.fromkeys(_pairs(stems, frozenset()), 1.0))
            + FOURGRAMS * by_letters
        )
        for stem in query:
            scores[self._articles.holding(stem)] += COVERAGE * self._articles.idf_of(stem)
        pool = np.array(sorted({*best(scores, max(_POOL, top)), *best(by_letters, 20)}), dtype=np.intp)
        scores[pool] += SENTENCE * self._best_sentence(query)[pool]
        order = pool[np.lexsort((pool, -scores[pool]))][:top]
        return [(int(number), float(scores[number])) for number in order]

    def _held(self, stem: str) -> int:
        return len(self._articles.holding(stem))

    def _best_sentence(self, query: dict[str, float]) -> NDArray[np.float64]:
        index, owners = self._sentences
        highest = np.zeros(len(self._documents.all))
        np.maximum.at(highest, owners, index.scores(query))
        return highest


def _pairs(stems: Sequence[str], dropped: frozenset[str]) -> list[str]:
    kept = [stem for stem in stems if stem not in dropped]
    return [f"{first} {second}" for first, second in pairwise(kept)]


def _grams(word: str) -> list[str]:
    marked = f"#{word}#"
    return [marked[index : index + 4] for index in range(len(marked) - 3)]
