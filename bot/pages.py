"""The articles themselves as messages: the list of sources, and an article page by page. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.callbacks import ListSources, OpenArticle, ReadQuoted, ShowMore, encode
from bot.deeplinks import Destination, Since
from bot.leafing import in_rows, leaf, turning, which_page
from bot.library import Library, key_of
from bot.richtext import Block, Button, Reply, Span, clip, paragraph, pieces, sentence, units
from index import phrasing
from index.answer import Citation
from index.article import Article, BlockKind
from index.texts import Texts

SOURCES_A_PAGE = 6
# A screen or two of a phone; with title and citation far below Telegram's limit.
PAGE_UNITS = 2400
_TITLE, _CITATION, _LINE = 300, 450, 350


def source_list(library: Library, page: int, texts: Texts, today: date) -> Reply:
    """One page of all articles, newest first, with a button for each; ``page`` counts from 1 and is kept in range."""
    at = leaf(library.shelf, page, SOURCES_A_PAGE)
    blocks = [paragraph(texts("sources.heading", count=len(library.shelf)), bold=True)]
    for number, article in at.shown:
        line = phrasing.citation_line(number, citation_of(article), texts, today)
        blocks.append(paragraph(clip(line, _LINE)))
    blocks += which_page(at.number, at.last, texts)
    buttons = [
        Button(texts("chat.read_article", number=number), encode(OpenArticle(key_of(article.id))))
        for number, article in at.shown
    ]
    pages = turning(at.number, at.last, texts, lambda number: encode(ListSources(number)))
    return Reply(tuple(blocks), (*in_rows(buttons, 3), *pages))


def article_page(article: Article, page: int, texts: Texts, today: date) -> Reply:
    """One page of an article: title, citation, text as printed; ``page`` counts from 1 and is kept in range."""
    pages = _pages(article)
    page = min(max(page, 1), len(pages))
    key = key_of(article.id)
    rows = turning(page, len(pages), texts, lambda number: encode(OpenArticle(key, number, turn=True)))
    return Reply(_page(article, pages, page, texts, today), rows)


def quoted_page(article: Article, tap: ReadQuoted, texts: Texts, today: date) -> Reply:
    """The page of an article that ``tap`` asks for, the quoted paragraph set off and announced in words."""
    pages = _pages(article)
    home = next((n for n, page in enumerate(pages, 1) if any(number == tap.block for number, _ in page)), 1)
    page = min(max(tap.page or home, 1), len(pages))
    rows = list(turning(page, len(pages), texts, lambda number: encode(replace(tap, page=number))))
    if page != home:
        rows.append((Button(texts("chat.to_quotation"), encode(replace(tap, page=home))),))
    if tap.answer:
        rows.append((Button(texts("chat.back_to_answer"), encode(ShowMore(tap.answer, tap.answer_page))),))
    return Reply(_page(article, pages, page, texts, today, tap.block), tuple(rows))


def linked_page(destination: Destination, texts: Texts, today: date) -> Reply:
    """Where a link leads: its paragraph in its article, and what has changed since the link was made."""
    article, block = destination.article, destination.block
    if block is None:
        opened = article_page(article, 1, texts, today)
    else:
        opened = quoted_page(article, ReadQuoted(key_of(article.id), block), texts, today)
    if destination.since is Since.SAME:
        return opened
    note = paragraph(texts(f"link.{destination.since}"), italic=True)
    return Reply((note, *opened.blocks), opened.rows)


def _page(
    article: Article, pages: list[list[tuple[int, Block]]], page: int, texts: Texts, today: date, quoted: int = -1
) -> tuple[Block, ...]:
    last = len(pages)
    # The title stands above it, in bold.
    citation = phrasing.source_line(citation_of(article), texts, today)
    blocks = [paragraph(clip(article.title, _TITLE), bold=True), paragraph(clip(citation, _CITATION), spaced=False)]
    announced = False
    for number, block in pages[page - 1]:
        if number != quoted:
            blocks.append(block)
            continue
        if not announced:
            blocks.append(paragraph(texts("chat.quoted_here"), italic=True))
        # In words, too: a line at the margin says nothing to who listens.
        blocks.append(replace(block, quote=True, spaced=announced))
        announced = True
    if page == last and article.url:
        blocks.append(paragraph(texts("sources.original", url=clip(article.url, _LINE))))
    return (*blocks, *which_page(page, last, texts))


def link_gone(texts: Texts) -> Reply:
    """For a link whose article has left the archive."""
    return sentence(texts("link.gone"))


def article_gone(texts: Texts) -> Reply:
    """For a button whose article has left the archive."""
    return sentence(texts("sources.gone"))


def citation_of(article: Article) -> Citation:
    """An article's own citation."""
    place = article.locality.shown if article.locality else None
    return Citation(article.title, article.outlet, place, article.date, article.url, article.id)


def _pages(article: Article) -> list[list[tuple[int, Block]]]:
    """The article's readable blocks with their numbers in it, filled into pages; at least one page."""
    pages: list[list[tuple[int, Block]]] = [[]]
    used = 0
    for number, block in _readable(article):
        size = units(block.text) + 2
        if pages[-1] and used + size > PAGE_UNITS:
            pages.append([])
            used = 0
        pages[-1].append((number, block))
        used += size
    return pages


def _readable(article: Article) -> list[tuple[int, Block]]:
    found: list[tuple[int, Block]] = []
    previous: BlockKind | None = None
    for number, block in enumerate(article.blocks):
        # The title stands above every page; page furniture is not the article.
        if block.kind in (BlockKind.TITLE, BlockKind.FURNITURE):
            continue
        for piece in pieces(article.body[block.start : block.end], PAGE_UNITS):
            span = Span(piece, bold=block.kind is BlockKind.HEADING, italic=block.kind is BlockKind.CAPTION)
            # Rows of one table stand together.
            together = block.kind is BlockKind.ROW and previous is BlockKind.ROW
            found.append((number, Block((span,), spaced=not together)))
            previous = block.kind
    return found
