"""What a question asks, once read: concepts to match, constraints to meet, and the kind of thing wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.answer import Understanding
from index.article import ArticleDate
from index.attributes import Kind
from index.places import Place

# What a verb weighs beside a noun: news tells what was done in words of its own ("dikasih" there is "menyerahkan").
LIGHT = 0.6


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to say a concept: its stems in order, and how surely it means the same (0 to 1)."""

    stems: tuple[str, ...]
    strength: float


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing that the question is about, with every way the archive may say it; ``weight`` scales its idf."""

    shown: str
    words: tuple[str, ...]
    variants: tuple[Variant, ...]
    weight: float = 1.0
    whole: bool = False  # a name: a part of it ("kartu" of "Kartu Prakerja") is no trace of it
    required: bool = False  # "tahap 4": another stage is another matter
    told: bool = False  # in the story around the question: good to meet, no loss to miss
    stems: frozenset[str] = field(init=False, repr=False)  # of all variants

    def __post_init__(self) -> None:
        object.__setattr__(self, "stems", frozenset(stem for variant in self.variants for stem in variant.stems))

    def is_said_by(self, stems: tuple[str, ...]) -> bool:
        """Whether words say the very same thing: as typed, spelled out or abbreviated."""
        return any(variant.stems == stems and variant.strength == 1.0 for variant in self.variants)

    @property
    def telling(self) -> bool:
        """Whether it names the matter, and not the attribute asked for or what a story told beside it."""
        return self.weight >= LIGHT


@dataclass(frozen=True, slots=True)
class Constraint:
    """A place or time that the answer's article must be of; met through ``places`` or ``dates``, whichever is given."""

    shown: str
    places: tuple[Place, ...] = ()
    dates: tuple[ArticleDate, ...] = ()
    at: int = 0  # the word of the question at which it stands


@dataclass(frozen=True, slots=True)
class Question:
    """What was understood of a question. An empty ``concepts`` means that it names nothing to look up."""

    text: str
    words: str  # mended, lower case
    kind: Kind
    several: bool
    concepts: tuple[Concept, ...]
    places: tuple[Constraint, ...] = ()
    times: tuple[Constraint, ...] = ()
    offices: tuple[tuple[tuple[str, ...], ...], ...] = ()  # each office asked about, as the stems of its names
    office_asked: bool = False  # the question is who holds the office, not what its holder did
    shown_by: tuple[re.Pattern[str], ...] = ()  # what a sentence must show: a phone number, a link, an age, ...
    focus: int | None = None  # which concept stands beside the question word: "merk" of "merk mesin jahitnya apa"
    newest: bool = False
    expansions: tuple[tuple[str, str], ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    known_share: float = 1.0  # of its words, those that are Indonesian or in the archive
    follows: str | None = None

    @property
    def asked_places(self) -> tuple[Place, ...]:
        """All places asked about, whatever constraint they belong to."""
        return tuple(place for constraint in self.places for place in constraint.places)

    @property
    def understanding(self) -> Understanding:
        """For showing back to the person."""
        return Understanding(
            topic=tuple(concept.shown for concept in self.concepts),
            expansions=self.expansions,
            corrections=self.corrections,
            place=", ".join(constraint.shown for constraint in self.places) or None,
            time=", ".join(constraint.shown for constraint in self.times) or None,
            follows=self.follows,
        )
