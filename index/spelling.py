"""Mending of mistyped words against the archive's own words, place names and general Indonesian.

A wrong correction is worse than a missed one: it turns a question about something that the archive does not hold into
a question about something that it does. So a word that anything vouches for is never touched, and three readings
compete for the others: the nearest likely word, the next nearest, and "a name or a word that nobody has listed". Rare
real words that the archive has not are one more: they give way only to a far likelier word, where the words beside them
or the haste of the rest of the question speak for it, and never to a name.

``readings.py`` says how likely each is; ``benchmarks/spelling.py`` and ``benchmarks/typos.py`` measure what the
constants below give.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from string import ascii_lowercase

from index.near_words import NearWords, is_one_slip_from, slip_cost
from index.ranking import word_frequencies
from index.readings import ASKING, UNLISTED, USUAL, Reading, Readings, Setting, english_words
from index.running_words import RunningWords
from index.stemming import root_words
from index.word_breaks import WordBreaks

_SHORTEST, _LONGEST = 4, 30  # letters of a word that is mended at all
_MOST = 80  # unknown words looked at in one question, so that 4,000 letters of nonsense cost no second

_MARGIN = 0.7  # by how much the best target has to beat the next

# By how much the best target has to beat "a name, or a word that nobody has listed":
_EVIDENCE = 0.5
_GENERAL_EVIDENCE = 1.5  # more for a target that the archive lacks
_NAME_EVIDENCE = 1.0  # more when the target is a name, or the word was typed with a capital amid words without
_CROWDING = 0.7  # more for each tenfold of the archive's vocabulary above 1,000 words: neighbours by chance

_FORM_EVIDENCE = 0.4  # more for a form that the archive has not, of a word that it has

_REAL = 1.5  # how much likelier a word has to be than a rare real one that stands there
_COMMON = 1e-4  # frequency (zipf 5) of a real word that is changed to a question word only ("dari man")
_COMMONEST = 1e-3  # of one that is never changed
_SET_PHRASE = 1.5  # what a set phrase says ("neighbours.py")
_RARE_ROOT = 1e-8  # frequency of a form of a root that is in no one's use
_UNKNOWN_SLIP = 0.5  # how much of a slip a word that nobody knows is: it may be a name
_TELLING = 1.4  # what the words beside a real word have to say for another where nothing else tells of haste
_HASTY_MARGIN = 0.6  # of ``haste`` taken from the margin: a word left alone is lost as well
# A slip is expected in 2 of 100 words; five such words are laid beside the question's own; how much haste may say.
_USUAL_SLIPS, _WORDS_OF_DOUBT, _HASTIEST = 0.02, 5, 1.3
_DOUBTLESS = 0.5  # cost of a slip in an abbreviation that is not another one: letters swapped or doubled
_VOWELS = frozenset("aiueo")
_CLITIC_SLIP = re.compile("nyaa|nyya|nnya|yna|nay|nys|mya|bya|nty|nyq|ny|a?na")


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


def _is_mendable(word: str) -> bool:
    """Whether ``word`` has the shape of a typed word: digits belong to codes, sums and "nilai2"."""
    return (
        _SHORTEST <= len(word) <= _LONGEST
        and word.isascii()
        and word.isalpha()
        and not (word.isupper() and len(word) <= 5)  # an abbreviation
        and not _VOWELS.isdisjoint(word.lower())  # so is a word without vowels, or it is SMS spelling
    )


def _is_shortened(word: str) -> bool:
    """Whether ``word`` may be a word of four letters that lost one ("kot", "saa")."""
    return len(word) == 3 and word.isascii() and word.isalpha() and word.islower() and not _VOWELS.isdisjoint(word)


def _may_abbreviate(word: str) -> bool:
    return 3 <= len(word) <= 7 and word.isascii() and word.isalpha() and _VOWELS.isdisjoint(word.lower())


def _is_looked_at(word: str) -> bool:
    return _is_mendable(word) or _is_shortened(word) or _may_abbreviate(word)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for one, other in pairs:
        groups.setdefault(one, set()).add(other)
    return groups


class Speller:
    """Reads mistyped words as the words they most likely are.

    ``words`` are the archive's, whose neighbours say what ``pairs`` do; ``protected`` are words of names (places above
    all) that are never changed and are targets even when the archive lacks them. ``stem`` gives a word's root and
    returns an unknown word as it is (``index.stemming``); without it inflections that wordfreq lacks go unrecognised.
    ``pairs`` are words that stand side by side in names and set phrases ("aceh tenggara"): beside its partner a
    mistyped word needs less evidence.
    ``abbreviations`` are all that are known; those that the archive uses are what a slip in one is mended to.
    """

    def __init__(
        self,
        words: RunningWords,
        protected: frozenset[str],
        stem: Callable[[str], str] | None = None,
        pairs: AbstractSet[tuple[str, str]] = frozenset(),
        *,
        abbreviations: AbstractSet[str] = frozenset(),
    ) -> None:
        self._counts = words
        self._protected = protected
        self._pairs = pairs
        self._abbreviations = abbreviations
        self._stem = stem or (lambda word: word)
        self._readings = Readings(words, protected, self._stem, pairs)
        self._breaks = WordBreaks(words, protected, self._readings.listed, self.knows)
        self._crowding = _CROWDING * math.log10(max(1.0, len(words) / 1000))

    def knows(self, word: str) -> bool:
        """Whether the lower-case ``word`` is vouched for: by the archive, a name, a dictionary, or as an inflection."""
        return self._readings.listed(word) or self._readings.inflected(word)

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
        return self._mend(word.lower(), Setting(named=word[:1].isupper())) if _is_mendable(word) else None

    def mend_all(self, words: Sequence[str]) -> list[Mended]:
        """Read a question's words in order; each typed word is in exactly one ``Mended``.

        Besides single words this mends two that are one ("ke terampilan") and one that is two ("bantuansosial").
        """
        read: list[Mended] = []
        lowered = [word.lower() for word in words]
        unlisted = (i for i, low in enumerate(lowered) if _is_looked_at(words[i]) and not self._readings.listed(low))
        unknown = list(islice(unlisted, _MOST))
        alone = {i: self._mend(lowered[i], Setting(named=words[i][0].isupper())) for i in unknown}
        # what nobody knows is a slip as often as a name
        wrong = {i: 1.0 if alone[i] else _UNKNOWN_SLIP for i in unknown if alone[i] or not self.knows(lowered[i])}
        slips = sum(wrong.values())
        # a capital says "name" only where it is a choice: not at the beginning, not in a Title Case Question
        chosen = any(word[:1].islower() for word in words[1:])
        looked = 0
        i = 0
        while i < len(words):
            word, low = words[i], lowered[i]
            following = lowered[i + 1] if i + 1 < len(words) else ""
            if following and self._breaks.are_one(low, following):
                read.append(Mended((word, words[i + 1]), (low + following,)))
                i += 2
                continue
            meant: tuple[str, ...] = (word,)
            if looked < _MOST and _is_looked_at(word) and low not in self._counts:
                looked += 1
                setting = Setting(
                    before=read[-1].read[-1].lower() if read else "",
                    after=alone.get(i + 1) or following,
                    named=chosen and i > 0 and word[0].isupper(),
                    capitals=word.isupper(),
                    # a name is no more likely to be mistyped because something else was
                    haste=0.0 if chosen and word[0].isupper() else _haste(slips - wrong.get(i, 0.0), len(words) - 1),
                )
                if parts := self._breaks.parts(low):  # before mending: "dipacitan" is two letters from "pacitan"
                    meant = parts
                elif mended := self._mend(low, setting):
                    meant = (mended,)
                elif halves := self._breaks.halves(low):  # after mending: "bagaiaman" is no "bagai aman"
                    meant = halves
            read.append(Mended((word,), meant))
            i += 1
        return read

    def instead_of_slang(self, word: str, slang: str, before: str, after: str) -> str | None:
        """The word that ``word`` lacks one letter of, where the words beside it ask for that one and not for slang.

        "kta" is slang for "kita", and "kota" with a letter lost in "kta mojokerto". All arguments are lower-case words.
        """
        if not 3 <= len(word) <= _LONGEST:
            return None
        setting = Setting(before, after)
        if self._readings.company(slang, setting) > 0:
            return None
        fits = [
            each.word
            for each in self._readings.of(word, setting)
            if each.distance == 1
            and len(each.word) > len(word)
            and each.gain >= _SET_PHRASE
            and each.word in self._counts
        ]
        return fits[0] if len(fits) == 1 else None

    @cached_property
    def _own_abbreviations(self) -> NearWords:
        return NearWords([each for each in self._abbreviations if each.isascii() and each.isalpha() and len(each) >= 3])

    def _mend(self, word: str, setting: Setting) -> str | None:
        if word in self._counts or word in self._protected:
            return None
        if _VOWELS.isdisjoint(word):
            return self._abbreviation(word, setting) or (
                None if setting.capitals else self._vowel_missed(word, setting)
            )
        listed = word in word_frequencies()
        if not listed and len(word) >= _SHORTEST:
            beside = {t for t in self._beside(setting.before, setting.after) if slip_cost(word, t) <= 1.0}
            if len(beside) == 1:
                return beside.pop()
            if word in root_words() and (whole := self._cut_short(word)):
                return whole
        if listed or word in root_words() or word in english_words():
            return self._likelier(word, setting, word_frequencies().get(word, UNLISTED))
        if len(word) < _SHORTEST:
            return self._likelier(word, setting, UNLISTED)
        if self._readings.inflected(word):
            stem = self._stem(word)
            rare = _RARE_ROOT if stem in root_words() and not word_frequencies().get(stem) else UNLISTED
            return None if self._counts.of_root(stem) else self._likelier(word, setting, rare)
        whole = self._nearest(word, setting)
        # "buptinya" is the archive's "bupati" and not the "buktinya" of others
        return whole if whole and whole in self._counts else self._with_clitic(word) or whole

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
        if len(word) < 5 or len(whole) != 1 or word_frequencies().get(whole[0], 0.0) < USUAL / 3:
            return None
        return whole[0]

    def _abbreviation(self, word: str, setting: Setting) -> str | None:
        """The one abbreviation of the archive that two swapped letters, one twice or one too few make this."""
        if word_frequencies().get(word, 0.0) >= USUAL:
            return None
        # another letter in its place makes another abbreviation as often as a slip; so does one missing of four
        long = len(word) >= _SHORTEST
        slips = {
            target: slip_cost(word, target)
            for target, _ in self._own_abbreviations.near(word, 1)
            if (long and len(target) > len(word))
            or slip_cost(word, target) <= _DOUBTLESS
            or (len(target) > len(word) and self._readings.company(target, setting) >= _TELLING)
        }
        likely = [target for target, cost in slips.items() if cost == min(slips.values())]
        return likely[0] if len(likely) == 1 and likely[0] in self._counts else None

    def _vowel_missed(self, word: str, setting: Setting) -> str | None:
        """The common word of which the key beside the vowel was hit, or the one vowel left out ("ysng", "bnjr")."""
        if len(word) < _SHORTEST or word in word_frequencies():
            return None
        readings = [each for each in self._readings.of(word, setting) if each.distance == 1]
        if not readings or not (readings[0].word in self._counts or readings[0].word in ASKING):
            return None
        usual = 9 + math.log10(USUAL) - setting.haste
        return readings[0].word if readings[0].score >= usual and self._is_clear(readings, setting) else None

    def _likelier(self, word: str, setting: Setting, frequency: float) -> str | None:
        """The word of the archive or of questions that is far likelier here than a rare real one."""
        if frequency >= _COMMONEST or setting.named:
            return None
        if frequency >= USUAL and not (setting.haste or setting.before or setting.after):
            return None
        only_asking = frequency >= _COMMON or (frequency >= USUAL and not setting.haste)
        if only_asking and not is_one_slip_from(word, ASKING):
            return None  # before its readings, which take longest of all that is done with a word
        readings = [each for each in self._readings.of(word, setting) if each.distance == 1]
        if not readings:
            return None
        best = readings[0]
        asked = best.word in ASKING
        if best.word not in self._counts and not asked:
            return None
        if best.word not in word_frequencies() and self._readings.listed(word):
            return None  # a real word never becomes a name of the archive
        needed = _REAL - setting.haste
        if only_asking:
            if not asked or best.gain < _SET_PHRASE:
                return None
        elif (not setting.haste or frequency >= USUAL) and best.gain < _TELLING:
            return None
        if best.score < self._readings.usual(frequency) + needed:
            return None
        return best.word if self._is_clear(readings, setting) else None

    def _nearest(self, word: str, setting: Setting) -> str | None:
        readings = self._readings.of(word, setting)
        if not readings:
            return None
        best = readings[0]
        if best.distance > 1 and best.word in self._protected and best.word not in self._counts:
            return None  # still a rival above: a mistyped place must not become a common word
        unlisted = self._readings.unlisted(word) + _NAME_EVIDENCE * setting.named
        if best.score < unlisted + self._evidence_for(best.word, best.distance) - setting.haste:
            return None
        return best.word if self._is_clear(readings, setting) else None

    def _is_clear(self, readings: Sequence[Reading], setting: Setting) -> bool:
        """Whether no other word is about as likely as the first."""
        best = readings[0]
        margin = _MARGIN - _HASTY_MARGIN * setting.haste
        return not any(
            best.score - rival.score < margin and self._stem(rival.word) != self._stem(best.word)
            for rival in readings[1:4]
        )

    def _with_clitic(self, word: str) -> str | None:
        """A word of the archive with -nya, of which either half was mistyped ("nilianya", "datany")."""
        for cut in range(len(word) - 2, len(word) - 5, -1):
            stem, ending = word[:cut], word[cut:]
            if len(stem) < _SHORTEST:
                break
            if stem in self._counts and _CLITIC_SLIP.fullmatch(ending):
                return stem + "nya"
        stem = word.removesuffix("nya")
        mended = self._nearest(stem, Setting()) if stem != word and len(stem) >= _SHORTEST else None
        return mended + "nya" if mended and mended in self._counts else None

    def _evidence_for(self, target: str, distance: int) -> float:
        needed = _EVIDENCE + self._crowding
        if target in self._protected:
            return needed + _NAME_EVIDENCE * (target not in self._counts)
        if target not in self._counts and distance == 1 and self._counts.of_root(self._stem(target)):
            return needed + _FORM_EVIDENCE  # another form of a word that the archive has
        if target not in self._counts and target not in ASKING and word_frequencies()[target] < USUAL:
            return math.inf
        if target not in self._counts:
            return needed + _GENERAL_EVIDENCE * (target not in ASKING)
        if target in word_frequencies() or self._readings.inflected(target):
            return needed
        # the archive's own names must not swallow their neighbours: two slips apart is usually another name
        return needed + _NAME_EVIDENCE * (1 if distance == 1 else 3)


def _haste(slips: float, others: int) -> float:
    """By how much a slip is likelier than usual where ``slips`` of ``others`` words went wrong, in powers of ten."""
    expected = (slips + _USUAL_SLIPS * _WORDS_OF_DOUBT) / (others + _WORDS_OF_DOUBT)
    return min(_HASTIEST, max(0.0, math.log10(expected / _USUAL_SLIPS)))
