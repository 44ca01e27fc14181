"""Words <-> numbers, from arrays that may be mapped from a file: nothing is read before it is asked for.

Words are kept in the order of their numbers; a table of buckets by CRC-32 says which of them to compare with. A look-up
takes about a microsecond, whether there are a thousand words or a million.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

import numpy as np

from index.sections import Sections

_REMEMBERED = 16_384  # look-ups: those of a question are the same few hundred words again and again


def encoded(text: str) -> bytes:
    """A text as bytes; names of files may hold lone surrogates."""
    return text.encode("utf-8", "surrogatepass")


def decoded(data: bytes | memoryview) -> str:
    """The text that ``encoded`` made bytes of."""
    return str(data, "utf-8", "surrogatepass")


def words_table(words: Sequence[str], name: str) -> dict[str, np.ndarray]:
    """The sections of a vocabulary: distinct words, in the order of their numbers."""
    data = list(map(encoded, words))
    buckets = _buckets(len(data))
    hashed = np.fromiter(map(zlib.crc32, data), dtype=np.uint32, count=len(data)) & np.uint32(buckets - 1)
    return {
        f"{name}.text": np.frombuffer(b"".join(data), dtype=np.uint8),
        f"{name}.ends": np.fromiter(accumulate(map(len, data), initial=0), dtype=np.int64, count=len(data) + 1),
        f"{name}.order": np.argsort(hashed, kind="stable").astype(np.int32),
        f"{name}.starts": np.searchsorted(np.sort(hashed), np.arange(buckets + 1)).astype(np.int32),
    }


def _buckets(count: int) -> int:
    return 1 << max(4, count.bit_length())


class Vocabulary(Sequence[str]):
    """The words of a table, by number and by spelling: ``find`` gives a word's number, and -1 for none."""

    def __init__(self, sections: Sections, name: str) -> None:
        self._text = sections[f"{name}.text"].data
        self._ends = sections[f"{name}.ends"].data
        self._order = sections[f"{name}.order"].data
        self._starts = sections[f"{name}.starts"].data
        self._mask = len(self._starts) - 2
        self.find = lru_cache(maxsize=_REMEMBERED)(self._find)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:  # type: ignore[override]  # one word at a time
        return decoded(self._text[self._ends[number] : self._ends[number + 1]])

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))

    def _find(self, word: str) -> int:
        data = encoded(word)
        bucket = zlib.crc32(data) & self._mask
        for at in range(self._starts[bucket], self._starts[bucket + 1]):
            number = self._order[at]
            if self._text[self._ends[number] : self._ends[number + 1]] == data:
                return number
        return -1

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.find(word) >= 0
