"""Rows of tables that were pasted as plain lines, their cells parted by a sign."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"\s([|/–—-]|•)\s|(;)\s")  # news sites part cells with dashes too
_CELLS = 3  # cells from which a line is a row on its neighbours' evidence; two may be a name and a place
_LONGEST = 200  # characters


def columns(line: str) -> tuple[str, int] | None:
    """(sign, cells) of a line that looks like a table's row: three cells or more, parted by one sign throughout."""
    if len(line) > _LONGEST or line.endswith((".", "!", "?", ":", ",")):
        return None
    signs = [match.group(1) or match.group(2) for match in _SIGNS.finditer(line)]
    if len(signs) < _CELLS - 1 or len(set(signs)) > 1:
        return None
    return signs[0], len(signs) + 1


def is_row(line: str) -> bool:
    """Whether a line of a list is a table's row, which answers by itself."""
    return "|" in line or columns(line) is not None
