"""Article -> passages and sentences, as exact offsets into its body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.article import Article, BlockKind

# A full stop after one of these ends no sentence: titles, units and other abbreviations of Indonesian news writing.
_ABBREVIATED = frozenset(
    """
    a.n aipda aiptu akbp akp an apt bpk br brigjen bripka bu dll dkk dr dra drs drg drh dsb dst dt gg gl h hj ipda iptu
    ir irjen jl jln kab kapt kec kel kep kh kol kombes komjen kompol kp ktp lt letjen letkol m.m mayjen mr mrs ms moh
    muh muhammad no nn ny p pak pj pjs plh plt pol prof prov pt r rp rr rt rw s.e s.h s.i.p s.kom s.pd s.sos sdr sdri
    sos s.t st ste sri sbb tbk tel telp tgl th thn tn u.p ust yth
    """.split()
)
# In two steps: as one expression, a long run of stops before a letter would be tried from each of its stops.
_STOPS, _CLOSING = re.compile(r"[.!?…]+"), re.compile(r"[\"'”“’»)\]*]*(?=\s|$)")
_LAST_WORD_BACKWARDS = re.compile(r"[^\s(\"“”']*")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """``body[start:end]``: the smallest stretch that is ever quoted."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One block of an article that may be quoted, in sentences; ``heading`` is the subhead that it stands under."""

    kind: BlockKind
    start: int
    end: int
    sentences: tuple[Sentence, ...]
    heading: tuple[int, int] | None = None


def passages(article: Article) -> list[Passage]:
    """The article's quotable blocks in order, each under its heading; the rows of a list or table are one passage."""
    found: list[Passage] = []
    heading: tuple[int, int] | None = None
    rows: list[Sentence] = []
    for block in article.blocks:
        if block.kind is BlockKind.ROW:
            rows.append(Sentence(block.start, block.end))
            continue
        _close_rows(article.body, rows, found, heading)
        rows = []
        if block.kind is BlockKind.HEADING:
            heading = (block.start, block.end)
        elif block.kind is not BlockKind.FURNITURE:
            spans = tuple(sentences(article.body, block.start, block.end))
            if spans:
                found.append(Passage(block.kind, block.start, block.end, spans, heading))
    _close_rows(article.body, rows, found, heading)
    return found


def _close_rows(body: str, rows: list[Sentence], found: list[Passage], heading: tuple[int, int] | None) -> None:
    """Make one passage of a run of rows, with the sentence that announces them ("Syaratnya:") as its first."""
    if not rows:
        return
    if found and body[found[-1].end - 1] == ":" and not body[found[-1].end : rows[0].start].strip():
        rows = [found[-1].sentences[-1], *rows]
    found.append(Passage(BlockKind.ROW, rows[0].start, rows[-1].end, tuple(rows), heading))


def sentences(text: str, start: int, end: int) -> Iterator[Sentence]:
    """Split ``text[start:end]`` into sentences, trimmed of white space; quotation marks stay with their sentence."""
    begin = start
    for stops in _STOPS.finditer(text, start, end):
        closing = _CLOSING.match(text, stops.end(), end)
        if closing and _ends_sentence(text, begin, stops, closing.end(), end):
            yield from _trimmed(text, begin, closing.end())
            begin = closing.end()
    yield from _trimmed(text, begin, end)


def _ends_sentence(text: str, begin: int, stops: re.Match[str], closed: int, end: int) -> bool:
    following = text[closed : min(end, closed + 40)].lstrip()
    if not following:
        return True
    if text[stops.start()] == ".":
        before = text[max(begin, stops.start() - 40) : stops.start()].removesuffix("\n")
        last = _LAST_WORD_BACKWARDS.match(before[::-1])
        word = last[0][::-1].lower() if last else ""
        if word in _ABBREVIATED or (len(word) == 1 and word.isalpha()):
            return False
    # A lower-case continuation ("... Rp. 5 juta", "S.Sos. mengatakan") is no new sentence.
    return not following[0].islower()


def _trimmed(text: str, start: int, end: int) -> Iterator[Sentence]:
    sentence = text[start:end].lstrip()
    start, end = end - len(sentence), end - len(sentence) + len(sentence.rstrip())
    if _LETTER_OR_DIGIT.search(sentence):
        yield Sentence(start, end)
