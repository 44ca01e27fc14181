"""Article files -> ``Article``: the one place that decodes them, and that puts what is found together."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

from index.article import Article, Block, BlockKind
from index.blocks import Layout, lay_out
from index.errors import ArticleError
from index.localities import find_locality
from index.metadata import find_date, find_title
from index.outlets import find_outlet
from index.plain import Plain
from index.sidecar import read_sidecar, sidecar_date, sidecar_locality

MAX_BYTES = 2_000_000  # a report is 2 to 20 kB; beyond this a file is something else
_NOT_ARTICLES = frozenset({"readme.txt", "license.txt"})
_QUOTABLE = frozenset({BlockKind.PARAGRAPH, BlockKind.ROW})


def is_named_as_article(file: str) -> bool:
    """Whether a file of that name may be an article."""
    # Hidden files are a system's: macOS leaves a "._x.txt" beside every x.txt that it copies to another disk.
    name = file.lower()
    return name.endswith(".txt") and not name.startswith(".") and name not in _NOT_ARTICLES


def read_article(path: Path) -> Article:
    """Read one article and the sidecar beside it, if any.

    Raises:
        ArticleError: unreadable, too large, empty, binary, not UTF-8, nothing to quote in it, or a malformed sidecar.

    """
    text = _decoded(path)
    sidecar = read_sidecar(path.with_suffix(".toml"))
    try:
        return parse_article(path.stem, text, sidecar)
    except ArticleError as error:
        raise ArticleError(path, error.problem, line=error.line) from None


def parse_article(article_id: str, text: str, sidecar: Mapping[str, str] | None = None) -> Article:
    """Take an article's text apart; ``sidecar`` (as ``read_sidecar`` returns it) goes before what is found.

    Raises:
        ArticleError: the text has nothing to quote.

    """
    given = sidecar or {}
    plain = Plain(text)
    if not plain.text.strip():
        raise ArticleError(article_id, "found only white space, expected an article's text")
    layout = lay_out(plain.text)
    blocks = _blocks(plain, layout)
    if not any(block.kind in _QUOTABLE for block in blocks):
        raise ArticleError(article_id, "found no paragraph that could be quoted, expected an article's text")
    outlet = given.get("outlet") or find_outlet(plain.text, layout)
    return Article(
        id=article_id,
        body=text,
        title=given.get("title") or find_title(plain.text, layout) or article_id,
        outlet=outlet,
        locality=sidecar_locality(given) or find_locality(plain.text, layout, outlet),
        date=sidecar_date(given) or find_date(plain.text, layout),
        url=given.get("url"),
        blocks=blocks,
    )


def _blocks(plain: Plain, layout: Layout) -> tuple[Block, ...]:
    """Return the layout's pieces with offsets into the source."""
    blocks: list[Block] = []
    for piece in layout.pieces:
        start = max(plain.start(piece.start), blocks[-1].end if blocks else 0)
        end = plain.end(piece.end)
        if start < end:
            blocks.append(Block(piece.kind, start, end))
    return tuple(blocks)


def _decoded(path: Path) -> str:
    """Return the file's text: UTF-8, without a leading byte order mark, otherwise as it is."""
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):  # a folder named so, or a pipe, which reading would wait for
            raise ArticleError(path, "found something that is no file, expected a text file")
        if state.st_size > MAX_BYTES:
            raise ArticleError(path, f"found {state.st_size:,} bytes, expected an article of at most {MAX_BYTES:,}")
        data = path.read_bytes()
    except OSError as error:
        raise ArticleError(
            path, f"found a file that cannot be read ({error.strerror}), expected a text file"
        ) from error
    if not data.strip():
        raise ArticleError(path, "found an empty file, expected an article's text")
    zero = data.find(b"\0")
    if zero >= 0:
        line = data.count(b"\n", 0, zero) + 1
        raise ArticleError(
            path, "found a NUL byte, expected text in UTF-8 (is this a binary or UTF-16 file?)", line=line
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"found the byte 0x{data[error.start]:02x}, which is not UTF-8, expected a file saved as UTF-8"
        raise ArticleError(path, found, line=line) from error
