"""Colloquial word forms -> standard roots: "nyalurin" -> "salur", "dibenerin" -> "benar", "ketipu" -> "tipu".

Rules of the grammar, no list of words. Jakartan: nasal prefixes, -in, ke- for ter-, di-...-in, e for a, h dropped
(J. N. Sneddon, Colloquial Jakartan Indonesian, 2006; M. C. Ewing, "Colloquial Indonesian", in Adelaar & Himmelmann,
2005). Javanese -ake/-no and Sundanese -keun, which people put on Indonesian roots: the grammars of Wedhawati et al.,
Tata Bahasa Jawa Mutakhir, 2006, and F. Mueller-Gotama, Sundanese, 2001. So are the words for -nya: Javanese -e, -ne and
-ipun, Sundanese -na, Minangkabau -nyo, Betawi -nye. SMS spelling without vowels comes last.

A word has several readings ("ngurus" < urus "tend" or kurus "thin"). Those that are dictionary roots compete by how
often the passive is written: di- keeps a root's first letter, where the nasal hides it, and "diurus" is common where
"dikurus" is not. Without a clear winner the word stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from string import ascii_lowercase

from index.ranking import word_frequencies
from index.stemming import root_words

_SHORTEST, _LONGEST = 4, 30  # letters of a word that is looked at
_SHORTEST_ROOT, _SHORTEST_BARE_ROOT = 3, 4  # of a root that a prefix marks; of one that stands without
_SHORTEST_FULL_VOWEL = 5  # of a word without affixes whose e is read as a: four letters are too often a foreign name
_USUAL = 1e-5  # frequency of a root that one vowel or a doubled letter may hide (zipf 4): "anyer", "johann" are names
_SHORTEST_LOAN, _SHORTEST_BARE_LOAN = 5, 6  # of a word that is no root: "scanin", "hardin" look alike when short
_CLEAR = 2.0  # how much commoner than the next the best root has to be
_BARE = 0.01  # what a root's own frequency counts beside its passives: "kurus" is common, "dikurus" is not
_PLAIN = 0.1  # what "diluar" counts beside "dikeluarkan" when the word has a suffix: it is often "di luar" run together
_FULL_VOWEL = 10.0  # how much commoner "putar" has to be than the root "puter" before an e is read as a

_SHORTEST_OWNED = 5  # letters before a regional -nya: "made", "marine", "desna"
_SHORTEST_SKELETON = 4  # consonants that tell a word without its vowels
_SHORTEST_ALL_CONSONANTS = 6  # the same of a word that has no vowel at all
_CLEAR_SKELETON = 5.0  # how much commoner than the next a word without its vowels has to be

_VOWELS = "aeiou"
_FINAL_E = re.compile(r"e(?=(?:ng|ny|[bcdfghjklmnpqrstvwxyz])$)")
_LONG_RUN = re.compile(r"([a-z])\1{2,}")
_SUFFIXED = re.compile(r"(?:in|keun|ake|no)(?:nya|lah|kah)?$")
_DOUBLED_END = re.compile(r"([a-z])\1$")

_CLITICS = ("nya", "lah", "kah")
_SUFFIXES = ("in", "keun", "ake", "no")  # these alone make a word colloquial
_STANDARD_SUFFIXES = ("kan", "an")  # these only with something else that does: "nyalurkan", "deketan"
# Regional words for -nya and the letters that they follow: Javanese, Sundanese, Minangkabau, Betawi. Sundanese -na
# after a vowel makes too many names ("setiana").
_REGIONAL_NYA = (
    ("nipun", _VOWELS),
    ("ipun", "bdgklmnprstw"),
    ("nyo", ascii_lowercase),
    ("nye", ascii_lowercase),
    ("ne", _VOWELS),
    ("e", "bdgklmnprsthw"),
    ("na", "bdgklmnprsth"),
)
# Nasals that take the place of the root's first letter, and those that go before a letter that stays.
_REPLACING = {"ny": ("s", "c"), "ng": ("k",), "n": ("t",), "m": ("p",)}
_PREFIXED = {"n": "dcjt", "m": "b", "ng": "glrwy"}  # "ndaftar", "mbantu", "nglamar"
# The standard active prefix by the root's first letter; "meng" before every other one. t, p, s and k fall away.
_ACTIVE = {
    **dict.fromkeys("bfvp", "mem"),
    **dict.fromkeys("cdjtz", "men"),
    **dict.fromkeys("lmnrwy", "me"),
    "s": "meny",
}


def standard_form(word: str, is_word: Callable[[str], bool]) -> str | None:
    """Return the standard root of a colloquial form, or ``None`` to leave the word alone.

    Args:
        word: as typed; anything but lower-case ASCII letters is left alone.
        is_word: whether a lower-case word is standard Indonesian, or a name that must not be touched. A predicate
            that says yes to the slang of a frequency list ("dapetin") keeps that slang from being read.

    The result is always a word by ``is_word``, and never the word itself.
    """
    if not (_SHORTEST <= len(word) <= _LONGEST and word.isascii() and word.isalpha() and word.islower()):
        return None
    if is_word(word):
        return None
    if owned := _without_regional_nya(word, is_word):
        return owned
    for form in _without_repeated_letters(word):
        if root := _root(form, is_word) or _loan(form, is_word):
            return root
        if form != word and len(form) >= _SHORTEST_BARE_ROOT and _frequency(form) >= _USUAL and is_word(form):
            return form
    return _vowels_dropped(word, is_word)


def _without_regional_nya(word: str, is_word: Callable[[str], bool]) -> str | None:
    """What stands before a regional word for -nya: "jadwale" and "jadwalipun", "syaratna", "suratnyo" and "suratnye".

    Only where it is a common root that the ending does not turn into a name: "made", "regina", "setiana" stay.
    """
    for ending, after in _REGIONAL_NYA:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST_OWNED and stem[-1] in after:
            noun = stem in root_words() or stem.endswith("an")  # "jadwal", "bantuan"
            if noun and _frequency(stem) >= _USUAL and is_word(stem):
                return stem
    return None


def _vowels_dropped(word: str, is_word: Callable[[str], bool]) -> str | None:
    """The common word that SMS spelling left vowels out of: "kcmtan", "mnrma"; ``None`` when several could be meant.

    One vowel less is any typing error, and the speller's matter. A short word without any may be an abbreviation
    ("smpn").
    """
    consonants = _consonants(word)
    if len(consonants) < (_SHORTEST_SKELETON if consonants != word else _SHORTEST_ALL_CONSONANTS):
        return None
    alike = _by_consonants().get(consonants, ())
    if any(_left_out(word, full) == 1 for _, full in alike):
        return None
    likely = sorted(((often, full) for often, full in alike if _left_out(word, full) > 1), reverse=True)
    if not likely or (len(likely) > 1 and likely[0][0] < _CLEAR_SKELETON * likely[1][0]):
        return None
    full = likely[0][1]
    return full if is_word(full) else None


def _consonants(word: str) -> str:
    return "".join(letter for letter in word if letter not in _VOWELS)


def _left_out(word: str, full: str) -> int:
    """How many letters ``word`` lacks of ``full``; 0 when it is not ``full`` with letters after the first left out."""
    letters = iter(full)
    return len(full) - len(word) if word[0] == full[0] and all(letter in letters for letter in word) else 0


@cache
def _by_consonants() -> dict[str, list[tuple[float, str]]]:
    found: dict[str, list[tuple[float, str]]] = {}
    for word, frequency in word_frequencies().items():
        if frequency >= _USUAL and word.isascii() and word.isalpha():
            found.setdefault(_consonants(word), []).append((frequency, word))
    return found


def _without_repeated_letters(word: str) -> Iterator[str]:
    """The word, and its readings with a letter held down less: "maaaf" -> "maaf", "bantuuu" -> "bantu"."""
    yield word
    if _LONG_RUN.search(word):
        yield _LONG_RUN.sub(r"\1\1", word)
        yield _LONG_RUN.sub(r"\1", word)
    elif _DOUBLED_END.search(word):
        yield word[:-1]


def _root(word: str, is_word: Callable[[str], bool]) -> str | None:
    suffixed = bool(_SUFFIXED.search(word))
    uses = {
        root: _use(root, suffixed=suffixed)
        for root in set(_roots(word))
        # most dictionary roots are in no one's use
        if root in root_words() and (_frequency(root) or _is_verb(root)) and is_word(root)
    }
    ranked = sorted((use, root) for root, use in uses.items())
    if not ranked or (len(ranked) > 1 and ranked[-1][0] <= _CLEAR * ranked[-2][0]):
        return None
    return ranked[-1][1]


def _loan(word: str, is_word: Callable[[str], bool]) -> str | None:
    """A loanword that the dictionary of roots lacks: only the plainest affixes, so that names are not cut."""
    for stem, suffix in _endings(word):
        if suffix != "in":
            continue
        for prefix, shortest in (("nge", _SHORTEST_LOAN), ("di", _SHORTEST_LOAN), ("", _SHORTEST_BARE_LOAN)):
            rest = stem.removeprefix(prefix)
            # a known word in ng- is one of ours read by a lenient ``is_word``, and no loan
            if stem.startswith(prefix) and len(rest) >= shortest and not rest.startswith("ng") and is_word(rest):
                return rest
    return None


def _roots(word: str) -> Iterator[str]:
    """Every reading of the word that has something colloquial about it, whether or not there is such a root."""
    for stem, suffix in _endings(word):
        colloquial = suffix in _SUFFIXES
        if (colloquial and suffix != "no") or (stem != word and not suffix):
            # "-in" or "-nya" is all there is; "isiin" and "adain" look less like names than "turin" and "train"
            open_root = suffix == "in" and stem[:1] in tuple(_VOWELS) and stem[-1] in tuple(_VOWELS)
            yield from _spoken(stem, _SHORTEST_ROOT if open_root else _SHORTEST_BARE_ROOT)
        elif suffix != "no" and len(stem) >= _SHORTEST_FULL_VOWEL:
            yield from (root for root in _full_vowel(stem) if _frequency(root) >= _USUAL)
        if suffix != "an":  # "-an" makes nouns, the nasal verbs
            yield from _verbs(stem, marked=colloquial and suffix != "no")  # "marino" is no "pari"
        if stem.startswith("di"):
            rest = stem.removeprefix("di")
            yield from _spoken(rest, _SHORTEST_ROOT) if colloquial else _full_vowel(rest)
            yield from _with_h(rest)
        if stem.startswith("ke") and suffix != "kan":
            rest = stem.removeprefix("ke")
            yield from _spoken(rest, _SHORTEST_BARE_ROOT)
            yield from _with_h(rest)


def _verbs(stem: str, *, marked: bool) -> Iterator[str]:
    """The roots that a nasal prefix may hide.

    Unless a suffix has ``marked`` the word, a letter is only put back where that makes a verb: "maria" and "nani" are
    names, though "paria" and "tani" are roots.
    """
    for rest in _replaced(stem):
        yield from (root for root in _spoken(rest, _SHORTEST_BARE_ROOT) if marked or _is_verb(root))
    for rest in _prefixed(stem):
        # a short root takes nge- ("ngecek"), never n- or m-: "mentri" is no "tri"
        yield from _spoken(rest, _SHORTEST_ROOT if "ng" in stem[:4] else _SHORTEST_BARE_ROOT)


def _endings(word: str) -> Iterator[tuple[str, str]]:
    """(stem, suffix) for each way to cut the end off, the particle after the suffix falling away with it."""
    wholes = [word, *(word.removesuffix(clitic) for clitic in _CLITICS if word.endswith(clitic))]
    for whole in wholes:
        yield whole, ""
        for suffix in _SUFFIXES + _STANDARD_SUFFIXES:
            if whole.endswith(suffix):
                stem = whole.removesuffix(suffix)
                yield stem, suffix
                # Javanese: k comes between a final vowel and the suffix, and lowers i and u ("bantu", "bantokake")
                if suffix in ("ake", "no") and stem[-2:] in ("ok", "ek", "ak"):
                    yield stem[:-2] + {"o": "u", "e": "i", "a": "a"}[stem[-2]], suffix


def _replaced(stem: str) -> Iterator[str]:
    """What the root may be when the nasal took its first letter's place: "nulis" -> "tulis", "ngasih" -> "kasih"."""
    stem = _spoken_prefix(stem)
    nasal = next((nasal for nasal in _REPLACING if stem.startswith(nasal)), "")
    rest = stem.removeprefix(nasal)
    if rest[:1] in tuple(_VOWELS):
        yield from (first + rest for first in _REPLACING.get(nasal, ()))


def _prefixed(stem: str) -> Iterator[str]:
    """What the root may be when a nasal went before it: "ngecek" -> "cek", "ngurus" -> "urus"."""
    stem = _spoken_prefix(stem)
    for nasal, letters in _PREFIXED.items():
        rest = stem.removeprefix(nasal)
        if stem.startswith(nasal) and rest[:1] in tuple(letters):
            yield rest
    if stem.startswith("ng") and stem[2:3] in tuple(_VOWELS):
        rest = stem.removeprefix("ng")
        yield rest
        yield from _with_h(rest)
        # nge- before any consonant; Sundanese nga- ("ngabantu"), whose a is more often the root's own
        if rest[0] == "e" or (rest[0] == "a" and len(rest) > _SHORTEST_BARE_ROOT):
            yield from (rest[1:],) if rest[1:2] not in tuple(_VOWELS) else ()


def _spoken_prefix(stem: str) -> str:
    """Standard me- cut to its nasal, so that the mixed "mendapetin" is read as "ndapetin" is."""
    return stem.removeprefix("me") if stem.startswith(("mem", "men")) else stem


def _with_h(stem: str) -> Iterator[str]:
    if stem[:1] in tuple(_VOWELS) and len(stem) >= _SHORTEST_BARE_ROOT:  # "dieng" is no "hang"
        yield from _spoken("h" + stem, _SHORTEST_BARE_ROOT)


def _spoken(stem: str, shortest: int) -> Iterator[str]:
    """The root of a stem as typed or, where that is no root in use, with the vowels that are written: "dapet"."""
    if len(stem) < shortest:
        return
    full = list(_full_vowel(stem))
    yield from full or (stem,)
    if stem[-1] in "eo":  # never in a word without affixes: "made" and "lande" are names
        yield stem[:-1] + {"e": "ai", "o": "au"}[stem[-1]]


def _full_vowel(stem: str) -> Iterator[str]:
    """The stem with a for the e of a closed last syllable, unless that e is the root's own ("model", "karet")."""
    full = _FINAL_E.sub("a", stem)
    own = stem in root_words() and _frequency(stem) * _FULL_VOWEL >= _frequency(full)
    if full != stem and len(stem) >= _SHORTEST_BARE_ROOT and full in root_words() and not own:
        yield full


def _use(root: str, *, suffixed: bool) -> float:
    """How much a root is in use, above all in the passive; ``suffixed`` asks for -kan and -i, which -in stands for."""
    derived = _frequency(f"di{root}kan") + _frequency(f"di{root}i")
    return derived + _frequency(f"di{root}") * (_PLAIN if suffixed else 1.0) + _BARE * _frequency(root)


def _is_verb(root: str) -> bool:
    """Whether the standard active of a root is in use: "memukul" is, "memaria" is not."""
    active = _ACTIVE.get(root[0], "meng") + (root[1:] if root[0] in "tpsk" else root)
    return any(_frequency(active + end) for end in ("", "kan", "i"))


def _frequency(word: str) -> float:
    return word_frequencies().get(word, 0.0)
