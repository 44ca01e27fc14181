"""Every article that holds what a search names, each with its telling sentence: for a list, not for an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from index import matching
from index.analysis import tokenize
from index.answer import Snippet, Understanding
from index.article import Article, BlockKind
from index.document import Document, PassageTerms, SentenceTerms
from index.documents import Documents
from index.question import Question
from index.snippets import citation_of, highlights
from index.thesaurus import STRICT

# Of the words searched for, the share that an article must hold when none holds them all.
_PART = 0.5


@dataclass(frozen=True, slots=True)
class Finding:
    """What a search found, best first: one quotation an article. ``partial``: no article holds all the words."""

    understanding: Understanding
    snippets: tuple[Snippet, ...]
    partial: bool = False


def find(documents: Documents, question: Question, phrases: Sequence[str], keep: Callable[[Article], bool]) -> Finding:
    """Look through the documents whose article passes ``keep``.

    An article must hold every word of the question, or a true synonym of it, and every phrase to the letter, case and
    white space aside; with neither, all that pass are listed, newest first.
    """
    wanted = [tuple(token.word for token in tokenize(phrase)) for phrase in phrases]
    whole: list[tuple[float, Document, Snippet]] = []
    parts: list[tuple[float, Document, Snippet]] = []
    for document in _likely(documents, question, wanted):
        if not keep(document.article):
            continue
        held = sum(
            matching.strength(concept, document.holding(concept.stems)) >= STRICT for concept in question.concepts
        )
        if question.concepts and held < _PART * len(question.concepts):
            continue
        # Last what takes longest: reading the whole text.
        if not all(_says(document, phrase) for phrase in wanted) or not _is_asked_for(question, document):
            continue
        quoted = _quotation(document, question, wanted)
        if quoted is not None:
            score, snippet = quoted
            (whole if held == len(question.concepts) else parts).append((score + held, document, snippet))
    chosen = sorted(whole or parts, key=lambda item: (item[0], item[1].article.recency), reverse=True)
    return Finding(
        question.understanding, tuple(snippet for _, _, snippet in chosen), partial=bool(chosen and not whole)
    )


def _likely(documents: Documents, question: Question, phrases: Sequence[tuple[str, ...]]) -> Iterable[Document]:
    """The documents that hold enough of what is searched for, so that no others are looked at."""
    ways = [[each.stems for each in concept.variants if each.strength >= STRICT] for concept in question.concepts]
    spoken = [tuple(map(documents.stem, phrase)) for phrase in phrases]
    if not ways and not spoken:
        return documents.all
    held = documents.holding({stem for stems in (*chain.from_iterable(ways), *spoken) for stem in stems})

    def all_of(stems: Sequence[str]) -> NDArray[np.int32]:
        return reduce(np.intersect1d, map(held.__getitem__, stems))

    counts = np.zeros(len(documents.all), dtype=np.int32)
    for variants in ways:
        counts[reduce(np.union1d, map(all_of, variants), np.empty(0, dtype=np.int32))] += 1
    enough = counts >= _PART * len(ways)
    for stems in filter(None, spoken):
        said = np.zeros(len(counts), dtype=bool)
        said[all_of(stems)] = True
        enough &= said
    return documents.these(np.flatnonzero(enough).tolist())


def _says(document: Document, phrase: tuple[str, ...]) -> bool:
    """Whether the words stand side by side in the article."""
    stems = frozenset(map(document.stem, phrase))
    if document.holding(stems) != stems:
        return False
    return bool(matching.occurrences([token.word for token in tokenize(document.body)], phrase))


def _is_asked_for(question: Question, document: Document) -> bool:
    """Whether the article is of the place and time that the words themselves name.

    A place alone is where the article is from, as with a filter; beside other words it may be named in the text.
    """
    if not (question.places or question.times):
        return True
    if not question.concepts and not matching.is_from(question, document):
        return False
    return any(
        matching.in_place(question, passage) and matching.in_time(question, passage) for passage in document.passages
    )


def _quotation(
    document: Document, question: Question, phrases: Sequence[tuple[str, ...]]
) -> tuple[float, Snippet] | None:
    """The sentence that says most of what is searched for, the earliest of equals; ``None`` if nothing is quotable."""
    body = document.body
    best: tuple[float, PassageTerms, SentenceTerms] | None = None
    for passage in document.passages:
        for sentence in passage.sentences:
            score = sum(concept.weight * matching.strength(concept, sentence.held) for concept in question.concepts)
            if phrases:
                words = [token.word for token in tokenize(body, sentence.start, sentence.end)]
                score += 2 * sum(bool(matching.occurrences(words, phrase)) for phrase in phrases)
            # A caption tells less of what the article says than its text.
            score -= 0.1 * (passage.kind is not BlockKind.PARAGRAPH)
            if best is None or score > best[0]:
                best = (score, passage, sentence)
    if best is None:
        return None
    score, _, sentence = best
    text = body[sentence.start : sentence.end]
    marks = sorted({*highlights(question, document, text), *_phrase_marks(text, phrases)})
    snippet = Snippet(document.article.id, sentence.start, sentence.end, text, tuple(marks), citation_of(document))
    return score, snippet


def _phrase_marks(text: str, phrases: Sequence[tuple[str, ...]]) -> list[tuple[int, int]]:
    tokens = list(tokenize(text))
    words = [token.word for token in tokens]
    return [
        (tokens[start].start, tokens[start + len(phrase) - 1].end)
        for phrase in phrases
        for start in matching.occurrences(words, phrase)
    ]
