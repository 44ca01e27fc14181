"""Question + documents -> Found | Related | NotFound | Smalltalk | Clarify, each for a reason that can be named.

Every sentence near the question is scored by what it covers of it; the constraints (place, time, office, the kind of
thing asked for) are then checked one by one, and a fitted confidence decides whether the best sentence is shown as the
answer, as related material, or not at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from index import matching
from index.answer import Answer, Clarify, Found, Gap, NotFound, Related, Snippet
from index.attributes import Kind
from index.candidates import Candidate, Share, of_passage
from index.conditions import BARELY_MET, can_answer
from index.definitions import asks_for_long_form, defines, terms
from index.document import PassageTerms
from index.documents import Documents
from index.measures import Sought
from index.model import Model
from index.question import Concept, Question
from index.ranker import Ranker
from index.snippets import Quote, beyond, citation_of, compose, openings, quoted
from index.thesaurus import STRICT, Thesaurus
from index.word_classes import AID, HANDING

# How many passages are looked at closely: at this depth the right one is all but always among them.
_CANDIDATES = 15
# What an article's own score adds to each of its passages: a body often omits the place or programme it is about.
_ARTICLE_SHARE = 0.5
_PLACE_WEIGHT = 0.5
_HEAVIEST = 6.5  # the weight of a word that neither the archive nor general Indonesian has
_UNHEARD_OF = 5.5  # ... of which this much counts: as often as a name it is a slip or a regional word
# Kinds of question to which "what there is from that place" is an answer, when they name a place or time and no more.
_SURVEYED = frozenset({Kind.KEYWORDS, Kind.OPEN, Kind.LIST, Kind.AID})
# What is said of aid beside giving it; as prepositions and in "penerima" these stand anywhere, so only a little.
_HANDED, _HANDED_WEIGHT = (*HANDING, "bagi", "terima"), 0.4
BEHIND_SCALE = 10.0  # log odds of the fitted order, to measure of how far behind the best match a candidate is
# By how much more of the question's weight (0 to 1) a sentence without the thing asked for may hold.
_OTHER_MATTER = 0.85
# How much lower (in the fitted order) what a newer article says may stand, when the newest is asked for.
_NEWER_REACH = 3.0
# Passages from which on one more makes a match by chance no likelier, as only so many are looked at closely; and fewer
# than which no practice archive has, so that what fewer would mean is not known.
_CROWD, _FEW = 1_000, 50
# By how much (in the fitted order) what breaks a condition must match better to be what was meant.
_KNOWN_ELSEWHERE = 2.0
_OPENED, _OPENED_FURTHER = 10, 50  # articles of a place that are looked up: more than are ever shown


@dataclass(frozen=True, slots=True, eq=False)
class _Considered:
    """What an answer was chosen from: so that to go on from it, nothing is looked up twice."""

    question: Question
    candidates: Sequence[Candidate]  # none of a survey, which shows the openings of articles


class Answerer:
    """Answers read questions over one archive's documents."""

    def __init__(self, documents: Documents, ranker: Ranker, thesaurus: Thesaurus, model: Model) -> None:
        self._documents = documents
        self._ranker, self._highest_idf = ranker, ranker.highest_idf
        self._thesaurus = thesaurus
        self._model = model

    # -- candidates -------------------------------------------------------------------------------------------

    def _query(self, question: Question) -> dict[str, float]:
        """The weighted terms that a question is looked up by."""
        weights: dict[str, float] = {}
        for concept in question.concepts:
            for variant in concept.variants:
                share = concept.weight * variant.strength / math.sqrt(len(variant.stems))
                for stem in variant.stems:
                    weights[stem] = max(weights.get(stem, 0.0), share)
        for place in question.asked_places:
            for stem in place.name.lower().split():
                weights.setdefault(stem, _PLACE_WEIGHT)
        if question.kind is Kind.AID:
            for stem in _HANDED:
                weights.setdefault(stem, _HANDED_WEIGHT)
        return weights

    def _weigh(self, concept: Concept) -> float:
        """How telling a concept is: the idf of its rarest word, no more than that of a commoner word for the same."""
        idfs = []
        for variant in concept.variants:
            typed = variant is concept.variants[0]
            if typed or (variant.strength >= STRICT and len(variant.stems) == 1):
                idfs.append(max(self._ranker.idf_of(stem, *(concept.words if typed else ())) for stem in variant.stems))
        # As a share of the highest idf that this archive can give, so that the weights mean the same at any size.
        return concept.weight * min(_UNHEARD_OF, _HEAVIEST * min(idfs) / self._highest_idf)

    def seek(self, question: Question) -> Sought:
        """The question made ready to be held against this archive's passages."""
        spelled_only = asks_for_long_form(question)
        judges = [
            defines(term, self._thesaurus.long_forms(term), spelled_only=spelled_only) for term in terms(question)
        ]
        return Sought(
            question,
            weights=tuple(self._weigh(concept) for concept in question.concepts),
            stems=frozenset().union(*(concept.stems for concept in question.concepts)),
            defines=(lambda text: max(judge(text) for judge in judges)) if judges else None,
        )

    def candidates(self, sought: Sought) -> list[Candidate]:
        """Stretches that may answer, best first."""
        ranking = self._ranker.rank(
            self._query(sought.question), _CANDIDATES, share=_ARTICLE_SHARE, places=sought.question.asked_places
        )
        self._documents.ahead(each.passage for each in ranking.passages)
        found: list[Candidate] = []
        for each in ranking.passages:
            share = Share(each.score / ranking.highest, each.article / ranking.highest_article)
            passage = self._documents.passages[each.passage]
            found += of_passage(sought, passage, share, self._model, self._thesaurus.office_names)
        found.sort(key=lambda candidate: -candidate.score)
        best_match = next((candidate.score for candidate in found if candidate.eligible), 0.0)
        crowd = math.log10(min(_CROWD, max(_FEW, len(self._documents.passages)))) / math.log10(_CROWD)
        for candidate in found:
            candidate.features.behind = max(0.0, best_match - candidate.score) / BEHIND_SCALE
            candidate.features.crowd = crowd
        return found

    # -- answering --------------------------------------------------------------------------------------------

    def answer(self, question: Question) -> Answer:
        """Answer one question that names something to look up."""
        if not question.concepts and not question.places and not question.times:
            return Clarify(question.understanding)
        if _asks_for_a_survey(question):
            return self._survey(question)
        candidates = self.candidates(self.seek(question))
        if not candidates:
            return NotFound(question.understanding)
        eligible = [candidate for candidate in candidates if candidate.eligible]
        # What lacks the number, person or day asked for cannot answer, however well it matches.
        able = [candidate for candidate in eligible if can_answer(question, candidate)]
        likely = able and self._model.likelihood(able[0].features) >= self._model.answered
        if likely and not (
            _is_of_another_matter(able[0], eligible[0]) or _is_known_elsewhere(question, able[0], candidates)
        ):
            if question.newest:
                able = self._newest_first(able)
            return Found(question.understanding, compose(question, able), _Considered(question, candidates))
        if _asks_for_any_aid(question):
            # "Bantuan apa di X?" names no more than a place: whatever aid an article from there tells of is the answer.
            given = [candidate for candidate in able if matching.is_from(question, candidate.document)]
            if given:
                return Found(question.understanding, compose(question, given), _Considered(question, candidates))
        return self._near(question, eligible, candidates)

    def _newest_first(self, able: Sequence[Candidate]) -> list[Candidate]:
        """Those that may be shown as the answer by the date of their article; the rest after them."""
        fit = [
            each
            for each in able
            if each.score >= able[0].score - _NEWER_REACH
            and self._model.likelihood(each.features) >= self._model.answered
        ]
        fit.sort(key=lambda each: each.document.article.recency, reverse=True)
        return [*fit, *(each for each in able if each not in fit)]

    def _near(self, question: Question, eligible: Sequence[Candidate], candidates: Sequence[Candidate]) -> Answer:
        """The nearest material, with what it lacks; or only where to look, when nothing is near enough to quote."""
        near = eligible
        # What breaks a constraint but matches is nearer than what names the place in passing, about something else.
        if not any(self._likely(each) and matching.is_from(question, each.document) for each in eligible):
            near = [each for each in candidates if can_answer(question, each)] or candidates
        if not self._likely(near[0]):
            close = [each for each in near[:3] if 2 * self._model.likelihood(each.features) >= self._model.related]
            return NotFound(question.understanding, tuple(dict.fromkeys(citation_of(each.document) for each in close)))
        gap, missing = self._gap(question, near[0])
        considered = _Considered(question, candidates)
        return Related(question.understanding, gap, missing, compose(question, near)[:2], considered)

    def _likely(self, candidate: Candidate) -> bool:
        return self._model.likelihood(candidate.features) >= self._model.related

    def _survey(self, question: Question) -> Answer:
        """What there is from a place or time, for a question that names no more: the opening of each article."""
        leads = list(islice(self._leads(question), _OPENED))
        if not leads or not (question.places or question.times):
            return NotFound(question.understanding)
        return Found(question.understanding, quoted(question, openings(leads)), _Considered(question, ()))

    def _leads(self, question: Question) -> Iterator[PassageTerms]:
        """The first paragraph of each article of the place and time asked about, newest first."""
        for document in self._documents.leading(question):
            lead = document.first_paragraph
            if lead is not None and matching.in_place(question, lead) and matching.in_time(question, lead):
                yield lead

    def further(self, answer: Found | Related) -> tuple[Snippet, ...]:
        """What else could be quoted after ``answer``, best first: under an answer, only what meets every condition."""
        considered = answer.considered
        assert isinstance(considered, _Considered)  # ``answer`` made it
        return quoted(considered.question, self._going_on(considered, answer))

    def goes_on(self, answer: Found | Related) -> int:
        """How many snippets ``further`` gives, without making them."""
        considered = answer.considered
        assert isinstance(considered, _Considered)
        return len(self._going_on(considered, answer))

    def _going_on(self, considered: _Considered, answer: Found | Related) -> list[Quote]:
        question, candidates = considered.question, considered.candidates
        if _asks_for_a_survey(question):
            return openings(list(islice(self._leads(question), _OPENED_FURTHER)), after=answer.snippets)
        if isinstance(answer, Found):
            answered, likelihood = self._model.answered, self._model.likelihood
            candidates = [each for each in candidates if each.eligible and can_answer(question, each)]
            fit = [each for each in candidates if likelihood(each.features) >= answered]
        else:
            fit = [each for each in candidates if self._likely(each)]
        return beyond(fit, answer.snippets)

    def _gap(self, question: Question, candidate: Candidate) -> tuple[Gap, str]:
        if not candidate.place:
            return Gap.PLACE, ", ".join(constraint.shown for constraint in question.places)
        if not candidate.time:
            return Gap.TIME, ", ".join(constraint.shown for constraint in question.times)
        lacking = [
            concept.shown
            for concept, worth in zip(question.concepts, candidate.worth, strict=True)
            if worth <= BARELY_MET and concept.telling
        ]
        if lacking:
            return Gap.TOPIC, ", ".join(lacking)
        if not candidate.office or not can_answer(question, candidate):
            return Gap.ATTRIBUTE, question.kind.value
        return Gap.TOPIC, ", ".join(concept.shown for concept in question.concepts)


def _is_known_elsewhere(question: Question, candidate: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Whether all that is asked stands in an article of another time, and here a part of it is missing.

    "Jambore PSKS 2024" is not answered by another event of 2024 where the archive knows that of 2023.
    """
    lacking = _lacking(question, candidate)
    return bool(lacking) and any(
        not other.time and other.score - candidate.score > _KNOWN_ELSEWHERE and not lacking & _lacking(question, other)
        for other in candidates[:_CANDIDATES]
    )


def _lacking(question: Question, candidate: Candidate) -> frozenset[int]:
    """Which of the telling concepts (by number) are hardly matched in or around a candidate."""
    return frozenset(
        number
        for number, (concept, worth) in enumerate(zip(question.concepts, candidate.worth, strict=True))
        if concept.telling and worth <= BARELY_MET
    )


def _asks_for_a_survey(question: Question) -> bool:
    """Whether a question names no more than a place or time, or asks what there is."""
    telling = any(concept.telling for concept in question.concepts)
    surveyed = question.kind in _SURVEYED and bool(question.places or question.times)
    return not telling and (question.several or surveyed)


def _is_of_another_matter(candidate: Candidate, nearest: Candidate) -> bool:
    """Whether the one that holds a number or day says nothing of what is asked, while another says it all without one.

    "Kapan pelatihan mesin tempel?" is not answered by the day on which boats were handed over, in the same article.
    """
    features = candidate.features
    return not features.replies and nearest.features.exact - features.exact > _OTHER_MATTER


def _asks_for_any_aid(question: Question) -> bool:
    """Whether a question asks what aid there is in a place, and for whom or what for is left open."""
    telling = [concept for concept in question.concepts if concept.telling]
    return (
        question.kind is Kind.AID
        and bool(question.places)
        and all(any(variant.stems == AID for variant in concept.variants) for concept in telling)
    )
