"""Which words stand side by side in the archive, in set phrases and in questions, and how much that says.

What stands beside a mistyped word tells the readings of it apart: "tman kota" is a park, "tman sekolah" a friend.
"""

from __future__ import annotations

import math
from collections.abc import Set as AbstractSet

from index.running_words import RunningWords

_DOUBT = 5.0  # how many times a word has to be seen before its company outweighs the word's own frequency
_SET = 1.5  # what a pair of a name, a set phrase or a question says, in powers of ten
_MOST = 2.0  # what one neighbour may say at most

# How questions go on, whatever they are about.
_IN_QUESTIONS = {
    first: frozenset(following.split())
    for first, following in {
        "di": "mana kota desa kabupaten provinsi", "ke": "mana", "dari": "mana", "yang": "mana dapat ada mau",
        "apa": "saja itu yang ya sih namanya isinya maksudnya gunanya artinya syaratnya kata tujuan",
        "siapa": "saja yang itu ya namanya sih nama", "mana": "saja ya yang", "kata": "siapa bupati",
        "berapa": "orang banyak persen jumlah lama kali yang total besar hari juta miliar kilo rupiah",
        "ada": "berapa di apa yang bantuan", "kapan": "dan acara", "kenapa": "harus bisa", "kalau": "mau yang di buat",
        "itu": "apa siapa kapan ada berapa di", "jumlah": "bantuan warga korban", "bisa": "dapat", "ini": "apa",
        "buat": "apa siapa orang warga", "untuk": "apa siapa orang warga", "bantuan": "apa buat untuk dari",
        "nama": "kepala bupati", "cara": "daftar dapat", "tahun": "berapa", "tanggal": "berapa", "jam": "berapa",
        "hari": "apa", "kota": "apa mana", "warga": "mana", "orang": "mana yang", "juga": "ada", "sama": "siapa apa",
        "gimana": "cara", "bagaimana": "cara",
        "acaranya": "di kapan", "kabupaten": "mana", "provinsi": "mana", "daerah": "mana", "desa": "mana",
        "dinas": "mana apa", "wilayah": "mana", "berita": "mana apa", "kecamatan": "mana",
    }.items()
}  # fmt: skip


class Neighbours:
    """The words that stand side by side in an archive's text, and in phrases.

    Args:
        words: the archive's.
        phrases: pairs of words of names and set phrases ("aceh tenggara"), whether the archive has them or not.
    """

    def __init__(self, words: RunningWords, phrases: AbstractSet[tuple[str, str]]) -> None:
        self._words = words
        self._phrases = phrases

    def after(self, before: str, word: str, likelihood: float) -> float:
        """How much likelier ``word`` is after the word ``before`` than elsewhere, in powers of ten: 0 to 2.

        Args:
            before: lower-case; an empty one is the edge of the question, and says nothing.
            word: lower-case.
            likelihood: the share (above 0, to 1) of all words that ``word`` has.
        """
        return self._gain(before, word, before, likelihood)

    def before(self, word: str, after: str, likelihood: float) -> float:
        """How much likelier ``word`` is before the word ``after`` than elsewhere; otherwise like ``after``."""
        return self._gain(word, after, after, likelihood)

    def _gain(self, first: str, second: str, neighbour: str, likelihood: float) -> float:
        said = _SET if (first, second) in self._phrases or second in _IN_QUESTIONS.get(first, ()) else 0.0
        together = self._words.together(first, second)
        if not together:
            return said
        share = (together + _DOUBT * likelihood) / (self._words.get(neighbour, 0) + _DOUBT)
        return min(_MOST, max(said, math.log10(share / likelihood)))
