"""Names for article files: made from the title, never taken from what somebody sent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from index.article import Article

_WORDS, _LENGTH = 7, 60
# Small words that tell one article from another as little as they do in the names of ``seeds/``.
_SMALL = frozenset("yang di ke dari dan untuk dengan pada dalam atau para bagi saat oleh the of".split())


def article_name(article: Article, taken: Callable[[str], bool]) -> str:
    """A free name such as "dinsos-pacitan-salurkan-bantuan-lansia-2024": small ASCII letters, digits, hyphens."""
    plain = unicodedata.normalize("NFKD", article.title).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.findall(r"[a-z0-9]+", plain) if word not in _SMALL][:_WORDS]
    year = str(article.date.year) if article.date and article.date.year else None
    # "artikel": a name of one word could be one that systems and the archive keep for themselves (con, readme).
    parts = words if len(words) > 1 else ["artikel", *words]
    stem = "-".join(parts)[:_LENGTH].rstrip("-")
    if year and year not in parts:
        stem = f"{stem}-{year}"
    name, number = stem, 1
    while taken(name):
        number += 1
        name = f"{stem}-{number}"
    return name
