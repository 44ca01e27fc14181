"""A PDF -> its text: the one door to pypdf."""

from __future__ import annotations

import logging
import re
from collections import Counter
from io import BytesIO

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

from bot.intake.documents import MAX_ARTICLE_BYTES, Document, Kind
from bot.intake.errors import BombError, CorruptError, EmptyError, LockedError, ScannedError, TooLongError
from index.lines import split_units

_MAX_PAGES = 300
_LEAST_LETTERS = 25  # a scanner's stamp or a page number is no text
_EDGE = 2  # lines at the top and at the bottom of a page that may be its running head or foot


def read_pdf(data: bytes) -> Document:
    """Take the text out of a PDF, without the lines that every page repeats.

    Raises:
        LockedError: it opens only with a password.
        ScannedError: its pages are pictures.
        EmptyError: its pages are blank.
        TooLongError: too many pages, or too much text.
        BombError: a stream of it unpacks to too much.
        CorruptError: anything else that keeps it from being read.
    """
    # pypdf reports what it mends; in a worker process nobody reads that.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(BytesIO(data))
        # Many PDFs forbid printing or copying and open without a password all the same.
        if reader.is_encrypted and not reader.decrypt(""):
            raise LockedError
        if len(reader.pages) > _MAX_PAGES:
            raise TooLongError
        pages: list[list[str]] = []
        length = 0
        for page in reader.pages:
            text = page.extract_text().replace("\0", "")
            length += len(text)
            if length > MAX_ARTICLE_BYTES:
                raise TooLongError
            pages.append([line.strip() for line in text.splitlines()])
        pictured = any(map(_has_picture, reader.pages))
    except (LockedError, TooLongError, MemoryError):
        raise
    except (FileNotDecryptedError, DependencyError) as error:  # AES needs a library that is not installed
        raise LockedError from error
    except LimitReachedError as error:
        raise BombError from error
    except Exception as error:  # a hostile file finds every kind: KeyError, RecursionError, zlib.error ...
        raise CorruptError from error
    kept, dropped = _without_running_lines(pages)
    text = _unwrapped("\n".join(line for page in kept for line in page))
    if sum(map(str.isalnum, text)) < _LEAST_LETTERS:
        raise ScannedError if pictured else EmptyError
    return Document(Kind.PDF, text, dropped=dropped)


def _has_picture(page: PageObject) -> bool:
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources else None
    return any(
        each.get_object().get("/Subtype") == "/Image" for each in (objects.get_object() if objects else {}).values()
    )


def _without_running_lines(pages: list[list[str]]) -> tuple[list[list[str]], tuple[str, ...]]:
    """Leave out what stands at the edge of more than half of the pages, whatever its figures: "Halaman 2 dari 5"."""
    if len(pages) < 2:
        return pages, ()
    edges = [_edges(page) for page in pages]
    keys = [{_key(page[number]) for number in numbers} for page, numbers in zip(pages, edges, strict=True)]
    times = Counter(key for page in keys for key in page)
    running = {key for key, count in times.items() if count >= 2 and count * 2 > len(pages)}
    kept: list[list[str]] = []
    dropped: dict[str, None] = {}
    for page, numbers in zip(pages, edges, strict=True):
        gone = {number for number in numbers if _key(page[number]) in running}
        dropped |= dict.fromkeys(page[number] for number in sorted(gone))
        kept.append([line for number, line in enumerate(page) if number not in gone])
    return kept, tuple(dropped)


def _edges(page: list[str]) -> set[int]:
    """The numbers of the first and last lines that are not blank."""
    written = [number for number, line in enumerate(page) if line]
    return {*written[:_EDGE], *written[-_EDGE:]}


def _key(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split())).lower()


def _unwrapped(text: str) -> str:
    """One line per paragraph, as the archive joins wrapped lines: its line breaks are the paper's."""
    joined: list[str] = []
    units = split_units(text)
    for before, unit in zip([None, *units], units, strict=False):
        if before is not None and before.group != unit.group:
            joined.append("")
        joined.append(" ".join(text[unit.start : unit.end].split()))
    return "\n".join(joined)
