"""How a text writes its words: tokens, tier words before a name, and whether an ambiguous word is meant as a place.

Knows nothing of which places exist (that is ``places``); levels are the values of ``places.Level``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

_TOKEN = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*|\d+")
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


class Token(NamedTuple):
    """A word or number: ``text[start:end]``, and its lower-case letters without apostrophes."""

    start: int
    end: int
    key: str


class Tier(NamedTuple):
    """A tier word before a name: the levels it allows and where the name's span then starts."""

    levels: frozenset[str]
    start: int


class Verdict(Enum):
    """Whether an ambiguous word is a place here; ``MAYBE`` needs support from elsewhere in the text."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


def tokenise(text: str) -> list[Token]:
    """Split off the words and numbers of ``text``, in order."""
    return [Token(*m.span(), m.group().lower().translate(_NO_APOSTROPHES)) for m in _TOKEN.finditer(text)]


def without_tier(tokens: list[Token]) -> Iterator[tuple[frozenset[str] | None, list[Token]]]:
    """Take tier and office words off a written name one by one: the levels they allow (None: none said), the rest.

    One by one because "kota" may be of the tier or of the name: "kabupaten kota baru".
    """
    levels: frozenset[str] | None = None
    for i, token in enumerate(tokens):
        yield levels, tokens[i:]
        if token.key in _TIERS or token.key in _OFFICES:
            levels = _TIERS.get(token.key) or _OFFICES[token.key]
        elif not (token.key in {"wali", "wakil", "pemerintah"} or (levels and token.key in _ADMINISTRATIVE)):
            return


class Writing:
    """One text seen as tokens, with what its capitals and neighbours say about each."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenise(text)
        self._cased: bool | None = None

    def joins(self, i: int) -> bool:
        """Whether token ``i`` and the one after it may be words of one name."""
        if i + 1 >= len(self.tokens):
            return False
        gap = self._gap_before(i + 1)
        return gap in _GAPS and (gap[0] != "." or len(self.tokens[i].key) == 1 or self.tokens[i].key in _ABBREVIATED)

    def word(self, i: int) -> str:
        """Return token ``i`` as it is written."""
        return self.text[self.tokens[i].start : self.tokens[i].end]

    def is_capitalised(self, i: int) -> bool:
        """Whether token ``i`` starts with a capital."""
        return self.text[self.tokens[i].start].isupper()

    def starts_sentence(self, i: int) -> bool:
        """Whether token ``i`` would have a capital anyway."""
        return i == 0 or not _SENTENCE_END.isdisjoint(self._gap_before(i))

    def is_whole(self, i: int, n: int) -> bool:
        """Whether tokens ``i`` to ``i + n`` are words of their own: not "batu2", nor half of "batu-batu"."""
        last = i + n - 1
        if i and (not self._gap_before(i) or (n == 1 and self._repeats(i - 1))):
            return False
        return last + 1 >= len(self.tokens) or not (not self._gap_before(last + 1) or (n == 1 and self._repeats(last)))

    def same_case(self, i: int, n: int) -> bool:
        """Whether all of the ``n`` tokens at ``i`` have a capital, or none has."""
        return len({self.is_capitalised(j) for j in range(i, i + n)}) == 1

    def tier_before(self, i: int) -> Tier | None:
        """Return the tier that the words right before token ``i`` give it."""
        j, start = i - 1, self.tokens[i].start
        if j > 0 and self.tokens[j].key in _ADMINISTRATIVE and self.joins(j):
            j -= 1
        if j < 0 or not self.joins(j):
            return None
        key = self.tokens[j].key
        if key in _OFFICES:
            return Tier(_OFFICES[key], start)
        if key not in _TIERS:
            return None
        before = self.tokens[j - 1].key if j and self.joins(j - 1) else ""
        if before == "ibu":  # "ibu kota Jawa Timur": the capital, not the tier
            return None
        if before == "wali":  # "Wali Kota Batu" is an office of the city
            return Tier(_CITY, start)
        levels, start = _TIERS[key], self.tokens[j].start
        # "Kabupaten/Kota Bogor", "kabupaten dan kota Mojokerto": both
        other = j - 2 if before in {"dan", "atau"} else j - 1 if self._gap_before(j).strip() == "/" else -1
        if other >= 0 and self.tokens[other].key in _TIERS:
            levels, start = levels | _TIERS[self.tokens[other].key], self.tokens[other].start
        return Tier(levels, start)

    def verdict(self, i: int, n: int) -> Verdict:
        """Whether the ambiguous word(s) at ``i``, without a tier word, are a place by the way they are written."""
        end = i + n
        capital = self.is_capitalised(i)
        introduced = not self.starts_sentence(i) and (
            self.tokens[i - 1].key in _INTRODUCES_PLACE or (i > 1 and self.tokens[i - 2].key == "dinas")
        )
        is_last = end == len(self.tokens) or "\n" in self._gap_before(end) or self._asks(end)
        if capital and self.is_cased:
            if self._goes_on_as_name(end):
                return Verdict.MAYBE
            if introduced or not self.starts_sentence(i):
                return Verdict.YES
            if _DATELINE_END.match(self.text, self.tokens[end - 1].end):
                return Verdict.YES
            return Verdict.MAYBE
        if self.is_cased:  # lower case among capitals is the word, unless a short question ends with "... di batu"
            at_end = is_last and i > 0 and self.tokens[i - 1].key == "di"
            return Verdict.YES if at_end and len(self.tokens) <= _TYPED_QUESTION_WORDS else Verdict.NO
        return Verdict.YES if introduced or is_last else Verdict.NO

    @property
    def is_cased(self) -> bool:
        """Whether capitals mean something here: some word inside a sentence has one, and some has none.

        Not so in a typed question, a headline in capitals, or one that Gives Each Word One.
        """
        if self._cased is None:
            words = range(len(self.tokens))
            self._cased = any(
                self.is_capitalised(i) and not self.starts_sentence(i) and not self.word(i).isupper() for i in words
            ) and any(len(self.tokens[i].key) > 3 and self.word(i).islower() for i in words)
        return self._cased

    def _gap_before(self, i: int) -> str:
        return self.text[self.tokens[i - 1].end : self.tokens[i].start]

    def _repeats(self, i: int) -> bool:
        return self.tokens[i].key == self.tokens[i + 1].key and self._gap_before(i + 1) in _HYPHENS

    def _asks(self, i: int) -> bool:
        """Whether the question proper starts at token ``i``: "bansos malang kapan cair", "bansos malang 2024"."""
        return self.tokens[i].key in _ASKS or self.tokens[i].key.isdigit()

    def _goes_on_as_name(self, end: int) -> bool:
        """Whether a capitalised word follows that makes a longer name of it ("Batu Ampar", "Metro TV")."""
        return (
            end < len(self.tokens)
            and self._gap_before(end) == " "
            and self.is_capitalised(end)
            and self.tokens[end].key not in _PART_OF_PLACE
        )
