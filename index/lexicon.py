"""The word lists of ``words/``: slang, abbreviations, synonyms, function words, offices and small talk.

Only reads and checks; what the lists mean for a question is decided elsewhere. Nothing is read at import.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from index.errors import WordListError

_Key = TypeVar("_Key")
WORDS = Path(__file__).parent / "words"
CATEGORIES = frozenset(
    ("programme", "agency", "office", "group", "document", "disaster", "health", "education", "region-tier", "event",
     "other")
)  # fmt: skip

_LONGEST_KEY = 5  # words in a phrase of slang; longer ones are refused
_LONGEST_VALUE = 12  # words; only slang that feeds itself grows past it
_PASSES = 8  # our lists come to rest after two

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Expansion:
    """One reading of an abbreviation: ``Expansion("PKH", "Program Keluarga Harapan", "programme")``."""

    short: str
    long: str
    category: str  # one of ``CATEGORIES``


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    """Words and short phrases that stand for each other, lower-case, not stemmed.

    Any of ``members`` may replace any other. A ``loose`` one (narrower, wider or rarer) pairs with each of
    ``members`` at less weight, and not with another loose one.
    """

    members: tuple[str, ...]
    loose: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Lexicon:
    """All lists, as mappings from lower-case keys; see ``words/README.md`` for what each one is for."""

    slang: Mapping[str, str]  # word or phrase as typed -> standard words; equal halves protect a phrase
    abbreviations: Mapping[str, tuple[Expansion, ...]]
    synonyms: tuple[SynonymGroup, ...]
    function_words: frozenset[str]
    offices: tuple[tuple[str, ...], ...]  # one office a tuple: its names, lower-case
    smalltalk: Mapping[str, tuple[str, ...]]  # topic -> whole utterances

    @property
    def neighbours(self) -> frozenset[tuple[str, str]]:
        """Which lower-case words stand side by side in long forms, synonyms and offices: ("rumah", "sakit")."""
        phrases = [expansion.long for known in self.abbreviations.values() for expansion in known]
        phrases += [member for group in self.synonyms for member in (*group.members, *group.loose)]
        phrases += [name for office in self.offices for name in office]
        return frozenset(pair for phrase in phrases for pair in pairwise(phrase.lower().split()))

    def mend(self, words: Sequence[str]) -> list[str]:
        """Lower-case words with slang put into standard Indonesian; mending the outcome again changes nothing."""
        return _mend(self.slang, words)


def load_lexicon(*extra: Path) -> Lexicon:
    """Read the lists; once, until a file changes.

    ``extra`` are folders with files of the same names and formats, all optional, as the folders are: the editors' own
    lists. Their lines are added; where one gives typed slang another reading, it replaces that of the lists before.

    Raises:
        WordListError: a line is malformed, repeated in its file, or makes slang that never comes to rest.

    """
    if not extra:
        return _ours()
    return _load(extra, tuple(_state(file) for folder in extra for file in sorted(folder.glob("*.t*"))))


def _state(file: Path) -> tuple[str, int, int]:
    about = file.stat()
    return str(file), about.st_mtime_ns, about.st_size


@cache
def _ours() -> Lexicon:
    return _read(())


@lru_cache(maxsize=8)
def _load(extra: tuple[Path, ...], _: tuple[tuple[str, int, int], ...]) -> Lexicon:
    return _read(extra)


def _read(extra: tuple[Path, ...]) -> Lexicon:
    folders = (WORDS, *extra)
    slang: dict[str, tuple[str, Path, int]] = {}
    abbreviations: dict[str, dict[str, Expansion]] = {}
    synonyms: dict[SynonymGroup, None] = {}
    function_words: set[str] = set()
    offices: dict[tuple[str, ...], None] = {}
    smalltalk: dict[str, dict[str, None]] = {}
    for folder in folders:
        slang |= _read_slang(folder / "slang.tsv")
        for expansion in _read_abbreviations(folder / "abbreviations.tsv"):
            abbreviations.setdefault(expansion.short.lower(), {}).setdefault(expansion.long.lower(), expansion)
        synonyms |= dict.fromkeys(_read_synonyms(folder / "synonyms.txt"))
        function_words |= _read_function_words(folder / "function_words.txt")
        offices |= dict.fromkeys(_read_offices(folder / "offices.txt"))
        for topic, patterns in _read_smalltalk(folder / "smalltalk.toml").items():
            smalltalk.setdefault(topic, {}).update(dict.fromkeys(patterns))
    return Lexicon(
        slang=_at_rest(slang),
        abbreviations={short: tuple(longs.values()) for short, longs in abbreviations.items()},
        synonyms=tuple(synonyms),
        function_words=frozenset(function_words),
        offices=tuple(offices),
        smalltalk={topic: tuple(patterns) for topic, patterns in smalltalk.items()},
    )


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines that say something; none when there is no such file (an editors' folder has what it needs)."""
    if not path.exists():
        return
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise WordListError(path, line, "found bytes that are not UTF-8, expected a UTF-8 text file") from error
    for number, raw in enumerate(text.split("\n"), start=1):
        line_text = raw.strip(" \r")
        if line_text and not line_text.startswith("#"):
            yield number, line_text


def _fields(path: Path, number: int, line: str, names: Sequence[str]) -> list[str]:
    fields = [field.strip() for field in line.split("\t")]
    if len(fields) != len(names) or not all(fields):
        expected = "<TAB>".join(names)
        raise WordListError(path, number, f"found {line!r}, expected {expected}")
    return fields


def _members(path: Path, number: int, line: str) -> list[str]:
    members = [" ".join(member.lower().split()) for member in line.split(",")]
    if not all(member.removeprefix("~").strip() for member in members):
        raise WordListError(path, number, f"found {line!r}, expected words or phrases parted by single commas")
    bare = [member.removeprefix("~").strip() for member in members]
    for position, member in enumerate(bare):
        if member in bare[:position]:
            raise WordListError(path, number, f"found {member!r} twice on the line, expected it once")
    return members


def _once(path: Path, number: int, key: _Key, seen: dict[_Key, int]) -> None:
    if key in seen:
        raise WordListError(path, number, f"found {key!r} again, expected it once: it is on line {seen[key]}")
    seen[key] = number


def _read_slang(path: Path) -> dict[str, tuple[str, Path, int]]:
    entries: dict[str, tuple[str, Path, int]] = {}
    seen: dict[str, int] = {}
    for number, line in _lines(path):
        typed, standard = _fields(path, number, line.lower(), ("typed", "standard"))
        _once(path, number, typed, seen)
        if typed == standard and " " not in typed:
            raise WordListError(
                path, number, f"found {typed!r} for itself, expected another word or a phrase to protect"
            )
        if typed.count(" ") >= _LONGEST_KEY:
            raise WordListError(path, number, f"found {typed!r}, expected at most {_LONGEST_KEY} words")
        entries[typed] = (standard, path, number)
    return entries


def _read_abbreviations(path: Path) -> Iterator[Expansion]:
    seen: dict[tuple[str, str], int] = {}
    for number, line in _lines(path):
        short, long, category = _fields(path, number, line, ("SHORT", "Long Form", "category"))
        if category not in CATEGORIES:
            raise WordListError(path, number, f"found category {category!r}, expected one of {sorted(CATEGORIES)}")
        _once(path, number, (short.lower(), long.lower()), seen)
        yield Expansion(short, long, category)


def _read_synonyms(path: Path) -> Iterator[SynonymGroup]:
    seen: dict[frozenset[str], int] = {}
    for number, line in _lines(path):
        members = _members(path, number, line)
        strong = tuple(member for member in members if not member.startswith("~"))
        loose = tuple(member[1:].strip() for member in members if member.startswith("~"))
        if not strong or len(members) < 2:
            raise WordListError(path, number, f"found {line!r}, expected at least two members, one of them without ~")
        _once(path, number, frozenset(members), seen)
        yield SynonymGroup(strong, loose)


def _read_function_words(path: Path) -> set[str]:
    seen: dict[str, int] = {}
    for number, line in _lines(path):
        if len(line.split()) != 1:
            raise WordListError(path, number, f"found {line!r}, expected one word")
        _once(path, number, line.lower(), seen)
    return set(seen)


def _read_offices(path: Path) -> Iterator[tuple[str, ...]]:
    seen: dict[str, int] = {}
    for number, line in _lines(path):
        names = _members(path, number, line)
        for name in names:
            _once(path, number, name, seen)
        yield tuple(names)


def _read_smalltalk(path: Path) -> dict[str, list[str]]:
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        number = int(place[1]) if place else text.count("\n") + 1
        raise WordListError(path, number, f"{error}, expected TOML: topic = [patterns]") from error
    seen: dict[str, int] = {}
    for topic, patterns in tables.items():
        number = _line_of(text, f"{topic} ")
        if not isinstance(patterns, list) or not all(isinstance(p, str) and p.strip() for p in patterns):
            raise WordListError(path, number, f"found {patterns!r} for {topic!r}, expected a list of phrases")
        for pattern in patterns:
            _once(path, max(_line_of(text, f'"{pattern}"'), number), pattern, seen)
    return {topic: [" ".join(pattern.lower().split()) for pattern in patterns] for topic, patterns in tables.items()}


def _line_of(text: str, piece: str) -> int:
    """Find the line where ``piece`` first stands; the first line when it is written some other way."""
    return text.count("\n", 0, max(text.find(piece), 0)) + 1


def _at_rest(entries: Mapping[str, tuple[str, Path, int]]) -> dict[str, str]:
    """Follow slang that leads to slang ("gmn" -> "gimana" -> "bagaimana") to its end, where every value stays."""
    slang = {typed: standard for typed, (standard, _, _) in entries.items()}
    # nearly every value rests at once: only one with a key's first word in it needs following
    firsts = {typed.partition(" ")[0] for typed in slang}
    resolved = dict(slang)
    for typed, (standard, path, line) in entries.items():
        words, passed = standard.split(), {standard}
        if firsts.isdisjoint(words):
            continue
        while (mended := _mend_once(slang, words)) != words:
            words = mended
            standard = " ".join(words)
            if standard in passed or len(words) > _LONGEST_VALUE:
                raise WordListError(
                    path, line, f"found {typed!r} leading back to {standard!r}, expected standard words"
                )
            passed.add(standard)
        if typed in passed and typed != standard:
            raise WordListError(path, line, f"found {typed!r} leading back to itself, expected standard words")
        resolved[typed] = standard
    return resolved


def _mend(slang: Mapping[str, str], words: Sequence[str]) -> list[str]:
    """Mend until nothing changes: a mended word may complete a phrase ("sapa yg" -> "sapa yang" -> "siapa yang")."""
    now = list(words)
    for _ in range(_PASSES):
        before, now = now, _mend_once(slang, now)
        if now == before:
            break
    return now


def _mend_once(slang: Mapping[str, str], words: Sequence[str]) -> list[str]:
    mended: list[str] = []
    start = 0
    while start < len(words):
        # the longest phrase first: "how much" is "berapa", "how" alone is "bagaimana"
        for end in range(min(start + _LONGEST_KEY, len(words)), start, -1):
            standard = slang.get(" ".join(words[start:end]))
            if standard is not None:
                mended += standard.split(" ")
                start = end
                break
        else:
            mended.append(words[start])
            start += 1
    return mended
