"""Sastrawi's stems at a fraction of its time: the same for every word."""

from __future__ import annotations

import random

from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from index import stemming
from index.stemming import root_words

PREFIXES = (
    "ber be di ke se me mem men meng meny pe pem pen peng peny per ter te ku kau memper menge penge diper keber bel pel"
).split() + [""] * 4
SUFFIXES = "lah kah tah pun ku mu nya i kan an is isme isasi annya kannya inya anlah nyalah".split() + [""] * 4


def words(count: int) -> list[str]:
    """Roots with affixes that go with them or do not, infixes, letters left out, and letters that Sastrawi lacks."""
    chance, roots = random.Random(6), sorted(root_words())
    made = []
    for _ in range(count):
        root, kind = chance.choice(roots), chance.random()
        if kind < 0.15:
            root = root[1:]
        elif kind < 0.3:
            root = root[:1] + chance.choice(("el", "er", "em", "in")) + root[1:]
        elif kind < 0.35:
            root = root[:3] + chance.choice("éı-ß 9") + root[3:]
        made.append(chance.choice(PREFIXES) + root + chance.choice(SUFFIXES))
    return made


def test_every_word_has_the_stem_that_sastrawi_gives_it() -> None:
    ours, plain = stemming._sastrawi(), StemmerFactory().create_stemmer().stem
    tried = words(2_500)
    assert sum(plain(word) != word for word in tried) > 1_000
    assert [(word, ours(word)) for word in tried] == [(word, plain(word)) for word in tried]
