"""The parts of an archive, put together; and what stands in for one that is left out, to measure what it is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, pairwise

from index.abbreviations import mine
from index.analysis import tokenize
from index.answering import Answerer
from index.article import Article
from index.capabilities import Capability
from index.documents import Documents
from index.lexicon import Lexicon
from index.mending import Mender
from index.model import Model
from index.overlap import Overlap
from index.passages import passages
from index.places import load_gazetteer
from index.question_reader import QuestionReader
from index.ranking import BM25, Background
from index.smalltalk import SmalltalkReader
from index.spelling import Speller
from index.stand_ins import (
    AsTyped,
    NoSmalltalk,
    OneArticle,
    Unconstrained,
    always_sure,
    plainly_read,
    whole_passages,
    without_synonyms,
)
from index.stemming import Stemmer
from index.thesaurus import Thesaurus

# Tuned on the development halves of FacQA and TyDi (benchmarks/retrieval.py); the usual b = 0.75 costs 4 to 11 points
# of MRR where lengths are mixed.
K1, B = 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Indexed:
    """Articles made searchable: all that no word list changes."""

    articles: tuple[Article, ...]
    documents: Documents
    by_article: BM25
    by_passage: BM25
    stemmer: Stemmer


@dataclass(frozen=True, slots=True)
class Parts:
    """What reads questions and answers them. ``mined`` are the archive's own abbreviations, lower case."""

    smalltalk: SmalltalkReader
    reader: QuestionReader
    answerer: Answerer
    overlap: Overlap
    mined: Mapping[str, tuple[str, ...]]


def indexed(articles: Sequence[Article], stemmer: Stemmer, without: AbstractSet[Capability]) -> Indexed:
    """Index articles, at least one."""
    read = tuple(map(plainly_read, articles) if Capability.READING in without else articles)
    documents = Documents(read, stemmer, whole_passages if Capability.SENTENCE in without else passages)
    background = None if Capability.SMALL_ARCHIVES in without else Background(documents.words)
    by_article = BM25([document.terms for document in documents.all], background, k1=K1, b=B)
    by_passage = BM25([passage.terms for passage in documents.passages], background, k1=K1, b=B)
    return Indexed(read, documents, by_article, by_passage, stemmer)


def put_together(index: Indexed, lexicon: Lexicon, model: Model, without: AbstractSet[Capability]) -> Parts:
    """Make the parts that word lists have a say in."""
    stemmer, gazetteer = index.stemmer, load_gazetteer()
    texts = [[token.word for token in tokenize(article.body)] for article in index.articles]
    mined = mine(article.body for article in index.articles)
    thesaurus = Thesaurus(stemmer, lexicon, mined)
    short = frozenset(lexicon.abbreviations) | frozenset(mined)
    speller = Speller(
        Counter(chain.from_iterable(texts)),
        gazetteer.words | short,
        stemmer.stem,
        gazetteer.neighbours | lexicon.neighbours,
        texts=texts,
        abbreviations=short,
    )
    mending = AsTyped if Capability.SPELLING in without else Mender
    mender = mending(lexicon, speller, thesaurus, _slang_neighbours(texts, lexicon))
    if Capability.SYNONYMS in without:  # what is an abbreviation is still no misspelling
        thesaurus = Thesaurus(stemmer, without_synonyms(lexicon), {})
    reading = Unconstrained if Capability.CONSTRAINTS in without else QuestionReader
    talking = NoSmalltalk if Capability.SMALL_TALK in without else SmalltalkReader
    answering = OneArticle if Capability.SEVERAL in without else Answerer
    sure = always_sure(model) if Capability.CONFIDENCE in without else model
    return Parts(
        talking(lexicon),
        # What an article spells out is a name, whatever else goes by those letters ("DSB", "dsb").
        reading(stemmer, lexicon.function_words - mined.keys(), gazetteer, thesaurus, mender),
        answering(index.documents, index.by_article, index.by_passage, thesaurus, sure),
        Overlap(index.documents, index.by_passage, stemmer, lexicon.function_words),
        mined,
    )


def _slang_neighbours(texts: Sequence[Sequence[str]], lexicon: Lexicon) -> set[tuple[str, str]]:
    """Neighbouring words of which one would be read as slang, the other being no function word."""
    pairs: set[tuple[str, str]] = set()
    for words in texts:
        for first, second in pairwise(words):
            slang = {first, second} & lexicon.slang.keys()
            if slang and not {first, second} & lexicon.function_words:
                pairs.add((first, second))
    return pairs
