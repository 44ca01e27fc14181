"""Whole questions that an archive answers, to offer to who has asked none."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from index.documents import Documents
from index.lexicon import Lexicon
from index.phrasing import short
from index.places import Place
from index.ranking import BM25
from index.texts import Texts

_MOST = 3
# How many are asked of the archive before giving up, so that a fragment costs no more than a few questions.
_PLACES_TRIED, _ABBREVIATIONS_TRIED = 3, 6


class Offers:
    """Finds questions fitted to one archive. None is offered that it does not answer.

    Args:
        abbreviations: those that the archive spells out, lower case; ``lexicon`` says which are programmes.
        texts: the catalogue in the language that the archive is asked in.
    """

    def __init__(
        self, documents: Documents, articles: BM25, abbreviations: Collection[str], lexicon: Lexicon, texts: Texts
    ) -> None:
        self._documents = documents
        self._articles = articles
        self._abbreviations = abbreviations
        self._lexicon = lexicon
        self._texts = texts
        self._anywhere: tuple[str, ...] | None = None  # worked out once, when first asked for

    def of(self, named: Sequence[tuple[Place, ...]], answers: Callable[[str], bool]) -> tuple[str, ...]:
        """At most three questions: about a place named, or else the newest article's, and about abbreviations.

        Args:
            named: for each place named, all that its name may mean.
            answers: whether the archive answers a question.
        """
        if self._anywhere is None:
            newest = islice(self._asked_of(self._newest, answers), 1)
            self._anywhere = (*newest, *islice(filter(answers, self._meanings()), _MOST))
        there = tuple(self._asked_of(named[:_PLACES_TRIED], answers))
        return tuple(dict.fromkeys((*there, *self._anywhere)))[:_MOST]

    def _asked_of(self, named: Sequence[tuple[Place, ...]], answers: Callable[[str], bool]) -> Iterator[str]:
        """What can be asked of each place: about aid, or else what news there is."""
        for places in named:
            if any(len(self._documents.at(place)) for place in places):
                name = places[0].full_name if len(places) == 1 else places[0].name
                asked = (self._texts(key, place=name) for key in ("answer.clarify_aid", "answer.clarify_news"))
                yield from islice(filter(answers, asked), 1)

    @property
    def _newest(self) -> list[tuple[Place, ...]]:
        """Where the newest articles are from."""
        found: dict[tuple[Place, ...], None] = {}
        for document in self._documents.newest():
            if document.places:
                found.setdefault(document.places)
            if len(found) == _PLACES_TRIED:
                break
        return list(found)

    def _meanings(self) -> Iterator[str]:
        for each in sorted(self._abbreviations, key=self._rank)[:_ABBREVIATIONS_TRIED]:
            yield self._texts("answer.clarify_meaning", short=self._as_written(each))

    def _rank(self, abbreviation: str) -> tuple[bool, int, str]:
        """Programmes before offices and the like, then what most articles speak of."""
        known = self._lexicon.abbreviations.get(abbreviation, ())
        programme = any(each.category == "programme" for each in known)
        return not programme, -len(self._holding(abbreviation)), abbreviation

    def _holding(self, abbreviation: str) -> NDArray[np.int32]:
        """The articles (by number) that hold an abbreviation."""
        return self._articles.holding(self._documents.stem(abbreviation))

    def _as_written(self, abbreviation: str) -> str:
        """An abbreviation as an article writes it: "SIKS-NG", "Tagana"."""
        word = re.compile(rf"\b{re.escape(abbreviation)}\b", re.IGNORECASE)
        bodies = (self._documents.all[number].body for number in self._holding(abbreviation))
        found = (match.group() for body in bodies for match in word.finditer(body))
        return next((written for written in found if not written.islower()), short(abbreviation))
