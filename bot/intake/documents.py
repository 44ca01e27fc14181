"""Bytes -> the text of an article, by what the bytes are and not by what the file is called."""

from __future__ import annotations

import codecs
import re
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

from bot.intake.errors import (
    CorruptError,
    EmptyError,
    EncodingError,
    LockedError,
    OldWordError,
    TooBigError,
    TooLongError,
    UnknownTypeError,
)

# What Telegram lets a bot download: https://core.telegram.org/bots/api#getfile
MAX_BYTES = 20_000_000
# A page or a text needs no more, and its tree takes some twenty times as much memory.
MAX_TEXT_BYTES = 5_000_000
# Of an article's text, in UTF-8: a report has 2 to 20 kB, and a booklet of 100 pages is not one.
MAX_ARTICLE_BYTES = 300_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .doc, and of a .docx with a password
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:p|div|article|h1|meta|table)\b", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_CHARSET = re.compile(r"utf-?(?:8|16(?:[lb]e)?)|(?:iso-?8859|windows|cp)-?\d{1,4}|us-ascii|latin-?1", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


class Kind(StrEnum):
    """What a document is."""

    TEXT = "txt"
    PAGE = "html"
    PDF = "pdf"
    WORD = "docx"


@dataclass(frozen=True, slots=True)
class Document:
    """A document's text, and what a page says about itself beside it.

    ``date`` is ISO ("2024-09-23"), a day that the page itself writes. ``dropped`` are lines left out on the way, such
    as a PDF's running head.
    """

    kind: Kind
    text: str
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    date: str | None = None
    dropped: tuple[str, ...] = ()


def read_document(
    data: bytes, *, name: str = "", mime: str = "", charset: str = "", url: str | None = None
) -> Document:
    """Read a document of any kind, in this process: ``parsing.Parser`` is for those that strangers made.

    Args:
        data: the file, or the body of a response.
        name: its file name, heard only where the bytes leave it open.
        mime: its media type, heard as little.
        charset: what the response's header says.
        url: where it was fetched, which tells a page's outlet.

    Raises:
        IntakeError: as its subclasses say.
    """
    kind = recognise(data, name=name, mime=mime)
    # Each library is loaded only for its own kind of file: the worker process starts four times as fast.
    if kind is Kind.PDF:
        from bot.intake.pdfs import read_pdf

        document = read_pdf(data)
    elif kind is Kind.WORD:
        from bot.intake.word_files import read_word_file

        document = read_word_file(data)
    elif kind is Kind.PAGE:
        from bot.intake.webpages import read_page

        document = read_page(decode(data, charset), url)
    else:
        document = Document(kind, decode(data, charset))
    if not document.text.strip():
        raise EmptyError
    if len(document.text.encode(errors="surrogatepass")) > MAX_ARTICLE_BYTES:
        raise TooLongError
    return document


def recognise(data: bytes, *, name: str = "", mime: str = "") -> Kind:
    """What the bytes are.

    Raises:
        EmptyError: nothing, or white space.
        TooBigError: more than is taken of that kind.
        UnknownTypeError: a picture, an archive, a spreadsheet, a program.
        OldWordError: Word 97 to 2003.
        LockedError: a Word file with a password.
        CorruptError: a Word file cut short.
    """
    if not data.strip():
        raise EmptyError
    if len(data) > MAX_BYTES:
        raise TooBigError(megabytes=MAX_BYTES // 1_000_000)
    if b"%PDF-" in data[:1024]:  # readers accept rubbish before it, and some writers make it
        return Kind.PDF
    if data.startswith(_OLE):
        raise LockedError if "EncryptedPackage".encode("utf-16-le") in data else OldWordError
    if data.startswith(_ZIP):
        return _zipped(data, name)
    text = _sample(data)
    if text is None:
        raise UnknownTypeError
    if len(data) > MAX_TEXT_BYTES:
        raise TooBigError(megabytes=MAX_TEXT_BYTES // 1_000_000)
    if text.lstrip().startswith(("{\\rtf", "%!PS")):
        raise UnknownTypeError
    named_page = name.lower().endswith((".html", ".htm", ".xhtml")) or "html" in mime.lower()
    return Kind.PAGE if _PAGE.search(text) or (named_page and _MARKUP.search(text)) else Kind.TEXT


def _zipped(data: bytes, name: str) -> Kind:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = {entry.filename for entry in archive.infolist()}
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        # Cut short, it no longer says what it is but by its name.
        raise (CorruptError if name.lower().endswith(".docx") else UnknownTypeError) from error
    if not {"[Content_Types].xml", "word/document.xml"} <= names:
        raise UnknownTypeError
    return Kind.WORD


def _sample(data: bytes) -> str | None:
    """The beginning of what may be text; ``None`` for anything binary."""
    head = data[:8192]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="replace")
    return None if b"\0" in data else head.decode("utf-8", errors="replace")


def decode(data: bytes, charset: str = "") -> str:
    """Text as UTF-8, as its byte order mark, header or ``<meta>`` says, or as Windows saves it ("ANSI").

    Without a byte order mark in front, as articles are read.

    Raises:
        EncodingError: not text in any of these.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        declared = _META_CHARSET.search(data[:4096])
        told = [charset, declared[1].decode("ascii", "replace") if declared else ""]
        # UTF-8 first: hardly any other text passes for it, while pages often declare what they are not.
        encodings = ["utf-8-sig", *filter(_CHARSET.fullmatch, told), "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if encoding == "utf-8-sig" and "\0" not in text:
            return text
        # Other encodings take any byte for some character: control characters betray a wrong guess.
        if not _CONTROL.search(text):
            return text
    raise EncodingError
