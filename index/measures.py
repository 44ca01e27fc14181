"""Features of a stretch of text: what the fitted model ranks candidates by and is confident by."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import mul, or_
from typing import NamedTuple

from index import matching
from index.article import BlockKind
from index.attributes import LIST_KINDS, Kind, announces_list, enumerates, figures, loose_spots, spots
from index.document import Document, PassageTerms
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
    telling: tuple[int, ...] = field(init=False)  # those that tell anything
    told: tuple[bool, ...] = field(init=False)  # which concepts are only told in the story around the question
    _concepts_of: dict[str, tuple[int, ...]] = field(init=False)  # by their numbers, those that a stem could say
    _known: dict[frozenset[str], tuple[float, ...]] = field(init=False, default_factory=dict)
    _across: dict[Document, tuple[tuple[float, ...], tuple[float, ...]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", sum(self.weights) or 1.0)
        object.__setattr__(self, "told", tuple(concept.told for concept in self.question.concepts))
        object.__setattr__(self, "heaviest", max(range(len(self.weights)), key=self.weights.__getitem__, default=None))
        telling = (number for number, weight in enumerate(self.weights) if weight > _TELLING)
        object.__setattr__(self, "telling", tuple(telling))
        concepts_of: dict[str, tuple[int, ...]] = {}
        for number, concept in enumerate(self.question.concepts):
            for stem in concept.stems:
                concepts_of[stem] = (*concepts_of.get(stem, ()), number)
        object.__setattr__(self, "_concepts_of", concepts_of)

    def strengths(self, held: frozenset[str]) -> tuple[float, ...]:
        """How surely a bag of stems says each concept (0 to 1)."""
        # Nothing else of the bag matters, and many bags have the same few stems in them.
        said = held & self.stems
        known = self._known.get(said)
        if known is None:
            known = tuple(matching.strength(concept, said) for concept in self.question.concepts)
            self._known[said] = known
        return known

    def marks(self, said: Iterable[tuple[int, str]]) -> list[int]:
        """Where each concept stands in a sentence: a bit for each stem that could say it, the first stem's the lowest.

        A few operations on such numbers do what would otherwise compare every place with every other. ``said`` is
        which of the question's stems the sentence has, and where (``SentenceTerms.said``).
        """
        marks = [0] * len(self.question.concepts)
        for place, stem in said:
            for number in self._concepts_of[stem]:
                marks[number] |= 1 << place
        return marks

    def around(self, passage: PassageTerms, held: frozenset[str]) -> Surroundings:
        """What stands around a passage's sentences, which together hold the stems ``held``."""
        document = passage.document
        across = self._across.get(document)
        if across is None:
            lead, everywhere = document.opening(self.stems), document.holding(self.stems)
            across = self._across[document] = self.strengths(lead), self.strengths(everywhere)
        here, headed, (led, elsewhere) = self.strengths(held), self.strengths(passage.heading), across
        left = self.beyond(led)
        return Surroundings(
            passage,
            worth=list(map(matching.around, here, headed, led, elsewhere)),
            headed=headed,
            left=left,
            left_total=sum(left) or 1.0,
            heading=_weighted(self.weights, headed),
            # What a sentence says as such, its passage says so.
            literal=_weighted(self.weights, list(map(matching.is_literal, here, headed, led))),
        )

    def beyond(self, led: Sequence[float]) -> list[float]:
        """The concepts' weights, less for what an article opens with (``led``, 0 to 1 each)."""
        return [weight * (1 - _SAID_ABOVE * value) for weight, value in zip(self.weights, led, strict=True)]


class Surroundings(NamedTuple):
    """What a passage gives to every stretch of it, worked out once for all of them.

    ``worth`` is what each concept is worth in any sentence by standing around it, ``headed`` how well the subhead
    matches it (0 to 1); ``left`` is what it weighs beyond the article's opening, ``left_total`` the sum, never zero.
    ``heading`` and ``literal`` are weights: of what the subhead matches, and of what is said as such.
    """

    passage: PassageTerms
    worth: Sequence[float]
    headed: Sequence[float]
    left: Sequence[float]
    left_total: float
    heading: float
    literal: float


def side_by_side(marks: Sequence[Sequence[int]], sizes: Sequence[int]) -> tuple[Sequence[int], int]:
    """The marks of neighbouring sentences of so many stems each, as of one, and how many stems that has."""
    whole, size = marks[0], sizes[0]
    for more, length in zip(marks[1:], sizes[1:], strict=True):
        whole = [before | after << size for before, after in zip(whole, more, strict=True)]
        size += length
    return whole, size


class Stretch(NamedTuple):
    """A candidate's text and how well it matches each concept (0 to 1).

    ``marks`` say at which of its ``size`` stems each concept stands (``Sought.marks``). ``inside`` counts the text
    itself, ``worth`` what stands around it too.
    """

    marks: Sequence[int]
    size: int
    text: str
    inside: Sequence[float]
    worth: Sequence[float]


def measure(sought: Sought, around: Surroundings, stretch: Stretch) -> Features:
    """The features that the stretch and what stands around it decide; those of its article are the caller's."""
    question, weights, total = sought.question, sought.weights, sought.total
    inside, worth, text, kind = stretch.inside, stretch.worth, stretch.text, around.passage.kind
    heaviest, focus, listed = sought.heaviest, question.focus, question.kind in LIST_KINDS
    lacking: list[float] = []
    if 0.0 in worth:
        concepts = zip(weights, worth, sought.told, strict=True)
        lacking = [weight for weight, value, aside in concepts if value == 0.0 and not aside]
    matched = _weighted(weights, worth)
    # What a story tells around its question is no part of what has to be found.
    if any(sought.told):
        aside = zip(weights, worth, sought.told, strict=True)
        total = (total - sum(weight * (1 - value) for weight, value, told in aside if told)) or 1.0
    found = spots(question.kind, text)
    held = float(found is None or bool(found))
    if found == () and (found := loose_spots(question.kind, text)):
        held = _LOOSELY_HELD
    close = close_to_focus = held * _nearness(reduce(or_, stretch.marks, 0), found, stretch)
    if focus is not None:
        close_to_focus = held * _nearness(stretch.marks[focus], found, stretch)
    return Features(
        coverage=matched / total,
        exact=_weighted(weights, inside) / total,
        beyond=_weighted(around.left, inside) / around.left_total,
        literal=around.literal / total,
        unmet=sum([worth[number] < _MET for number in sought.telling]) / 3.0,
        missing=sum(lacking) / total,
        heaviest_missing=max(lacking, default=0.0) / 8.0,
        heaviest=worth[heaviest] if heaviest is not None else 0.0,
        focus=worth[focus] if focus is not None else 0.5,
        focus_exact=inside[focus] if focus is not None else 0.5,
        matched=matched / 40.0,
        heading=around.heading / total,
        close=matching.closeness(stretch.marks),
        attribute=held,
        attribute_close=close,
        attribute_focus=close_to_focus,
        defines=sought.defines(text) if sought.defines else 0.0,
        items=min(enumerates(text), 6) / 6 if listed else 0.0,
        announces=float(listed and announces_list(text)),
        figures=min(figures(text), 3) / 3 if question.kind is Kind.AID else 0.0,
        concepts=math.log1p(len(weights)),
        short=float(len(text) < _SHORT),
        lead=float(around.passage.number == 0),
        title=float(kind is BlockKind.TITLE),
        caption=float(kind is BlockKind.CAPTION),
        row=float(kind is BlockKind.ROW),
    )


def _weighted(weights: Sequence[float], values: Sequence[float]) -> float:
    total: float = sum(map(mul, weights, values))
    return total


def _nearness(wanted: int, found: tuple[int, ...] | None, stretch: Stretch) -> float:
    """How near the thing asked for stands to a wanted (marked) stem (0 to 1; 0.5 where any kind of thing will do)."""
    if found is None:
        return 0.5
    if not found or not wanted:
        return 0.0
    # A stem's offset is not kept; its place in the order of stems is near enough.
    step = len(stretch.text) / stretch.size
    distance = math.inf
    while wanted:
        lowest = wanted & -wanted
        wanted ^= lowest
        place = (lowest.bit_length() - 1) * step
        after = bisect_left(found, place)
        if after < len(found):
            distance = min(distance, found[after] - place)
        if after > 0:
            distance = min(distance, place - found[after - 1])
    return math.exp(-distance / _NEAR)
