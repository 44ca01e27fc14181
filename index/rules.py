"""What an index depends on beside the articles: the code and the lists that made it."""

from __future__ import annotations

import hashlib
import unicodedata
from functools import cache
from importlib.metadata import version
from pathlib import Path

_HERE = Path(__file__).parent
# All that has a say in what is in an index (a test compares this with what they import). A change of any other module
# or list leaves saved indexes as they are.
MODULES = tuple(
    """
    abbreviations analysis article asked attributes blocks building datelines dates errors folding forward
    furniture lines localities metadata near_words outlets page_head passages pieces place_writing places plain
    postings ragged ranking reading replacing running_words sections sidecar stemming tables vocabulary whereabouts
    """.split()
)
LISTS = ("ambiguous_places.txt", "places.tsv", "stem_exceptions.tsv")
_LIBRARIES = ("PySastrawi", "wordfreq")


@cache
def mark() -> str:
    """Changes when articles would be read, stemmed or indexed otherwise."""
    found = hashlib.sha256()
    for path in (*(_HERE / f"{name}.py" for name in MODULES), *(_HERE / "words" / name for name in LISTS)):
        found.update(path.read_bytes() + b"\0")
    found.update(repr((*map(version, _LIBRARIES), unicodedata.unidata_version)).encode())
    return found.hexdigest()
