"""Lines that editors add to the word lists from the chat: read, held against the lists in use, and kept.

They go to ``DATA_DIR/words``, in the format of ``index/words``.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from pathlib import Path

from bot.intake.atomic_files import put, stage
from bot.intake.publishing import Publish, unpublished
from index import abbreviations
from index.errors import WordListError
from index.lexicon import Lexicon, load_lexicon
from index.places import load_gazetteer

LONGEST = 160  # characters of a line
_MOST_WORDS, _MOST_LONG_FORM = 5, 12
_TERM = re.compile(r"[^\W_]+(?:[-'’/.][^\W_]+)*(?: [^\W_]+(?:[-'’/.][^\W_]+)*)*")
_CATEGORIES = (
    ("programme", re.compile(r"(?:program|bantuan|kartu|jaminan|asistensi|rehabilitasi|kelompok)\b", re.IGNORECASE)),
    ("agency", re.compile(r"(?:dinas|badan|kementerian|balai|lembaga|unit)\b", re.IGNORECASE)),
)


class Kind(StrEnum):
    """Which list a line is for; each value is its file's name."""

    SYNONYM = "synonyms.txt"
    ABBREVIATION = "abbreviations.tsv"
    SPELLING = "slang.tsv"


class WordsError(ValueError):
    """A line that cannot be added; ``key`` is the sentence that says so, under ``words.``, with its ``fields``."""

    def __init__(self, key: str, **fields: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: ``typed`` reads again as the same entry, ``line`` is how its file has it."""

    kind: Kind
    typed: str
    line: str
    terms: tuple[str, ...]  # lower case


def parse(text: str) -> Entry:
    """Read ``PKH = Program Keluarga Harapan`` (abbreviation), ``gmn = bagaimana`` (spelling), ``a, b, ~c`` (synonyms).

    Raises:
        WordsError: it is none of them.
    """
    text = " ".join(text.replace("\t", " ").split())
    if not text or len(text) > LONGEST or text.startswith("#"):
        raise WordsError("not_a_line")
    left, sign, right = (part.strip() for part in text.partition("="))
    if sign:
        return _pair(left, right)
    members = [member.strip() for member in text.split(",")]
    if len(members) < 2:
        raise WordsError("not_a_line")
    bare = [member.removeprefix("~").strip().lower() for member in members]
    for term in bare:
        _check_term(term, _MOST_WORDS)
    if len(set(bare)) < len(bare):
        raise WordsError("loop", term=next(term for term in bare if bare.count(term) > 1))
    if all(member.startswith("~") for member in members):
        raise WordsError("only_loose")
    marked = [("~" if member.startswith("~") else "") + term for member, term in zip(members, bare, strict=True)]
    return Entry(Kind.SYNONYM, ", ".join(marked), ", ".join(marked), tuple(bare))


def _pair(left: str, right: str) -> Entry:
    _check_term(left, _MOST_WORDS)
    _check_term(right, _MOST_LONG_FORM)
    if left.lower() == right.lower():
        raise WordsError("loop", term=left)
    typed, terms = f"{left} = {right}", (left.lower(), right.lower())
    spelled = any(long == right for _, long in abbreviations.pairs(f"{right} ({left.upper()})"))
    if " " in right and " " not in left and (left.isupper() or spelled):
        category = next((name for name, pattern in _CATEGORIES if pattern.match(right)), "other")
        return Entry(Kind.ABBREVIATION, typed, f"{left}\t{right}\t{category}", terms)
    return Entry(Kind.SPELLING, typed, f"{left.lower()}\t{right.lower()}", terms)


def _check_term(term: str, most: int) -> None:
    if not _TERM.fullmatch(term) or term.replace(" ", "").isdigit() or len(term) < 2:
        raise WordsError("not_a_term", term=term or "?")
    if term.count(" ") >= most:
        raise WordsError("too_many_words", term=term, most=most)


def check(entry: Entry, lexicon: Lexicon) -> None:
    """Hold a line against the lists in use.

    Raises:
        WordsError: it is there already, would lead back to itself, or says otherwise than a list does.
    """
    match entry.kind:
        case Kind.SYNONYM:
            _check_synonyms(entry, lexicon)
        case Kind.ABBREVIATION:
            _check_abbreviation(entry, lexicon)
        case Kind.SPELLING:
            _check_spelling(entry, lexicon)


def admit(folders: tuple[Path, ...], entry: Entry) -> None:
    """Hold a line against the lists as they are by now, by itself and among them; it goes into the last of ``folders``.

    What is kept must load: a start that fails at it would leave nobody answered.

    Raises:
        WordsError: as ``check``; or together they would never come to rest.
        OSError: it cannot be tried.
    """
    check(entry, in_use(folders))
    with tried(folders[-1], entry) as folder:
        try:
            load_lexicon(*folders, folder)
        except WordListError as error:
            raise WordsError("loop", term=entry.terms[0]) from error


def _check_synonyms(entry: Entry, lexicon: Lexicon) -> None:
    strong = [member for member in entry.line.split(", ") if not member.startswith("~")]
    for group in lexicon.synonyms:
        if set(strong) <= set(group.members) and set(entry.terms) <= {*group.members, *group.loose}:
            raise WordsError("already", line=entry.typed)
    for term in entry.terms:
        _check_plain(term, lexicon)
        mended = " ".join(lexicon.mend(term.split()))
        if mended != term:
            raise WordsError("misspelt", term=term, standard=mended)
        if any(term in office for office in lexicon.offices):
            raise WordsError("office", term=term)
    for one in strong:
        for other in strong:
            # "bantuan" for "bantuan sosial" and the other way round: each would stand for itself and more.
            if one != other and f" {one} " in f" {other} ":
                raise WordsError("contained", term=one, other=other)
    named = [(term, forms) for term in strong if (forms := _long_forms(term, lexicon))]
    for (one, forms), (other, others) in combinations(named, 2):
        if forms.isdisjoint(others):
            raise WordsError("different", term=one, other=other)


def _check_abbreviation(entry: Entry, lexicon: Lexicon) -> None:
    short, long = entry.terms
    if short in long.split():
        raise WordsError("loop", term=short)
    known = [expansion.long for expansion in lexicon.abbreviations.get(short, ())]
    if long in (each.lower() for each in known):
        raise WordsError("already", line=entry.typed)
    if known:
        raise WordsError("means", term=entry.typed.partition(" = ")[0], other=known[0])
    _check_plain(short, lexicon)
    mended = " ".join(lexicon.mend([short]))
    if mended != short:
        raise WordsError("misspelt", term=short, standard=mended)


def _check_spelling(entry: Entry, lexicon: Lexicon) -> None:
    typed, standard = entry.terms
    if lexicon.slang.get(typed) == standard:
        raise WordsError("already", line=entry.typed)
    if typed in lexicon.slang:
        raise WordsError("means", term=typed, other=lexicon.slang[typed])
    if typed in lexicon.abbreviations:
        raise WordsError("means", term=typed, other=lexicon.abbreviations[typed][0].long)
    if f" {typed} " in f" {standard} " or f" {typed} " in f" {' '.join(lexicon.mend(standard.split()))} ":
        raise WordsError("loop", term=typed)
    _check_plain(typed, lexicon)


def _check_plain(term: str, lexicon: Lexicon) -> None:
    if term in lexicon.function_words:
        raise WordsError("function_word", term=term)
    gazetteer = load_gazetteer()
    if gazetteer.resolve(term) and gazetteer.mentions(term.title()):
        raise WordsError("place", term=term)


def _long_forms(term: str, lexicon: Lexicon) -> frozenset[str]:
    """What a term is the name of: the long forms of an abbreviation, or itself if it is one; nothing otherwise."""
    forms = frozenset(expansion.long.lower() for expansion in lexicon.abbreviations.get(term, ()))
    if forms:
        return forms
    every = {expansion.long.lower() for known in lexicon.abbreviations.values() for expansion in known}
    return frozenset({term} & every)


@contextlib.contextmanager
def tried(folder: Path, entry: Entry) -> Iterator[Path]:
    """A copy of a folder of lists with the line in it, for as long as the block lasts.

    Raises:
        OSError: it cannot be made.
    """
    with tempfile.TemporaryDirectory(prefix="words-") as name:
        copy = Path(name)
        for kind in Kind:
            if (folder / kind).exists():
                shutil.copyfile(folder / kind, copy / kind)
        (copy / entry.kind).write_bytes(_with(folder / entry.kind, entry.line))
        yield copy


def add(folder: Path, entry: Entry, publish: Publish = unpublished) -> None:
    """Put the line at the end of its list.

    Raises:
        OSError: it cannot be written.
        StorageError: other bots' copy cannot be.
    """
    _write(folder, entry, _with(folder / entry.kind, entry.line), publish)


def holds(folder: Path, entry: Entry) -> bool:
    """Whether the line is in its list.

    Raises:
        OSError: it cannot be read.
    """
    return entry.line in _lines(folder / entry.kind)


def remove(folder: Path, entry: Entry, publish: Publish = unpublished) -> bool:
    """Take the line out of its list; ``False`` when it is not there.

    Raises:
        OSError: it cannot be written.
        StorageError: other bots' copy cannot be.
    """
    if not holds(folder, entry):
        return False
    kept = "".join(f"{line}\n" for line in _lines(folder / entry.kind) if line != entry.line)
    _write(folder, entry, kept.encode(), publish)
    return True


def in_use(folders: tuple[Path, ...]) -> Lexicon:
    """The lists in use.

    Raises:
        WordsError: a file in ``folders`` was changed by hand and is malformed: which, and where.
    """
    try:
        return load_lexicon(*folders)
    except WordListError as error:
        raise WordsError("broken", reason=str(error)) from error


def _write(folder: Path, entry: Entry, content: bytes, publish: Publish) -> None:
    path = folder / entry.kind
    folder.mkdir(parents=True, exist_ok=True)
    publish({path.name: content}, {path.name: path.read_bytes() if path.exists() else None})
    put(stage(path, content), path)


def _with(path: Path, line: str) -> bytes:
    return "".join(f"{each}\n" for each in [*_lines(path), line]).encode()


def _lines(path: Path) -> list[str]:
    if not path.exists():
        return []
    return path.read_text(encoding="utf-8-sig").rstrip("\r\n").split("\n")
