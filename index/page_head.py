"""The head of a page: where its report begins, and which of the lines above is the headline."""

from __future__ import annotations

import re

from index import furniture
from index.datelines import find_dateline, find_lone_dateline
from index.lines import BULLET, Unit

_PROSE = 80  # characters from which a line with a full stop is a paragraph and not a label
_AFTER_DATELINE = 25  # characters of a report that a line with a dateline must have at least
_TITLE_LENGTH = 220
_CAPTION_LINES = 3  # lines below a caption within which the report must begin
STOP = re.compile(r"[.!?…][\"'”“’)\]]{0,3}$")
_TITLE_LABEL = re.compile(r"(?:(?:judul|title|headline)\s*[:：]|#{1,3}(?=\s))\s*", re.IGNORECASE)
# A site's or a letter's head: an office and whose it is, with nothing that it does.
_LETTERHEAD = re.compile(
    r"(?:(?:website|situs|laman|portal)\s+(?:resmi\s+)?)?"
    r"(?:dinas|badan|bagian|pemerintah|sekretariat|setda|kementerian|kantor|kecamatan|kelurahan|desa)\b"
    r"(?:\s(?!(?:di|untuk|bagi|ke|dari|pada|saat)\b)[^\W\d][\w,]*){0,10}?"
    r"\s(?:kab(?:upaten)?|kota|provinsi|republik|kecamatan)\.?(?:\s\w+){1,3}$",
    re.IGNORECASE,
)
_COLUMNS = re.compile(r"\S(?: {3,}|\t)\S.*(?: {3,}|\t)\S|\t")
_NO_WORDS = re.compile(r"\W+")
_NO_WORD = bytes(code for code in range(128) if _NO_WORDS.match(chr(code)))
_SMALL = bytes(range(256)).lower()


def find_lead(text: str, units: list[Unit]) -> int:
    """Return the number of the unit where the report begins: the first prose, or what has a dateline."""
    lead = _first_prose(text, units)
    # A photo's caption without any label is prose too; the dateline a few lines further down tells.
    if lead + 1 >= len(units) or find_dateline(text[units[lead].start : units[lead].end]):
        return lead
    for number in range(lead + 1, min(lead + 1 + _CAPTION_LINES, len(units))):
        line = text[units[number].start : units[number].end]
        dateline = find_dateline(line)
        if dateline and dateline.place and dateline.outlet and is_prose(line):
            return number
    return lead


def _first_prose(text: str, units: list[Unit]) -> int:
    fallback = None
    for number, unit in enumerate(units):
        line = text[unit.start : unit.end]
        if len(line) <= _AFTER_DATELINE and (fallback is not None or not STOP.search(line)):
            continue  # what is told is too short for any of what follows
        if furniture.is_furniture(line) or furniture.is_clock(line):
            continue
        prose = is_prose(line)
        ended = prose or STOP.search(line)
        dateline = find_dateline(line) if ended else None
        if dateline and len(line) - dateline.length >= _AFTER_DATELINE:
            return number
        if prose and furniture.caption_span(line) is None and not BULLET.match(line):
            return number
        if fallback is None and STOP.search(line):
            fallback = number
    if fallback is None:
        fallback = next(
            (n for n, unit in enumerate(units) if not furniture.is_furniture(text[unit.start : unit.end])), 0
        )
        if fallback + 1 < len(units):
            fallback += 1  # a title and something short below it
    return fallback


def find_title(text: str, head: list[Unit]) -> tuple[int, int] | None:
    """Return where the headline stands among the units above the lead."""
    candidates: list[tuple[int, int]] = []
    for unit in head:
        line = text[unit.start : unit.end]
        label = _TITLE_LABEL.match(line)
        if label and label.end() < len(line):
            return unit.start + label.end(), unit.end
        words = line.split()
        if (
            len(line) <= _TITLE_LENGTH
            and len(words) >= 2
            and not furniture.is_furniture(line)
            and not furniture.is_clock(line)
            and not furniture.is_credit_of_author(line)
            and furniture.caption_span(line) is None
            and not BULLET.match(line)
            and not has_columns(line)
            and not line[0].islower()
            and find_lone_dateline(line) is None
            and not is_prose(line)
        ):
            candidates.append((unit.start, unit.end))
    long = [span for span in candidates if len(text[slice(*span)].split()) >= 4]
    told = [span for span in long if not _LETTERHEAD.match(text[slice(*span)])]
    return next(iter(told or long or candidates), None)


def is_prose(line: str) -> bool:
    """Whether a line is a paragraph: long enough, and ended like a sentence."""
    end = furniture.content_length(line)
    return end >= _PROSE and bool(STOP.search(line, max(0, end - 8), end))


def squash(text: str) -> str:
    """Return the text's letters and digits only, small: what makes two lines the same."""
    if text.isascii():
        return text.encode().translate(_SMALL, _NO_WORD).decode()
    return _NO_WORDS.sub("", text).lower()


def has_columns(line: str) -> bool:
    """Whether a line is a table's row, in columns by tabs or spaces."""
    return ("\t" in line or "   " in line) and bool(_COLUMNS.search(line))
