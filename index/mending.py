"""Words as typed -> words in standard spelling: slang, colloquial forms and typing errors, in this order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import zip_longest

from index.analysis import tokenize
from index.colloquial import standard_form
from index.lexicon import Lexicon
from index.places import load_gazetteer
from index.spelling import Speller
from index.thesaurus import Thesaurus

_REDUPLICATED = re.compile(r"^([a-z]{3,})2(nya|an)?$")  # "nilai2"
_HELD_DOWN = re.compile(r"([a-z])\1{2,}")
_ROMAN = re.compile(r"x{0,3}v?iii", re.IGNORECASE)  # "angkatan III": no letter held down


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause's lower-case words, what was mended as (typed, read), and how many of the words are known."""

    words: list[str]
    corrections: list[tuple[str, str]]
    known: int


class Mender:
    """Puts typed words into standard spelling.

    Args:
        neighbours: pairs of lower-case words that stand together in the archive, one of them slang elsewhere: the
            "kasih" of a programme "Rantang Kasih" is not "memberi".
    """

    def __init__(
        self, lexicon: Lexicon, speller: Speller, thesaurus: Thesaurus, neighbours: AbstractSet[tuple[str, str]]
    ) -> None:
        self._lexicon = lexicon
        self._speller = speller
        self._thesaurus = thesaurus
        self._neighbours = neighbours

    def clause(self, text: str) -> Clause:
        """Mend one clause."""
        # "kepanjangan nya": the clitic by itself says nothing.
        typed = [text[token.start : token.end] for token in tokenize(text) if token.word != "nya"]
        typed = self._from_or_doctor(typed)
        as_typed = {word.lower(): word for word in typed}
        # "DSB" in capitals is a "Dapur Sehat Balita" where an article says so; "dsb" is "dan sebagainya".
        names = {low for low, word in as_typed.items() if word.isupper() and self._thesaurus.abbreviates(low)}
        lowered = [
            word.lower() if _ROMAN.fullmatch(word) else _HELD_DOWN.sub(r"\1", _REDUPLICATED.sub(r"\1\2", word.lower()))
            for word in typed
        ]
        words: list[str] = []
        corrections: list[tuple[str, str]] = []
        known = 0
        # Slang first: "ga" is no misspelling. Then spelling, with the capitals that were typed: they may say "name".
        standard = [standard_form(word, self._standard_word) or word for word in self._standard(lowered, names)]
        for mended in self._speller.mend_all([as_typed.get(word, word) for word in standard]):
            if mended.changed:
                corrections.append((" ".join(mended.typed), " ".join(mended.read)))
            # slang with a slip in it is slang still: "kenpa" > "kenapa" > "mengapa"
            meant = self._lexicon.mend(mended.read) if mended.changed else mended.read
            for word in meant:
                low = self._without_clitic(word.lower())
                known += mended.changed or self._known(low)
                words += [token.word for token in tokenize(low)]
        return Clause(words, corrections, known)

    def _from_or_doctor(self, typed: Sequence[str]) -> list[str]:
        """Lower-case "dr" before a lower-case word, a place or an abbreviation is "dari", and not a person's title."""
        return [
            "dari" if word == "dr" and self._comes_from(following) else word
            for word, following in zip_longest(typed, typed[1:], fillvalue="")
        ]

    def _comes_from(self, following: str) -> bool:
        # nothing follows in the clause: "dr. Budi", or cut off
        low = following.lower()
        return bool(following) and (
            not following.istitle()
            or low in load_gazetteer().words
            or low in self._lexicon.function_words  # "dr Pak Camat"
            or self._thesaurus.abbreviates(low)
        )

    def _without_clitic(self, word: str) -> str:
        """``tagananya`` as ``tagana``: no stemmer knows where an abbreviation ends."""
        bare = word.removesuffix("nya")
        return bare if self._thesaurus.abbreviates(bare) else word

    def _known(self, word: str) -> bool:
        return self._thesaurus.abbreviates(word) or self._speller.knows(word)

    def _standard_word(self, word: str) -> bool:
        return self._thesaurus.abbreviates(word) or self._speller.is_standard(word)

    def _standard(self, words: Sequence[str], names: AbstractSet[str]) -> list[str]:
        """Slang put into standard words, except ``names`` and where the archive itself has the words side by side."""
        standard: list[str] = []
        loose: list[str] = []
        for index, word in enumerate(words):
            pairs = {(previous, word) for previous in words[max(0, index - 1) : index]}
            pairs |= {(word, following) for following in words[index + 1 : index + 2]}
            if word in names or pairs & self._neighbours:
                standard += [*self._lexicon.mend(loose), word]
                loose = []
            elif meant := self._slipped_into_slang(words, index):
                standard += [*self._lexicon.mend(loose), meant]
                loose = []
            else:
                loose.append(word)
        return [*standard, *self._lexicon.mend(loose)]

    def _slipped_into_slang(self, words: Sequence[str], index: int) -> str | None:
        """What a word with a letter lost is, where that makes another slang word: "kta mojokerto", "but orang"."""
        slang = self._lexicon.slang.get(words[index])
        if slang is None or " " in slang:
            return None
        before = self._lexicon.mend(words[max(0, index - 1) : index])
        after = self._lexicon.mend(words[index + 1 : index + 2])
        return self._speller.instead_of_slang(
            words[index], slang, before[-1] if before else "", after[0] if after else ""
        )
