"""Answer -> message, within Telegram's limits and with every quotation left as it is. Pure.

What a line of our own repeats of the question is masked as in the query log: in a group everybody reads the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.callbacks import AskChoice, OpenArticle, ReadQuoted, ShowMore, encode
from bot.deeplinks import Links, block_at
from bot.library import Library, key_of
from bot.privacy import mask
from bot.ratings import rating_row
from bot.richtext import (
    HIGHLIGHTS,
    LABEL_UNITS,
    MESSAGE_UNITS,
    Block,
    Button,
    Reply,
    Rows,
    Span,
    clip,
    emphasised,
    length,
    paragraph,
    sentence,
    units,
    window,
)
from index import phrasing
from index.answer import Answer, Citation, Clarify, Found, NotFound, Related, Smalltalk, Snippet
from index.texts import Texts

SNIPPETS = 3
NEAREST = 3
CHOICES = 5
# A quotation longer than this is folded; the reader taps to see all of it.
FOLDED_UNITS = 500
# Below this, quoting one snippet fewer serves better than quoting all of them shorter.
SHORTEST_QUOTE = 300
_UNDERSTOOD, _VERDICT, _CITATION, _CHOICE = 300, 500, 450, 200
_NOTES = 3  # lines under a citation


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds an answer where it is shown.

    ``answer`` is the id that its buttons name, ``None`` where nothing is remembered; ``page`` of ``last``, from 0, is
    how far it was continued. ``links`` makes links to paragraphs, ``None`` where there is no Telegram to open them;
    ``private_chat`` adds a button that opens the first of them. ``brief`` quotes one passage, and leaves the others to
    the continuation.
    """

    links: Links | None = None
    answer: str | None = None
    page: int = 0
    last: int = 0
    private_chat: bool = False
    brief: bool = False


NO_FRAME = Frame()


def render(answer: Answer, library: Library, texts: Texts, today: date, frame: Frame = NO_FRAME) -> Reply:
    """The message for an answer."""
    if isinstance(answer, Smalltalk):
        return sentence(phrasing.verdict(answer, texts) or "")
    answer = _without_code(answer)
    understood = phrasing.understood_line(answer.understanding, texts)
    head = [paragraph(clip(mask(understood), _UNDERSTOOD), italic=True)] if understood else []
    match answer:
        case Found(snippets=snippets):
            return quoting(head, snippets, library, texts, today, frame)
        case Related(snippets=snippets):
            verdict = paragraph(clip(mask(phrasing.verdict(answer, texts) or ""), _VERDICT))
            return quoting([*head, verdict], snippets, library, texts, today, frame)
        case NotFound(nearest=nearest):
            head.append(paragraph(texts("answer.not_found")))
            return _naming(head, nearest, library, texts, today, frame)
        case Clarify(choices=choices):
            asked_back = texts("answer.clarify") if choices else texts("answer.clarify_alone")
            return choosing([*head, paragraph(asked_back)], choices)


def _without_code(answer: Found | Related | NotFound | Clarify) -> Found | Related | NotFound | Clarify:
    """``answer`` with its only topic masked: six digits are a code by being all there is, which a line hides."""
    read = answer.understanding
    if len(read.topic) != 1:
        return answer
    understanding = replace(read, topic=(mask(read.topic[0]),))
    if isinstance(answer, Related):
        return replace(answer, understanding=understanding, missing=mask(answer.missing))
    return replace(answer, understanding=understanding)


def continuation(
    answer: Answer, further: Sequence[Snippet], library: Library, texts: Texts, today: date, frame: Frame
) -> Reply:
    """A further page of ``answer``: the ``frame.page``-th of what it was continued by, from 1."""
    first = (frame.page - 1) * SNIPPETS
    key = "answer.further_near" if isinstance(answer, Related) else "answer.further"
    head = [paragraph(texts(key, page=frame.page, last=frame.last), italic=True)]
    return quoting(head, tuple(further[first : first + SNIPPETS]), library, texts, today, frame)


def pages_of(further: int) -> int:
    """How many pages a continuation of so many snippets has."""
    return -(-further // SNIPPETS)


def choosing(head: Sequence[Block], choices: Sequence[str]) -> Reply:
    """Numbered questions with a button each; a tap finds its question by the number in the message."""
    shown = [clip(choice, _CHOICE) for choice in choices[:CHOICES]]
    lines = [paragraph(f"{number}. {choice}", spaced=number == 1) for number, choice in enumerate(shown, 1)]
    rows = [
        (Button(clip(f"{number}. {choice}", LABEL_UNITS), encode(AskChoice(number))),)
        for number, choice in enumerate(shown, 1)
    ]
    return Reply((*head, *lines), tuple(rows))


def quoting(
    head: list[Block], snippets: tuple[Snippet, ...], library: Library, texts: Texts, today: date, frame: Frame
) -> Reply:
    """The message that quotes: ``head``, each quotation with its source, and what one can do next."""
    shown = snippets[:SNIPPETS]
    while True:
        numbers = {article: number for number, article in enumerate(dict.fromkeys(s.article for s in shown), 1)}
        places = [_link(snippet, library, frame.links) for snippet in shown]
        sources = [
            _source(numbers[snippet.article], snippet, place, texts, today)
            for snippet, place in zip(shown, places, strict=True)
        ]
        # Ten more units a quotation: the gap before it, and an ellipsis with its own gap on either side.
        spare = MESSAGE_UNITS - length(head) - sum(length(lines) + 10 for lines in sources)
        limits = share(spare, [units(snippet.text) for snippet in shown])
        if len(shown) == 1 or all(
            limit >= SHORTEST_QUOTE or units(s.text) <= limit for limit, s in zip(limits, shown, strict=True)
        ):
            break
        shown = shown[:-1]
    blocks = list(head)
    marks_left = HIGHLIGHTS
    for snippet, limit, source in zip(shown, limits, sources, strict=True):
        marks = snippet.highlights[:marks_left]
        marks_left -= len(marks)
        blocks += [*_quotation(snippet.text, marks, limit), *source]
    first_of = {numbers[snippet.article]: snippet for snippet in reversed(shown)}
    rows = _reading({number: _quoted(first_of[number], library, frame) for number in sorted(first_of)}, texts)
    return Reply(tuple(blocks), (*rows, *_beneath(places, texts, frame)))


def _link(snippet: Snippet, library: Library, links: Links | None) -> str | None:
    """The address of the paragraph that a snippet quotes."""
    article = library.article(key_of(snippet.article))
    return links.to(article, snippet.start) if links and article else None


def _quoted(snippet: Snippet, library: Library, frame: Frame) -> ReadQuoted:
    """A tap that opens the article where it is quoted."""
    key = key_of(snippet.article)
    article = library.article(key)
    block = block_at(article, snippet.start) if article else 0
    return ReadQuoted(key, block, answer=frame.answer, answer_page=frame.page)


def _beneath(places: Sequence[str | None], texts: Texts, frame: Frame) -> Rows:
    """What else one can do with an answer: continue it, rate it, open it where nobody else reads along."""
    rows: list[tuple[Button, ...]] = []
    if frame.answer:
        turning = []
        if frame.page > 0:
            turning.append(Button(texts("chat.previous_page"), encode(ShowMore(frame.answer, frame.page - 1))))
        if frame.page < frame.last:
            turning.append(Button(texts("chat.more"), encode(ShowMore(frame.answer, frame.page + 1))))
        rows += [tuple(turning)] if turning else []
        rows.append(rating_row(frame.answer, texts))
    if frame.private_chat and places and places[0]:
        rows.append((Button(texts("chat.open_private"), url=places[0]),))
    return tuple(rows)


def share(spare: int, wanted: list[int]) -> list[int]:
    """Divide ``spare`` units among quotations that want so many: short ones get all, long ones equal parts."""
    limits = [0] * len(wanted)
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    for done, index in enumerate(order):
        limits[index] = min(wanted[index], spare // (len(wanted) - done))
        spare -= limits[index]
    return limits


def _quotation(text: str, marks: tuple[tuple[int, int], ...], limit: int) -> list[Block]:
    """The quotation, cut to ``limit``; any ellipsis stands outside: inside are the article's words, to the letter."""
    first = min((start for start, _ in marks), default=0)
    start, end = window(text, limit, first)
    quoted = text[start:end]
    spans = emphasised(quoted, [(low - start, high - start) for low, high in marks if high > start])
    blocks = [Block(spans, quote=True, expandable=units(quoted) > FOLDED_UNITS, spaced=start == 0)]
    if start > 0:
        blocks.insert(0, paragraph("…"))
    if text[end:].strip():
        blocks.append(paragraph("…", spaced=False))
    return blocks


def _source(number: int, snippet: Snippet, link: str | None, texts: Texts, today: date) -> list[Block]:
    """Where a quotation is from: its citation, whether a newer one supersedes it, who else printed it."""
    notes = phrasing.notes(snippet, texts)[:_NOTES]
    return [
        cited(number, snippet.citation, link, texts, today),
        *(paragraph(clip(line, _CITATION), spaced=False) for line in notes),
    ]


def cited(number: int, citation: Citation, link: str | None, texts: Texts, today: date) -> Block:
    """A citation whose title, if ``link`` is given, leads to the paragraph: for those to whom it is passed on."""
    line = clip(phrasing.citation_line(number, citation, texts, today), _CITATION)
    before = len(f"[{number}] ")
    after = min(len(line), before + len(" ".join(citation.title.split())))
    if link is None or after <= before:
        return paragraph(line, spaced=False)
    spans = (Span(line[:before]), Span(line[before:after], link=link), Span(line[after:]))
    return Block(tuple(span for span in spans if span.text), spaced=False)


def _naming(
    head: list[Block], nearest: tuple[Citation, ...], library: Library, texts: Texts, today: date, frame: Frame
) -> Reply:
    """What the archive does hold nearby, with a button for each article that is still there."""
    blocks, articles = list(head), dict[int, OpenArticle]()
    if nearest:
        blocks.append(paragraph(texts("answer.not_found_nearest")))
    for number, citation in enumerate(nearest[:NEAREST], 1):
        article = library.cited(citation)
        link = frame.links.to(article, 0) if frame.links and article else None
        blocks.append(replace(cited(number, citation, link, texts, today), spaced=number == 1))
        if article:
            articles[number] = OpenArticle(key_of(article.id))
    return Reply(tuple(blocks), _reading(articles, texts))


def _reading(articles: Mapping[int, OpenArticle | ReadQuoted], texts: Texts) -> Rows:
    """A button for each numbered article, in one row: three short ones fit a phone's width."""
    row = tuple(Button(texts("chat.read_article", number=number), encode(tap)) for number, tap in articles.items())
    return (row,) if row else ()
