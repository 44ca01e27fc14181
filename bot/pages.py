"""The articles themselves as messages: the list of sources, and an article page by page. Pure."""

from __future__ import annotations

from datetime import date

from bot.callbacks import ListSources, OpenArticle, encode
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
    articles = library.shelf
    last = max(1, -(-len(articles) // SOURCES_A_PAGE))
    page = min(max(page, 1), last)
    first = (page - 1) * SOURCES_A_PAGE
    shown = list(enumerate(articles[first : first + SOURCES_A_PAGE], first + 1))
    blocks = [paragraph(texts("sources.heading", count=len(articles)), bold=True)]
    for number, article in shown:
        line = phrasing.citation_line(number, citation_of(article), texts, today)
        blocks.append(paragraph(clip(line, _LINE)))
    if last > 1:
        blocks.append(paragraph(texts("chat.page", page=page, last=last), italic=True))
    buttons = [
        Button(texts("chat.read_article", number=number), encode(OpenArticle(key_of(article.id))))
        for number, article in shown
    ]
    rows = [tuple(buttons[start : start + 3]) for start in range(0, len(buttons), 3)]
    turning = _turning(page, last, texts, encode(ListSources(max(1, page - 1))), encode(ListSources(page + 1)))
    return Reply(tuple(blocks), (*rows, *turning))


def article_page(article: Article, page: int, texts: Texts, today: date) -> Reply:
    """One page of an article: title, citation, text as printed; ``page`` counts from 1 and is kept in range."""
    pages = _pages(article)
    last = len(pages)
    page = min(max(page, 1), last)
    # The title stands above it, in bold.
    citation = phrasing.citation_line(1, citation_of(article), texts, today).removeprefix(f"[1] {article.title} · ")
    blocks = [paragraph(clip(article.title, _TITLE), bold=True), paragraph(clip(citation, _CITATION), spaced=False)]
    blocks += pages[page - 1]
    if page == last and article.url:
        blocks.append(paragraph(texts("sources.original", url=clip(article.url, _LINE))))
    if last > 1:
        blocks.append(paragraph(texts("chat.page", page=page, last=last), italic=True))
    key = key_of(article.id)
    before, after = (encode(OpenArticle(key, number, turn=True)) for number in (max(1, page - 1), page + 1))
    return Reply(tuple(blocks), _turning(page, last, texts, before, after))


def article_gone(texts: Texts) -> Reply:
    """For a button whose article has left the archive."""
    return sentence(texts("sources.gone"))


def citation_of(article: Article) -> Citation:
    """An article's own citation."""
    place = article.locality.shown if article.locality else None
    return Citation(article.title, article.outlet, place, article.date, article.url)


def _turning(page: int, last: int, texts: Texts, before: str, after: str) -> tuple[tuple[Button, ...], ...]:
    row = []
    if page > 1:
        row.append(Button(texts("chat.previous_page"), before))
    if page < last:
        row.append(Button(texts("chat.next_page"), after))
    return (tuple(row),) if row else ()


def _pages(article: Article) -> list[list[Block]]:
    """The article's readable blocks, filled into pages; at least one page."""
    pages: list[list[Block]] = [[]]
    used = 0
    for block in _readable(article):
        size = units(block.text) + 2
        if pages[-1] and used + size > PAGE_UNITS:
            pages.append([])
            used = 0
        pages[-1].append(block)
        used += size
    return pages


def _readable(article: Article) -> list[Block]:
    found: list[Block] = []
    previous: BlockKind | None = None
    for block in article.blocks:
        # The title stands above every page; page furniture is not the article.
        if block.kind in (BlockKind.TITLE, BlockKind.FURNITURE):
            continue
        for piece in pieces(article.body[block.start : block.end], PAGE_UNITS):
            span = Span(piece, bold=block.kind is BlockKind.HEADING, italic=block.kind is BlockKind.CAPTION)
            # Rows of one table stand together.
            together = block.kind is BlockKind.ROW and previous is BlockKind.ROW
            found.append(Block((span,), spaced=not together))
            previous = block.kind
    return found
