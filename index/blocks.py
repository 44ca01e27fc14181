"""Units of a page -> blocks: what each stretch is for its reader, without datelines, bylines and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from index import furniture
from index.article import BlockKind
from index.datelines import Dateline, find_dateline, find_lone_dateline
from index.lines import BULLET, Unit, split_units
from index.page_head import STOP, find_lead, find_title, has_columns, is_prose, squash
from index.pieces import Piece, settle

_HEADING_LENGTH, _HEADING_WORDS = 110, 12
_FULL_STOP = re.compile(r"[^.\s]\.[\"'”“’)]{0,2}$")
_STOP_WITHIN = re.compile(r"[.!?]\s")
_SENTENCE_WORDS = 5
_SECTION_WORDS = 3
_REPEATED = 40  # letters and digits from which a line that comes again is the page's
_QUESTION_LABEL = re.compile(r"(?:t|tanya|pertanyaan|q|question)(?:\s*\d{1,2})?\s*[:.：]\s+", re.IGNORECASE)
_ANSWER_LABEL = re.compile(r"(?:j|jawab|jawaban|a|answer)(?:\s*\d{1,2})?\s*[:：]\s+", re.IGNORECASE)
_ANSWER_INSIDE = re.compile(r"\?\s+(?:J|Jawab|Jawaban|A)\s*[:：]\s+")
_QUESTION_WORDS = re.compile(
    r"(?:\d{1,2}[.)]\s*)?(?:lalu|lantas|jadi|dan|nah|kapan|siapa|apa(?:kah)?|berapa|bagaimana|mengapa|kenapa|"
    r"di\s?mana|ke\s?mana|dari\s+mana|adakah|bisakah|bolehkah|haruskah|mana)\b",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"(?:[A-Z][\w /()-]{1,30}|(?:Senin|Selasa|Rabu|Kamis|Jum'?at|Sabtu|"
    r"Minggu)[\w ,/()-]{0,30})\s*:\s*\S"
)
# Openings of Indonesian news sentences. After a word in capitals, one of these followed by a small letter begins a
# sentence of its own, so the word is a subhead that lost its line break; in a name ("PEMERINTAH Kabupaten Sleman")
# another capital follows, and an emphasised opening ("BUPATI Sleman menyerahkan") goes on with a name.
_OPENERS = frozenset(
    """
    acara agenda kegiatan program bantuan pemerintah pemberian penyaluran penyerahan pelaksanaan peserta para sebanyak
    sejumlah menurut dalam pada selain sementara saat usai setelah sebelum untuk dengan adapun hal ini itu hingga sejak
    berdasarkan melalui bagi karena namun tidak jumlah total warga masyarakat penerima syarat rapat sosialisasi
    pelatihan pendaftaran kami ia dia mereka salah seorang sebuah kata ketua kepala tim
    """.split()
)
_GLUED = re.compile(r"(?P<head>[A-Z]{4,20}(?: [A-Z]{4,20}){0,3}) (?P<opener>[A-Z][a-z]+) [a-z]")


@dataclass(slots=True)
class Layout:
    """A page taken apart; offsets are into its plain text."""

    pieces: list[Piece] = field(default_factory=list)
    title: tuple[int, int] | None = None
    dateline: Dateline | None = None
    clocks: list[tuple[int, int]] = field(default_factory=list)  # lines above the lead that say when it was published


def lay_out(text: str) -> Layout:
    """Classify every stretch of a page's plain text; pieces come in order and do not overlap."""
    units = split_units(text)
    lead = find_lead(text, units)
    layout = Layout()
    layout.title = find_title(text, units[:lead])
    seen: set[str] = set()
    title = squash(text[slice(*layout.title)]) if layout.title else ""
    linking = ended = False
    for number, unit in enumerate(units):
        line = text[unit.start : unit.end]
        if layout.title and unit.start <= layout.title[0] < unit.end:
            layout.pieces.append(Piece(BlockKind.TITLE, *layout.title))
            continue
        key = squash(line)
        if title and key == title:
            layout.pieces.append(Piece(BlockKind.TITLE, unit.start, unit.end))
            continue
        if (
            number < lead
            and not BULLET.match(line)
            and (furniture.is_clock(line) or furniture.is_credit_of_author(line))
        ):
            layout.clocks.append((unit.start, unit.end))
            layout.pieces.append(Piece(BlockKind.FURNITURE, unit.start, unit.end))
            continue
        repeated = len(key) >= _REPEATED and key in seen
        seen.add(key)
        if number > lead and furniture.closes_page(line):
            ended = True
        if linking and number > lead and not ended and (is_prose(line) or _is_sentence(line)):
            linking = False
        if ended or repeated or linking or furniture.is_furniture(line):
            # A single "Baca juga" leads one headline on; "Berita Terkait" leads on all that follow.
            linking = linking or (furniture.opens_links(line) and number > lead)
            layout.pieces.append(Piece(BlockKind.FURNITURE, unit.start, unit.end))
            continue
        if number < lead and _is_section(line, 1 if layout.title is None else _SECTION_WORDS):
            layout.pieces.append(Piece(BlockKind.FURNITURE, unit.start, unit.end))  # the site's section, the author
            continue
        layout.pieces.extend(_classify(text, unit, layout, title, is_lead=number == lead, above=number < lead))
    layout.pieces = settle(text, layout.pieces)
    return layout


def _is_section(line: str, words: int) -> bool:
    """Whether a line above the report that is not its title is the site's: its section, its name, the author."""
    if len(line.split()) > words:
        return False
    return not (line[-1] in "?:" or BULLET.match(line) or find_lone_dateline(line))


def _is_sentence(line: str) -> bool:
    """Whether a short line among links is the article's: headlines have no full stop (but may end in an ellipsis)."""
    line = line[: furniture.content_length(line)]
    return bool(_FULL_STOP.search(line[-4:])) and len(line.split()) >= _SENTENCE_WORDS


def _classify(text: str, unit: Unit, layout: Layout, title: str, *, is_lead: bool, above: bool) -> Iterator[Piece]:
    start, end = unit.start, unit.end
    if (above or is_lead) and title and squash(text[start : start + 2 * len(title) + 20]).startswith(title):
        after = _skip_squashed(text, start, end, title)
        yield Piece(BlockKind.TITLE, start, start + len(text[start:after].rstrip()))
        start = after + len(text[after:end]) - len(text[after:end].lstrip(" -–—:|."))
        if start >= end:
            return
    caption = furniture.caption_span(text[start:end]) if not is_lead else None
    if caption:
        yield from _caption(text, start, end, caption)
        return
    if layout.dateline is None and (is_lead or above):
        line = text[start:end]
        dateline = find_lone_dateline(line) or (find_dateline(line) if is_lead else None)
        if dateline:
            layout.dateline = dateline
            yield Piece(BlockKind.FURNITURE, start, start + len(line[: dateline.length].rstrip()))
            start = min(end, start + dateline.length)
    yield from _body(text, start, end, is_lead=is_lead)


def _caption(text: str, start: int, end: int, caption: tuple[int, int]) -> Iterator[Piece]:
    first, last = start + caption[0], start + caption[1]
    if last - first < 25:
        yield Piece(BlockKind.FURNITURE, start, end)
        return
    if first > start:
        yield Piece(BlockKind.FURNITURE, start, first)
    yield Piece(BlockKind.CAPTION, first, last)
    if last < end:
        yield Piece(BlockKind.FURNITURE, last, end)


def _body(text: str, start: int, end: int, *, is_lead: bool) -> Iterator[Piece]:
    """Return the article's own text: a row, a heading, a question, or running text with links cut out."""
    line = text[start:end]
    if not line.strip():
        return
    question = _QUESTION_LABEL.match(line)
    answered = _ANSWER_INSIDE.search(line, 0, 400)
    if answered and (question or _QUESTION_WORDS.match(line)):
        # "T: ...? J: ..." in one line
        if question:
            yield Piece(BlockKind.FURNITURE, start, start + question.end())
        yield Piece(BlockKind.HEADING, start + (question.end() if question else 0), start + answered.start() + 1)
        yield Piece(BlockKind.FURNITURE, start + answered.start() + 1, start + answered.end())
        told = start + answered.end()
        yield from _running(text, told, end, furniture.inline_links(text[told:end]))
        return
    links = furniture.inline_links(line)
    content = "".join(line[first:last] for first, last in _outside(links, len(line))) if links else line
    # before the kind is told: "... disabilitas. (ris)" ends like a sentence only without its byline
    content = content[: furniture.content_length(content)]
    kind = _kind_of(content or line)
    if is_lead and kind is BlockKind.HEADING:
        kind = BlockKind.PARAGRAPH
    if kind is BlockKind.ROW:
        own = links[0][0] if links else furniture.content_length(line)
        yield Piece(kind, start, start + own)
        if own < len(line):
            yield Piece(BlockKind.FURNITURE, start + own, end)
        return
    if kind is BlockKind.HEADING:
        label = question.end() if question else 0
        if label:
            yield Piece(BlockKind.FURNITURE, start, start + label)
        yield Piece(kind, start + label, end)
        return
    if answer := _ANSWER_LABEL.match(line):
        yield Piece(BlockKind.FURNITURE, start, start + answer.end())
        start += answer.end()
    glued = _GLUED.match(text, start, end) if not is_lead else None
    if glued and glued["opener"].lower() in _OPENERS:
        yield Piece(BlockKind.HEADING, start, glued.end("head"))
        start = glued.start("opener")
    cut = len(line) - (end - start)  # what a link looks like may depend on what was before it
    yield from _running(text, start, end, furniture.inline_links(text[start:end]) if cut and links else links)


def _outside(spans: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Return the stretches of ``length`` characters that no span covers; spans are in order."""
    edges = [0, *(edge for span in spans for edge in span), length]
    return [(first, last) for first, last in zip(edges[::2], edges[1::2], strict=True) if first < last]


def _running(text: str, start: int, end: int, links: list[tuple[int, int]]) -> Iterator[Piece]:
    """Return running text without its links, whose offsets are counted from ``start``."""
    at = start
    for first, last in links:
        if start + first > at:
            yield _paragraph(text, at, start + first)
        yield Piece(BlockKind.FURNITURE, start + first, start + last)
        at = start + last
    if at < end:
        piece = _paragraph(text, at, end)
        yield piece
        if piece.end < end:
            yield Piece(BlockKind.FURNITURE, piece.end, end)


def _paragraph(text: str, start: int, end: int) -> Piece:
    return Piece(BlockKind.PARAGRAPH, start, start + furniture.content_length(text[start:end]))


def _kind_of(line: str) -> BlockKind:
    words = len(line[:400].split())
    if line.endswith("?") and len(line) <= 200 and line[0] not in "\"“'‘":
        inner = BULLET.match(line)
        body = line[inner.end() :] if inner else line
        if not _STOP_WITHIN.search(body) or _QUESTION_LABEL.match(line):
            return BlockKind.HEADING
    if _QUESTION_LABEL.match(line) and len(line) <= 200 and not _ANSWER_INSIDE.search(line):
        return BlockKind.HEADING
    if BULLET.match(line) or (len(line) <= 400 and (has_columns(line) or line.count(" | ") >= 1)):
        return BlockKind.ROW
    if _FIELD.match(line) and len(line) <= 120 and not _ANSWER_LABEL.match(line) and not line.endswith((",", '"', "”")):
        return BlockKind.ROW
    if STOP.search(line[-8:]):
        return BlockKind.PARAGRAPH
    if line.endswith(":"):
        return BlockKind.HEADING if words <= 5 else BlockKind.PARAGRAPH
    if line.endswith((";", ",")) and len(line) <= 200:
        return BlockKind.ROW
    if len(line) <= _HEADING_LENGTH and words <= _HEADING_WORDS and line[0] not in "\"“'‘":
        return BlockKind.HEADING
    return BlockKind.PARAGRAPH


def _skip_squashed(text: str, start: int, end: int, squashed: str) -> int:
    """Return the offset after the letters of ``squashed``, which ``text[start:end]`` is known to begin with."""
    left, at = len(squashed), start
    while at < end and left > 0:
        left -= len(squash(text[at]))
        at += 1
    return at
