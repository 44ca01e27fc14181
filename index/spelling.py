"""Mending of mistyped words against the archive's own words, place names and general Indonesian.

A wrong correction is worse than a missed one: it turns a question about something that the archive does not hold into
a question about something that it does. So a word that anything vouches for is never touched, and three readings
compete for the others: the nearest likely word, the next nearest, and "a name or a word that nobody has listed".

The choice is a noisy channel (Kernighan, Church & Gale 1990): how likely the word is, by archive counts blended with
general Indonesian, against how likely the slip is, by a weighted Damerau-Levenshtein distance. All scores are powers
of ten on the zipf scale; ``benchmarks/spelling.py`` measures what the constants below give.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, lru_cache
from string import ascii_lowercase

from index.near_words import TWO_SLIPS_FROM, NearWords, Spellings, slip_cost
from index.ranking import word_frequencies
from index.stemming import root_words

_SHORTEST, _LONGEST = 4, 30  # letters of a word that is mended at all
_MOST = 200  # unknown words looked at in one question, so that 4,000 letters of nonsense cost no second

_BACKGROUND_TOKENS = 20_000  # weight of general Indonesian against the archive's own counts, in running words
_UNLISTED = 1e-7  # frequency of a word that wordfreq does not list (its list ends at 1e-6)
_GENERAL_TARGET = 1e-5  # a general word rarer than this (zipf 4) is no target unless the archive or a place has it
_SLIP = 2.2  # what one full slip costs
_MARGIN = 0.7  # by how much the best target has to beat the next
_ASKED = 0.8  # how much likelier than elsewhere a question word is in a question

# By how much the best target has to beat "a name, or a word that nobody has listed":
_EVIDENCE = 0.5
_GENERAL_EVIDENCE = 1.5  # more for a target that the archive lacks
_NAME_EVIDENCE = 1.0  # more when the target is a name, or the word was typed with a capital amid words without
_CROWDING = 0.7  # more for each tenfold of the archive's vocabulary above 1,000 words: neighbours by chance
_PLACE_LETTERS = 5  # a place name shorter than this has too many neighbours to be a target

_ASKING = frozenset((
    "apakah", "siapa", "siapakah", "berapa", "berapakah", "kapan", "kapankah", "mana", "dimana", "manakah", "kenapa",
    "mengapa", "bagaimana", "gimana",
))  # fmt: skip
_CLITICS = ("nya", "ku", "mu", "lah", "kah", "pun")
_AFFIXES = frozenset(
    ("di", "ke", "se", "ber", "ter", "me", "mem", "men", "meng", "meny", "pe", "pem", "pen", "peng", "per")
)
# Spoken verbs put a nasal for the root's first letter: nulis < tulis, nyebut < sebut, mikir < pikir, ngirim < kirim
# (J. N. Sneddon, Colloquial Jakartan Indonesian, 2006).
_COLLOQUIAL = (("nge", ""), ("ng", ""), ("ng", "k"), ("ny", "s"), ("ny", "c"), ("n", "t"), ("m", "p"))
# Names keep the spelling from before 1972 (Soeharto, Madjid); "nj" and "ch" are left out, modern words have them.
_OLD_SPELLING = (("oe", "u"), ("dj", "j"), ("tj", "c"), ("sj", "sy"))
# Compounds that are written apart (Ejaan Bahasa Indonesia yang Disempurnakan, 2022, "gabungan kata") and often are not.
# The archive's own spelling decides which way a question is read.
_APART = {
    pair.replace(" ", ""): pair
    for pair in (
        "kerja sama", "kerja bakti", "kerja keras", "terima kasih", "serah terima", "ibu kota", "tanggung jawab",
        "tanggap darurat", "tanda tangan", "tepuk tangan", "cuci tangan", "orang tua", "anak yatim", "rumah sakit",
        "gotong royong", "tolong menolong", "turut serta", "ikut serta", "peran serta", "usaha bersama", "donor darah",
        "tata cara", "tata kelola", "tata tertib", "tindak lanjut", "tanah air", "masa depan", "alih fungsi",
        "daur ulang", "uji coba", "budi daya", "sumber daya", "unjuk rasa", "beri tahu", "kartu keluarga",
        "nomor induk", "siap siaga", "jual beli", "simpan pinjam", "bagi hasil", "suka cita", "duka cita",
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mended:
    """One or two typed words and what they are read as.

    ``typed`` are the words as given; ``read`` is the same when they are left alone, else lower-case words.
    """

    typed: tuple[str, ...]
    read: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether anything was mended."""
        return self.typed != self.read


@lru_cache(maxsize=1)
def _english() -> Mapping[str, float]:
    """English words, which people mix in: vouched for, and no targets."""
    import wordfreq  # late: 0.1 s

    frequencies: dict[str, float] = wordfreq.get_frequency_dict("en", wordlist="small")
    return frequencies


@lru_cache(maxsize=1)
def _general_words() -> NearWords:
    """General Indonesian, leaving out the English that wordfreq finds in it; the rare ones are only rivals."""
    english, roots = _english(), root_words()
    return NearWords(
        word
        for word, frequency in word_frequencies().items()
        if _is_target(word) and (word in roots or english.get(word, 0.0) < frequency)
    )


@lru_cache(maxsize=1)
def _spellings() -> Spellings:
    return Spellings(word for word in word_frequencies() if word.isascii() and word.isalpha())


def _is_target(word: str) -> bool:
    return word.isascii() and word.isalpha() and _SHORTEST - 1 <= len(word) <= _LONGEST + 2


def _is_mendable(word: str) -> bool:
    """Whether ``word`` has the shape of a typed word: digits belong to codes, sums and "nilai2"."""
    return (
        _SHORTEST <= len(word) <= _LONGEST
        and word.isascii()
        and word.isalpha()
        and not (word.isupper() and len(word) <= 5)  # an abbreviation
        and not set("aiueoAIUEO").isdisjoint(word)  # so is a word without vowels, or it is SMS spelling
    )


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for one, other in pairs:
        groups.setdefault(one, set()).add(other)
    return groups


class Speller:
    """Reads mistyped words as the words they most likely are.

    ``vocabulary`` maps the archive's lower-case words to their counts; ``protected`` are words of names (places above
    all) that are never changed and are targets even when the archive lacks them. ``stem`` gives a word's root and
    returns an unknown word as it is (``index.stemming``); without it inflections that wordfreq lacks go unrecognised.
    ``pairs`` are words that stand side by side in names and set phrases ("aceh tenggara"): beside its partner a
    mistyped word needs less evidence.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        protected: frozenset[str],
        stem: Callable[[str], str] | None = None,
        pairs: AbstractSet[tuple[str, str]] = frozenset(),
    ) -> None:
        self._counts = vocabulary
        self._protected = protected
        self._pairs = pairs
        self._stem = stem or (lambda word: word)
        self._running_words = sum(vocabulary.values())
        self._crowding = _CROWDING * math.log10(max(1.0, len(vocabulary) / 1000))

    def knows(self, word: str) -> bool:
        """Whether the lower-case ``word`` is vouched for: by the archive, a name, a dictionary, or as an inflection."""
        return self._listed(word) or self._inflected(word)

    def is_standard(self, word: str) -> bool:
        """Whether the lower-case ``word`` is standard Indonesian, a name or the archive's own: no chat form of a word.

        Stricter than ``knows``: general word lists, made from subtitles and the web, have "cepet" and "masukin" too.
        """
        if word in self._counts or word in self._protected or word in root_words():
            return True
        stem = self._stem(word)
        return stem != word and len(stem) >= 3 and stem in root_words()

    def mend(self, word: str) -> str | None:
        """Return the lower-case word that ``word`` most likely is, or ``None`` to leave it alone."""
        return self._mend(word.lower(), named=word[:1].isupper()) if _is_mendable(word) else None

    def mend_all(self, words: Sequence[str]) -> list[Mended]:
        """Read a question's words in order; each typed word is in exactly one ``Mended``.

        Besides single words this mends two that are one ("ke terampilan") and one that is two ("bantuansosial").
        """
        read: list[Mended] = []
        left = _MOST
        # a capital says "name" only where it is a choice: not at the beginning, not in a Title Case Question
        chosen = any(word[:1].islower() for word in words[1:])
        i = 0
        while i < len(words):
            word, low = words[i], words[i].lower()
            if i + 1 < len(words) and self._are_one(low, following := words[i + 1].lower()):
                read.append(Mended((word, words[i + 1]), (low + following,)))
                i += 2
                continue
            meant: tuple[str, ...] = (word,)
            if left and _is_mendable(word):
                left -= not self._listed(low)
                if parts := self._parts(low):  # before mending: "dipacitan" is two letters from "pacitan"
                    meant = parts
                elif mended := self._mend(
                    low,
                    named=chosen and i > 0 and word[0].isupper(),
                    before=read[-1].read[-1].lower() if read else "",
                    after=self._alone(words[i + 1].lower()) if i + 1 < len(words) else "",
                ):
                    meant = (mended,)
                elif halves := self._halves(low):  # after mending: "bagaiaman" is no "bagai aman"
                    meant = halves
            read.append(Mended((word,), meant))
            i += 1
        return read

    @cached_property
    def _own_targets(self) -> NearWords:
        general = set(_general_words().words)
        own = dict.fromkeys(word for word in self._counts if _is_target(word))
        own.update(dict.fromkeys(w for w in self._protected if _is_target(w) and len(w) >= _PLACE_LETTERS))
        return NearWords(word for word in own if word not in general)

    def _listed(self, word: str) -> bool:
        return word in root_words() or self._in_use(word)

    def _in_use(self, word: str) -> bool:
        return word in self._protected or word in self._counts or word in word_frequencies() or word in _english()

    def _inflected(self, word: str) -> bool:
        for clitic in _CLITICS:  # on a loanword that Sastrawi's dictionary lacks
            if word.endswith(clitic) and len(word) >= len(clitic) + 4 and self._listed(word.removesuffix(clitic)):
                return True
        if any(self._listed(root + word[len(nasal) :]) for nasal, root in _COLLOQUIAL if word.startswith(nasal)):
            return True
        modern = word
        for old, new in _OLD_SPELLING:
            modern = modern.replace(old, new)
        if self._listed(modern):
            return True
        return len(stem := self._stem(word)) >= 3 and stem in root_words()

    def _zipf(self, word: str) -> float:
        """Powers of ten of the word's frequency in a thousand million words."""
        general = word_frequencies().get(word, _UNLISTED)
        if word in self._protected:
            general = max(general, _GENERAL_TARGET)
        blended = self._counts.get(word, 0) + _BACKGROUND_TOKENS * general
        return 9 + math.log10(blended / (self._running_words + _BACKGROUND_TOKENS)) + _ASKED * (word in _ASKING)

    def _mend(self, word: str, *, named: bool, before: str = "", after: str = "") -> str | None:
        if word in self._counts or word in self._protected or word in word_frequencies():
            return None
        beside = {target for target in self._beside(before, after) if slip_cost(word, target) <= 1.0}
        if len(beside) == 1:
            return beside.pop()
        if word in _english():
            return None
        if word in root_words():
            return self._cut_short(word)
        return None if self._inflected(word) else self._nearest(word, named=named)

    def _alone(self, word: str) -> str:
        """What a word is read as by itself."""
        return (self._mend(word, named=False) if _is_mendable(word) else None) or word

    def _beside(self, before: str, after: str) -> Iterator[str]:
        """The words of names and set phrases that may stand between two words."""
        yield from self._after.get(before, ())
        yield from self._before.get(after, ())

    @cached_property
    def _after(self) -> dict[str, set[str]]:
        return _grouped(self._pairs)

    @cached_property
    def _before(self) -> dict[str, set[str]]:
        return _grouped((second, first) for first, second in self._pairs)

    def _cut_short(self, word: str) -> str | None:
        """Return the one archive word that a rare dictionary root lacks the last letter of ("sembak", "seluru").

        20,000 of Sastrawi's roots are in no list of words in use; 1 in 100 of those is a common word cut short.
        """
        whole = [word + letter for letter in ascii_lowercase if word + letter in self._counts]
        if len(word) < 5 or len(whole) != 1 or word_frequencies().get(whole[0], 0.0) < _GENERAL_TARGET / 3:
            return None
        return whole[0]

    def _nearest(self, word: str, *, named: bool) -> str | None:
        slips = 2 if len(word) >= TWO_SLIPS_FROM else 1
        near = (*_general_words().near(word, slips), *self._own_targets.near(word, slips))
        if not near:
            return None
        scored = [(self._zipf(target) - _SLIP * slip_cost(word, target), target, distance) for target, distance in near]
        scored.sort(reverse=True)
        score, best, distance = scored[0]
        if distance > 1 and best in self._protected and best not in self._counts:
            return None  # still a rival above: a mistyped place must not become a common word
        unlisted = 9 - _spellings().strangeness(word)
        if score < unlisted + self._evidence_for(best, distance) + _NAME_EVIDENCE * named:
            return None
        for rival_score, rival, _ in scored[1:4]:
            if score - rival_score < _MARGIN and self._stem(rival) != self._stem(best):
                return None
        return best

    def _evidence_for(self, target: str, distance: int) -> float:
        needed = _EVIDENCE + self._crowding
        if target in self._protected:
            return needed + _NAME_EVIDENCE * (target not in self._counts)
        if target not in self._counts and word_frequencies()[target] < _GENERAL_TARGET:
            return math.inf
        if target not in self._counts:
            return needed + _GENERAL_EVIDENCE * (target not in _ASKING)
        if target in word_frequencies() or self._inflected(target):
            return needed
        # the archive's own names must not swallow their neighbours: two slips apart is usually another name
        return needed + _NAME_EVIDENCE * (1 if distance == 1 else 3)

    def _are_one(self, first: str, second: str) -> bool:
        joined = first + second
        if not (joined.isalpha() and 6 <= len(joined) <= _LONGEST):
            return False
        if joined in _APART:
            return joined in self._counts and not (first in self._counts and second in self._counts)
        if self._listed(first) and self._listed(second):
            return False  # "di bawah": both are words, so the space was meant
        if joined in self._counts or joined in self._protected:
            return len(second) >= 3
        # outside the archive only an affix that strayed: the halves of a general word are too often a name
        return first in _AFFIXES and joined in word_frequencies() and len(second) >= 4

    def _parts(self, word: str) -> tuple[str, ...] | None:
        if word in self._counts:
            return None
        if apart := _APART.get(word):
            parts = tuple(apart.split())
            return parts if all(part in self._counts for part in parts) else None
        if word[:2] in ("di", "ke") and len(word) >= 7 and word[2:] in self._protected and not self._listed(word):
            return word[:2], word[2:]
        return None

    def _halves(self, word: str) -> tuple[str, ...] | None:
        if len(word) < 9 or self.knows(word):
            return None
        pairs = ((word[:i], word[i:]) for i in range(4, len(word) - 3))
        likely = [pair for pair in pairs if all(map(self._is_usual, pair))]
        return likely[0] if len(likely) == 1 else None

    def _is_usual(self, word: str) -> bool:
        return word in self._counts and word_frequencies().get(word, 0.0) >= _GENERAL_TARGET
