"""An immutable, searchable snapshot of a folder of articles: open, ask, search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from pathlib import Path

from index.abbreviations import mine
from index.analysis import tokenize
from index.answer import Answer, Clarify, Found, NotFound
from index.answering import Answerer
from index.article import Article
from index.candidates import Candidate
from index.conversation import follow, is_fragment
from index.documents import Documents
from index.errors import ArticleError
from index.lexicon import Lexicon, load_lexicon
from index.mending import Mender
from index.model import Model, load_model
from index.places import load_gazetteer
from index.question import Question
from index.question_reader import QuestionReader
from index.ranking import BM25, Background
from index.reading import read_folder
from index.retrieval import Retriever
from index.smalltalk import smalltalk
from index.spelling import Speller
from index.stemming import Stemmer
from index.thesaurus import Thesaurus

# Tuned on the development halves of FacQA and TyDi (benchmarks/retrieval.py); the usual b = 0.75 costs 4 to 11 points
# of MRR where lengths are mixed.
K1, B = 0.8, 0.5


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
        extra_words: Path | None = None,
        model: Model | None = None,
    ) -> None:
        self.articles = tuple(articles)
        self.refused = tuple(refused)
        self._by_id = {article.id: article for article in self.articles}
        stemmer = stemmer or Stemmer()
        documents = Documents(self.articles, stemmer)
        background = Background(documents.words)
        by_article = BM25([document.terms for document in documents.all], background, k1=K1, b=B)
        by_passage = BM25(
            [[stem for each in passage.sentences for stem in each.stems] for passage in documents.passages],
            background,
            k1=K1,
            b=B,
        )
        texts = [[token.word for token in tokenize(article.body)] for article in self.articles]
        mined = mine(article.body for article in self.articles)
        gazetteer, lexicon = load_gazetteer(), load_lexicon(extra_words)
        thesaurus = Thesaurus(stemmer, lexicon, mined)
        names = gazetteer.words | frozenset(lexicon.abbreviations) | frozenset(mined)
        speller = Speller(Counter(chain.from_iterable(texts)), names, stemmer.stem)
        mender = Mender(lexicon, speller, thesaurus, _slang_neighbours(texts, lexicon))
        self._reader = QuestionReader(stemmer, lexicon.function_words, gazetteer, thesaurus, mender)
        self._answerer = Answerer(documents, by_article, by_passage, thesaurus, model or load_model())
        self._retriever = Retriever(documents, by_article, stemmer, k1=K1, b=B)

    @classmethod
    def open(
        cls, seeds: Path, *, cache: Path | None = None, progress: Callable[[int, int], None] | None = None
    ) -> Archive:
        """Read a folder of articles and index it.

        Args:
            seeds: the folder; its ``words`` folder, if any, adds to the word lists.
            cache: a folder where stems are kept between runs; nothing is kept when ``None``.
            progress: called with (articles read, articles in all) from the calling thread.

        Raises:
            FolderError: the folder is missing or holds no article that can be used.
            WordListError: a line of a word list is malformed.
        """
        folder = read_folder(seeds, progress=progress)
        stemmer = Stemmer(cache / "stems.json" if cache else None)
        words = seeds / "words"
        archive = cls(folder.articles, folder.refused, stemmer=stemmer, extra_words=words if words.is_dir() else None)
        stemmer.save()
        return archive

    def article(self, article_id: str) -> Article:
        """The article of that id; ``KeyError`` when the archive has none."""
        return self._by_id[article_id]

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

    def ask(self, question: str, previous: str | None = None) -> Answer:
        """Answer a question. Never raises for any text.

        Args:
            question: as typed.
            previous: the question before it in the same chat, if any: "kalau di Banten?" keeps what that one asked.
        """
        read = self._reader.read(question)
        talk = smalltalk(question, read)
        if talk is not None:
            return talk
        if previous:
            before = self._reader.read(previous)
            alone = self._answerer.answer(read)
            if isinstance(alone, Found) and not is_fragment(read):
                return alone
            merged = follow(read, before)
            if merged is not None:
                together = self._answerer.answer(replace(merged, follows=previous))
                if isinstance(together, Found) or is_fragment(read) or isinstance(alone, NotFound):
                    return together
            return alone
        if is_fragment(read):
            return Clarify(read.understanding)
        return self._answerer.answer(read)

    def search(self, question: str, top: int = 10) -> list[Hit]:
        """The articles nearest to a question, best first, with no abstaining."""
        return [
            Hit(self.articles[number].id, score)
            for number, score in self._retriever.search(question, self._reader.read(question).words, top)
        ]


def _slang_neighbours(texts: Sequence[Sequence[str]], lexicon: Lexicon) -> set[tuple[str, str]]:
    """Neighbouring words of which one would be read as slang, the other being no function word."""
    pairs: set[tuple[str, str]] = set()
    for words in texts:
        for first, second in pairwise(words):
            slang = {first, second} & lexicon.slang.keys()
            if slang and not {first, second} & lexicon.function_words:
                pairs.add((first, second))
    return pairs
