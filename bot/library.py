"""The live archive with what the chat needs beside it: short keys for buttons, and a shelf order."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

from index.answer import Citation
from index.article import Article

if TYPE_CHECKING:
    from index.archive import Archive


def key_of(article_id: str) -> str:
    """A button's name for an article: 16 hexadecimal digits, the same after every rebuild and restart.

    A file name that is not UTF-8 reaches us with lone surrogates.
    """
    return hashlib.sha256(article_id.encode(errors="surrogatepass")).hexdigest()[:16]


class Library:
    """One archive, never changed: ``/reindex`` puts another library in its place."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.opened = time.monotonic()
        # Newest first, then by title, so that pages stay put between rebuilds.
        self.shelf: tuple[Article, ...] = tuple(
            sorted(archive.articles, key=lambda article: (_newest_first(article), article.title, article.id))
        )
        self._by_key = {key_of(article.id): article for article in self.shelf}
        self._by_source = {(article.title, article.outlet, article.url): article for article in reversed(self.shelf)}

    def article(self, key: str) -> Article | None:
        """The article behind a button; ``None`` when it has left the archive since."""
        return self._by_key.get(key)

    def cited(self, citation: Citation) -> Article | None:
        """The article that a citation names."""
        return self._by_source.get((citation.title, citation.outlet, citation.url))


def _newest_first(article: Article) -> tuple[int, int, int]:
    year, month, day = article.recency
    return (-year, -month, -day)
