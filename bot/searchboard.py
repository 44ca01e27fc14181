"""What ``/cari`` shows: a page of its list, the list as a text to pass on, what is wrong with a search. Pure."""

from __future__ import annotations

from datetime import date

from bot import callbacks
from bot.callbacks import ReadQuoted
from bot.choices import Verb, encode
from bot.deeplinks import Links, block_at
from bot.leafing import leaf, turning, which_page
from bot.library import Library, key_of
from bot.richtext import Block, Button, Reply, Span, clip, emphasised, paragraph, sentence, window
from bot.searching import Search, SearchError
from index import phrasing
from index.answer import Snippet
from index.article import ArticleDate
from index.finding import Finding
from index.texts import Texts

COMMAND = "/cari "
RESULTS_A_PAGE = 5
MOST_EXPORTED = 200
_QUOTATION, _CITATION = 420, 240  # in UTF-16 code units: five of both stay well within a message
_RULE = "-" * 40


def page(search: Search, finding: Finding, number: int, library: Library, texts: Texts, today: date) -> Reply:
    """The ``number``-th page of what was found, from 1, kept in range. Its first line is the search itself."""
    found = finding.snippets
    head = [Block((Span(COMMAND + search.written, bold=True),))]
    if not found:
        return Reply((*head, paragraph(texts("search.nothing"), spaced=False), paragraph(texts("search.wider"))))
    here = leaf(found, number, RESULTS_A_PAGE)
    head += [paragraph(line, spaced=False) for line in _told(search, finding, texts)]
    blocks: list[Block] = []
    for position, snippet in here.shown:
        cited = phrasing.citation_line(position, snippet.citation, texts, today)
        blocks += [paragraph(clip(cited, _CITATION)), _quotation(snippet)]
    blocks += which_page(here.number, here.last, texts)
    opening = tuple(
        Button(texts("search.read", number=position), callbacks.encode(_where(snippet, library)))
        for position, snippet in here.shown
    )
    turns = turning(here.number, here.last, texts, lambda to: encode(Verb.SEARCH, to))
    export = (Button(texts("search.export"), encode(Verb.SEARCH_EXPORT)),)
    return Reply((*head, *blocks), (opening, *turns, export))


def written_in(message: str) -> str | None:
    """The search that a page of its list was made for; ``None`` when the message is no such page."""
    line = message.partition("\n")[0]
    return line.removeprefix(COMMAND) if line.startswith(COMMAND) else None


def document(search: Search, finding: Finding, library: Library, links: Links, texts: Texts, today: date) -> str:
    """The list as plain text to pass on: every quotation whole, each with its source and a link to its paragraph."""
    made = ArticleDate(today.year, today.month, today.day)
    lines = [texts("search.document_title", search=search.written), texts("search.document_made", date=made)]
    lines += _told(search, finding, texts)
    for number, snippet in enumerate(finding.snippets[:MOST_EXPORTED], 1):
        article = library.archive.article(snippet.article)
        lines += ["", _RULE, phrasing.citation_line(number, snippet.citation, texts, today)]
        if snippet.citation.url:
            lines.append(texts("sources.original", url=snippet.citation.url))
        lines += [texts("answer.quotation", text=" ".join(snippet.text.split()))]
        lines.append(texts("search.document_link", url=links.to(article, snippet.start)))
    left = len(finding.snippets) - MOST_EXPORTED
    if left > 0:
        lines += ["", texts("search.document_more", count=left)]
    return "\n".join([*lines, "", texts("search.document_note"), ""])


def file_name(search: Search) -> str:
    """A name for that text that any device takes: "cari-disabilitas-di-pacitan.txt"."""
    kept = "".join(each if each.isascii() and each.isalnum() else " " for each in search.written.lower())
    return "-".join(["cari", *kept.split()])[:60].rstrip("-") + ".txt"


def refusal(error: SearchError, texts: Texts) -> Reply:
    """What is wrong with a search, with an example of a right one."""
    told = texts(f"search.{error.key}", **error.fields)
    if error.key == "usage":
        return sentence(told)
    return sentence(f"{told}\n\n{texts('search.example')}")


def _told(search: Search, finding: Finding, texts: Texts) -> list[str]:
    lines = [texts("search.found", count=len(finding.snippets))]
    if finding.partial:
        lines.append(texts("search.partial"))
    read = finding.understanding
    if read.expansions or read.corrections:
        understood = phrasing.understood_line(read, texts)
        lines += [understood] if understood else []
    if len(search.places) > 1:
        lines.append(texts("search.places", places=", ".join(place.full_name for place in search.places)))
    return lines


def _quotation(snippet: Snippet) -> Block:
    start, end = window(snippet.text, _QUOTATION, snippet.highlights[0][0] if snippet.highlights else 0)
    marks = [(begin - start, stop - start) for begin, stop in snippet.highlights]
    spans = emphasised(snippet.text[start:end], [(max(begin, 0), stop) for begin, stop in marks if stop > 0])
    before, after = ("… " if start else ""), (" …" if end < len(snippet.text) else "")
    return Block(tuple(span for span in (Span(before), *spans, Span(after)) if span.text), quote=True, spaced=False)


def _where(snippet: Snippet, library: Library) -> ReadQuoted:
    article = library.archive.article(snippet.article)
    return ReadQuoted(key_of(article.id), block_at(article, snippet.start))
