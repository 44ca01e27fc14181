"""Question + documents -> Found | Related | NotFound | Smalltalk | Clarify, each for a reason that can be named.

Every sentence near the question is scored by what it covers of it; the constraints (place, time, office, the kind of
thing asked for) are then checked one by one, and a fitted confidence decides whether the best sentence is shown as the
answer, as related material, or not at all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from index import matching
from index.answer import Answer, Citation, Clarify, Found, Gap, NotFound, Related, Smalltalk
from index.article import BlockKind
from index.attributes import LIST_KINDS, NUMERIC_KINDS, Kind, defines
from index.measures import measure
from index.model import Features, Model
from index.documents import Document, Documents, PassageTerms, joined
from index.offices import office_met
from index.question import Concept, Question, QuestionReader
from index.ranking import BM25, best
from index.snippets import citation_of, compose

# How many passages are looked at closely: at this depth the right one is all but always among them.
_CANDIDATES = 60
# What an article's own score adds to each of its passages: a body often omits the place or programme it is about.
_ARTICLE_SHARE = 0.5
_PLACE_WEIGHT = 0.5
_HEAVIEST = 6.5  # the weight of a concept that no passage has
_LONGEST_PAIR = 420  # characters
_LONGEST_LIST = 900


@dataclass(slots=True)
class Candidate:
    """One or two sentences considered as the answer, with what they meet of the question."""

    passage: PassageTerms
    first: int  # its first and last sentence
    last: int
    worth: tuple[float, ...]  # per concept, 0 to 1
    place: bool
    time: bool
    office: bool
    features: Features
    score: float

    @property
    def document(self) -> Document:
        """The article that it is in."""
        return self.passage.document

    @property
    def eligible(self) -> bool:
        """Whether no constraint of the question is broken."""
        return self.place and self.time and self.office


@dataclass(frozen=True, slots=True)
class Share:
    """BM25 scores as shares (0 to 1) of the best passage's and of the best article's."""

    passage: float
    article: float


class Answerer:
    """Answers read questions over one archive's documents."""

    def __init__(
        self, documents: Documents, articles: BM25, passages: BM25, reader: QuestionReader, model: Model
    ) -> None:
        self._documents = documents
        self._articles = articles
        self._passages = passages
        self._reader = reader
        self._model = model
        self._article_of = [
            number for number, document in enumerate(documents.all) for _ in document.passages
        ]

    # -- candidates -------------------------------------------------------------------------------------------

    def query(self, question: Question) -> dict[str, float]:
        """The weighted terms that a question is looked up by."""
        weights: dict[str, float] = {}
        for concept in question.concepts:
            for variant in concept.variants:
                share = concept.weight * variant.strength / math.sqrt(len(variant.stems))
                for stem in variant.stems:
                    weights[stem] = max(weights.get(stem, 0.0), share)
        for constraint in question.places:
            for place in constraint.places:
                for stem in place.name.lower().split():
                    weights.setdefault(stem, _PLACE_WEIGHT)
        return weights

    def weigh(self, concept: Concept) -> float:
        """How telling a concept is: the idf of its rarest word, no more than that of a commoner word for the same."""
        idfs = []
        for variant in concept.variants:
            typed = variant is concept.variants[0]
            if typed or (variant.strength >= 0.9 and len(variant.stems) == 1):
                idfs.append(max(self._passages.idf_of(stem, *(concept.words if typed else ())) for stem in variant.stems))
        # As a share of the highest idf that this archive can give, so that the weights mean the same at any size.
        return concept.weight * _HEAVIEST * min(idfs) / self._passages.highest_idf

    def candidates(self, question: Question) -> list[Candidate]:
        """Sentences that may answer, best first."""
        query = self.query(question)
        article_scores = self._articles.scores(query)
        scores = self._passages.scores(query) + _ARTICLE_SHARE * article_scores[self._article_of]
        weights = [self.weigh(concept) for concept in question.concepts]
        found: list[Candidate] = []
        numbers = best(scores, _CANDIDATES)
        highest, highest_article = scores.max(initial=0.0), article_scores.max(initial=0.0)
        for number in numbers:
            passage = self._documents.passages[number]
            share = Share(
                float(scores[number] / highest), float(article_scores[self._article_of[number]] / (highest_article or 1.0))
            )
            found += self._of_passage(question, passage, weights, share)
        found.sort(key=lambda candidate: -candidate.score)
        return found

    def _of_passage(
        self, question: Question, passage: PassageTerms, weights: Sequence[float], share: Share
    ) -> list[Candidate]:
        document = passage.document
        around = matching.zone_strengths(question.concepts, passage)
        place = all(matching.place_met(constraint, document, passage) for constraint in question.places) or (
            question.several and any(matching.place_met(each, document, passage) for each in question.places)
        )
        time = all(matching.time_met(constraint, document, passage) for constraint in question.times)
        judge = self._definition_judge(question)
        inside = [
            [matching.strength(concept, sentence.held) for concept in question.concepts]
            for sentence in passage.sentences
        ]
        found = []
        for first, last in _windows(passage, question.kind):
            values = inside[first] if first == last else [max(column) for column in zip(*inside[first : last + 1], strict=True)]
            beside = [row for row in (inside[first - 1] if first else None, *inside[last + 1 : last + 2]) if row]
            worth = tuple(
                max(value, around[number], *(matching.BESIDE * row[number] for row in beside))
                for number, value in enumerate(values)
            )
            sentence = passage.sentences[first] if first == last else joined(passage.sentences[first : last + 1])
            text = document.article.body[sentence.start : sentence.end]
            office = office_met(question, text, sentence, passage, self._reader.office_names)
            features = measure(question, weights, values, worth, passage, sentence, text)
            features.passage_share, features.article_share = share.passage, share.article
            features.joined = float(first != last)
            features.placed = float(bool(question.places) and place)
            features.timed = float(bool(question.times) and time)
            features.defines = judge(text) if judge else 0.0
            features.office = float(office and bool(question.offices))
            score = self._model.score(features)
            found.append(Candidate(passage, first, last, worth, place, time, office, features, score))
        return found

    def _definition_judge(self, question: Question):  # type: ignore[no-untyped-def]
        term = definition_term(question)
        return defines(term, *self._reader.long_forms(term)) if term else None

    # -- answering --------------------------------------------------------------------------------------------

    def answer(self, question: Question) -> Answer:
        """Answer one question that names something to look up."""
        if not question.concepts and not question.places and not question.times:
            return Clarify(question.understanding)
        candidates = self.candidates(question)
        if not candidates:
            return NotFound(question.understanding)
        eligible = [candidate for candidate in candidates if candidate.eligible]
        # What lacks the number, person or day asked for cannot answer, however well it matches.
        able = [candidate for candidate in eligible if self.able(question, candidate)]
        if able and self._model.likelihood(able[0].features) >= self._model.answered:
            return Found(question.understanding, compose(question, able))
        near = eligible or candidates
        likelihood = self._model.likelihood(near[0].features)
        if likelihood < self._model.related:
            return NotFound(question.understanding, tuple(dict.fromkeys(citation_of(c.document) for c in near[:3])))
        gap, missing = self._gap(question, near[0])
        return Related(question.understanding, gap, missing, compose(question, near)[:2])

    @staticmethod
    def able(question: Question, candidate: Candidate) -> bool:
        """Whether the candidate holds the kind of thing asked for."""
        if definition_term(question) and not candidate.features.defines:
            return False
        # A headline announces an answer; it gives one only to who looks for the article itself.
        if candidate.features.title and not (question.several or question.kind in (Kind.KEYWORDS, Kind.OPEN)):
            return False
        if any(concept.required and worth < 0.6 for concept, worth in zip(question.concepts, candidate.worth, strict=True)):
            return False
        body, sentences = candidate.document.article.body, candidate.passage.sentences
        text = body[sentences[candidate.first].start : sentences[candidate.last].end]
        if not all(pattern.search(text) for pattern in question.shown_by):
            return False
        if question.kind in NUMERIC_KINDS and not candidate.features.attribute_close:
            return False
        return bool(candidate.features.attribute)

    def _gap(self, question: Question, candidate: Candidate) -> tuple[Gap, str]:
        if not candidate.place:
            return Gap.PLACE, ", ".join(constraint.shown for constraint in question.places)
        if not candidate.time:
            return Gap.TIME, ", ".join(constraint.shown for constraint in question.times)
        if not candidate.office or not self.able(question, candidate):
            return Gap.ATTRIBUTE, question.kind.value
        lacking = [c.shown for c, worth in zip(question.concepts, candidate.worth, strict=True) if worth == 0.0]
        return Gap.TOPIC, ", ".join(lacking or [concept.shown for concept in question.concepts])


def _windows(passage: PassageTerms, kind: Kind) -> list[tuple[int, int]]:
    """Each sentence; each short pair, as the number asked for often follows the sentence that names the matter; and
    for a question that a list answers, the whole list."""
    sentences = passage.sentences
    windows = [(index, index) for index in range(len(sentences))]
    if passage.kind is BlockKind.ROW:
        whole = sentences[-1].end - sentences[0].start <= _LONGEST_LIST
        return [*windows, (0, len(sentences) - 1)] if kind in LIST_KINDS and whole and len(sentences) > 1 else windows
    return windows + [
        (index, index + 1)
        for index in range(len(sentences) - 1)
        if sentences[index + 1].end - sentences[index].start <= _LONGEST_PAIR
    ]


def definition_term(question: Question) -> str | None:
    """The term whose definition is asked for, when the question is short enough to be one."""
    if question.kind is Kind.DEFINITION and 0 < len(question.concepts) <= 3:
        return " ".join(concept.shown for concept in question.concepts)
    return None
