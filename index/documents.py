"""All documents of an archive: what a question looks at, made from rows and kept while it is among the last that were.

``index.forward`` has the rows, ``index.document`` says what is made of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import tee
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from index.article import Article
from index.bulk import Fetched
from index.document import Document, PassageTerms, Stems
from index.forward import NONE, Forward
from index.places import Place
from index.postings import Postings
from index.question import Question
from index.ragged import Ragged
from index.sections import Sections, let_go
from index.vocabulary import Vocabulary
from index.whereabouts import Whereabouts

# Documents kept beyond the last question: a small archive's all. Some 20 kB each.
_KEPT = 1_000
_AT_ONCE = 16  # documents made before their pages, a megabyte each or more, may have become too many
T = TypeVar("T")


class Made(Sequence[T], Generic[T]):
    """A sequence whose members are made when they are looked at.

    Args:
        size: how many there are.
        make: a member, by its number.
        one_by_one: passes on numbers that are looked at one after the other.
    """

    def __init__(
        self, size: int, make: Callable[[int], T], one_by_one: Callable[[Iterable[int]], Iterator[int]] = iter
    ) -> None:
        self._size, self._make, self._one_by_one = size, make, one_by_one

    def __iter__(self) -> Iterator[T]:
        return map(self._make, self._one_by_one(range(self._size)))

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, number: int | slice) -> T | tuple[T, ...]:  # type: ignore[override]
        if isinstance(number, slice):
            return tuple(map(self._make, self._one_by_one(range(*number.indices(self._size)))))
        if not -self._size <= number < self._size:
            raise IndexError(number)
        return self._make(number % self._size)


class Documents:
    """All documents of an archive, by number, place, time and stem.

    Args:
        sections: what ``index.building`` makes.
        stem: as for ``Document``.
        fetched: where the bulk comes from that ``sections`` lacks.
    """

    def __init__(self, sections: Sections, stem: Callable[[str], str], fetched: Fetched | None = None) -> None:
        self.forward = fetched.forward(sections) if fetched else Forward(sections)
        self.vocabulary = Vocabulary(sections, "words")
        self.ids = Vocabulary(sections, "ids")
        self.stem = stem
        self._surfaces = Ragged(sections["surfaces"], sections["surfaces.ends"])
        self._stems = Stems(self.vocabulary, sections["stems"], self._surfaces)
        postings = fetched.postings if fetched else Postings.of
        self._by_passage, self._by_title = postings(sections, "by_passage"), postings(sections, "by_title")
        self.first = sections["first"]  # passage of each article, and how many there are
        self._first = self.first.data  # one number at a time, this is several times quicker
        self._shelf = sections["shelf"]
        self._where = Whereabouts(sections, np.flatnonzero(self.forward.fact("lead") != NONE).astype(np.int32))
        self.all: Sequence[Document] = Made(len(self.forward), self._document, self.forward.one_by_one)
        self.passages: Sequence[PassageTerms] = Made(int(self.first[-1]), self._passage)
        # A document is one object for as long as anyone holds it, whatever other threads look at meanwhile.
        self._alive: WeakValueDictionary[int, Document] = WeakValueDictionary()
        self._kept: OrderedDict[int, Document] = OrderedDict()
        self._lock = Lock()
        self._made = 0

    def _document(self, number: int) -> Document:
        with self._lock:
            document = self._alive.get(number)
            if document is None:
                document = self._alive[number] = Document(self.forward, number, self._stems, self.stem)
                self._made += 1
                if self._made % _AT_ONCE == 0:
                    let_go()
            self._kept[number] = document
            self._kept.move_to_end(number)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return document

    def _passage(self, number: int) -> PassageTerms:
        article = bisect_right(self._first, number) - 1
        return self._document(article).passages[number - self._first[article]]

    def ahead(self, passages: Iterable[int]) -> None:
        """Say which passages (by number) are about to be looked at: what has to be fetched comes in one go."""
        let_go()  # of what they were ranked by, if that was much
        self.forward.ahead(bisect_right(self._first, number) - 1 for number in passages)

    @property
    def articles(self) -> Sequence[Article]:
        """The articles, in order."""
        return Made(len(self.all), lambda number: self._document(number).article, self.forward.one_by_one)

    @property
    def newest_first(self) -> Sequence[Article]:
        """The articles, newest first, then by title."""

        def in_order(positions: Iterable[int]) -> Iterator[int]:
            positions, again = tee(positions)
            fetched = self.forward.one_by_one(int(self._shelf[position]) for position in again)
            return (position for position, _ in zip(positions, fetched, strict=True))

        return Made(len(self.all), lambda position: self._document(int(self._shelf[position])).article, in_order)

    def fingerprints(self) -> dict[str, str]:
        """Each article's fingerprint, by its id."""
        return dict(zip(self.ids, self.forward.fingerprints(), strict=True))

    def surfaces(self, stem: str) -> AbstractSet[str]:
        """The words that a stem stands for in this archive."""
        number = self.vocabulary.find(stem)
        return {self.vocabulary[word] for word in self._surfaces.row(number).tolist()} if number >= 0 else frozenset()

    def holding(self, stems: Collection[str]) -> dict[str, NDArray[np.int32]]:
        """The documents (by number, ascending) that hold each stem."""
        found = {stem: np.empty(0, np.int32) for stem in stems}
        numbers = {stem: number for stem in stems if (number := self.vocabulary.find(stem)) >= 0}
        postings = (each.several([*numbers.values()]) for each in (self._by_passage, self._by_title))
        for stem, (passages, _), (titles, _) in zip(numbers, *postings, strict=True):
            inside = np.searchsorted(self.first, passages, "right") - 1
            found[stem] = np.union1d(inside.astype(np.int32), titles)
        return found

    def these(self, numbers: Iterable[int]) -> Iterator[Document]:
        """The documents of those numbers, one after the other."""
        return map(self._document, self.forward.one_by_one(numbers))

    def at(self, place: Place) -> NDArray[np.int32]:
        """The documents (by number, ascending) that are from a place or from within it."""
        return self._where.at(place)

    def newest(self) -> Iterator[Document]:
        """All documents, newest first, of equals the first in the archive."""
        return self.these(self._where.newest().tolist())

    def leading(self, question: Question) -> Iterator[Document]:
        """The documents whose first paragraph may be of the place and time asked about, newest first.

        None of those that are is missing; whether one is, is for ``index.matching`` to say.
        """
        return self.these(self._where.leading(question).tolist())
