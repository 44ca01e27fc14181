"""The live archive with what the chat needs beside it: short keys for buttons, and a shelf order."""

from __future__ import annotations

import hashlib
import re
import time
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from index.answer import Citation
from index.article import Article

if TYPE_CHECKING:
    from index.archive import Archive

_KEY = re.compile("[0-9a-f]{16}")


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
        # Each article is made when it is looked at: an archive may be larger than memory.
        self.shelf: Sequence[Article] = archive.newest_first
        self.newest = self.shelf[0].recency if self.shelf else (0, 0, 0)
        keys = sorted((int(key_of(name), 16), number) for number, name in enumerate(archive.fingerprints))
        self._keys = array("Q", (key for key, _ in keys))
        self._numbers = array("L", (number for _, number in keys))

    def article(self, key: str) -> Article | None:
        """The article behind a button; ``None`` when it has left the archive since."""
        if not _KEY.fullmatch(key):
            return None
        wanted = int(key, 16)
        at = bisect_left(self._keys, wanted)
        found = at < len(self._keys) and self._keys[at] == wanted
        return self.archive.articles[self._numbers[at]] if found else None

    def these(self, names: Iterable[str]) -> list[Article]:
        """The articles of those ids that are here, in the order of the shelf."""
        found = [article for name in names if (article := self.article(key_of(name))) is not None]
        return sorted(found, key=lambda each: ([-part for part in each.recency], each.title, each.id))

    def cited(self, citation: Citation) -> Article | None:
        """The article that a citation names."""
        return self.article(key_of(citation.article))
