"""The pieces of a page, and what their neighbours tell about them: lists without marks, subheads that head nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from index.article import BlockKind
from index.tables import columns

_WORD = re.compile(r"\w")
_NUMBERED = re.compile(r"\d{1,3}\s+\w")
_QUOTABLE = frozenset({BlockKind.PARAGRAPH, BlockKind.ROW})
_LIST_ITEMS = 3  # lines from which what stands below a subhead and between two paragraphs is a list
_ROWS, _DASHED_ROWS = 2, 3  # lines with their cells parted alike that make a table
_SENTENCE_WORDS = 4  # words from which a line may be quoted on a page that has nothing longer


class Piece(NamedTuple):
    """A block before its offsets are translated: ``text[start:end]`` of the plain text."""

    kind: BlockKind
    start: int
    end: int


def settle(text: str, pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces trimmed, none empty, each of the kind that its neighbours leave it."""
    settled = [trimmed for piece in pieces if (trimmed := _trimmed(text, piece))]
    if not any(piece.kind in _QUOTABLE for piece in settled):
        settled = [_promoted(text, piece) for piece in settled]
    _find_tables(text, settled)
    _find_bare_lists(text, settled)
    _find_lists(text, settled)
    _drop_idle_headings(settled)
    return settled


def _trimmed(text: str, piece: Piece) -> Piece | None:
    raw = text[piece.start : piece.end]
    start = piece.start + len(raw) - len(raw.lstrip())
    end = piece.start + len(raw.rstrip())
    if start >= end:
        return None
    wordless = _WORD.search(text, start, end) is None  # "***", "- - -"
    return Piece(BlockKind.FURNITURE if wordless else piece.kind, start, end)


def _promoted(text: str, piece: Piece) -> Piece:
    """Return what may be quoted of a page of short lines without full stops: they are all there is."""
    long = len(text[piece.start : piece.end].split()) >= _SENTENCE_WORDS
    return piece._replace(kind=BlockKind.PARAGRAPH) if piece.kind is BlockKind.HEADING and long else piece


def _find_lists(text: str, pieces: list[Piece]) -> None:
    """Short lines after a colon, and numbered ones in a run, are a list's, though nothing marks them."""
    listing = False
    for i, piece in enumerate(pieces):
        if piece.kind is not BlockKind.HEADING:
            listing = piece.kind in _QUOTABLE and text[piece.end - 1] == ":"
            continue
        numbered = _NUMBERED.match(text, piece.start) and any(
            0 <= n < len(pieces) and _NUMBERED.match(text, pieces[n].start) for n in (i - 1, i + 1)
        )
        if numbered or (listing and text[piece.end - 1] not in ":?"):
            pieces[i] = piece._replace(kind=BlockKind.ROW)
        else:
            listing = text[piece.end - 1] == ":"


def _find_tables(text: str, pieces: list[Piece]) -> None:
    """Lines in a run whose cells are parted alike ("Kalijaga / 10 Juni / 08.00") are a table's rows."""
    shapes = [columns(text[each.start : each.end]) if each.kind is BlockKind.HEADING else None for each in pieces]
    start = 0
    for shape, run in groupby(shapes):
        end = start + len(list(run))
        # Headlines and datelines have dashes, too.
        if shape is not None and end - start >= (_DASHED_ROWS if shape[0] in "-–—" else _ROWS):
            pieces[start:end] = [each._replace(kind=BlockKind.ROW) for each in pieces[start:end]]
        start = end


def _find_bare_lists(text: str, pieces: list[Piece]) -> None:
    """A browser copies a list without its marks: a run of short lines below a subhead, between two paragraphs."""
    head = 0  # where the run begins, with its subhead
    for i, piece in enumerate(pieces):
        if piece.kind is BlockKind.HEADING:
            continue
        between = head > 0 and pieces[head - 1].kind is piece.kind is BlockKind.PARAGRAPH
        lines = [text[each.start : each.end] for each in pieces[head + 1 : i]]
        # Other articles' headlines have capitals throughout; questions head their answers.
        plain = sum(map(_is_in_sentence_case, lines)) * 2 > len(lines)
        if between and len(lines) >= _LIST_ITEMS and plain and not any(line.endswith("?") for line in lines):
            pieces[head + 1 : i] = [each._replace(kind=BlockKind.ROW) for each in pieces[head + 1 : i]]
        head = i + 1


def _is_in_sentence_case(line: str) -> bool:
    words = [word for word in line.split()[1:] if len(word) >= 4]
    return sum(word[0].islower() for word in words) * 2 >= len(words)


def _drop_idle_headings(pieces: list[Piece]) -> None:
    """A heading that nothing quotable follows heads nothing: a tag, a button, a link."""
    heads = False
    for i in range(len(pieces) - 1, -1, -1):
        if pieces[i].kind in _QUOTABLE:
            heads = True
        elif pieces[i].kind is BlockKind.HEADING and not heads:
            pieces[i] = pieces[i]._replace(kind=BlockKind.FURNITURE)
