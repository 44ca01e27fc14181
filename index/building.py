"""The rows of articles -> all that an archive looks things up in, as arrays: postings, words, places and dates."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.abbreviations import mine
from index.article import BlockKind
from index.forward import BLOCK, BLOCK_KINDS, FACTS, PASSAGE, SENTENCE, Forward
from index.postings import invert
from index.ragged import Ragged
from index.ranking import BM25, shares, word_frequencies
from index.running_words import counted, neighbours
from index.sections import Sections
from index.stemming import rules_mark
from index.vocabulary import words_table
from index.whereabouts import whereabouts

# Tuned on the development halves of FacQA and TyDi (benchmarks/retrieval.py); the usual b = 0.75 costs 4 to 11 points
# of MRR where lengths are mixed.
K1, B = 0.8, 0.5


def built(sections: Sections, words: Sequence[str], stem: Callable[[str], str]) -> dict[str, NDArray[Any]]:
    """Everything, the rows included.

    Args:
        sections: the rows (``ForwardWriter.sections``), of at least one article.
        words: what their numbers of words mean; those that no article has any more get none in what is made.
        stem: a word's stem.
    """
    found = dict(sections)
    used = np.bincount(sections["forward.words"], minlength=len(words)) > 0
    if not used.all():
        found["forward.words"] = (np.cumsum(used) - 1)[sections["forward.words"]].astype(np.int32)
        words = [word for word, kept in zip(words, used.tolist(), strict=True) if kept]
    numbers = {word: number for number, word in enumerate(words)}
    stem_of = np.array([numbers.setdefault(stem(word), len(numbers)) for word in words], dtype=np.int32)
    stem_of = np.concatenate([stem_of, np.arange(len(words), len(numbers), dtype=np.int32)])
    every = list(numbers)
    forward = Forward(found)
    found |= words_table(every, "words")
    named = [tuple(forward.meta(number)[:2]) for number in range(len(forward))]
    found |= words_table([name for name, _ in named], "ids")
    found |= {"stems": stem_of, "stemmed_by": np.frombuffer(rules_mark().encode(), dtype=np.uint8)}
    found |= _postings(forward, stem_of, every)
    found |= _running(forward, stem_of, every)
    found |= _mined(forward)
    found |= whereabouts(forward, every)
    recency = found["recency"].tolist()
    # Newest first, then by title, so that a list's pages stay put from one index to the next.
    shelf = sorted(range(len(forward)), key=lambda number: (-recency[number], named[number][1], named[number][0]))
    return found | {"shelf": np.array(shelf, dtype=np.int32)}


def _spans(rows: Ragged, bases: NDArray[Any], spans: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The words of spans, and for each word the span that it is in.

    Args:
        rows: words of articles.
        bases: where the words of each span's article begin (shape: spans).
        spans: first word and number of words (shape: spans x 2).
    """
    lengths = spans[:, 1].astype(np.int64)
    at = np.repeat(bases + spans[:, 0] - np.cumsum(lengths) + lengths, lengths)
    at += np.arange(len(at))
    return rows.data[at], np.repeat(np.arange(len(spans), dtype=np.int32), lengths)


def _table(rows: Ragged, columns: tuple[str, ...]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Rows of several columns (shape: records x columns), and the article of each record."""
    table = rows.data.reshape(-1, len(columns))
    return table, np.repeat(np.arange(len(rows), dtype=np.int32), rows.lengths // len(columns))


def _columns(table: NDArray[Any], columns: tuple[str, ...], *names: str) -> NDArray[Any]:
    return np.asarray(table[:, [columns.index(name) for name in names]])


def _postings(forward: Forward, stem_of: NDArray[np.int32], words: list[str]) -> dict[str, NDArray[Any]]:
    """What passages and articles hold, and how usual each stem is in general Indonesian."""
    rows, size = forward.rows, len(words)
    begins = rows.words.ends[:-1]
    passages, owners = _table(rows.passages, PASSAGE)
    sentences, sentence_owners = _table(rows.sentences, SENTENCE)
    blocks, block_owners = _table(rows.blocks, BLOCK)
    first = np.zeros(len(forward) + 1, dtype=np.int64)
    np.cumsum(rows.passages.lengths // len(PASSAGE), out=first[1:])

    passage_of = np.repeat(np.arange(len(passages), dtype=np.int32), passages[:, PASSAGE.index("sentences")])
    inside, at = _spans(rows.words, begins[sentence_owners], _columns(sentences, SENTENCE, "first", "length"))
    headings, under = _spans(rows.words, begins[owners], _columns(passages, PASSAGE, "heading_first", "heading_length"))
    # Each stem of the heading that a passage stands under counts once.
    once = np.unique(under.astype(np.int64) << 32 | stem_of[headings])
    by_passage = invert(
        np.concatenate([passage_of[at], (once >> 32).astype(np.int32)]),
        np.concatenate([stem_of[inside], (once & 0xFFFFFFFF).astype(np.int32)]),
        len(passages),
        size,
    )

    searched = blocks[:, BLOCK.index("kind")] != BLOCK_KINDS.index(BlockKind.FURNITURE)
    texts, block = _spans(
        rows.words, begins[block_owners[searched]], _columns(blocks[searched], BLOCK, "first", "length")
    )
    titles, title_of = _spans(rows.words, begins, _columns(forward.facts, FACTS, "title_first", "title_length"))
    own = forward.fact("own_title")[title_of] > 0
    by_article = invert(
        np.concatenate([block_owners[searched][block], title_of[own]]),
        stem_of[np.concatenate([texts, titles[own]])],
        len(forward),
        size,
    )
    by_title = invert(title_of, stem_of[titles], len(forward), size)

    stands = np.zeros(size, dtype=bool)
    for part in (inside, headings, texts, titles):
        stands[part] = True
    surface = np.flatnonzero(stands).astype(np.int32)
    usual = np.array([word_frequencies().get(word, 0.0) for word in words])
    # Of a stem and of the words that it stands for, itself among them or not.
    itself = stands & (stem_of == np.arange(size))
    general = np.bincount(stem_of[surface], usual[surface], size) + usual * ~itself
    found: dict[str, NDArray[Any]] = {
        "first": first,
        "shares": shares(general),
        "surfaces": surface[np.argsort(stem_of[surface], kind="stable")],
        "surfaces.ends": np.concatenate([[0], np.cumsum(np.bincount(stem_of[surface], minlength=size))]),
    }
    for name, postings in (("by_passage", by_passage), ("by_article", by_article), ("by_title", by_title)):
        found |= postings.sections(name)
    for name, postings in (("by_passage", by_passage), ("by_article", by_article)):
        found[f"{name}.impacts"] = BM25(postings, lambda _: -1, k1=K1, b=B).impacts
    return found


def _running(forward: Forward, stem_of: NDArray[np.int32], words: list[str]) -> dict[str, NDArray[Any]]:
    rows, lengths = forward.rows.words, forward.fact("title_first").astype(np.int64)  # what is before is the body
    spans = np.stack([np.zeros(len(forward), dtype=np.int64), lengths], axis=1)
    running, _ = _spans(rows, rows.ends[:-1], spans)
    seen = np.bincount(running, minlength=len(words))
    return counted(words, stem_of, seen, neighbours(running, np.cumsum(lengths)))


def _mined(forward: Forward) -> dict[str, NDArray[Any]]:
    found = mine((short, long) for number in range(len(forward)) for short, long in forward.meta(number)[5])
    return {"mined": np.frombuffer(json.dumps(found).encode(), dtype=np.uint8)}
