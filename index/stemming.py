"""Word -> stem: the one door to Sastrawi (the PySastrawi distribution, whose dictionary is hashed).

Each distinct word is stemmed once: an index keeps the stems of its words, and ``save`` those of others between runs,
since an unknown word costs a quarter of a millisecond. Sastrawi implements the Enhanced Confix Stripping algorithm
(Asian 2007, Arifin 2009).
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from index.errors import WordListError
from index.places import load_gazetteer

WORDS = Path(__file__).parent / "words"
_CACHE_VERSION = 1
# Longer "words" are noise (a URL, one letter held down), and Sastrawi's time grows with length.
_LONGEST_STEMMED = 32


# What each of Sastrawi's rules for prefixes and infixes asks a word to begin with: most words need none of them tried.
_PREFIXED = re.compile(r"be|di|ka?u|ke|me|pe|se|te|[b-df-hj-np-tv-z](?:e[lmr]|in)[aeiou]")


class _Affix:
    """One of Sastrawi's visitors, which does as that does, but for compiling an expression out of every stem it tries.

    With that, and without trying rules in vain, an unknown word costs a fifth; ``tests/test_stemming.py`` compares.
    """

    def __init__(self, visitor: Any, kind: str, removal: Callable[..., object]) -> None:
        self._visitor, self._kind, self._removal = visitor, kind, removal

    def visit(self, context: Any) -> None:
        word = context.current_word
        if hasattr(self._visitor, "remove"):
            result = self._visitor.remove(word)
            if result == word:
                return
        else:
            result = None
            for rule in self._visitor.disambiguators:
                result = rule.disambiguate(word)
                if context.dictionary.contains(result):
                    break
            if result is None:
                return
        context.add_removal(self._removal(self, word, result, word.replace(result, "", 1), self._kind))
        context.current_word = result


class _Prefixes:
    """All of Sastrawi's visitors for prefixes, one after the other until one of them applies."""

    def __init__(self, affixes: Sequence[_Affix]) -> None:
        self._affixes = affixes

    def visit(self, context: Any) -> None:
        before = len(context.removals)
        for affix in self._affixes if _PREFIXED.match(context.current_word) else ():
            affix.visit(context)
            known = context.dictionary.contains(context.current_word)
            if known or context.process_is_stopped or len(context.removals) > before:
                return


@cache
def _sastrawi() -> Callable[[str], str]:
    # late: 12 ms, and a warm cache needs none
    from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
    from Sastrawi.Stemmer.Context.Removal import Removal
    from Sastrawi.Stemmer.Stemmer import Stemmer as Plain

    stemmer = Plain(ArrayDictionary(root_words()))
    visitors = stemmer.visitor_provider
    visitors.prefix_visitors = [_Prefixes([_Affix(each, "DP", Removal) for each in visitors.prefix_visitors])]
    # particles, possessive pronouns, derivational suffixes
    visitors.suffix_visitors = [
        _Affix(each, kind, Removal) for each, kind in zip(visitors.suffix_visitors, ("P", "PP", "DS"), strict=True)
    ]
    stem: Callable[[str], str] = stemmer.stem
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
        self._kept: Callable[[str], str | None] = lambda word: None

    def stem(self, word: str) -> str:
        """The stem of a lower-case word; names of places and words with digits are their own stem."""
        known = self._stems.get(word)
        if known is None:
            known = self._stems[word] = self._kept(word) or self._stem(word)
        return known

    def rely_on(self, kept: Callable[[str], str | None]) -> None:
        """Take stems from an index that has them (``None`` for other words), and keep those here no longer."""
        self._kept = kept
        self._stems = {word: stem for word, stem in self._stems.items() if kept(word) is None}

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
        stems = {word: stem for word, stem in self._stems.items() if self._kept(word) is None}
        if not self._cache_file or len(stems) == self._saved:
            return
        try:
            self._cache_file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", dir=self._cache_file.parent, suffix=".tmp", delete=False
            ) as file:
                json.dump({"version": _CACHE_VERSION, "rules": rules_mark(), "stems": stems}, file)
            Path(file.name).replace(self._cache_file)
            self._saved = len(stems)
        except OSError:
            return


def rules_mark() -> str:
    """Changes when the exceptions or the protected names do, so that stems made under other rules are not kept."""
    rules = repr((sorted(_exceptions().items()), sorted(load_gazetteer().words)))
    return hashlib.sha256(rules.encode()).hexdigest()[:16]


def _read_cache(path: Path) -> dict[str, str]:
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
        if saved["version"] == _CACHE_VERSION and saved["rules"] == rules_mark():
            return {str(word): str(stem) for word, stem in saved["stems"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return {}
