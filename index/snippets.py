"""Chosen sentences -> snippets: the shortest self-contained runs of sentences, without repetition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index import matching
from index.analysis import tokenize
from index.answer import Citation, Snippet
from index.attributes import NUMERIC_KINDS, Kind, spots
from index.document import Document, PassageTerms
from index.question import Question

if TYPE_CHECKING:
    from index.candidates import Candidate

_MOST_SNIPPETS = 4
_MOST_FURTHER = 30  # snippets that an answer can be continued by
# Characters that one answer may quote in all, and one snippet may grow to by neighbouring sentences.
_ANSWER_LENGTH = 1_200
_SNIPPET_LENGTH = 650
# A further snippet is shown while its score is at most this far below the first one's (log odds of the fitted order):
# the reader sees at a glance which of a few answers, where the order alone errs once in five.
_CLOSE_SECOND = 4.0
# What has one answer at a time; aid, lists and reasons of two years stand side by side.
_CHANGING = NUMERIC_KINDS | {Kind.WHO, Kind.WHEN, Kind.HOW, Kind.REQUIREMENT}
_SAME_WORDS = 0.85  # of a quotation's stems, the share in another from which both say the same
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
    return Citation(article.title, article.outlet, place, article.date, article.url, article.id)


@dataclass(slots=True)
class Quote:
    """A run of sentences to show, ``body[start:end]``, and the articles that say the same."""

    document: Document
    start: int
    end: int
    stems: frozenset[str]
    also_in: list[Document] = field(default_factory=list)

    @classmethod
    def of(cls, passage: PassageTerms, first: int, last: int) -> Quote:
        """The run from one sentence of a passage to another."""
        sentences = passage.sentences[first : last + 1]
        held = frozenset().union(*(each.held for each in sentences))
        return cls(passage.document, sentences[0].start, sentences[-1].end, held)

    @property
    def length(self) -> int:
        """Characters."""
        return self.end - self.start

    def goes_on_in(self, other: Quote) -> bool:
        """Whether the other directly follows this one in the article, and both are short enough to be one."""
        between = self.document.body[self.end : other.start]
        return (
            self.document is other.document
            and self.end <= other.start
            and not between.strip()
            and other.end - self.start <= _SNIPPET_LENGTH
        )

    def take_in(self, other: Quote) -> None:
        """Become one with a quote of the same article."""
        self.start, self.end = min(self.start, other.start), max(self.end, other.end)
        self.stems |= other.stems


def compose(question: Question, candidates: Sequence[Candidate]) -> tuple[Snippet, ...]:
    """One to four snippets from candidates in order, best first; of two articles that say the same, one is shown."""
    chosen: list[Quote] = []
    floor = candidates[0].score - _CLOSE_SECOND
    for candidate in candidates:
        if len(chosen) == _MOST_SNIPPETS or candidate.score < floor:
            break
        extent = _extent(candidate)
        if _is_quoted(candidate.passage, *extent, chosen):
            continue
        quote = Quote.of(candidate.passage, *extent)
        twin = next((other for other in chosen if _says_the_same(quote, other)), None)
        if twin is not None:
            if quote.document not in twin.also_in:
                twin.also_in.append(quote.document)
            continue
        if question.several and any(quote.document is other.document for other in chosen):
            continue
        neighbour = next((other for other in chosen if quote.goes_on_in(other) or other.goes_on_in(quote)), None)
        if neighbour is not None:
            # Two paragraphs that follow each other read better as they stand there than as two quotations.
            neighbour.take_in(quote)
            continue
        if not chosen or sum(other.length for other in chosen) + quote.length <= _ANSWER_LENGTH:
            chosen.append(quote)
    if question.newest:
        chosen.sort(key=lambda quote: quote.document.article.recency, reverse=True)
    elif question.kind in _CHANGING:
        chosen = _newer_first(question, chosen)
    return tuple(_snippet(question, quote, chosen) for quote in chosen)


def beyond(candidates: Sequence[Candidate], shown: Sequence[Snippet]) -> list[Quote]:
    """What of candidates, in order, continues an answer: one a paragraph, and nothing that ``shown`` says."""
    documents = {candidate.document.article.id: candidate.document for candidate in candidates}
    said = [_quote_of(snippet, documents[snippet.article]) for snippet in shown if snippet.article in documents]
    chosen: list[Quote] = []
    for candidate in candidates:
        if len(chosen) == _MOST_FURTHER:
            break
        extent = _extent(candidate)
        if _is_quoted(candidate.passage, *extent, (*said, *chosen)):
            continue
        quote = Quote.of(candidate.passage, *extent)
        if not any(_says_the_same(quote, other) for other in (*said, *chosen)):
            chosen.append(quote)
    return chosen


def quoted(question: Question, quotes: Sequence[Quote]) -> tuple[Snippet, ...]:
    """The snippets for quotes that are shown for what they are, whatever stands beside them."""
    return tuple(_snippet(question, quote, ()) for quote in quotes)


def _quote_of(snippet: Snippet, document: Document) -> Quote:
    """What a snippet of ``document`` quotes."""
    held = frozenset().union(
        *(
            sentence.held
            for passage in document.passages
            if passage.start < snippet.end and snippet.start < passage.end
            for sentence in passage.sentences
            if snippet.start <= sentence.start and sentence.end <= snippet.end
        )
    )
    return Quote(document, snippet.start, snippet.end, held)


def _is_quoted(passage: PassageTerms, first: int, last: int, quotes: Sequence[Quote]) -> bool:
    """Whether a part of what stands from one sentence of a passage to another is in one of the quotes already."""
    start, end = passage.sentences[first].start, passage.sentences[last].end
    return any(other.document is passage.document and start < other.end and other.start < end for other in quotes)


def _says_the_same(one: Quote, other: Quote) -> bool:
    """Whether two articles say it in (nearly) the same words: a press release that two newsrooms ran."""
    if one.document is other.document:
        return False
    # Held against the shorter one, as the other may go on for a sentence; another figure is another report.
    shorter, longer = sorted((one.stems, other.stems), key=len)
    if len(shorter & longer) < _SAME_WORDS * len(shorter):
        return False
    return all(stem in longer for stem in shorter if stem[0].isdigit())


def _is_older(quote: Quote, shown: Sequence[Quote]) -> bool:
    """Whether another article shown is of the same place and a later year."""
    document = quote.document
    year = document.article.recency[0]
    return year > 0 and any(
        other.document.article.recency[0] > year and other.document.places == document.places
        for other in shown
        if document.places
    )


def _newer_first(question: Question, chosen: Sequence[Quote]) -> list[Quote]:
    """Quotations in their order, but none before a newer one that answers as well: what held then holds no more."""
    ordered: list[Quote] = []
    for quote in chosen:
        at = next((at for at, other in enumerate(ordered) if _supersedes(question, quote, other)), len(ordered))
        ordered.insert(at, quote)
    return ordered


def _supersedes(question: Question, quote: Quote, other: Quote) -> bool:
    """Whether a quotation is newer, holds the kind of thing asked for and says as much of the matter."""
    text = quote.document.body[quote.start : quote.end]
    return (
        _is_older(other, (quote,))
        and bool(spots(question.kind, text))
        and all(
            matching.strength(concept, quote.stems) >= matching.strength(concept, other.stems)
            for concept in question.concepts
            if concept.telling
        )
    )


def openings(leads: Sequence[PassageTerms], *, after: Sequence[Snippet] = ()) -> list[Quote]:
    """The first sentence of each of the first few passages; of those after the articles quoted in ``after``, if any."""
    quoted = {snippet.article for snippet in after}
    left = [lead for lead in leads if lead.document.article.id not in quoted]
    most = _MOST_FURTHER if after else _MOST_SNIPPETS
    return [Quote.of(lead, 0, 0) for lead in left[:most]]


def _extent(candidate: Candidate) -> tuple[int, int]:
    """The run of sentences to quote: with the one that the first leans on, and whole short paragraphs."""
    body = candidate.document.body
    sentences = candidate.passage.sentences
    first, last = candidate.first, candidate.last
    if first > 0 and _LEANS.match(body[sentences[first].start : sentences[first].end]):
        first -= 1
    grown = True
    while grown:
        grown = False
        for start, end in ((first, last + 1), (first - 1, last)):
            if start >= 0 and end < len(sentences) and sentences[end].end - sentences[start].start <= _SNIPPET_LENGTH:
                first, last, grown = start, end, True
                break
    return first, last


def _snippet(question: Question, quote: Quote, shown: Sequence[Quote]) -> Snippet:
    document, start, end = quote.document, quote.start, quote.end
    text = document.body[start:end]
    return Snippet(
        article=document.article.id,
        start=start,
        end=end,
        text=text,
        highlights=highlights(question, document, text),
        citation=citation_of(document),
        also_in=tuple(citation_of(other) for other in quote.also_in),
        older=_is_older(quote, shown),
    )


def highlights(question: Question, document: Document, text: str) -> tuple[tuple[int, int], ...]:
    """The stretches of a quotation that the question matched, in order.

    A phrase that was not typed but stands for what was ("Hari Kesetiakawanan Sosial Nasional") counts only as a whole:
    its "sosial" elsewhere is no match.
    """
    tokens = list(tokenize(text))
    stems = [document.stem(token.word) for token in tokens]
    held = frozenset(stems)
    marked: set[int] = set()
    for concept in question.concepts:
        typed = frozenset(concept.variants[0].stems)
        marked.update(index for index, stem in enumerate(stems) if stem in typed)
        for variant in matching.highlighted_variants(concept):
            if not held.issuperset(variant.stems):
                continue  # as with most: a word has dozens of others that may stand for it
            for start in matching.occurrences(stems, variant.stems):
                marked.update(range(start, start + len(variant.stems)))
    return tuple((tokens[index].start, tokens[index].end) for index in sorted(marked))
