"""Letters that slip: how near two words are, words near a word, and how strange a spelling is.

Candidates come from an index of deletions, after Wolf Garbe's SymSpell (https://github.com/wolfgarbe/SymSpell), kept
here as one sorted array of packed integers so that 200,000 words take some tens of megabytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.postings import union
from index.sections import Sections

TWO_SLIPS_FROM = 7  # letters; shorter words have too many neighbours at distance two

_TARGET_LETTERS = range(3, 33)
_PREFIX = 7  # letters indexed; 7 x 8 bits fill one 64-bit key

# What slips cost, a letter for any other being 1. Chosen by benchmarks/spelling.py.
_KEY_OR_SOUND = 0.75
_TRANSPOSED = 0.5  # a word has few neighbours of this kind, so each says more
_DOUBLED = 0.5
_VOWEL_LEFT_OUT = 0.5  # as in SMS spelling
_LETTER_LEFT_OUT = 0.9
_NEIGHBOUR_TOO = 0.8  # two keys hit for one
_FIRST_LETTER = 0.4  # added when the first letter differs: people seldom miss it (Pollock & Zamora 1984)

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = frozenset(
    (a, b)
    for i, row in enumerate(_ROWS)
    for x, a in enumerate(row)
    for j, other in enumerate(_ROWS)
    for y, b in enumerate(other)
    # on a phone each lower row starts half a key further right: above-right is the same column, or one more
    if (i == j and abs(x - y) == 1) or (j == i + 1 and y in (x - 1, x)) or (j == i - 1 and y in (x, x + 1))
)
_VOWELS = frozenset("aiueo")
# Letters that stand for nearly one sound, in loanwords, at the end of a word or before the spelling reform of 1972.
_SOUNDS = frozenset(
    pair
    for a, b in ("iy", "uw", "fp", "fv", "pv", "kq", "sz", "jz", "td", "bp", "gk", "ie", "uo", "ae")
    for pair in ((a, b), (b, a))
)


def is_target(word: str) -> bool:
    """Whether a lower-case word is one that a mistyped word may be read as."""
    return word.isascii() and word.isalpha() and len(word) in _TARGET_LETTERS


def _keys(word: str, slips: int) -> list[int]:
    """Pack what is left of the prefix of ``word`` when up to ``slips`` letters are deleted."""
    letters = word[:_PREFIX].encode("latin-1", "replace")
    found = {letters}
    frontier = {letters}
    for _ in range(slips):
        frontier = {shorter[:i] + shorter[i + 1 :] for shorter in frontier for i in range(len(shorter))}
        found |= frontier
    return [int.from_bytes(kept.ljust(_PREFIX, b"\0"), "big") for kept in found]


class NearWords:
    """Words, findable by what is left of them when up to two of their first seven letters are deleted.

    Args:
        words: by their numbers.
        table: what ``deletions`` makes of those of them that are to be found; of all when ``None``.
    """

    def __init__(self, words: Sequence[str], table: Sections | None = None) -> None:
        self.words = words
        table = deletions(words, range(len(words))) if table is None else table
        self._lengths, self._keys, self._ids = (table[f"near.{name}"] for name in ("lengths", "keys", "ids"))

    def near(self, word: str, slips: int) -> list[tuple[str, int]]:
        """Find the words within ``slips`` (0 to 2) of ``word``, each with its distance (optimal string alignment)."""
        keys = np.array(_keys(word, slips), dtype=np.uint64)
        starts = np.searchsorted(self._keys, keys, "left")
        ends = np.searchsorted(self._keys, keys, "right")
        runs = [self._ids[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True) if a < b]
        if not runs:
            return []
        found = union(*runs)
        found = found[np.abs(self._lengths[found].astype(np.int32) - len(word)) <= slips]
        choices = [self.words[i] for i in found.tolist()]
        close = process.extract(word, choices, scorer=OSA.distance, score_cutoff=slips, limit=None)
        return [(choice, int(distance)) for choice, distance, _ in close]


def deletions(words: Sequence[str], numbers: Iterable[int]) -> dict[str, npt.NDArray[Any]]:
    """The table by which ``NearWords`` finds the words of these numbers: at most 255 letters long."""
    wanted = np.fromiter(numbers, dtype=np.int32)
    packed = np.zeros((len(wanted), _PREFIX), dtype=np.uint64)
    chosen = [words[number] for number in wanted.tolist()]
    if chosen:
        prefixes = np.array([word[:_PREFIX].encode("latin-1", "replace") for word in chosen], dtype=f"S{_PREFIX}")
        packed[:] = prefixes.view(np.uint8).reshape(-1, _PREFIX)
    lengths = np.array([len(word) for word in chosen], dtype=np.uint8)
    keys: list[npt.NDArray[np.uint64]] = []
    rows: list[npt.NDArray[np.intp]] = []
    for count in range(3):
        # only words that a two-slip typo can come from need their double deletions
        long = np.flatnonzero(lengths >= (TWO_SLIPS_FROM - 2 if count == 2 else 0))
        for dropped in combinations(range(_PREFIX), count):
            key = np.zeros(len(long), dtype=np.uint64)
            for column in (c for c in range(_PREFIX) if c not in dropped):
                key = (key << np.uint64(8)) | packed[long, column]
            # deleting the padding of a short word repeats a key it has already
            real = lengths[long] > max(dropped, default=-1)
            keys.append((key << np.uint64(8 * count))[real])
            rows.append(long[real])
    every = np.concatenate(keys)
    order = np.argsort(every, kind="stable")
    by_number = np.zeros(len(words), dtype=np.uint8)
    by_number[wanted] = lengths
    return {"near.lengths": by_number, "near.keys": every[order], "near.ids": wanted[np.concatenate(rows)[order]]}


def is_one_slip_from(word: str, others: Iterable[str]) -> bool:
    """Whether any of a few other words is at most one slip away (optimal string alignment)."""
    return process.extractOne(word, others, scorer=OSA.distance, score_cutoff=1) is not None


# A word that is typed again and again in one message is weighed against each of its neighbours once.
@lru_cache(maxsize=4096)
def slip_cost(typed: str, meant: str) -> float:
    """How much went wrong between two words (not empty), a whole slip being 1; equal words cost nothing."""
    start = 0
    shorter = min(len(typed), len(meant))
    while start < shorter and typed[start] == meant[start]:
        start += 1
    end = 0
    while end < shorter - start and typed[-1 - end] == meant[-1 - end]:
        end += 1
    before = typed[start - 1 : start]
    a, b = typed[start : len(typed) - end], meant[start : len(meant) - end]
    first_letter = _FIRST_LETTER if typed[0] != meant[0] else 0.0
    if len(a) == len(b) == 1:  # as most slips are: one letter for another costs no more than one too many and one lost
        return _swap(a, b) + first_letter
    # optimal string alignment over what is left, a handful of letters (Damerau 1964; Wagner & Fischer 1974)
    rows = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) + 1):
        for j in range(len(b) + 1):
            if i == j == 0:
                continue
            options = []
            if i:
                previous = a[i - 2] if i > 1 else before
                following = a[i] if i < len(a) else typed[len(typed) - end : len(typed) - end + 1]
                options.append(rows[i - 1][j] + _extra(a[i - 1], previous, following))
            if j:
                previous = b[j - 2] if j > 1 else before
                following = b[j] if j < len(b) else meant[len(meant) - end : len(meant) - end + 1]
                options.append(rows[i][j - 1] + _missing(b[j - 1], previous, following))
            if i and j:
                options.append(rows[i - 1][j - 1] + _swap(a[i - 1], b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                options.append(rows[i - 2][j - 2] + _TRANSPOSED)
            rows[i][j] = min(options)
    return rows[-1][-1] + first_letter


def _extra(letter: str, previous: str, following: str) -> float:
    if letter in (previous, following):
        return _DOUBLED
    return _NEIGHBOUR_TOO if (letter, previous) in _NEIGHBOURS or (letter, following) in _NEIGHBOURS else 1.0


def _missing(letter: str, previous: str, following: str) -> float:
    if letter in (previous, following):
        return _DOUBLED
    return _VOWEL_LEFT_OUT if letter in _VOWELS else _LETTER_LEFT_OUT


def _swap(typed: str, meant: str) -> float:
    if typed == meant:
        return 0.0
    return _KEY_OR_SOUND if (typed, meant) in _NEIGHBOURS or (typed, meant) in _SOUNDS else 1.0


class Spellings:
    """How usual a spelling is among the distinct ``words`` of a language (letter trigrams, backed off to pairs)."""

    def __init__(self, words: Iterable[str]) -> None:
        counts = np.zeros((27, 27, 27))  # 0 is the edge of a word
        for word in words:
            codes = _codes(word)
            np.add.at(counts, (codes[:-2], codes[1:-1], codes[2:]), 1.0)
        pairs = counts.sum(axis=0, keepdims=True) + 0.1
        backoff = pairs / pairs.sum(axis=2, keepdims=True)
        chances = (counts + 5.0 * backoff) / (counts.sum(axis=2, keepdims=True) + 5.0)
        self._cost: npt.NDArray[np.float64] = -np.log10(chances)

    def strangeness(self, word: str) -> float:
        """-log10 of the chance that a word nobody has listed, or a name, is spelled like this."""
        codes = _codes(word)
        return float(self._cost[codes[:-2], codes[1:-1], codes[2:]].sum())


def _codes(word: str) -> npt.NDArray[np.intp]:
    return np.array([0, 0, *(max(0, min(ord(letter) - 96, 26)) for letter in word), 0], dtype=np.intp)
