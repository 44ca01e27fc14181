"""Indonesia's places: 38 provinces, 514 kabupaten and kota, and how people name them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from index.errors import WordListError
from index.folding import letter_runs
from index.place_writing import Tier, Verdict, Writing, has_apostrophe, without_tier, words_of

_WORDS = Path(__file__).parent / "words"
# A name written together or apart unlike its usual form ("Tanahlaut", "Pare pare") must be this long, and its parts
# too: shorter ones meet by chance in running text.
_MIN_VARIANT, _MIN_PART = 8, 3
# Words of names that are ordinary derived words: the stemmer may have them.
_ORDINARY = frozenset({"kepulauan", "pegunungan", "bagian", "daerah", "khusus", "istimewa", "dan"})


class Level(StrEnum):
    """The tier of government that a place is."""

    PROVINCE = "provinsi"
    REGENCY = "kabupaten"
    CITY = "kota"


_LEVELS = {level.value: level for level in Level}


@dataclass(frozen=True, slots=True)
class Place:
    """A province, kabupaten or kota; ``code`` is the Ministry of Home Affairs' ("35", "35.01")."""

    code: str
    level: Level
    name: str  # without the tier: "Pacitan", "Jawa Timur"
    province: str  # its province's name; its own for a province

    @property
    def full_name(self) -> str:
        """The name with its tier ("Kabupaten Pacitan", "Kota Mojokerto"); a province's without ("Jawa Timur")."""
        return self.name if self.level is Level.PROVINCE else f"{self.level.value.capitalize()} {self.name}"

    def covers(self, other: Place) -> bool:
        """Whether ``other`` is this place or lies in it: a province covers its kabupaten and kota."""
        return self.code == other.code or other.code.startswith(self.code + ".")


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names a place: ``text[start:end]``, with the words kabupaten, kota, provinsi directly before.

    ``places`` are all it may mean (twins). ``explicit``: a tier word or office (Bupati, Pemkot) goes with it; offices
    stay outside the span. ``via`` is "name", "alias" or "town" (a kabupaten by its capital).
    """

    start: int
    end: int
    places: tuple[Place, ...]
    explicit: bool
    via: str


@dataclass(frozen=True, slots=True)
class _Row:
    place: Place
    capital: str
    aliases: tuple[str, ...]


class Gazetteer:
    """All places, found by code, by a written name, or in running text. Immutable; get it by ``load_gazetteer``."""

    def __init__(self, rows: list[_Row], ambiguous: dict[str, bool]) -> None:
        self.places = tuple(row.place for row in rows)
        self._by_code = {place.code: place for place in self.places}
        self._ambiguous = ambiguous  # as written -> whether only a tier word makes it a place
        self._names: dict[str, list[Place]] = {}
        self._named: dict[str, list[Place]] = {}  # by name or alias
        self._towns: dict[str, list[Place]] = {}
        self._written: set[str] = set()  # the usual forms, words separated by one space
        words: set[str] = set()
        for row in rows:
            for name in (row.place.name, *_short_forms(row.place.name), *row.aliases):
                key = self._remember(name, words)
                if name == row.place.name:
                    self._names.setdefault(key, []).append(row.place)
                if row.place not in self._named.setdefault(key, []):
                    self._named[key].append(row.place)
        # provinces last: a province's capital is a kota or kabupaten with a name of its own, but for Sofifi
        for row in sorted(rows, key=lambda row: row.place.level is Level.PROVINCE):
            if row.capital:
                key = self._remember(row.capital, words)
                if row.place.level is not Level.PROVINCE or not (key in self._named or key in self._towns):
                    self._towns.setdefault(key, []).append(row.place)
        # Towns whose name holds another place's: "Pangkalan Kerinci" is not in Kerinci.
        capitals = [words_of(row.capital) for row in rows if row.capital]
        self._covering = frozenset(
            "".join(keys) for keys in capitals if len(keys) > 1 and not self._named.keys().isdisjoint(keys)
        )
        self.words = frozenset(words - _ORDINARY)
        # Which words stand side by side in a name: ("aceh", "tenggara").
        self.neighbours = frozenset(pair for name in self._written for pair in pairwise(name.split()))
        self._longest = max(form.count(" ") for form in self._written) + 1
        # What a name can begin with, words run together, and what its first word can be: one of a usual form, or of
        # one that is written apart. Most words of a text are passed over by one look-up.
        forms = (*self._named, *self._towns)
        self._beginnings = frozenset(form[:n] for form in forms for n in range(1, len(form) + 1))
        long = (form for form in forms if len(form) >= _MIN_VARIANT)
        apart = {form[:n] for form in long for n in range(_MIN_PART, len(form) - _MIN_PART + 1)}
        self._whole = frozenset(forms)
        self._heads = frozenset({*forms, *apart, *(form.split(" ")[0] for form in self._written)})
        # And most texts by one look at their plain words; short ones have capitals only ("DI Yogyakarta").
        short = [head for head in self._heads if len(head) < _MIN_PART]
        self._plain_heads = frozenset(head.encode() for head in self._heads if len(head) >= _MIN_PART)
        self._short_head = re.compile(rf"(?:{'|'.join(sorted(map(str.upper, short), reverse=True))})(?![^\W\d_])")

    def by_code(self, code: str) -> Place:
        """Return the place with this code; KeyError when there is none."""
        return self._by_code[code]

    def province_of(self, place: Place) -> Place:
        """Return the province that ``place`` lies in or is."""
        return self._by_code[place.code.split(".")[0]]

    def resolve(self, name: str) -> tuple[Place, ...]:
        """Return all places that a written name may mean: of the tier it says, if there are any. Empty when unknown."""
        return self._look_up(words_of(name), self._named)

    def resolve_town(self, name: str) -> tuple[Place, ...]:
        """Like ``resolve``, but a kabupaten also by its capital ("PARINGIN" in a dateline)."""
        words = words_of(name)
        return self._look_up(words, self._named) or self._look_up(words, self._towns, tiers=False)

    def mentions(self, text: str, *, towns: bool = False) -> tuple[Mention, ...]:
        """Find all places that ``text`` names, in order, longest name first, never overlapping.

        A name that is also an ordinary word counts when a tier word goes with it or its writing says so
        (``place_writing.Writing.verdict``); ``towns`` also finds kabupaten by their capitals.
        """
        if not self._may_name(text):
            return ()
        found = list(self._scan(Writing(text), towns=towns))
        certain = {place for mention, verdict in found if verdict is Verdict.YES for place in mention.places}
        return tuple(
            mention
            for i, (mention, verdict) in enumerate(found)
            if verdict is Verdict.YES
            or not certain.isdisjoint(mention.places)
            or (i + 1 < len(found) and self._lies_in(mention, found[i + 1][0], text))
        )

    def _remember(self, name: str, words: set[str]) -> str:
        keys = words_of(name)
        self._written.add(" ".join(keys))
        words.update(key for key in keys if len(key) >= _MIN_PART and not key.isdigit())
        return "".join(keys)

    def _look_up(self, words: list[str], table: dict[str, list[Place]], *, tiers: bool = True) -> tuple[Place, ...]:
        other_tier: tuple[Place, ...] = ()  # "Kota Jakarta", "kota Pacitan": loose, but clear
        # the whole first: "Kota Baru" is the kabupaten Kotabaru, not a kota "Baru"
        for levels, rest in without_tier(words):
            places = table.get("".join(rest))
            if places is None:
                continue
            fitting = tuple(p for p in places if not (levels and tiers) or p.level.value in levels)
            if fitting:
                return fitting
            other_tier = other_tier or tuple(places)
        return other_tier

    def _may_name(self, text: str) -> bool:
        """Whether some word of ``text`` can begin a name; true for what a look at its plain words does not tell."""
        return (
            not self._plain_heads.isdisjoint(letter_runs(text.lower()))
            or self._short_head.search(text) is not None
            or has_apostrophe(text)
        )

    def _scan(self, writing: Writing, *, towns: bool) -> Iterator[tuple[Mention, Verdict]]:
        keys, free_from, passed = writing.keys, 0, 0
        for i, key in enumerate(keys):
            if key not in self._heads or i < passed:
                continue
            if key not in self._whole and "".join(keys[i : i + 2]) not in self._beginnings:
                continue
            match = self._match(writing, i, towns=towns)
            if match is None:
                continue
            n, mention, verdict = match
            # a tier word that ended the name before ("Lima Puluh Kota Padang") is not ours to cover
            if mention.start < free_from:
                start = writing.spans[i][0]
                mention = Mention(start, mention.end, mention.places, mention.explicit, mention.via)
            free_from, passed = mention.end, i + n
            yield mention, verdict

    def _match(self, writing: Writing, i: int, *, towns: bool) -> tuple[int, Mention, Verdict] | None:
        forms = self._forms(writing, i, towns=towns)
        if not forms:
            return None
        tier = writing.tier_before(i) if i else None
        # A shorter name that fits the tier goes before a longer one that does not: "Kabupaten Banjar baru ..."
        for fitting in (True, False) if tier else (False,):
            for n, form in forms:
                match = self._match_of(writing, i, n, form, tier if fitting else None)
                if match:
                    return n, *match
        return None

    def _forms(self, writing: Writing, i: int, *, towns: bool) -> list[tuple[int, str]]:
        """Return how many words from ``i`` make a known name, and that name run together: the longest first."""
        forms: list[tuple[int, str]] = []
        keys, form = writing.keys, ""
        for n in range(1, min(self._longest, len(keys) - i) + 1):
            form += keys[i + n - 1]
            if form not in self._beginnings or (n > 1 and not writing.joins(i + n - 2)):
                break
            if form in self._named or form in self._covering or (towns and form in self._towns):
                forms.insert(0, (n, form))
        return forms

    def _match_of(
        self, writing: Writing, i: int, n: int, form: str, tier: Tier | None
    ) -> tuple[Mention, Verdict] | None:
        places = self._named.get(form, ())
        via = "name" if form in self._names else "alias"
        if not places:
            places, via = self._towns[form], "town"
        if not self._is_written_so(writing, i, n):
            return None
        if tier and via != "town":  # "kota Paringin" is the town of a kabupaten
            places = [place for place in places if place.level.value in tier.levels]
            if not places:
                return None
        verdict = Verdict.YES
        words = " ".join(writing.keys[i : i + n])
        if words in self._ambiguous and not tier:
            verdict = Verdict.NO if self._ambiguous[words] else writing.verdict(i, n)
        if verdict is Verdict.NO:
            return None
        start = tier.start if tier else writing.spans[i][0]
        return Mention(start, writing.spans[i + n - 1][1], tuple(places), tier is not None, via), verdict

    def _is_written_so(self, writing: Writing, i: int, n: int) -> bool:
        """Whether these tokens are a form of the name, and not its letters met by chance."""
        if not writing.is_whole(i, n):
            return False
        keys = writing.keys[i : i + n]
        if " ".join(keys) not in self._written:
            long = sum(map(len, keys)) >= _MIN_VARIANT
            return long and all(len(key) >= _MIN_PART for key in keys) and writing.same_case(i, n)
        if min(map(len, keys)) >= _MIN_PART:
            return True
        # "DI Yogyakarta" is the province, "di Yogyakarta" and "DI YOGYAKARTA" (a headline) are "in Yogyakarta"
        short = [j for j in range(i, i + n) if len(writing.keys[j]) < _MIN_PART and writing.word(j).isalpha()]
        shouted = any(writing.word(j).isupper() for j in range(i, i + n) if j not in short)
        return not short or (all(writing.word(j).isupper() for j in short) and not shouted)

    def _lies_in(self, mention: Mention, following: Mention, text: str) -> bool:
        """Whether the next mention is the province of this one: "Batu, Jawa Timur", "Batu (Jatim)"."""
        return text[mention.end : following.start].strip() in {",", "("} and any(
            self.province_of(place) in following.places for place in mention.places
        )


def describe(places: tuple[Place, ...]) -> str:
    """Name places as a citation does: "Kabupaten Pacitan, Jawa Timur"; "Mojokerto, Jawa Timur" for twins."""
    if not places:
        return ""
    first = places[0]
    if any(place.level is Level.PROVINCE and place.name == first.name for place in places):
        return first.name
    if len(places) == 1:
        return f"{first.full_name}, {first.province}"
    if len({(place.name, place.province) for place in places}) == 1:
        return f"{first.name}, {first.province}"
    return " atau ".join(describe((place,)) for place in places)


@functools.cache
def load_gazetteer() -> Gazetteer:
    """Return the gazetteer of ``words/places.tsv``, read once; WordListError names a malformed line."""
    return Gazetteer(read_places(_WORDS / "places.tsv"), read_ambiguous(_WORDS / "ambiguous_places.txt"))


def read_places(path: Path) -> list[_Row]:
    """Read the rows of a TSV of code, tier, name, capital, aliases; WordListError when one is malformed."""
    rows: list[_Row] = []
    provinces: dict[str, str] = {}
    codes: set[str] = set()
    for number, line in _lines(path):
        fields = [field.strip() for field in line.split("\t")]
        if len(fields) != 5:
            raise WordListError(path, number, f"found {len(fields)} columns, expected 5")
        code, tier, name, capital, aliases = fields
        level = _LEVELS.get(tier)
        if level is None:
            raise WordListError(path, number, f"found tier {tier!r}, expected provinsi, kabupaten or kota")
        if not name or code in codes:
            raise WordListError(path, number, f"code {code!r} is there twice" if name else "the name is empty")
        codes.add(code)
        if level is Level.PROVINCE:
            provinces[code] = name
        province = provinces.get(code.split(".")[0])
        if province is None or ("." in code) is (level is Level.PROVINCE):
            raise WordListError(path, number, f"found code {code!r}, expected that of a {tier} below its province")
        rows.append(_Row(Place(code, level, name, province), capital, tuple(filter(None, aliases.split("|")))))
    return rows


def read_ambiguous(path: Path) -> dict[str, bool]:
    """Read the ambiguous words, each with whether only a tier word makes it a place; WordListError when malformed."""
    words: dict[str, bool] = {}
    for number, line in _lines(path):
        word, _, mark = line.partition("\t")
        if mark not in {"", "explicit"}:
            raise WordListError(path, number, f"found {mark!r} after the tab, expected 'explicit' or nothing")
        words[word.strip()] = bool(mark)
    return words


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line


def _short_forms(name: str) -> tuple[str, ...]:
    """How a name is shortened: "Kep Riau" for "Kepulauan Riau"."""
    return ("Kep " + name.removeprefix("Kepulauan "),) if name.startswith("Kepulauan ") else ()
