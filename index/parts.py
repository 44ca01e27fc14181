"""The parts of an archive, put together; and what stands in for one that is left out, to measure what it is worth."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from index.answering import Answerer
from index.article import Article
from index.building import K1, B, built
from index.bulk import Bulk, Fetched
from index.capabilities import Capability
from index.documents import Documents
from index.forward import ForwardWriter
from index.lexicon import Lexicon
from index.mending import Mender
from index.model import Model
from index.overlap import Overlap
from index.passages import passages
from index.places import load_gazetteer
from index.postings import Postings
from index.question_reader import QuestionReader
from index.ranker import PostingsRanker, Ranker
from index.ranking import BM25, Background
from index.running_words import RunningWords, SlangNeighbours
from index.sections import Sections
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


@dataclass(frozen=True, slots=True)
class Indexed:
    """Articles made searchable: all that no word list changes. ``mined`` as in ``Parts``."""

    sections: Sections
    documents: Documents
    by_article: BM25
    ranker: Ranker
    words: RunningWords
    mined: Mapping[str, tuple[str, ...]]
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
    """Index articles, at least one, in memory."""
    writer = ForwardWriter(whole_passages if Capability.SENTENCE in without else passages)
    for article in articles:
        writer.add(plainly_read(article) if Capability.READING in without else article)
    return of_sections(built(writer.sections(), list(writer.words), stemmer.stem), stemmer, without)


def of_sections(
    sections: Sections, stemmer: Stemmer, without: AbstractSet[Capability] = frozenset(), bulk: Bulk | None = None
) -> Indexed:
    """What ``index.building`` made, in memory or mapped from a file, ready to be asked.

    Args:
        sections: all of them; with ``bulk``, those that are ``light``.
        stemmer: what they were made with.
        without: what is left out.
        bulk: where the rest is fetched from.
    """
    fetched = Fetched(bulk) if bulk else None
    postings = fetched.postings if fetched else Postings.of
    documents = Documents(sections, stemmer.stem, fetched)
    blended = Capability.SMALL_ARCHIVES not in without
    by_passage, by_article = (
        BM25(
            postings(sections, name),
            documents.vocabulary.find,
            Background(documents.surfaces) if blended else None,
            sections["shares"] if blended else None,
            sections.get(f"{name}.impacts"),
            k1=K1,
            b=B,
        )
        for name in ("by_passage", "by_article")
    )
    mined = {short: tuple(forms) for short, forms in json.loads(bytes(sections["mined"])).items()}
    ranker = PostingsRanker(by_passage, by_article, documents.first, documents.at)
    words = RunningWords(sections, documents.vocabulary)
    return Indexed(sections, documents, by_article, ranker, words, mined, stemmer)


def put_together(index: Indexed, lexicon: Lexicon, model: Model, without: AbstractSet[Capability]) -> Parts:
    """Make the parts that word lists have a say in."""
    stemmer, gazetteer = index.stemmer, load_gazetteer()
    mined = index.mined
    thesaurus = Thesaurus(stemmer, lexicon, mined)
    short = frozenset(lexicon.abbreviations) | frozenset(mined)
    speller = Speller(
        index.words,
        gazetteer.words | short,
        stemmer.stem,
        gazetteer.neighbours | lexicon.neighbours,
        abbreviations=short,
    )
    mending = AsTyped if Capability.SPELLING in without else Mender
    slang = SlangNeighbours(index.words, lexicon.slang.keys(), lexicon.function_words)
    mender = mending(lexicon, speller, thesaurus, slang)
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
        answering(index.documents, index.ranker, thesaurus, sure),
        Overlap(index.documents, index.ranker, stemmer, lexicon.function_words),
        mined,
    )
