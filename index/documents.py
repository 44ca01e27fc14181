"""Searchable documents: stems of every article, passage and sentence, with their context, made when first looked at.

What a question looks at is made from the rows of ``index.forward`` and kept while it is among the last that were.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, tee
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from index.article import Article, ArticleDate, Block, BlockKind, Locality
from index.attributes import Kind
from index.bulk import Fetched
from index.forward import ASKED_KINDS, BLOCK_KINDS, FACTS, NONE, PASSAGE, Forward
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


@dataclass(frozen=True, slots=True)
class SentenceTerms:
    """A sentence's stems in order and as a set; ``number`` counts within its passage."""

    number: int
    start: int
    end: int
    stems: tuple[str, ...]
    held: frozenset[str]


def joined(sentences: Sequence[SentenceTerms]) -> SentenceTerms:
    """Neighbouring sentences as one."""
    stems = tuple(stem for sentence in sentences for stem in sentence.stems)
    return SentenceTerms(sentences[0].number, sentences[0].start, sentences[-1].end, stems, frozenset(stems))


@dataclass(slots=True, eq=False)
class PassageTerms:
    """A passage's sentences, and what its heading says."""

    document: Document
    number: int  # within its article
    kind: BlockKind
    start: int
    end: int
    sentences: tuple[SentenceTerms, ...]
    held: frozenset[str]
    heading: frozenset[str]
    asked: Kind | None  # on a page of questions and answers, what its heading asks for

    @property
    def terms(self) -> list[str]:
        """What BM25 counts: every stem with repetitions, and those of the heading that it stands under once."""
        return [*self.heading, *(stem for sentence in self.sentences for stem in sentence.stems)]


class Document:
    """An article with the stems of its parts; all of it is worked out when first asked for.

    Args:
        number: of the article in the archive.
        stems: the stem of each word, by the word's number.
        stem: the stem of a lower-case word, as the archive was indexed by.
    """

    def __init__(self, forward: Forward, number: int, stems: Stems, stem: Callable[[str], str]) -> None:
        self._forward, self._number, self._stems = forward, number, stems
        self._words: list[int] = forward.row("words", number).tolist()
        self._facts = dict(zip(FACTS, forward.facts[number].tolist(), strict=True))
        self.stem = stem

    def _of(self, first: int, length: int) -> tuple[str, ...]:
        stems = self._stems
        return tuple([stems[word] for word in self._words[first : first + length]])

    @cached_property
    def article(self) -> Article:
        """The article itself."""
        return article_of(self._forward, self._number)

    @cached_property
    def title(self) -> frozenset[str]:
        """The title's stems."""
        return frozenset(self._of(self._facts["title_first"], self._facts["title_length"]))

    @cached_property
    def passages(self) -> tuple[PassageTerms, ...]:
        """The passages, in order."""
        sentences = iter(_rows(self._forward.row("sentences", self._number), 4))
        found = []
        for number, row in enumerate(_rows(self._forward.row("passages", self._number), len(PASSAGE))):
            kind, start, end, heading, heading_length, asked, size = row
            terms = []
            for index in range(size):
                first_letter, end_letter, first, length = next(sentences)
                stems = self._of(first, length)
                terms.append(SentenceTerms(index, first_letter, end_letter, stems, frozenset(stems)))
            found.append(
                PassageTerms(
                    self,
                    number,
                    BLOCK_KINDS[kind],
                    start,
                    end,
                    tuple(terms),
                    frozenset().union(*(each.held for each in terms)),
                    frozenset(self._of(heading, heading_length)),
                    None if asked == NONE else ASKED_KINDS[asked],
                )
            )
        return tuple(found)

    @cached_property
    def held(self) -> frozenset[str]:
        """Every stem of the title, the passages and their headings."""
        return self.title.union(*(passage.held | passage.heading for passage in self.passages))

    @cached_property
    def lead(self) -> frozenset[str]:
        """The stems of the title and of the first paragraph."""
        number = self._facts["lead"]
        return self.title if number == NONE else self.title | self.passages[number].held

    @property
    def first_paragraph(self) -> PassageTerms | None:
        """The passage that news says its place and occasion in, if there is a paragraph at all."""
        number = self._facts["lead"]
        return None if number == NONE else self.passages[number]

    @property
    def words(self) -> list[str]:
        """Every word of the text that may be searched: title, headings and quotable text, each once."""
        return [self._stems.words[word] for word in self._searched]

    @property
    def terms(self) -> list[str]:
        """The stems of ``words``: what BM25 counts."""
        return [self._stems[word] for word in self._searched]

    @property
    def _searched(self) -> Iterator[int]:
        facts, furniture = self._facts, BLOCK_KINDS.index(BlockKind.FURNITURE)
        spans = [(facts["title_first"], facts["title_length"])] if facts["own_title"] else []
        blocks = _rows(self._forward.row("blocks", self._number), 5)
        spans += [(first, length) for kind, _, _, first, length in blocks if kind != furniture]
        return chain.from_iterable(self._words[first : first + length] for first, length in spans)

    @property
    def places(self) -> tuple[Place, ...]:
        """Where the article is from."""
        places = self._facts["places"]
        return () if places == NONE else self._forward.places[places]

    @cached_property
    def mentioned(self) -> tuple[tuple[int, tuple[Place, ...]], ...]:
        """Places named in the text: (offset, places of that name)."""
        rows = _rows(self._forward.row("mentions", self._number), 2)
        return tuple((start, self._forward.places[places]) for start, places in rows)

    @cached_property
    def dates(self) -> tuple[tuple[int, ArticleDate], ...]:
        """Dates named in the text: (offset, date)."""
        rows = _rows(self._forward.row("dates", self._number), 2)
        return tuple((start, self._forward.dates[date]) for start, date in rows)


def article_of(forward: Forward, number: int) -> Article:
    """An article, as it was read."""
    facts = dict(zip(FACTS, forward.facts[number].tolist(), strict=True))
    name, title, outlet, url, shown, _ = forward.meta(number)
    return Article(
        id=name,
        body=forward.body(number),
        title=title,
        outlet=outlet,
        locality=None if facts["places"] == NONE else Locality(shown, forward.places[facts["places"]]),
        date=None if facts["date"] == NONE else forward.dates[facts["date"]],
        url=url,
        blocks=tuple(
            Block(BLOCK_KINDS[kind], start, end) for kind, start, end, _, _ in _rows(forward.row("blocks", number), 5)
        ),
    )


def _rows(row: NDArray[np.int32], columns: int) -> list[list[int]]:
    rows: list[list[int]] = row.reshape(-1, columns).tolist()
    return rows


class Stems(dict[int, str]):
    """The stem of each word, by the word's number; decoded once."""

    def __init__(self, words: Vocabulary, stem_of: NDArray[np.int32]) -> None:
        super().__init__()
        self.words = words
        self._stem_of = stem_of.data
        self._decoded: dict[int, str] = {}  # by the stem's own number: the forms of a word share one text

    def __missing__(self, word: int) -> str:
        number = self._stem_of[word]
        stem = self._decoded.get(number)
        if stem is None:
            stem = self._decoded[number] = self.words[number]
        self[word] = stem
        return stem


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
        self._stems = Stems(self.vocabulary, sections["stems"])
        self._surfaces = Ragged(sections["surfaces"], sections["surfaces.ends"])
        postings = fetched.postings if fetched else Postings.of
        self._by_passage, self._by_title = postings(sections, "by_passage"), postings(sections, "by_title")
        self.first = sections["first"]  # passage of each article, and how many there are
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
        article = bisect_right(self.first, number) - 1
        return self._document(article).passages[number - int(self.first[article])]

    def ahead(self, passages: Iterable[int]) -> None:
        """Say which passages (by number) are about to be looked at: what has to be fetched comes in one go."""
        let_go()  # of what they were ranked by, if that was much
        self.forward.ahead(bisect_right(self.first, number) - 1 for number in passages)

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
