"""Messages as data: spans first, markup last. Telegram's HTML and plain text come from the same blocks."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# https://core.telegram.org/bots/api#sendmessage: 1 to 4096 characters after entities parsing. Counted here in UTF-16
# code units, the unit of Telegram's entities and never fewer than its characters.
MESSAGE_UNITS = 4096
# A message's entities beyond the hundredth are dropped by Telegram; quotations and italics need some too.
HIGHLIGHTS = 80
# https://core.telegram.org/bots/api#inlinekeyboardbutton
CALLBACK_BYTES = 64
LABEL_UNITS = 60

_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*(?=\s)")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all but tab and line feed


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one style; ``link`` is the web address that a tap on it opens."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a quotation. ``spaced`` puts an empty line before it; ``expandable`` folds a long quotation."""

    spans: tuple[Span, ...]
    quote: bool = False
    expandable: bool = False
    spaced: bool = True

    @property
    def text(self) -> str:
        """The block's words without style."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message.

    ``data`` comes back when it is tapped, at most 64 bytes; a button with a ``url`` opens that address instead.
    """

    label: str
    data: str = ""
    url: str | None = None


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole message: its blocks and the rows of its buttons."""

    blocks: tuple[Block, ...]
    rows: Rows = ()


def paragraph(text: str, *, bold: bool = False, italic: bool = False, spaced: bool = True) -> Block:
    """A paragraph in one style."""
    return Block((Span(text, bold, italic),), spaced=spaced)


def sentence(text: str) -> Reply:
    """A message of one or more plain paragraphs; an empty line in ``text`` separates them."""
    return Reply(tuple(paragraph(part) for part in text.split("\n\n")))


def units(text: str) -> int:
    """Length in UTF-16 code units."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def length(blocks: Iterable[Block]) -> int:
    """Length of the message once Telegram has parsed it, in UTF-16 code units, never too small."""
    return sum(units(block.text) + len(_gap(block)) for block in blocks)


def to_html(blocks: Sequence[Block]) -> str:
    """Telegram's HTML: balanced, and escaped whatever the spans hold."""
    parts: list[str] = []
    for block in blocks:
        inner = "".join(_span_html(span) for span in block.spans)
        if block.quote:
            inner = f"<blockquote{' expandable' if block.expandable else ''}>{inner}</blockquote>"
        parts += [_gap(block) if parts else "", inner]
    return "".join(parts)


def to_plain(blocks: Sequence[Block], *, ansi: bool = False) -> str:
    """Plain text for a terminal; with ``ansi``, bold is shown. No control character of the text gets through."""
    parts: list[str] = []
    for block in blocks:
        inner = "".join(
            f"\033[1m{_printable(span.text)}\033[22m" if ansi and span.bold else _printable(span.text)
            for span in block.spans
        )
        parts += [_gap(block) if parts else "", f"❝ {inner} ❞" if block.quote else inner]
    return "".join(parts)


def clip(text: str, limit: int) -> str:
    """``text`` on one line in at most ``limit`` units, cut at a word with "…". For our own words, never a quotation."""
    text = " ".join(text.split())
    if units(text) <= limit:
        return text
    end = _fitting(text, 0, limit - 1)
    space = text.rfind(" ", 0, end + 1)
    return text[: space if space > end // 2 else end].rstrip(" ,;:·") + "…"


def window(text: str, limit: int, around: int = 0) -> tuple[int, int]:
    """Offsets of a stretch of ``text`` of at most ``limit`` units around ``around``, cut between sentences or words.

    Starts at the beginning when ``around`` is within reach of it, else at the sentence that holds ``around``.
    """
    if units(text) <= limit:
        return 0, len(text)
    start = 0
    if units(text[:around]) > limit * 2 // 3:
        ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, around)]
        start = ends[-1] if ends else 0
        if units(text[start:around]) > limit * 2 // 3:  # one endless sentence: at a word, half a window before
            half = max(0, around - limit // 3)
            space = text.find(" ", half, around)
            start = space if space >= 0 else half
    while start < len(text) and text[start].isspace():
        start += 1
    return start, _cut(text, start, limit)


def pieces(text: str, limit: int) -> list[str]:
    """``text`` in consecutive pieces of at most ``limit`` units, cut between sentences or words."""
    found: list[str] = []
    start = 0
    while start < len(text):
        end = _cut(text, start, limit)
        if text[start:end].strip():
            found.append(text[start:end].strip())
        start = end
    return found


def emphasised(text: str, marks: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    """``text`` as spans with the stretches ``marks`` in bold; marks may overlap, be unsorted or reach outside."""
    spans: list[Span] = []
    position = 0
    for start, end in sorted(marks):
        begin, stop = max(start, position), min(end, len(text))
        if begin < stop:
            spans += [Span(text[position:begin]), Span(text[begin:stop], bold=True)]
            position = stop
    spans.append(Span(text[position:]))
    return tuple(span for span in spans if span.text)


def _cut(text: str, start: int, limit: int) -> int:
    """Where to end a stretch from ``start``: after a sentence in its second half, else after a word, else anywhere."""
    end = _fitting(text, start, limit)
    if end == len(text):
        return end
    sentences = [match.end() for match in _SENTENCE_END.finditer(text, start, min(end + 1, len(text)))]
    sentences = [stop for stop in sentences if start + (end - start) // 2 <= stop <= end]
    if sentences:
        return sentences[-1]
    for stop in range(end, start + (end - start) // 2, -1):
        if text[stop].isspace():
            return stop
    return end


def _fitting(text: str, start: int, limit: int) -> int:
    """The furthest end with at most ``limit`` units from ``start``; beyond ``start`` for any limit of 2 or more."""
    used = 0
    for index in range(start, len(text)):
        used += 2 if text[index] > "\uffff" else 1
        if used > limit:
            return index
    return len(text)


def _gap(block: Block) -> str:
    return "\n\n" if block.spaced else "\n"


def _span_html(span: Span) -> str:
    text = html.escape(_printable(span.text), quote=False)
    if span.italic:
        text = f"<i>{text}</i>"
    if span.link:
        text = f'<a href="{html.escape(span.link)}">{text}</a>'
    return f"<b>{text}</b>" if span.bold else text


def _printable(text: str) -> str:
    # A lone surrogate cannot be sent as UTF-8; a control character would be dropped by Telegram, obeyed by a terminal.
    return _CONTROL.sub("", _LONE_SURROGATE.sub("\ufffd", text))
