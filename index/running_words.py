"""The words of an archive's running text: how often each is there, beside which, and which are spelled nearly so."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.near_words import NearWords, deletions, is_target
from index.sections import Sections
from index.vocabulary import Vocabulary, words_table


class RunningWords(Mapping[str, int]):
    """Lower-case words and how often each stands in the text, from arrays that may be mapped from a file.

    Args:
        sections: what ``counted`` makes, and the words that it numbers as ``words``.
    """

    def __init__(self, sections: Sections, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        # One number at a time, a memoryview is several times quicker than an array.
        self._seen, self._roots = sections["running.seen"].data, sections["running.roots"].data
        self._pairs, self._together = sections["running.pairs"].data, sections["running.together"].data
        self._known, self.total = map(int, sections["running.sizes"])
        self.near = NearWords(vocabulary, sections)

    @classmethod
    def of(
        cls,
        counts: Mapping[str, int],
        stem: Callable[[str], str] = lambda word: word,
        texts: Sequence[Sequence[str]] = (),
    ) -> RunningWords:
        """Words given with their counts, and texts that they stand in."""
        numbers = {word: number for number, word in enumerate(dict.fromkeys(chain(counts, *texts)))}
        words = list(numbers)
        for word in words:
            numbers.setdefault(stem(word), len(numbers))
        stem_of = np.array([numbers[stem(word)] for word in words] + list(range(len(words), len(numbers))), np.int32)
        running = [np.array([numbers[word] for word in text], dtype=np.int64) for text in texts]
        sections = words_table(list(numbers), "words")
        pairs = np.concatenate([np.empty(0, np.int64), *(neighbours(text, ()) for text in running)])
        seen = np.array([counts.get(word, 0) for word in numbers], dtype=np.int64)
        sections |= counted(list(numbers), stem_of, seen, pairs)
        return cls(sections, Vocabulary(sections, "words"))

    def __getitem__(self, word: str) -> int:
        count: int = self.get(word, 0)
        if not count:
            raise KeyError(word)
        return count

    def get(self, word: str, default: Any = None) -> Any:
        """How often a word stands in the text; ``default`` where it does not."""
        number = self._vocabulary.find(word)
        return self._seen[number] or default if number >= 0 else default

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and bool(self.get(word, 0))

    def __iter__(self) -> Iterator[str]:
        return (self._vocabulary[int(number)] for number in np.flatnonzero(self._seen))

    def __len__(self) -> int:
        return self._known

    def of_root(self, root: str) -> int:
        """How often a root stands in the text, in whatever form."""
        number = self._vocabulary.find(root)
        return self._roots[number] if number >= 0 else 0

    def together(self, first: str, second: str) -> int:
        """How often two words stand side by side."""
        one, other = self._vocabulary.find(first), self._vocabulary.find(second)
        if one < 0 or other < 0:
            return 0
        pair = one << 32 | other
        at = bisect_left(self._pairs, pair)
        return self._together[at] if at < len(self._pairs) and self._pairs[at] == pair else 0


class SlangNeighbours(AbstractSet[tuple[str, str]]):
    """Neighbouring words of a text of which one would be read as slang, the other being no function word.

    Whether a pair is one is all that is ever asked.
    """

    def __init__(self, words: RunningWords, slang: AbstractSet[str], function_words: AbstractSet[str]) -> None:
        self._words, self._slang, self._function_words = words, slang, function_words

    def __contains__(self, pair: object) -> bool:
        assert isinstance(pair, tuple)
        return (
            not self._slang.isdisjoint(pair)
            and self._function_words.isdisjoint(pair)
            and self._words.together(*pair) > 0
        )

    @classmethod
    def _from_iterable(cls, pairs: Iterable[tuple[str, str]]) -> AbstractSet[tuple[str, str]]:  # type: ignore[override]
        return frozenset(pairs)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        raise NotImplementedError("the pairs of an archive are not listed")

    def __len__(self) -> int:
        raise NotImplementedError("the pairs of an archive are not counted")


def neighbours(running: NDArray[Any], ends: Sequence[int] | NDArray[Any]) -> NDArray[np.int64]:
    """The pairs of words of running text, each as one number; ``ends`` says after how many words a text ends."""
    pairs = running[:-1].astype(np.int64) << 32
    pairs |= running[1:]
    inner = [end for end in ends if 0 < end < len(running)] if isinstance(ends, Sequence) else ends
    apart = np.asarray(inner, dtype=np.int64)
    return np.delete(pairs, apart[(apart > 0) & (apart < len(running))] - 1)


def counted(
    words: Sequence[str], stem_of: NDArray[np.int32], seen: NDArray[np.int64], pairs: NDArray[np.int64]
) -> dict[str, NDArray[Any]]:
    """The sections that ``RunningWords`` reads.

    Args:
        words: by their numbers, stems that are no words of the text among them.
        stem_of: the number of each word's stem.
        seen: how often each stands in the text.
        pairs: of neighbours, as ``neighbours`` makes them; sorted in place.
    """
    pairs.sort()
    first = np.flatnonzero(np.concatenate([pairs[:1] >= 0, pairs[1:] != pairs[:-1]]))
    return {
        "running.seen": seen.astype(np.int32),
        "running.roots": np.bincount(stem_of, seen, len(words)).astype(np.int32),
        "running.pairs": pairs[first],
        "running.together": np.diff(first, append=len(pairs)).astype(np.int32),
        "running.sizes": np.array([np.count_nonzero(seen), seen.sum()], dtype=np.int64),
        **deletions(words, (number for number in np.flatnonzero(seen).tolist() if is_target(words[number]))),
    }
