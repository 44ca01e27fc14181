"""What can stand for what: abbreviations and long forms, synonyms, the names of offices; all as stems."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from weakref import WeakKeyDictionary

from index.analysis import tokenize
from index.lexicon import Lexicon
from index.question import Variant
from index.stemming import Stemmer

Phrase = tuple[str, ...]  # stems in order

# How surely members of a synonym group mean the same: true synonyms, a true one and a looser one, two looser ones. From
# STRICT on a match is the thing itself: as typed, spelled out, or a true synonym.
STRICT, _LOOSE, _LOOSER = 0.9, 0.6, 0.4
# Words that begin or end no term: a synonym phrase with one at its edge stands for a clause. "dapat bantuan" is no
# phrase of its own: taking it for "menerima" would lose "bantuan".
_NO_PHRASE_EDGE = frozenset("dapat bisa yang untuk dan di ke dari ada akan sudah oleh dengan".split())


_REMEMBERED = 4096  # phrases whose variants are kept


class _Links:
    """Which phrases stand for which, and how surely; built by linking groups of them."""

    def __init__(self, stemmer: Stemmer) -> None:
        self.variants: dict[Phrase, dict[Phrase, float]] = {}
        self.names: set[Phrase] = set()
        self.offices: dict[Phrase, tuple[Phrase, ...]] = {}
        self._stemmer = stemmer

    def spell_out(self, short: str, forms: Iterable[str]) -> None:
        """Link an abbreviation with what it stands for."""
        abbreviation, spelled = self.stems(short), [self.stems(form) for form in forms]
        self.link([abbreviation], spelled, 1.0)
        self.names.update((abbreviation, *spelled))

    def stems(self, phrase: str) -> Phrase:
        return tuple(self._stemmer.stem(token.word) for token in tokenize(phrase))

    def link(self, ones: Iterable[Phrase], others: Iterable[Phrase], strength: float) -> None:
        others = [other for other in others if other]
        for one in filter(None, ones):
            for other in others:
                if one != other:
                    for key, value in ((one, other), (other, one)):
                        known = self.variants.setdefault(key, {})
                        known[value] = max(strength, known.get(value, 0.0))

    @property
    def longest(self) -> int:
        return max((len(phrase) for phrase in (*self.variants, *self.offices)), default=1)


# The links of word lists are the same for every archive, and take longer to make than those of a small one.
_of_lists: WeakKeyDictionary[Lexicon, _Links] = WeakKeyDictionary()


def _linked(lexicon: Lexicon, stemmer: Stemmer) -> _Links:
    links = _of_lists.get(lexicon)
    if links is not None:
        return links
    links = _Links(stemmer)
    for short, known in lexicon.abbreviations.items():
        links.spell_out(short, [expansion.long for expansion in known])
    for group in lexicon.synonyms:
        members, loose = list(map(links.stems, group.members)), list(map(links.stems, group.loose))
        links.link(members, members, STRICT)
        links.link(members, loose, _LOOSE)
        links.link(loose, loose, _LOOSER)
    for names in lexicon.offices:
        office = tuple(map(links.stems, names))
        links.link(office, office, 1.0)
        links.offices.update(dict.fromkeys(office, office))
    _of_lists[lexicon] = links
    return links


class Thesaurus:
    """Variants of words and phrases, from the word lists and from what the archive spells out itself.

    Args:
        mined: abbreviation (lower case) -> long forms found in the archive's own "Bentuk Panjang (SINGKATAN)".
    """

    def __init__(self, stemmer: Stemmer, lexicon: Lexicon, mined: Mapping[str, tuple[str, ...]]) -> None:
        self._long_forms = _long_forms(lexicon, mined)
        self._listed, self._own = _linked(lexicon, stemmer), _Links(stemmer)
        for short in mined:
            self._own.spell_out(short, self._long_forms[short])
        self._longest = max(self._listed.longest, self._own.longest)
        self._variants = lru_cache(maxsize=_REMEMBERED)(self._find_variants)

    @property
    def office_names(self) -> Collection[Phrase]:
        """The stems of every office that has a name in the lists."""
        return self._listed.offices.keys()

    def office(self, phrase: Phrase) -> tuple[Phrase, ...] | None:
        """All names of the office that a phrase names, or ``None``.

        With what the archive itself spells out: "Ketua Perkumpulan Penyandang Disabilitas Indonesia (PPDI)".
        """
        listed = self._listed.offices.get(phrase)
        if listed is None:
            return None
        spelled = ((name[0], *form) for name in listed for form in self._own.variants.get(name[1:], ()))
        return tuple(dict.fromkeys((*listed, *spelled)))

    def abbreviates(self, word: str) -> bool:
        """Whether a lower-case word is a known abbreviation."""
        return word in self._long_forms

    def is_name(self, phrase: Phrase) -> bool:
        """Whether a phrase is an abbreviation or a long form, and so a name that stands or falls as a whole."""
        return phrase in self._listed.names or phrase in self._own.names

    def long_forms(self, short: str) -> tuple[str, ...]:
        """What an abbreviation (lower case) stands for, the archive's own forms first."""
        return self._long_forms.get(short, ())

    def variants(self, phrase: Phrase, *, named: bool) -> tuple[Variant, ...]:
        """Every way to say a phrase, itself first, then by strength.

        ``named`` leaves out looser ones: KIP Kuliah is a scholarship, but another scholarship is no KIP Kuliah.
        """
        return self._variants(phrase, named)

    def _find_variants(self, phrase: Phrase, named: bool) -> tuple[Variant, ...]:  # noqa: FBT001 - ``variants`` names it
        known = dict(self._listed.variants.get(phrase, ()))
        for other, strength in self._own.variants.get(phrase, {}).items():
            known[other] = max(strength, known.get(other, 0.0))
        known[phrase] = 1.0
        ranked = sorted(known.items(), key=lambda item: (item[0] != phrase, -item[1]))
        return tuple(Variant(stems, strength) for stems, strength in ranked if strength >= STRICT or not named)

    def phrase_length(self, words: Sequence[str], stems: Sequence[str]) -> int:
        """How many words, from the first on, make one known phrase; 1 when none does."""
        for length in range(min(self._longest, len(stems)), 1, -1):
            phrase = tuple(stems[:length])
            if phrase in self._listed.offices:
                return length
            known = phrase in self._listed.variants or phrase in self._own.variants
            if known and not {words[0], words[length - 1]} & _NO_PHRASE_EDGE:
                return length
        return 1


def _long_forms(lexicon: Lexicon, mined: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    forms = {short: tuple(expansion.long for expansion in known) for short, known in lexicon.abbreviations.items()}
    for short, long in mined.items():
        forms[short] = tuple(dict.fromkeys((*long, *forms.get(short, ()))))
    return forms
