"""How a text writes its words: tokens, tier words before a name, and whether an ambiguous word is meant as a place.

Knows nothing of which places exist (that is ``places``); levels are the values of ``places.Level``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from typing import NamedTuple

_TOKEN = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*|\d+")
_PLAIN_TOKEN = re.compile(r"[A-Za-z]+|[0-9]+")  # the same in ASCII without apostrophes, at half the time
_NO_APOSTROPHES = str.maketrans("", "", "'’ʼ")
# What may stand between the words of one name: a space or two, a hyphen, the full stop of "Kep." or "D.I.".
_HYPHENS = frozenset("-\u2010\u2011")
_GAPS = _HYPHENS | {" ", "  ", "\u00a0", ".", ". "}
_ABBREVIATED = frozenset({"kab", "kep", "prov", "adm", "gub"})
_SENTENCE_END = frozenset('.!?:;"“”‘•\n\r')
_DATELINE_END = re.compile(r"\s*(?:[-–—|(]|/)")

_REGENCY, _CITY, _PROVINCE = frozenset({"kabupaten"}), frozenset({"kota"}), frozenset({"provinsi"})
_ANY = _REGENCY | _CITY | _PROVINCE
# Words that say only the tier: they belong to the name's span.
_TIERS = {
    "kabupaten": _REGENCY, "kab": _REGENCY,
    "kota": _CITY, "kotamadya": _CITY, "kodya": _CITY,
    "provinsi": _PROVINCE, "propinsi": _PROVINCE, "prov": _PROVINCE,
}  # fmt: skip
# Words that say the tier and something else (who, which office): a question may ask for that, so they stay outside.
_OFFICES = {
    **dict.fromkeys(("pemkab", "bupati", "wabup", "setdakab", "sekdakab", "sekabupaten", "dprk"), _REGENCY),
    **dict.fromkeys(("pemkot", "pemko", "walikota", "wawali", "wawalkot", "setdako", "setdakot", "sekdako", "sekdakot",
                     "balaikota", "sekota"), _CITY),
    **dict.fromkeys(("pemprov", "gubernur", "wagub", "setdaprov", "sekdaprov", "seprovinsi"), _PROVINCE),
    "pemda": _ANY,
}  # fmt: skip
_ADMINISTRATIVE = frozenset({"administrasi", "administratif", "adm"})
# Before these, "batu" is a place even in a text without capitals. Prepositions and nouns that a place name follows.
_INTRODUCES_PLACE = frozenset(
    """
    di dari ke se wilayah daerah warga asal kawasan masyarakat penduduk pemerintah dinsos dinkes disdik dprd
    polres polresta polrestabes kodim kejari kpu bawaslu baznas bpbd bps pmi rsud antara seputar sekitar
    """.split()
)  # fmt: skip
# "Malang Raya", "Serang Timur" are still the place; "Batu Ampar" is another.
_PART_OF_PLACE = frozenset({"raya", "utara", "selatan", "timur", "barat", "tengah", "kota"})
_ASKS = frozenset({"apa", "siapa", "kapan", "berapa", "bagaimana", "gimana", "mana", "dimana", "kenapa", "tahun"})
_TYPED_QUESTION_WORDS = 25  # a text this short may be a chat message, where names often lack their capital


class Tier(NamedTuple):
    """A tier word before a name: the levels it allows and where the name's span then starts."""

    levels: frozenset[str]
    start: int


class Verdict(Enum):
    """Whether an ambiguous word is a place here; ``MAYBE`` needs support from elsewhere in the text."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


def words_of(text: str) -> list[str]:
    """Split off the words and numbers of ``text``, in order: their lower-case letters without apostrophes."""
    # No name has the dotted capital, of which the small letter would be two.
    lower = text.replace("\u0130", "\u0131").lower()
    if has_apostrophe(text):
        return [word.translate(_NO_APOSTROPHES) for word in _TOKEN.findall(lower)]
    words: list[str] = (_PLAIN_TOKEN if text.isascii() else _TOKEN).findall(lower)
    return words


def has_apostrophe(text: str) -> bool:
    """Whether a word of ``text`` may be written with an apostrophe in it."""
    return "'" in text or "’" in text or "ʼ" in text


def without_tier(words: list[str]) -> Iterator[tuple[frozenset[str] | None, list[str]]]:
    """Take tier and office words off a written name one by one: the levels they allow (None: none said), the rest.

    One by one because "kota" may be of the tier or of the name: "kabupaten kota baru".
    """
    levels: frozenset[str] | None = None
    for i, word in enumerate(words):
        yield levels, words[i:]
        if word in _TIERS or word in _OFFICES:
            levels = _TIERS.get(word) or _OFFICES[word]
        elif not (word in {"wali", "wakil", "pemerintah"} or (levels and word in _ADMINISTRATIVE)):
            return


class Writing:
    """One text seen as words and numbers, with what its capitals and neighbours say about each.

    ``keys`` are these in order, as ``words_of`` returns them.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.keys = words_of(text)
        self._cased: bool | None = None

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where they stand in ``text``: not asked for in most texts, which name no place."""
        plain = self.text.isascii() and not has_apostrophe(self.text)
        return [found.span() for found in (_PLAIN_TOKEN if plain else _TOKEN).finditer(self.text)]

    def joins(self, i: int) -> bool:
        """Whether token ``i`` and the one after it may be words of one name."""
        if i + 1 >= len(self.keys):
            return False
        gap = self._gap_before(i + 1)
        return gap in _GAPS and (gap[0] != "." or len(self.keys[i]) == 1 or self.keys[i] in _ABBREVIATED)

    def word(self, i: int) -> str:
        """Return token ``i`` as it is written."""
        start, end = self.spans[i]
        return self.text[start:end]

    def is_capitalised(self, i: int) -> bool:
        """Whether token ``i`` starts with a capital."""
        return self.text[self.spans[i][0]].isupper()

    def starts_sentence(self, i: int) -> bool:
        """Whether token ``i`` would have a capital anyway."""
        return i == 0 or not _SENTENCE_END.isdisjoint(self._gap_before(i))

    def is_whole(self, i: int, n: int) -> bool:
        """Whether tokens ``i`` to ``i + n`` are words of their own: not "batu2", nor half of "batu-batu"."""
        last = i + n - 1
        if i and (not self._gap_before(i) or (n == 1 and self._repeats(i - 1))):
            return False
        return last + 1 >= len(self.keys) or not (not self._gap_before(last + 1) or (n == 1 and self._repeats(last)))

    def same_case(self, i: int, n: int) -> bool:
        """Whether all of the ``n`` tokens at ``i`` have a capital, or none has."""
        return len({self.is_capitalised(j) for j in range(i, i + n)}) == 1

    def tier_before(self, i: int) -> Tier | None:
        """Return the tier that the words right before token ``i`` give it."""
        j, start = i - 1, self.spans[i][0]
        if j > 0 and self.keys[j] in _ADMINISTRATIVE and self.joins(j):
            j -= 1
        if j < 0 or not self.joins(j):
            return None
        key = self.keys[j]
        if key in _OFFICES:
            return Tier(_OFFICES[key], start)
        if key not in _TIERS:
            return None
        before = self.keys[j - 1] if j and self.joins(j - 1) else ""
        if before == "ibu":  # "ibu kota Jawa Timur": the capital, not the tier
            return None
        if before == "wali":  # "Wali Kota Batu" is an office of the city
            return Tier(_CITY, start)
        levels, start = _TIERS[key], self.spans[j][0]
        # "Kabupaten/Kota Bogor", "kabupaten dan kota Mojokerto": both
        other = j - 2 if before in {"dan", "atau"} else j - 1 if self._gap_before(j).strip() == "/" else -1
        if other >= 0 and self.keys[other] in _TIERS:
            levels, start = levels | _TIERS[self.keys[other]], self.spans[other][0]
        return Tier(levels, start)

    def verdict(self, i: int, n: int) -> Verdict:
        """Whether the ambiguous word(s) at ``i``, without a tier word, are a place by the way they are written."""
        end = i + n
        capital = self.is_capitalised(i)
        introduced = not self.starts_sentence(i) and (
            self.keys[i - 1] in _INTRODUCES_PLACE or (i > 1 and self.keys[i - 2] == "dinas")
        )
        is_last = end == len(self.keys) or "\n" in self._gap_before(end) or self._asks(end)
        if capital and self.is_cased:
            if self._goes_on_as_name(end):
                return Verdict.MAYBE
            if introduced or not self.starts_sentence(i):
                return Verdict.YES
            if _DATELINE_END.match(self.text, self.spans[end - 1][1]):
                return Verdict.YES
            return Verdict.MAYBE
        if self.is_cased:  # lower case among capitals is the word, unless a short question ends with "... di batu"
            at_end = is_last and i > 0 and self.keys[i - 1] == "di"
            return Verdict.YES if at_end and len(self.keys) <= _TYPED_QUESTION_WORDS else Verdict.NO
        return Verdict.YES if introduced or is_last else Verdict.NO

    @property
    def is_cased(self) -> bool:
        """Whether capitals mean something here: some word inside a sentence has one, and some has none.

        Not so in a typed question, a headline in capitals, or one that Gives Each Word One.
        """
        if self._cased is None:
            words = range(len(self.keys))
            self._cased = any(
                self.is_capitalised(i) and not self.starts_sentence(i) and not self.word(i).isupper() for i in words
            ) and any(len(self.keys[i]) > 3 and self.word(i).islower() for i in words)
        return self._cased

    def _gap_before(self, i: int) -> str:
        return self.text[self.spans[i - 1][1] : self.spans[i][0]]

    def _repeats(self, i: int) -> bool:
        return self.keys[i] == self.keys[i + 1] and self._gap_before(i + 1) in _HYPHENS

    def _asks(self, i: int) -> bool:
        """Whether the question proper starts at token ``i``: "bansos malang kapan cair", "bansos malang 2024"."""
        return self.keys[i] in _ASKS or self.keys[i].isdigit()

    def _goes_on_as_name(self, end: int) -> bool:
        """Whether a capitalised word follows that makes a longer name of it ("Batu Ampar", "Metro TV")."""
        return (
            end < len(self.keys)
            and self._gap_before(end) == " "
            and self.is_capitalised(end)
            and self.keys[end] not in _PART_OF_PLACE
        )
