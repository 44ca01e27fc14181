"""What logged questions are about: their topics and places, so that they can be counted and compared."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.library import Library
from index import phrasing
from index.question import Concept
from index.thesaurus import STRICT

if TYPE_CHECKING:
    from index.archive import Archive

IN_MEMORY = 5_000

Topic = tuple[str, ...]
"""A topic's stems: the same for "PKH" and "Program Keluarga Harapan", and for true synonyms."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question's telling topics, each with how it was written, and the codes of the places that it names."""

    topics: Mapping[Topic, str]
    places: frozenset[str]


class Readings:
    """Reads questions as the live archive does, and remembers what it read."""

    def __init__(self) -> None:
        self._library: Library | None = None
        self._known: dict[str, Reading] = {}

    async def of(self, library: Library, questions: Collection[str]) -> Mapping[str, Reading]:
        """Every question's reading."""
        if self._library is not library or len(self._known) > IN_MEMORY:
            self._library, self._known = library, {}
        known = self._known
        new = [question for question in dict.fromkeys(questions) if question not in known]
        if new:
            # In a thread: a thousand take some seconds.
            known.update(await asyncio.to_thread(lambda: {each: read(library.archive, each) for each in new}))
        return {question: known[question] for question in questions}


def read(archive: Archive, question: str) -> Reading:
    """What one question is about."""
    found = archive.read(question)
    shortened = {word for word, _ in found.expansions}
    topics = {
        _topic(concept): phrasing.short(concept.shown) if concept.shown in shortened else concept.shown
        for concept in found.concepts
        if concept.telling and concept.variants
    }
    places = frozenset(place.code for constraint in found.places for place in constraint.places)
    return Reading(topics, places)


def _topic(concept: Concept) -> Topic:
    """One name for a concept, whichever of its true synonyms was typed: the shortest, then the first in order."""
    same = [variant.stems for variant in concept.variants if variant.strength >= STRICT]
    return min(same or [concept.variants[0].stems], key=lambda stems: (len(stems), len("".join(stems)), stems))
