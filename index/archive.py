"""An immutable, searchable snapshot of a folder of articles: open, ask, search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from index.answer import Answer, Clarify, Found, Home, NotFound, Related, Snippet
from index.article import Article
from index.attributes import Kind
from index.candidates import Candidate
from index.capabilities import Capability
from index.conversation import follow, is_fragment, leans
from index.errors import ArticleError, FolderError
from index.finding import Finding, find
from index.lexicon import load_lexicon
from index.model import Model, load_model
from index.offers import Offers
from index.parts import K1, B, indexed, put_together
from index.places import Place, describe
from index.question import Constraint, Question
from index.reading import Folder, read_folder
from index.retrieval import Retriever
from index.stemming import Stemmer
from index.texts import load

HIDDEN = ".hidden"  # what ends the name of the file that hides an article


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
        articles: Sequence[Article],
        refused: Sequence[ArticleError] = (),
        *,
        stemmer: Stemmer | None = None,
        extra_words: Sequence[Path] = (),
        model: Model | None = None,
        without: AbstractSet[Capability] = frozenset(),
    ) -> None:
        self._without = without
        self._stemmer, self._model = stemmer or Stemmer(), model or load_model()
        self._index = indexed(articles, self._stemmer, without)
        self.articles = self._index.articles
        self.refused = tuple(refused)
        self._by_id = {article.id: article for article in self.articles}
        self._retriever = Retriever(self._index.documents, self._index.by_article, self._stemmer, k1=K1, b=B)
        self._read_with(tuple(extra_words))

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
        progress: Callable[[int, int], None] | None = None,
    ) -> Archive:
        """Read a folder of articles and index it.

        Args:
            seeds: the folder; its ``words`` folder, if any, adds to the word lists.
            added: a second folder, which may be missing or empty. Its articles go before those of the same id in
                ``seeds``, and an article of either is left out while ``<id>.hidden`` lies here.
            words: a further folder of word lists, which may be missing; read after the one in ``seeds``.
            cache: a folder where stems are kept between runs; nothing is kept when ``None``.
            progress: called with (articles read, articles in all) from the calling thread.

        Raises:
            FolderError: ``seeds`` is missing or holds no article that can be used, or all articles are hidden.
            WordListError: a line of a word list is malformed.
        """
        folder = read_folder(seeds, progress=progress)
        if added is not None:
            folder = _laid_over(folder, added, progress)
        stemmer = Stemmer(cache / "stems.json" if cache else None)
        lists = (seeds / "words", *([words] if words else []))
        archive = cls(folder.articles, folder.refused, stemmer=stemmer, extra_words=lists)
        stemmer.save()
        return archive

    def article(self, article_id: str) -> Article:
        """The article of that id; ``KeyError`` when the archive has none."""
        return self._by_id[article_id]

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
        return find(self._index.documents.all, self._reader.read(words), phrases, keep)

    def changes_from(self, older: Archive) -> Changes:
        """What this archive has that ``older`` had not, has otherwise, or has no more."""
        now = {article.id: article.fingerprint for article in self.articles}
        then = {article.id: article.fingerprint for article in older.articles}
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

    def further(
        self,
        question: str,
        answer: Found | Related,
        previous: str | None = None,
        home: Place | None = None,
        today: date | None = None,
    ) -> tuple[Snippet, ...]:
        """What else could be quoted after ``answer``, which ``ask`` gave for the same question; best first."""
        read = self._reader.read(question, today)
        if previous and answer.understanding.follows is not None:
            read = follow(read, self._reader.read(previous)) or read
        if home is not None and answer.understanding.home is Home.PREFERRED:
            read = _in(home, read)
        return self._answerer.further(read, answer)

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


def _laid_over(seeds: Folder, added: Path, progress: Callable[[int, int], None] | None) -> Folder:
    """``seeds`` with the articles of ``added`` over them, without the hidden ones."""
    before = len(seeds.articles) + len(seeds.refused)
    hidden = {path.name.removesuffix(HIDDEN) for path in added.glob(f"*{HIDDEN}")}
    over = Folder((), ())
    if any(added.glob("*.txt")):
        try:
            over = read_folder(
                added, progress=progress and (lambda done, total: progress(before + done, before + total))
            )
        except FolderError as error:  # none of them can be used: those of ``seeds`` still can
            over = Folder((), (ArticleError(added, str(error).removeprefix(f"{added}: ")),))
    gone = hidden | {article.id for article in over.articles}
    articles = [article for article in seeds.articles if article.id not in gone]
    articles += [article for article in over.articles if article.id not in hidden]
    if not articles:
        raise FolderError(f"{added}: found every article hidden, expected at least one that is not")
    refused = [error for error in seeds.refused if Path(error.path).stem not in gone]
    refused += [error for error in over.refused if Path(error.path).stem not in hidden]
    return Folder(tuple(sorted(articles, key=lambda article: article.id)), tuple(refused))
