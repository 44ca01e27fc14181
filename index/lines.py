"""A page's text as units: its lines, with hard-wrapped ones joined back into the paragraphs that they were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from index.datelines import find_dateline
from index.furniture import is_furniture

_ENDS = re.compile(r"[.!?:;…][\"'”“’)\]*]{0,4}\s*$")
# Not "H. Ahmad" or "K.H. Ma'ruf": a capital letter with a full stop is a title or an initial far more often.
BULLET = re.compile(
    r"(?:[-–—•·▪●○◦*✓✔➢►»>✅☑📌👉🔹🔸]\ufe0f?\s+|[-•▪●✓➢►](?=\w)|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4}|[IVX]{2,4})[.)]\s?(?=[^\d\s])"
    r"|\(?[A-Z]\)\s|\(\d{1,2}\)\s?)"
)
_NARROWEST, _WIDEST = 40, 120  # columns at which pasted text is usually wrapped


class Unit(NamedTuple):
    """``text[start:end]``: a trimmed line, or several joined; ``group`` is the same for lines with no blank between."""

    start: int
    end: int
    group: int


def split_units(text: str) -> list[Unit]:
    """Return the non-blank lines of ``text``, hard-wrapped ones joined."""
    units: list[Unit] = []
    for group in _groups(text):
        units.extend(_joined(text, group))
    return units


def _groups(text: str) -> Iterator[list[Unit]]:
    """Yield runs of lines with no blank line between."""
    group: list[Unit] = []
    number = start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end]
        if line.strip():
            group.append(Unit(end - len(line.lstrip()), start + len(line.rstrip()), number))
        elif group:
            yield group
            group, number = [], number + 1
        start = end + 1
    if group:
        yield group


def _joined(text: str, group: list[Unit]) -> Iterator[Unit]:
    width = max(unit.end - unit.start for unit in group)
    flows = [_flows_on(text, group[i], group[i + 1]) for i in range(len(group) - 1)]
    wrapped = _NARROWEST <= width <= _WIDEST and sum(flows) >= max(1, len(flows) // 4)
    for i in range(len(flows) - 1):
        # "..., kata / Bupati Sleman / dalam sambutannya": a link's text on a line of its own
        if flows[i + 1] or _runs_on(text, group[i + 2]):
            link_text = _is_link_text(text, group[i + 1])
            flows[i] = flows[i] or (link_text and (_is_open(text, group[i]) or _opens_report(text, group[i])))
            flows[i + 1] = flows[i + 1] or (flows[i] and link_text)
    current = group[0]
    last = current  # the physical line that ``current`` ends with
    for i, following in enumerate(group[1:]):
        join = flows[i] or (wrapped and _was_full(text, last, following, width))
        if join and not _stands_alone(text, last, following):
            current = Unit(current.start, following.end, current.group)
        else:
            yield current
            current = following
        last = following
    yield current


def _flows_on(text: str, line: Unit, following: Unit) -> bool:
    """Whether a sentence plainly runs on in the next line: no stop at the end, a small letter at the start."""
    return _is_open(text, line) and _runs_on(text, following)


def _is_open(text: str, line: Unit) -> bool:
    """Whether a line of running text stops in mid-sentence."""
    return line.end - line.start >= _NARROWEST and not _ENDS.search(text, max(line.start, line.end - 8), line.end)


def _runs_on(text: str, line: Unit) -> bool:
    first = text[line.start]
    return (first.islower() or first in ",;.") and not BULLET.match(text, line.start, line.end)


def _opens_report(text: str, line: Unit) -> bool:
    """Whether a line of any length begins a report: "SLEMAN – Pemkab", cut short by a link."""
    return not _ENDS.search(text, line.start, line.end) and find_dateline(text[line.start : line.end]) is not None


def _is_link_text(text: str, line: Unit) -> bool:
    short = line.end - line.start < _NARROWEST
    return short and not _ENDS.search(text, line.start, line.end) and not BULLET.match(text, line.start, line.end)


def _was_full(text: str, line: Unit, following: Unit, width: int) -> bool:
    """Whether the next line's first word would not have fitted: a shorter line was ended on purpose."""
    word = text[following.start : following.end].split(maxsplit=1)[0]
    length = line.end - line.start
    return length >= width * 0.6 and length + 1 + len(word) > width


def _stands_alone(text: str, line: Unit, following: Unit) -> bool:
    """Whether one of two lines is no running text: a list's item, a table's row, a link."""
    if BULLET.match(text, following.start, following.end):
        return True
    pair = (text[line.start : line.end][:400], text[following.start : following.end][:400])
    return any("\t" in part or " | " in part or is_furniture(part) for part in pair)
