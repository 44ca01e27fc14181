"""A Word file -> its text: the one door to python-docx, which is only let in when the file unpacks to little."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO

import docx
from docx.document import Document as WordDocument
from docx.table import Table
from docx.text.paragraph import Paragraph

from bot.intake.documents import Document, Kind
from bot.intake.errors import BombError, CorruptError, EmptyError, LockedError

# A report of twenty pages with photographs unpacks to 10 MB, and its text to less than 1 MB of XML.
_MAX_UNPACKED, _MAX_XML, _MAX_ENTRIES = 60_000_000, 10_000_000, 2_000
_ENCRYPTED_FLAG = 0x1


def read_word_file(data: bytes) -> Document:
    """Take the paragraphs, lists and tables out of a ``.docx`` in their order, without head and foot.

    Raises:
        BombError: it would unpack to too much.
        LockedError: its parts have a password.
        EmptyError: it holds no text.
        CorruptError: it cannot be read.
    """
    try:
        _check_sizes(data)
        document = docx.Document(BytesIO(data))
        text = "\n\n".join(filter(None, _parts(document)))
    except (BombError, LockedError, MemoryError):
        raise
    except Exception as error:  # a hostile file finds every kind: KeyError, ValueError, XMLSyntaxError ...
        raise CorruptError from error
    if not text.strip():
        raise EmptyError
    return Document(Kind.WORD, text)


def _check_sizes(data: bytes) -> None:
    """Refuse a bomb by what its directory declares: ``zipfile`` never unpacks an entry further than that."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        entries = archive.infolist()
        xml = [entry.file_size for entry in entries if entry.filename.lower().endswith((".xml", ".rels"))]
        if (
            len(entries) > _MAX_ENTRIES
            or sum(entry.file_size for entry in entries) > _MAX_UNPACKED
            or sum(xml) > _MAX_XML
        ):
            raise BombError
        if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
            raise LockedError


def _parts(document: WordDocument) -> Iterator[str]:
    """One text per paragraph, run of list items, or table."""
    items: list[str] = []
    for part in document.iter_inner_content():
        is_item = isinstance(part, Paragraph) and _is_list_item(part)
        if not is_item and items:
            yield "\n".join(items)
            items = []
        if isinstance(part, Table):
            yield "\n".join(_rows(part))
        elif is_item:
            # A number that Word counts is nowhere in the text; a dash says as much as is certain.
            items.append(f"- {part.text.strip()}")
        else:
            yield part.text.strip()
    if items:
        yield "\n".join(items)


def _is_list_item(paragraph: Paragraph) -> bool:
    properties = paragraph._p.pPr
    listed = properties is not None and properties.numPr is not None
    style = paragraph.style.name if paragraph.style else None
    return bool(paragraph.text.strip()) and (listed or (style or "").startswith("List"))


def _rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells: list[str] = []
        seen = None
        for cell in row.cells:
            if cell._tc is not seen:  # a merged cell comes once per column
                cells.append(" ".join(cell.text.split()))
            seen = cell._tc
        if any(cells):
            yield " | ".join(cells)
