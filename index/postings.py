"""Which documents hold a term, and how often: arrays in the order of the terms, so that one term's are side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.sections import Sections


@dataclass(frozen=True, slots=True)
class Postings:
    """Terms 0, 1, ... and the documents 0, 1, ... that hold each.

    ``ids[starts[t]:starts[t + 1]]`` are the documents that hold the term ``t``, in order, and ``counts`` there how
    often each does. ``lengths`` says how many terms each document has, repetitions counted.
    """

    starts: NDArray[np.int64]
    ids: NDArray[np.int32]
    counts: NDArray[np.unsignedinteger[Any]]
    lengths: NDArray[np.int32]

    @classmethod
    def of(cls, sections: Sections, name: str) -> Postings:
        """What ``sections`` of that name hold."""
        return cls(*(sections[f"{name}.{field}"] for field in ("starts", "ids", "counts", "lengths")))

    def sections(self, name: str) -> dict[str, NDArray[Any]]:
        """The arrays, to be saved."""
        return {f"{name}.{field}": getattr(self, field) for field in ("starts", "ids", "counts", "lengths")}

    @property
    def frequencies(self) -> NDArray[np.int64]:
        """How many documents hold each term."""
        return np.diff(self.starts)

    def span(self, term: int) -> slice:
        """Where a term's documents stand."""
        return slice(int(self.starts[term]), int(self.starts[term + 1]))

    def several(self, terms: Sequence[int]) -> list[tuple[NDArray[np.int32], NDArray[Any]]]:
        """For each term, the documents that hold it, in order, and how often each does."""
        return [(self.ids[span], self.counts[span]) for span in map(self.span, terms)]

    def holding(self, term: int) -> NDArray[np.int32]:
        """The documents that hold a term, in order; none for a term below zero."""
        return self.several([term])[0][0] if term >= 0 else self.ids[:0]


def union(*documents: NDArray[Any]) -> NDArray[Any]:
    """The documents that any of the arrays has, in order, each once.

    As ``numpy.unique`` has it, which hashes them and is twenty times slower than sorting where thousands are.
    """
    every = np.concatenate(documents)
    every.sort()
    first = np.ones(len(every), dtype=np.bool_)
    np.not_equal(every[1:], every[:-1], out=first[1:])
    return every[first]


def invert(documents: NDArray[Any], terms: NDArray[Any], size: int, vocabulary: int) -> Postings:
    """The postings of running text.

    Args:
        documents: the document of each word of the text, in any order (shape: words).
        terms: the term that each is (shape: words).
        size: how many documents there are.
        vocabulary: how many terms there are.
    """
    keys = terms.astype(np.int64)
    keys <<= 32
    keys |= documents
    keys.sort()
    first = np.flatnonzero(np.concatenate([keys[:1] >= 0, keys[1:] != keys[:-1]]))
    counts = np.diff(first, append=len(keys))
    held = keys[first]
    del keys
    starts = np.zeros(vocabulary + 1, dtype=np.int64)
    np.cumsum(np.bincount(held >> 32, minlength=vocabulary), out=starts[1:])
    return Postings(
        starts,
        (held & 0xFFFFFFFF).astype(np.int32),
        # Nearly always a byte each.
        counts.astype(np.min_scalar_type(int(counts.max(initial=0)))),
        np.bincount(documents, minlength=size).astype(np.int32),
    )
