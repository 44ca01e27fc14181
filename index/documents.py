"""Searchable documents: stems of every article, passage and sentence, with their context, made when first looked at.

What a question looks at is made from the rows of ``index.forward`` and kept while it is among the last that were.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property, lru_cache
from itertools import chain, islice, tee
from threading import Lock
from typing import Generic, NamedTuple, TypeVar
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from index.article import Article, ArticleDate, Block, BlockKind, Locality
from index.attributes import Kind
from index.bulk import Fetched
from index.forward import ASKED_KINDS, BLOCK_KINDS, FACTS, NONE, PASSAGE, SENTENCE, Forward
from index.places import Place
from index.postings import Postings
from index.question import Question
from index.ragged import Ragged
from index.sections import Sections, let_go
from index.vocabulary import Vocabulary
from index.whereabouts import Whereabouts

# Documents kept beyond the last question: a small archive's all. Some 20 kB each.
_KEPT = 1_000
_ASKED = 64  # sets of stems, of as many questions, that articles are asked for again and again
_AT_ONCE = 16  # documents made before their pages, a megabyte each or more, may have become too many
T = TypeVar("T")


class SentenceTerms(NamedTuple):
    """A sentence's stems in order and as a set; ``number`` counts within its passage."""

    number: int
    start: int
    end: int
    stems: tuple[str, ...]
    held: frozenset[str]


class PassageTerms:
    """A passage's sentences, and what its heading says; worked out when first asked for, as most are never looked at.

    Args:
        number: within its article.
        row: of the passage, as ``index.forward`` has it.
        sentences: the rows of its sentences.
    """

    def __init__(self, document: Document, number: int, row: list[int], sentences: list[list[int]]) -> None:
        self.document, self.number = document, number
        kind, self.start, self.end, self._heading, self._heading_length, self._asked, _ = row
        self.kind = BLOCK_KINDS[kind]
        self._sentences = sentences

    @cached_property
    def sentences(self) -> tuple[SentenceTerms, ...]:
        """The sentences, in order."""
        found = []
        for number, (start, end, first, length) in enumerate(self._sentences):
            stems = self.document.stems(first, length)
            found.append(SentenceTerms(number, start, end, stems, frozenset(stems)))
        return tuple(found)

    @cached_property
    def held(self) -> frozenset[str]:
        """Every stem of the sentences."""
        return frozenset().union(*(sentence.held for sentence in self.sentences))

    @cached_property
    def heading(self) -> frozenset[str]:
        """The stems of the heading that it stands under."""
        return frozenset(self.document.stems(self._heading, self._heading_length))

    @property
    def asked(self) -> Kind | None:
        """On a page of questions and answers, what its heading asks for."""
        return None if self._asked == NONE else ASKED_KINDS[self._asked]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Which of the article's words its heading and, after that, its sentences consist of: (first, how many)."""
        return [(self._heading, self._heading_length), *((first, length) for _, _, first, length in self._sentences)]

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

    def stems(self, first: int, length: int) -> tuple[str, ...]:
        """The stems of a span of the article's words."""
        return tuple(map(self._stems.__getitem__, self._words[first : first + length]))

    @cached_property
    def article(self) -> Article:
        """The article itself, as it was read."""
        forward, number = self._forward, self._number
        name, title, outlet, url, shown, _ = forward.meta(number)
        return Article(
            id=name,
            body=self.body,
            title=title,
            outlet=outlet,
            locality=None if self._facts["places"] == NONE else Locality(shown, self.places),
            date=self.date,
            url=url,
            blocks=tuple(
                Block(BLOCK_KINDS[kind], start, end)
                for kind, start, end, _, _ in _rows(forward.row("blocks", number), 5)
            ),
        )

    @cached_property
    def body(self) -> str:
        """The article's text: all that most of those looked at are needed for."""
        return self._forward.body(self._number)

    @property
    def date(self) -> ArticleDate | None:
        """The article's date."""
        date = self._facts["date"]
        return None if date == NONE else self._forward.dates[date]

    @cached_property
    def title(self) -> frozenset[str]:
        """The title's stems."""
        return frozenset(self.stems(*self._title))

    @cached_property
    def passages(self) -> tuple[PassageTerms, ...]:
        """The passages, in order."""
        sentences = iter(_rows(self._forward.row("sentences", self._number), len(SENTENCE)))
        rows = _rows(self._forward.row("passages", self._number), len(PASSAGE))
        return tuple(PassageTerms(self, number, row, [*islice(sentences, row[-1])]) for number, row in enumerate(rows))

    def holding(self, stems: frozenset[str]) -> frozenset[str]:
        """Those of the stems that the title, the passages or their headings hold."""
        return self._stems.standing_for(self._held, stems)

    def opening(self, stems: frozenset[str]) -> frozenset[str]:
        """Those of the stems that the title or the first paragraph holds."""
        return self._stems.standing_for(self._lead, stems)

    # Of a whole article its words are kept, by number: it is asked for few stems, and making the texts of all of them
    # takes longer than that.

    @cached_property
    def _held(self) -> set[int]:
        return self._numbers([self._title, *(span for passage in self.passages for span in passage.spans)])

    @cached_property
    def _lead(self) -> set[int]:
        lead = self.first_paragraph
        return self._numbers([self._title, *(lead.spans[1:] if lead else ())])

    @property
    def _title(self) -> tuple[int, int]:
        return self._facts["title_first"], self._facts["title_length"]

    def _numbers(self, spans: Iterable[tuple[int, int]]) -> set[int]:
        return set(chain.from_iterable(self._words[first : first + length] for first, length in spans))

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


def _rows(row: NDArray[np.int32], columns: int) -> list[list[int]]:
    rows: list[list[int]] = row.reshape(-1, columns).tolist()
    return rows


class Stems(dict[int, str]):
    """The stem of each word, by the word's number; decoded once.

    Args:
        stem_of: the number of each word's stem, which is a word of the vocabulary itself.
        surfaces: the numbers of the words that each stem stands for.
    """

    def __init__(self, words: Vocabulary, stem_of: NDArray[np.int32], surfaces: Ragged) -> None:
        super().__init__()
        self.words = words
        self._stem_of, self._surfaces = stem_of.data, surfaces
        self._decoded: dict[int, str] = {}  # by the stem's own number: the forms of a word share one text
        self._forms = lru_cache(maxsize=_ASKED)(self._find_forms)

    def standing_for(self, words: set[int], stems: frozenset[str]) -> frozenset[str]:
        """Those of the stems that one of the words, given by number, has."""
        forms = self._forms(stems)
        return frozenset(map(forms.__getitem__, forms.keys() & words))

    def _find_forms(self, stems: frozenset[str]) -> dict[int, str]:
        """The words, by number, that have one of the stems, and which."""
        numbers = ((stem, self.words.find(stem)) for stem in stems)
        return {word: stem for stem, number in numbers if number >= 0 for word in self._surfaces.row(number).tolist()}

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
