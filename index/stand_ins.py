"""The plainest thing that could take a capability's place: what an ablation measures it against.

Each stands in for one part where ``index.parts`` puts the parts together; nothing else knows that it can be left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from index.analysis import tokenize
from index.answer import Answer, Found, Smalltalk
from index.answering import Answerer
from index.article import Article, Block, BlockKind
from index.attributes import LIST_KINDS, Kind
from index.lexicon import Lexicon
from index.mending import Clause, Mender
from index.model import Model
from index.passages import Passage, Sentence, passages
from index.question import Constraint, Question
from index.question_reader import QuestionReader
from index.smalltalk import SmalltalkReader

_LINE = re.compile(r"\S(?:.*\S)?")


def plainly_read(article: Article) -> Article:
    """Reading: every line is a paragraph and the first is the title; nothing is known of outlet, place and date."""
    lines = [match.span() for match in _LINE.finditer(article.body)]
    return Article(
        id=article.id,
        body=article.body,
        title=article.body[slice(*lines[0])] if lines else article.id,
        blocks=tuple(Block(BlockKind.PARAGRAPH, start, end) for start, end in lines),
    )


class AsTyped(Mender):
    """Spelling and slang: words are what was typed."""

    def clause(self, text: str) -> Clause:
        """Split one clause into its lower-case words."""
        words = [token.word for token in tokenize(text)]
        return Clause(words, [], sum(map(self._known, words)))


def without_synonyms(lexicon: Lexicon) -> Lexicon:
    """Abbreviations and synonyms: a word stands for itself. Offices keep their names, which are a constraint."""
    return replace(lexicon, abbreviations={}, synonyms=())


class Unconstrained(QuestionReader):
    """Constraints: the name of a place is a word like others, times and offices bind nothing, any sentence will do."""

    def read(self, text: str, today: date | None = None) -> Question:
        """Read one question as a search for its words."""
        read = super().read(text, today)
        # Lists stay lists: how much of one is quoted is another capability.
        kind = Kind.LIST if read.kind in LIST_KINDS else read.kind if read.kind is Kind.KEYWORDS else Kind.OPEN
        concepts = tuple(replace(concept, required=False) for concept in read.concepts)
        return replace(read, kind=kind, concepts=concepts, times=(), offices=(), office_asked=False, shown_by=())

    def _places(self, mended: str, words: Sequence[str], taken: list[bool]) -> tuple[Constraint, ...]:
        return ()


def whole_passages(article: Article) -> list[Passage]:
    """The right sentence: paragraphs and lists are quoted whole."""
    return [replace(each, sentences=(Sentence(each.start, each.end),)) for each in passages(article)]


class OneArticle(Answerer):
    """Several articles: only the first one's quotations are shown."""

    def answer(self, question: Question) -> Answer:
        """Answer one question from one article."""
        found = super().answer(replace(question, several=False))
        if not isinstance(found, Found):
            return found
        first = found.snippets[0].article
        return replace(found, snippets=tuple(each for each in found.snippets if each.article == first))


class NoSmalltalk(SmalltalkReader):
    """Small talk: everything is a question."""

    def read(self, text: str, question: Question) -> Smalltalk | None:
        """Never small talk."""
        return None


def always_sure(model: Model) -> Model:
    """Confidence: whatever is nearest and breaks no constraint is shown as the answer."""
    return replace(model, answered=0.0, related=0.0)
