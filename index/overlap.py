"""A message that somebody passes on -> the stretch of the archive that shares most words with it, or nothing.

A chain message is no question: it asks for nothing that could be met or missed. So it is held against every paragraph
word by word, and what both have is shown; whether the message is true is for its reader to judge.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from index.analysis import tokenize
from index.answer import Snippet
from index.document import PassageTerms
from index.documents import Documents
from index.ranker import Ranker
from index.snippets import citation_of
from index.stemming import Stemmer

_MOST_WORDS = 600  # of a message that are held against the archive
_POOL = 30  # paragraphs looked at closely
_LENGTH = 500  # characters that the quotation may grow to, by whole sentences
# Telling words that both must have, and their share (0 to 1) of what the shorter of the two says, by weight.
_WORDS, _SHARE = 4, 0.25


class Overlap:
    """Finds what a text has in common with an archive's paragraphs."""

    def __init__(self, documents: Documents, ranker: Ranker, stemmer: Stemmer, function_words: Collection[str]) -> None:
        self._documents = documents
        self._ranker = ranker
        self._stemmer = stemmer
        self._function_words = function_words

    def nearest(self, text: str) -> Snippet | None:
        """The stretch with most in common, its shared words as highlights; ``None`` when too little is shared."""
        weights = self._weights(text)
        found: tuple[float, PassageTerms] | None = None
        ranking = self._ranker.rank(weights, _POOL)
        self._documents.ahead(each.passage for each in ranking.passages)
        for each in ranking.passages:
            passage = self._documents.passages[each.passage]
            shared = weights.keys() & passage.held
            mass = sum(weights[stem] for stem in shared)
            whole = min(sum(weights.values()), self._mass(passage))
            if len(shared) >= _WORDS and mass >= _SHARE * whole and (found is None or mass > found[0]):
                found = mass, passage
        return self._snippet(found[1], weights) if found else None

    def _weights(self, text: str) -> dict[str, float]:
        """The telling stems of a text, and how telling each is."""
        weights: dict[str, float] = {}
        for count, token in enumerate(tokenize(text)):
            if count == _MOST_WORDS:
                break
            if token.word not in self._function_words and len(token.word) > 1:
                stem = self._stemmer.stem(token.word)
                weights.setdefault(stem, self._ranker.idf_of(stem, token.word))
        return weights

    def _mass(self, passage: PassageTerms) -> float:
        return sum(self._ranker.idf_of(stem) for stem in passage.held if stem not in self._function_words)

    def _snippet(self, passage: PassageTerms, weights: Mapping[str, float]) -> Snippet:
        sentences = passage.sentences
        worth = [sum(weights.get(stem, 0.0) for stem in each.held) for each in sentences]
        first = last = max(range(len(sentences)), key=lambda number: worth[number])
        while True:
            sides = [side for side in (first - 1, last + 1) if 0 <= side < len(sentences) and worth[side] > 0]
            sides = [
                side for side in sides if sentences[max(last, side)].end - sentences[min(first, side)].start <= _LENGTH
            ]
            if not sides:
                break
            side = max(sides, key=lambda number: worth[number])
            first, last = min(first, side), max(last, side)
        start, end = sentences[first].start, sentences[last].end
        document = passage.document
        text = document.body[start:end]
        marks = tuple((token.start, token.end) for token in tokenize(text) if document.stem(token.word) in weights)
        return Snippet(document.article.id, start, end, text, marks, citation_of(document))
