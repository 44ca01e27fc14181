"""An immutable, searchable snapshot of a folder of articles: open, ask, search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from index.answer import Answer, Clarify, Found, Home, NotFound, Related, Snippet
from index.article import Article
from index.attributes import Kind
from index.building import K1, B
from index.bulk import Bulk
from index.candidates import Candidate
from index.capabilities import Capability
from index.conversation import follow, is_fragment, leans
from index.errors import ArticleError
from index.finding import Finding, find
from index.lexicon import load_lexicon
from index.model import Model, load_model
from index.offers import Offers
from index.parts import Indexed, indexed, of_sections, put_together
from index.places import Place, describe
from index.question import Constraint, Question
from index.retrieval import Retriever
from index.saved import Progress, open_index
from index.sections import Sections
from index.stemming import Stemmer
from index.texts import load


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two archives, as article ids in order."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked article."""

    article: str
    score: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A question as read, how telling each of its concepts is, and the candidates considered, best first."""

    question: Question
    weights: tuple[float, ...]
    candidates: tuple[Candidate, ...]


class Archive:
    """Articles that can be asked. Never changes once made: a rebuild makes another one and replaces the reference."""

    def __init__(
        self,
        articles: Sequence[Article] | Indexed,
        refused: Sequence[ArticleError] = (),
        *,
        stemmer: Stemmer | None = None,
        extra_words: Sequence[Path] = (),
        model: Model | None = None,
        without: AbstractSet[Capability] = frozenset(),
    ) -> None:
        self._without = without
        self._stemmer, self._model = stemmer or Stemmer(), model or load_model()
        self._index = articles if isinstance(articles, Indexed) else indexed(articles, self._stemmer, without)
        self.refused = tuple(refused)
        self._look_up_in(self._index)
        self._read_with(tuple(extra_words))

    def _look_up_in(self, index: Indexed) -> None:
        self._retriever = Retriever(index.documents, index.by_article, self._stemmer, k1=K1, b=B)

    def _read_with(self, extra_words: tuple[Path, ...]) -> None:
        """Make ready all that depends on the word lists."""
        self._extra_words = extra_words
        lexicon = load_lexicon(*extra_words)
        parts = put_together(self._index, lexicon, self._model, self._without)
        self._smalltalk, self._reader, self._answerer = parts.smalltalk, parts.reader, parts.answerer
        self._overlap = parts.overlap
        # Questions in whatever language a chat is in would not be read: the archive is asked in Indonesian.
        self._offers = Offers(self._index.documents, self._index.by_article, parts.mined, lexicon, load())

    @classmethod
    def open(
        cls,
        seeds: Path,
        *,
        added: Path | None = None,
        words: Path | None = None,
        cache: Path | None = None,
        progress: Progress | None = None,
    ) -> Archive:
        """Read a folder of articles and index it.

        Args:
            seeds: the folder; its ``words`` folder, if any, adds to the word lists.
            added: a second folder, which may be missing or empty. Its articles go before those of the same id in
                ``seeds``, and an article of either is left out while ``<id>.hidden`` lies here.
            words: a further folder of word lists, which may be missing; read after the one in ``seeds``.
            cache: a folder where the index and stems are kept between runs, so that only what changed is read; what is
                there is shared with other processes. Nothing is kept when ``None``.
            progress: called with (articles read, articles in all) from the calling thread.

        Raises:
            FolderError: ``seeds`` is missing or holds no article that can be used, or all articles are hidden.
            WordListError: a line of a word list is malformed.
        """
        stemmer = Stemmer(cache / "stems.json" if cache else None)
        opened = open_index(seeds, added, cache / "index" if cache else None, stemmer, progress)
        lists = (seeds / "words", *([words] if words else []))
        archive = cls(of_sections(opened.sections, stemmer), opened.refused, stemmer=stemmer, extra_words=lists)
        stemmer.save()
        return archive

    @property
    def sections(self) -> Sections:
        """All that was indexed, as arrays; of an archive ``apart`` from its bulk, those that are light."""
        return self._index.sections

    def apart(self, sections: Sections, bulk: Bulk) -> Archive:
        """The same articles, with all that grows with their text fetched when a question looks at it.

        Args:
            sections: what ``index.bulk.light`` made of an index of these articles.
            bulk: who keeps the rest of that index.
        """
        other = copy(self)
        other._index = of_sections(sections, self._stemmer, self._without, bulk)
        other._look_up_in(other._index)
        other._read_with(self._extra_words)
        return other

    @property
    def articles(self) -> Sequence[Article]:
        """The articles in order, each made from the index when it is looked at."""
        return self._index.documents.articles

    @property
    def newest_first(self) -> Sequence[Article]:
        """The same, newest first, then by title."""
        return self._index.documents.newest_first

    @property
    def fingerprints(self) -> Mapping[str, str]:
        """Each article's fingerprint, by its id, in the order of ``articles``."""
        return self._index.documents.fingerprints()

    def article(self, article_id: str) -> Article:
        """The article of that id; ``KeyError`` when the archive has none."""
        number = self._index.documents.ids.find(article_id)
        if number < 0:
            raise KeyError(article_id)
        return self.articles[number]

    def reworded(self, *instead: tuple[Path, Path]) -> Archive:
        """The same articles read with the word lists as they are now, or with other folders in the place of some.

        Args:
            instead: (folder given at the opening, folder to read in its place).

        Raises:
            WordListError: a line of a word list is malformed.
        """
        other = copy(self)
        places = dict(instead)
        other._read_with(tuple(places.get(folder, folder) for folder in self._extra_words))
        return other

    def without(self, *capabilities: Capability) -> Archive:
        """The same articles and word lists, with capabilities left out: for measuring what each is worth."""
        return Archive(
            self.articles,
            self.refused,
            stemmer=self._stemmer,
            extra_words=self._extra_words,
            model=self._model,
            without=self._without | set(capabilities),
        )

    def find(self, words: str, phrases: Sequence[str], keep: Callable[[Article], bool]) -> Finding:
        """Every article that passes ``keep`` and holds the words and the phrases, each with its telling sentence."""
        return find(self._index.documents, self._reader.read(words), phrases, keep)

    def changes_from(self, older: Archive) -> Changes:
        """What this archive has that ``older`` had not, has otherwise, or has no more."""
        now, then = self.fingerprints, older.fingerprints
        return Changes(
            added=tuple(sorted(now.keys() - then.keys())),
            changed=tuple(sorted(each for each in now.keys() & then.keys() if now[each] != then[each])),
            removed=tuple(sorted(then.keys() - now.keys())),
        )

    def read(self, question: str) -> Question:
        """How a question is understood, before anything is looked up."""
        return self._reader.read(question)

    def explain(self, question: str) -> Explanation:
        """How a question was read and what was considered: for fitting the model and for finding out why."""
        read = self._reader.read(question)
        sought = self._answerer.seek(read)
        return Explanation(read, sought.weights, tuple(self._answerer.candidates(sought)))

    def ask(
        self,
        question: str,
        previous: str | None = None,
        home: Place | None = None,
        today: date | None = None,
    ) -> Answer:
        """Answer a question. Never raises for any text.

        Args:
            question: as typed.
            previous: the question before it in the same chat, if any: "kalau di Banten?" keeps what that one asked.
            home: where a question that names no place is looked for first; ``understanding.home`` tells the outcome.
            today: what "bulan lalu" and "tahun ini" are counted from; without it they are words like others.
        """
        answer = self._reply(question, previous, home, today)
        if not isinstance(answer, Clarify):
            return answer
        named = [constraint.places for constraint in self._reader.read(question).places]
        if home is not None and not named:
            named = [(home,)]
        return replace(answer, choices=self._offers.of(named, lambda each: isinstance(self._reply(each), Found)))

    def _reply(
        self, question: str, previous: str | None = None, home: Place | None = None, today: date | None = None
    ) -> Answer:
        """As ``ask``, without offering anything to who is asked back."""
        read = self._reader.read(question, today)
        talk = self._smalltalk.read(question, read)
        if talk is not None:
            return talk
        if Capability.FOLLOW_UPS in self._without:
            return self._at_home_first(read, home)
        if previous:
            return self._go_on(read, previous, home)
        if is_fragment(read):
            return Clarify(read.understanding)
        return self._at_home_first(read, home)

    def further(self, answer: Found | Related) -> tuple[Snippet, ...]:
        """What else could be quoted after ``answer``, which ``ask`` gave; best first. Costs next to nothing then."""
        return self._answerer.further(answer)

    def goes_on(self, answer: Found | Related) -> int:
        """How many snippets ``further`` gives: cheaper than counting them."""
        return self._answerer.goes_on(answer)

    def _at_home_first(self, read: Question, home: Place | None) -> Answer:
        """Answer from ``home`` when the question names no place and the answer is there; otherwise from everywhere."""
        # What a thing is does not depend on where one lives.
        if home is None or read.places or read.kind is Kind.DEFINITION:
            return self._answerer.answer(read)
        near = self._answerer.answer(_in(home, read))
        if isinstance(near, Found):
            return replace(near, understanding=replace(near.understanding, home=Home.PREFERRED))
        anywhere = self._answerer.answer(read)
        if isinstance(anywhere, Found | Related | NotFound):
            return replace(anywhere, understanding=replace(anywhere.understanding, home=Home.EMPTY))
        return anywhere

    def _go_on(self, read: Question, previous: str, home: Place | None) -> Answer:
        """Answer a question that came after another: with what that one asked where it leans on it, or alone."""
        merged = follow(read, self._reader.read(previous))
        if merged is None and is_fragment(read):
            return Clarify(read.understanding)
        if merged is None:
            return self._at_home_first(read, home)
        merged = replace(merged, follows=previous)
        together = self._at_home_first(merged, home) if leans(read) else None
        if isinstance(together, Found):
            return together
        alone = self._at_home_first(read, home)
        if isinstance(alone, Found) and not is_fragment(read):
            return alone
        together = together or self._at_home_first(merged, home)
        nearer = isinstance(together, Found) or is_fragment(read) or isinstance(alone, NotFound)
        return together if nearer else alone

    def nearest(self, message: str) -> Snippet | None:
        """What shares most words with a message that somebody passes on; ``None`` when nothing shares enough."""
        return self._overlap.nearest(message)

    def search(self, question: str, top: int = 10) -> list[Hit]:
        """The articles nearest to a question, best first, with no abstaining."""
        return [
            Hit(self.articles[number].id, score)
            for number, score in self._retriever.search(question, self._reader.read(question).words, top)
        ]


def _in(home: Place, read: Question) -> Question:
    """The question as if it had named ``home``."""
    return replace(read, places=(Constraint(describe((home,)), places=(home,)),))
