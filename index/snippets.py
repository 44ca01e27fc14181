"""Chosen sentences -> snippets: the shortest self-contained runs of sentences, without repetition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index import matching
from index.analysis import tokenize
from index.answer import Citation, Snippet
from index.documents import Document, PassageTerms
from index.question import Question

if TYPE_CHECKING:
    from index.candidates import Candidate

_MOST_SNIPPETS = 3
# Characters that one answer may quote in all, and one snippet may grow to by neighbouring sentences.
_ANSWER_LENGTH = 750
_SNIPPET_LENGTH = 330
# A further snippet is shown while its score is at most this far below the first one's (log odds of the fitted order),
# and further below when the question asks for several articles.
_CLOSE_SECOND, _CLOSE_ARTICLE = 1.5, 2.5
# A sentence that begins so leans on the one before it.
_LEANS = re.compile(
    r"^\W*(?:ia|dia|mereka|hal (?:itu|ini|tersebut)|itu|ini|selain itu|namun|tetapi|sehingga|karena itu|oleh karena|"
    r"untuk itu|"
    r"dengan (?:itu|demikian)|menurutnya|katanya|kata (?:dia|ia)|ujarnya|tersebut|makanya|jadi|kemudian|lalu|karena)\b",
    re.IGNORECASE,
)


def citation_of(document: Document) -> Citation:
    """What is cited for an article."""
    article = document.article
    place = article.locality.shown if article.locality else None
    return Citation(article.title, article.outlet, place, article.date, article.url)


def compose(question: Question, candidates: Sequence[Candidate]) -> tuple[Snippet, ...]:
    """One to three snippets from candidates in order, best first."""
    chosen: list[tuple[PassageTerms, int, int]] = []  # passage, first and last sentence
    length = 0
    floor = candidates[0].score - (_CLOSE_ARTICLE if question.several else _CLOSE_SECOND)
    for candidate in candidates:
        if len(chosen) == _MOST_SNIPPETS or candidate.score < floor:
            break
        passage = candidate.passage
        if any(
            passage is other and first <= candidate.last and candidate.first <= last for other, first, last in chosen
        ):
            continue
        if question.several and any(passage.document is other.document for other, _, _ in chosen):
            continue
        first, last = _extent(candidate, first_shown=not chosen)
        size = passage.sentences[last].end - passage.sentences[first].start
        if chosen and length + size > _ANSWER_LENGTH:
            continue
        chosen = [each for each in chosen if not (each[0] is passage and first <= each[1] and each[2] <= last)]
        chosen.append((passage, first, last))
        length += size
    return tuple(_snippet(question, *each) for each in chosen)


def openings(question: Question, leads: Sequence[PassageTerms]) -> tuple[Snippet, ...]:
    """The first sentence of each of the first few passages."""
    return tuple(_snippet(question, lead, 0, 0) for lead in leads[:_MOST_SNIPPETS])


def _extent(candidate: Candidate, *, first_shown: bool) -> tuple[int, int]:
    """The run of sentences to quote: with the one that the first leans on, and whole short paragraphs."""
    body = candidate.document.article.body
    sentences = candidate.passage.sentences
    first, last = candidate.first, candidate.last
    if first > 0 and _LEANS.match(body[sentences[first].start : sentences[first].end]):
        first -= 1
    if not first_shown:
        return first, last
    grown = True
    while grown:
        grown = False
        for start, end in ((first, last + 1), (first - 1, last)):
            if start >= 0 and end < len(sentences) and sentences[end].end - sentences[start].start <= _SNIPPET_LENGTH:
                first, last, grown = start, end, True
                break
    return first, last


def _snippet(question: Question, passage: PassageTerms, first: int, last: int) -> Snippet:
    document = passage.document
    start, end = passage.sentences[first].start, passage.sentences[last].end
    text = document.article.body[start:end]
    return Snippet(
        article=document.article.id,
        start=start,
        end=end,
        text=text,
        highlights=highlights(question, document, text),
        citation=citation_of(document),
    )


def highlights(question: Question, document: Document, text: str) -> tuple[tuple[int, int], ...]:
    """The stretches of a quotation that the question matched, in order."""
    wanted = {
        stem
        for concept in question.concepts
        for variant in matching.highlighted_variants(concept)
        for stem in variant.stems
    }
    return tuple((token.start, token.end) for token in tokenize(text) if document.stem(token.word) in wanted)
