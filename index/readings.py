"""What a typed word may have been meant as, and how likely each reading of it is before and after the slip.

A noisy channel (Kernighan, Church & Gale 1990): how likely the word is, by archive counts blended with general
Indonesian, and beside its neighbours, against how likely the slip is, by a weighted Damerau-Levenshtein distance. All
scores are powers of ten on the zipf scale. What is made of them is decided in ``spelling.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from index.near_words import TWO_SLIPS_FROM, NearWords, Spellings, is_target, slip_cost
from index.neighbours import Neighbours
from index.ranking import word_frequencies
from index.running_words import RunningWords
from index.stemming import root_words

UNLISTED = 1e-7  # frequency of a word that wordfreq does not list (its list ends at 1e-6)
USUAL = 1e-5  # a general word rarer than this (zipf 4) is no target unless the archive or a place has it
_BACKGROUND_TOKENS = 8_000  # weight of general Indonesian against the archive's own counts, in running words
_OTHER_FORM = 0.3  # what a root in the archive counts for a form of it that is not there
_SLIP = 2.2  # what one full slip costs
_ASKED = 0.8  # how much likelier than elsewhere a question word is in a question
_COMPANY = 3.0  # what both words beside a word may say for it, in powers of ten
_PLACE_LETTERS = 5  # a place name shorter than this has too many neighbours to be a target
_STEMMED, _WITHIN_REACH = 3, 1.5  # of the likeliest readings, and how far behind the first
_LIKELIEST = 40  # neighbours of a word that are weighed
_REMEMBERED = 1024  # words whose neighbours are kept

ASKING = frozenset((
    "apakah", "siapa", "siapakah", "berapa", "berapakah", "kapan", "kapankah", "mana", "dimana", "manakah", "kenapa",
    "mengapa", "bagaimana", "gimana", "kepanjangan", "kepanjangannya", "singkatan", "singkatannya", "pengertian",
))  # fmt: skip
_CLITICS = ("nya", "ku", "mu", "lah", "kah", "pun")
# Spoken verbs put a nasal for the root's first letter: nulis < tulis, nyebut < sebut, mikir < pikir, ngirim < kirim
# (J. N. Sneddon, Colloquial Jakartan Indonesian, 2006).
_COLLOQUIAL = (("nge", ""), ("ng", ""), ("ng", "k"), ("ny", "s"), ("ny", "c"), ("n", "t"), ("m", "p"))
# Names keep the spelling from before 1972 (Soeharto, Madjid); "nj" and "ch" are left out, modern words have them.
_OLD_SPELLING = (("oe", "u"), ("dj", "j"), ("tj", "c"), ("sj", "sy"))


@lru_cache(maxsize=1)
def english_words() -> Mapping[str, float]:
    """English words, which people mix in: vouched for, and no targets."""
    import wordfreq  # late: 0.1 s

    frequencies: dict[str, float] = wordfreq.get_frequency_dict("en", wordlist="small")
    return frequencies


@lru_cache(maxsize=1)
def _general_words() -> NearWords:
    """General Indonesian, leaving out the English that wordfreq finds in it; the rare ones are only rivals."""
    english, roots = english_words(), root_words()
    return NearWords(
        [
            word
            for word, frequency in word_frequencies().items()
            if is_target(word) and (word in roots or english.get(word, 0.0) < frequency)
        ]
    )


@lru_cache(maxsize=1)
def _spellings() -> Spellings:
    return Spellings(word for word in word_frequencies() if word.isascii() and word.isalpha())


@dataclass(frozen=True, slots=True)
class Setting:
    """What a word stands in: the words beside it as read, whether it looks like a name, and how hastily all is typed.

    ``haste`` is by how much likelier a slip is than in a question where nothing else went wrong, in powers of ten.
    """

    before: str = ""
    after: str = ""
    named: bool = False
    capitals: bool = False
    haste: float = 0.0


class Reading(NamedTuple):
    """A word that may have been meant; a likelier one is greater."""

    score: float
    word: str
    gain: float  # what the words beside it say for it, within ``score``
    distance: int


class _Near(NamedTuple):
    """A word near a typed one: what of its likelihood does not depend on where it stands."""

    word: str
    distance: int
    zipf: float
    share: float
    slip: float  # what the slip costs, in powers of ten


class Readings:
    """The words that one archive's questions may hold.

    Args:
        words: the archive's.
        protected: words of names, with their places.
        stem: gives a word's root, and an unknown word as it is.
        pairs: words that stand side by side in names and set phrases.
    """

    def __init__(
        self,
        words: RunningWords,
        protected: frozenset[str],
        stem: Callable[[str], str],
        pairs: AbstractSet[tuple[str, str]],
    ) -> None:
        self._counts = words
        self._protected = protected
        self._stem = stem
        self._neighbours = Neighbours(words, pairs)
        self._near = lru_cache(maxsize=_REMEMBERED)(self._find_near)

    def listed(self, word: str) -> bool:
        """Whether the lower-case word is in the archive, a name, or in a list of words."""
        return word in root_words() or self._in_use(word)

    def inflected(self, word: str) -> bool:
        """Whether the lower-case word is a form of such a one."""
        for clitic in _CLITICS:  # on a loanword that Sastrawi's dictionary lacks
            if word.endswith(clitic) and len(word) >= len(clitic) + 4 and self.listed(word.removesuffix(clitic)):
                return True
        if any(self.listed(root + word[len(nasal) :]) for nasal, root in _COLLOQUIAL if word.startswith(nasal)):
            return True
        modern = word
        for old, new in _OLD_SPELLING:
            modern = modern.replace(old, new)
        if self.listed(modern):
            return True
        return len(stem := self._stem(word)) >= 3 and stem in root_words()

    def company(self, target: str, setting: Setting) -> float:
        """What the words beside it say for a reading, in powers of ten."""
        return self._company(target, self._share(target), setting)

    def _company(self, target: str, share: float, setting: Setting) -> float:
        after = self._neighbours.after(setting.before, target, share)
        return min(_COMPANY, after + self._neighbours.before(target, setting.after, share))

    def of(self, word: str, setting: Setting) -> list[Reading]:
        """What the word may be, likeliest first."""
        found = []
        for near in self._near(word):
            gain = self._company(near.word, near.share, setting)
            found.append(Reading(near.zipf + gain - near.slip, near.word, gain, near.distance))
        found.sort(reverse=True)
        # stemming takes long: only the first few can win by what the archive has of their root
        found[:_STEMMED] = (
            self._with_root(each) if each.score > found[0].score - _WITHIN_REACH else each for each in found[:_STEMMED]
        )
        return sorted(found, reverse=True)

    def _with_root(self, reading: Reading) -> Reading:
        """The reading, likelier when the archive has another form of the word."""
        if reading.word in self._counts:
            return reading
        forms = self._counts.of_root(self._stem(reading.word))
        share = self._share(reading.word)
        more = share + _OTHER_FORM * forms / (self._counts.total + _BACKGROUND_TOKENS)
        return reading._replace(score=reading.score + math.log10(more / share))

    def usual(self, frequency: float) -> float:
        """The score of a word that stands there as typed, by its frequency in general Indonesian alone."""
        return 9 + math.log10(_BACKGROUND_TOKENS * frequency / (self._counts.total + _BACKGROUND_TOKENS))

    def unlisted(self, word: str) -> float:
        """The score of a name, or of a word that nobody has listed, that is spelled like this."""
        return 9 - _spellings().strangeness(word)

    def _share(self, word: str) -> float:
        """How much of all words (above 0, below 1) the word is, by the archive and by general Indonesian."""
        general = word_frequencies().get(word, UNLISTED)
        if word in self._protected:
            general = max(general, USUAL)
        own: int = self._counts.get(word, 0)
        return (own + _BACKGROUND_TOKENS * general) / (self._counts.total + _BACKGROUND_TOKENS)

    def _zipf(self, word: str) -> float:
        """Powers of ten of the word's frequency in a thousand million words."""
        return 9 + math.log10(self._share(word)) + _ASKED * (word in ASKING)

    @cached_property
    def _names(self) -> NearWords:
        return NearWords([word for word in self._protected if is_target(word) and len(word) >= _PLACE_LETTERS])

    def _in_use(self, word: str) -> bool:
        return word in self._protected or word in self._counts or word in word_frequencies() or word in english_words()

    def _find_near(self, word: str) -> tuple[_Near, ...]:
        slips = 2 if len(word) >= TWO_SLIPS_FROM else 1
        near = {
            each for words in (_general_words(), self._counts.near, self._names) for each in words.near(word, slips)
        }
        # a short word has hundreds of neighbours, and the rare ones never win
        likeliest = sorted((-self._zipf(target), (target, distance)) for target, distance in near)[:_LIKELIEST]
        return tuple(
            _Near(target, distance, -zipf, self._share(target), _SLIP * slip_cost(word, target))
            for zipf, (target, distance) in likeliest
        )
