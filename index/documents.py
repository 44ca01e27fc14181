"""Articles -> searchable documents: stems of every article, passage and sentence, with their context."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from index.analysis import tokenize
from index.article import Article, ArticleDate, BlockKind
from index.asked import question_asked
from index.attributes import Kind
from index.dates import find_dates
from index.passages import Passage, passages
from index.places import Place, load_gazetteer
from index.stemming import Stemmer


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
    """An article with the stems of its parts; what only some questions need is worked out when first asked for."""

    def __init__(
        self, article: Article, parts: Sequence[Passage], stemmer: Stemmer, words: dict[str, set[str]]
    ) -> None:
        self.article = article
        self._stemmer = stemmer
        self._words = words
        self.title = frozenset(self._stems(article.title))
        self.passages = tuple(self._passage(number, passage) for number, passage in enumerate(parts))
        self.held = frozenset().union(self.title, *(passage.held | passage.heading for passage in self.passages))
        body = [passage for passage in self.passages if passage.kind is BlockKind.PARAGRAPH]
        lead = next((passage.held for passage in body), frozenset())
        self.lead = lead | self.title

    def stem(self, word: str) -> str:
        """A lower-case word's stem, as the document was indexed by."""
        return self._stemmer.stem(word)

    def _stems(self, text: str, start: int = 0, end: int | None = None) -> tuple[str, ...]:
        found = []
        for token in tokenize(text, start, end):
            stem = self._stemmer.stem(token.word)
            self._words[stem].add(token.word)
            found.append(stem)
        return tuple(found)

    def _passage(self, number: int, passage: Passage) -> PassageTerms:
        body = self.article.body
        sentences = []
        for index, sentence in enumerate(passage.sentences):
            stems = self._stems(body, sentence.start, sentence.end)
            sentences.append(SentenceTerms(index, sentence.start, sentence.end, stems, frozenset(stems)))
        heading = frozenset(self._stems(body, *passage.heading)) if passage.heading else frozenset()
        held = frozenset().union(*(sentence.held for sentence in sentences))
        asked = question_asked(body[slice(*passage.heading)]) if passage.heading else None
        return PassageTerms(
            self, number, passage.kind, passage.start, passage.end, tuple(sentences), held, heading, asked
        )

    @property
    def terms(self) -> list[str]:
        """Every stem of the text that may be searched, with repetitions: what BM25 counts."""
        return list(self._stems(self.searched))

    @property
    def searched(self) -> str:
        """Title, headings and quotable text, each once and without page furniture."""
        article = self.article
        blocks = [article.body[b.start : b.end] for b in article.blocks if b.kind is not BlockKind.FURNITURE]
        # A title that was derived from the text, or stands in it, is not counted twice.
        own = [] if article.title.rstrip("…") in article.body else [article.title]
        return "\n".join([*own, *blocks])

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Where the article is from."""
        return self.article.locality.places if self.article.locality else ()

    @cached_property
    def mentioned(self) -> tuple[tuple[int, tuple[Place, ...]], ...]:
        """Places named in the text: (offset, places of that name)."""
        return tuple((mention.start, mention.places) for mention in load_gazetteer().mentions(self.article.body))

    @cached_property
    def dates(self) -> tuple[tuple[int, ArticleDate], ...]:
        """Dates named in the text: (offset, date)."""
        return tuple((mention.start, mention.date) for mention in find_dates(self.article.body))


class Documents:
    """All documents of an archive, and each stem's surface words; ``cut`` takes an article apart."""

    def __init__(
        self, articles: Sequence[Article], stemmer: Stemmer, cut: Callable[[Article], list[Passage]] = passages
    ) -> None:
        self.words: dict[str, set[str]] = defaultdict(set)
        self.all = tuple(Document(article, cut(article), stemmer, self.words) for article in articles)
        self.passages = tuple(passage for document in self.all for passage in document.passages)
        self._at: dict[str, set[int]] = defaultdict(set)  # a place's code -> the documents from there
        for number, document in enumerate(self.all):
            for place in document.places:
                self._at[place.code].add(number)
                self._at[place.code.partition(".")[0]].add(number)  # its province

    def at(self, place: Place) -> frozenset[int]:
        """The documents (by number) that are from a place or from within it."""
        return frozenset(self._at.get(place.code, ()))
