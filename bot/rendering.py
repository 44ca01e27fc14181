"""Answer -> message, within Telegram's limits and with every quotation left as it is. Pure.

What a line of our own repeats of the question is masked as in the query log: in a group everybody reads the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.callbacks import AskChoice, OpenArticle, encode
from bot.library import Library, key_of
from bot.privacy import mask
from bot.richtext import (
    HIGHLIGHTS,
    LABEL_UNITS,
    MESSAGE_UNITS,
    Block,
    Button,
    Reply,
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


def render(answer: Answer, library: Library, texts: Texts, today: date) -> Reply:
    """The message for an answer."""
    if isinstance(answer, Smalltalk):
        return sentence(phrasing.verdict(answer, texts) or "")
    understood = phrasing.understood_line(answer.understanding, texts)
    head = [paragraph(clip(mask(understood), _UNDERSTOOD), italic=True)] if understood else []
    match answer:
        case Found(snippets=snippets):
            return _quoting(head, snippets, texts, today)
        case Related(snippets=snippets):
            verdict = paragraph(clip(mask(phrasing.verdict(answer, texts) or ""), _VERDICT))
            return _quoting([*head, verdict], snippets, texts, today)
        case NotFound(nearest=nearest):
            head.append(paragraph(texts("answer.not_found")))
            return _naming(head, nearest, library, texts, today)
        case Clarify(choices=choices):
            examples = choices or tuple(texts("answer.clarify_examples").splitlines())
            return choosing([*head, paragraph(texts("answer.clarify"))], examples)


def choosing(head: Sequence[Block], choices: Sequence[str]) -> Reply:
    """Numbered questions with a button each; a tap finds its question by the number in the message."""
    shown = [clip(choice, _CHOICE) for choice in choices[:CHOICES]]
    lines = [paragraph(f"{number}. {choice}", spaced=number == 1) for number, choice in enumerate(shown, 1)]
    rows = [
        (Button(clip(f"{number}. {choice}", LABEL_UNITS), encode(AskChoice(number))),)
        for number, choice in enumerate(shown, 1)
    ]
    return Reply((*head, *lines), tuple(rows))


def _quoting(head: list[Block], snippets: tuple[Snippet, ...], texts: Texts, today: date) -> Reply:
    shown = snippets[:SNIPPETS]
    while True:
        numbers = {article: number for number, article in enumerate(dict.fromkeys(s.article for s in shown), 1)}
        sources = [_source(numbers[snippet.article], snippet, texts, today) for snippet in shown]
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
    return Reply(tuple(blocks), _reading({number: article for article, number in numbers.items()}, texts))


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


def _source(number: int, snippet: Snippet, texts: Texts, today: date) -> list[Block]:
    """Where a quotation is from: its citation, whether a newer one supersedes it, who else printed it."""
    lines = [phrasing.citation_line(number, snippet.citation, texts, today), *phrasing.notes(snippet, texts)[:_NOTES]]
    return [paragraph(clip(line, _CITATION), spaced=False) for line in lines]


def _naming(head: list[Block], nearest: tuple[Citation, ...], library: Library, texts: Texts, today: date) -> Reply:
    """What the archive does hold nearby, with a button for each article that is still there."""
    blocks, articles = list(head), dict[int, str]()
    if nearest:
        blocks.append(paragraph(texts("answer.not_found_nearest")))
    for number, citation in enumerate(nearest[:NEAREST], 1):
        line = clip(phrasing.citation_line(number, citation, texts, today), _CITATION)
        blocks.append(paragraph(line, spaced=number == 1))
        article = library.cited(citation)
        if article:
            articles[number] = article.id
    return Reply(tuple(blocks), _reading(articles, texts))


def _reading(articles: Mapping[int, str], texts: Texts) -> tuple[tuple[Button, ...], ...]:
    """A button for each numbered article, in one row: three short ones fit a phone's width."""
    row = tuple(
        Button(texts("chat.read_article", number=number), encode(OpenArticle(key_of(article))))
        for number, article in articles.items()
    )
    return (row,) if row else ()
