"""Features of a stretch of text: what the fitted model ranks candidates by and is confident by."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import mul

from index import matching
from index.article import BlockKind
from index.attributes import LIST_KINDS, Kind, announces_list, enumerates, figures, loose_spots, spots
from index.documents import Document, PassageTerms, SentenceTerms
from index.model import Features
from index.question import Question

_LOOSELY_HELD = 0.5  # what "warga" counts where a person is asked for, beside a name
_SHORT = 40  # characters; shorter "sentences" are mostly fragments
_SAID_ABOVE = 0.8  # how much less the answer's own sentence needs to repeat what the article opens with
_MET, _TELLING = 0.5, 1.0  # how well a concept is matched to count as met; the weight from which one tells anything
_NEAR = 60  # characters from a matched word to the number, person or day asked for, at which its worth falls to 1/e


@dataclass(frozen=True, slots=True)
class Sought:
    """A question made ready to be held against passages: what depends on it alone is worked out once.

    ``weights`` say how telling each concept is (an idf), ``stems`` all that could say any, ``defines`` judges how
    well a text defines the term asked about (``None`` when no definition is asked for).
    """

    question: Question
    weights: tuple[float, ...]
    stems: frozenset[str]
    defines: Callable[[str], float] | None

    total: float = field(init=False)  # the question's whole weight, never zero
    heaviest: int | None = field(init=False)  # its most telling concept
    told: tuple[bool, ...] = field(init=False)  # which concepts are only told in the story around the question
    _across: dict[Document, list[tuple[float, float] | None]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", sum(self.weights) or 1.0)
        object.__setattr__(self, "told", tuple(concept.told for concept in self.question.concepts))
        object.__setattr__(self, "heaviest", max(range(len(self.weights)), key=self.weights.__getitem__, default=None))

    def around(self, passage: PassageTerms) -> list[matching.Around]:
        """What each concept is worth around a passage's sentences."""
        concepts, document = self.question.concepts, passage.document
        across = self._across.get(document)
        if across is None:
            across = self._across[document] = matching.across(concepts, document)
        return [matching.around(concept, passage, known) for concept, known in zip(concepts, across, strict=True)]

    def beyond(self, led: Sequence[float]) -> list[float]:
        """The concepts' weights, less for what an article opens with (``led``, 0 to 1 each)."""
        return [weight * (1 - _SAID_ABOVE * value) for weight, value in zip(self.weights, led, strict=True)]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A candidate's text and how well it matches each concept (0 to 1).

    ``inside`` counts the text itself, ``worth`` what stands around it too, ``headed`` the subhead that it is under.
    ``left`` is what each concept weighs beyond the article's opening (``Sought.beyond``); ``literal`` says whether it
    stands there as such.
    """

    passage: PassageTerms
    sentence: SentenceTerms
    text: str
    inside: Sequence[float]
    worth: Sequence[float]
    headed: Sequence[float]
    left: Sequence[float]
    literal: Sequence[bool]


def measure(sought: Sought, stretch: Stretch) -> Features:
    """The features that the stretch alone decides; those of its passage and article are the caller's."""
    question, weights, total = sought.question, sought.weights, sought.total
    inside, worth, text, kind = stretch.inside, stretch.worth, stretch.text, stretch.passage.kind
    heaviest = sought.heaviest
    lacking = [
        weight for weight, value, aside in zip(weights, worth, sought.told, strict=True) if value == 0.0 and not aside
    ]
    matched = _weighted(weights, worth)
    # What a story tells around its question is no part of what has to be found.
    if any(sought.told):
        aside = zip(weights, worth, sought.told, strict=True)
        total = (total - sum(weight * (1 - value) for weight, value, told in aside if told)) or 1.0
    found = spots(question.kind, text)
    held = float(found is None or bool(found))
    if found == () and (found := loose_spots(question.kind, text)):
        held = _LOOSELY_HELD
    asked = sought.stems if question.focus is None else question.concepts[question.focus].stems
    return Features(
        coverage=matched / total,
        exact=_weighted(weights, inside) / total,
        beyond=_weighted(stretch.left, inside) / (sum(stretch.left) or 1.0),
        literal=_weighted(weights, stretch.literal) / total,
        unmet=sum(value < _MET for value, weight in zip(worth, weights, strict=True) if weight > _TELLING) / 3.0,
        missing=sum(lacking) / total,
        heaviest_missing=max(lacking, default=0.0) / 8.0,
        heaviest=worth[heaviest] if heaviest is not None else 0.0,
        focus=worth[question.focus] if question.focus is not None else 0.5,
        focus_exact=inside[question.focus] if question.focus is not None else 0.5,
        matched=matched / 40.0,
        heading=_weighted(weights, stretch.headed) / total,
        close=matching.closeness(question.concepts, stretch.sentence),
        attribute=held,
        attribute_close=held * _nearness(sought.stems, found, stretch.sentence, text),
        attribute_focus=held * _nearness(asked, found, stretch.sentence, text),
        defines=sought.defines(text) if sought.defines else 0.0,
        items=min(enumerates(text), 6) / 6 if question.kind in LIST_KINDS else 0.0,
        announces=float(question.kind in LIST_KINDS and announces_list(text)),
        figures=min(figures(text), 3) / 3 if question.kind is Kind.AID else 0.0,
        concepts=math.log1p(len(weights)),
        short=float(len(text) < _SHORT),
        lead=float(stretch.passage.number == 0),
        title=float(kind is BlockKind.TITLE),
        caption=float(kind is BlockKind.CAPTION),
        row=float(kind is BlockKind.ROW),
    )


def _weighted(weights: Sequence[float], values: Sequence[float]) -> float:
    total: float = sum(map(mul, weights, values))
    return total


def _nearness(wanted: frozenset[str], found: tuple[int, ...] | None, sentence: SentenceTerms, text: str) -> float:
    """How near the thing asked for stands to a wanted stem (0 to 1; 0.5 where any kind of thing will do)."""
    if found is None:
        return 0.5
    if not found or wanted.isdisjoint(sentence.held):
        return 0.0
    # A stem's offset is not kept; its place in the order of stems is near enough.
    step = len(text) / max(1, len(sentence.stems))
    matched = [index * step for index, stem in enumerate(sentence.stems) if stem in wanted]
    distance = min(abs(spot - place) for spot in found for place in matched)
    return math.exp(-distance / _NEAR)
