"""Word -> stem: the one door to Sastrawi (the PySastrawi distribution, whose dictionary is hashed).

Each distinct word is stemmed once; ``save`` and ``load`` keep the results between runs, since an unknown word costs
a quarter of a millisecond. Sastrawi implements the Enhanced Confix Stripping algorithm (Asian 2007, Arifin 2009).
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from index.errors import WordListError
from index.places import load_gazetteer

WORDS = Path(__file__).parent / "words"
_CACHE_VERSION = 1
# Longer "words" are noise (a URL, one letter held down), and Sastrawi's time grows with length.
_LONGEST_STEMMED = 32


@cache
def _sastrawi() -> Callable[[str], str]:
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory  # late: 12 ms, and a warm cache needs none

    stem: Callable[[str], str] = StemmerFactory().create_stemmer().stem
    return stem


@cache
def root_words() -> frozenset[str]:
    """Sastrawi's list of Indonesian root words (about 30,000, from the Kateglo dictionary)."""
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory  # late, as above

    return frozenset(word for word in StemmerFactory().get_words() if word)


@cache
def _exceptions() -> dict[str, str]:
    """Words that Sastrawi stems to something unrelated, with the stem they should have."""
    path = WORDS / "stem_exceptions.tsv"
    exceptions = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        word, separator, stem = line.partition("\t")
        if not separator or not stem.strip():
            raise WordListError(path, number, f"found {line!r}, expected 'word<TAB>stem'")
        exceptions[word.strip()] = stem.strip()
    return exceptions


class Stemmer:
    """Stems lower-case words, remembering each.

    Args:
        cache_file: where earlier results are read from and ``save`` writes them; unreadable or outdated results are
            ignored, since they can always be made again.
    """

    def __init__(self, cache_file: Path | None = None) -> None:
        self._cache_file = cache_file
        self._stems = _read_cache(cache_file) if cache_file else {}
        self._saved = len(self._stems)
        self._protected = load_gazetteer().words

    def stem(self, word: str) -> str:
        """The stem of a lower-case word; names of places and words with digits are their own stem."""
        known = self._stems.get(word)
        if known is None:
            known = self._stems[word] = self._stem(word)
        return known

    def _stem(self, word: str) -> str:
        exception = _exceptions().get(word)
        if exception:
            return exception
        # A place is a name: "Balangan" is not "balang" plus a suffix. Four letters and fewer are roots already.
        if len(word) <= 4 or len(word) > _LONGEST_STEMMED or word in self._protected or not word.isalpha():
            return word
        return _sastrawi()(word) or word

    def save(self) -> None:
        """Write what was learnt since loading, whole or not at all; a folder that cannot be written is no error."""
        if not self._cache_file or len(self._stems) == self._saved:
            return
        try:
            self._cache_file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", dir=self._cache_file.parent, suffix=".tmp", delete=False
            ) as file:
                json.dump({"version": _CACHE_VERSION, "rules": _rules_mark(), "stems": self._stems}, file)
            Path(file.name).replace(self._cache_file)
            self._saved = len(self._stems)
        except OSError:
            return


def _rules_mark() -> str:
    """Changes when the exceptions or the protected names do, so that stems made under other rules are not kept."""
    rules = repr((sorted(_exceptions().items()), sorted(load_gazetteer().words)))
    return hashlib.sha256(rules.encode()).hexdigest()[:16]


def _read_cache(path: Path) -> dict[str, str]:
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
        if saved["version"] == _CACHE_VERSION and saved["rules"] == _rules_mark():
            return {str(word): str(stem) for word, stem in saved["stems"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return {}
