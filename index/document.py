"""Searchable documents: the stems of an article, its passages and sentences, each made when first looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from index.article import Article, ArticleDate, Block, BlockKind, Locality
from index.attributes import Kind
from index.forward import ASKED_KINDS, BLOCK_KINDS, FACTS, NONE, PASSAGE, SENTENCE, Forward
from index.places import Place
from index.ragged import Ragged
from index.vocabulary import Vocabulary

_ASKED = 64  # sets of stems, of as many questions, that articles are asked for again and again


class SentenceTerms:
    """A sentence; its stems, in order and as a set, are worked out when first asked for, as few ever are.

    Args:
        number: within its passage.
        row: of the sentence, as ``index.forward`` has it.
    """

    def __init__(self, document: Document, number: int, row: list[int]) -> None:
        self._document, self.number = document, number
        self.start, self.end, self._first, self.size = row

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """Its stems, in order: ``size`` of them."""
        return self._document.stems(self._first, self.size)

    @cached_property
    def held(self) -> frozenset[str]:
        """The same as a set."""
        return frozenset(self.stems)

    def said(self, stems: frozenset[str]) -> list[tuple[int, str]]:
        """Which of the stems it has, and where: (place among its own, stem), in order."""
        return self._document.said(self._first, self.size, stems)


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
        return tuple(SentenceTerms(self.document, number, row) for number, row in enumerate(self._sentences))

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

    def said(self, first: int, length: int, stems: frozenset[str]) -> list[tuple[int, str]]:
        """Which of the stems a span of the article's words has, and where: (place within the span, stem), in order."""
        # By the numbers of words: most of a span's stems are of no question, and their texts need not be looked up.
        forms = self._stems.forms(stems)
        words = self._words[first : first + length]
        return [(place, forms[word]) for place, word in enumerate(words) if word in forms]

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
        self.forms = lru_cache(maxsize=_ASKED)(self._find_forms)  # the same question asks each article for them

    def standing_for(self, words: set[int], stems: frozenset[str]) -> frozenset[str]:
        """Those of the stems that one of the words, given by number, has."""
        forms = self.forms(stems)
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
