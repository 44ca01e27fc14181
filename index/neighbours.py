"""Which words stand side by side in the archive, in set phrases and in questions, and how much that says.

What stands beside a mistyped word tells the readings of it apart: "tman kota" is a park, "tman sekolah" a friend. The
archive's pairs are kept as sorted packed integers, 12 bytes for each distinct pair: 100,000 passages need some tens of
megabytes while they are built, and less afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import chain

import numpy as np
import numpy.typing as npt

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
    """The words that stand side by side in running texts, and in phrases.

    Args:
        texts: lower-case words in order, a text each.
        phrases: pairs of words of names and set phrases ("aceh tenggara"), whether the texts have them or not.
    """

    def __init__(
        self, texts: Sequence[Sequence[str]] = (), phrases: AbstractSet[tuple[str, str]] = frozenset()
    ) -> None:
        self._phrases = phrases
        self._ids: dict[str, int] = {}
        ids = self._ids
        # 0 parts two texts, and is nobody's neighbour
        running = np.fromiter(
            chain.from_iterable(chain((ids.setdefault(word, len(ids) + 1) for word in text), (0,)) for text in texts),
            dtype=np.int64,
        )
        self._seen: npt.NDArray[np.int64] = np.bincount(running, minlength=len(ids) + 1)
        pairs = (running[:-1] << 32) | running[1:]
        self._pairs, self._counts = np.unique(
            pairs[(running[:-1] > 0) & (running[1:] > 0)] if len(running) else pairs, return_counts=True
        )
        self._counts = self._counts.astype(np.int32)

    def after(self, before: str, word: str, likelihood: float) -> float:
        """How much likelier ``word`` is after the word ``before`` than elsewhere, in powers of ten: 0 to 2.

        Args:
            before: lower-case; an empty one is the edge of the question, and says nothing.
            word: lower-case.
            likelihood: the share (above 0, to 1) of all words that ``word`` has.
        """
        return self._gain(before, word, self._ids.get(before), likelihood)

    def before(self, word: str, after: str, likelihood: float) -> float:
        """How much likelier ``word`` is before the word ``after`` than elsewhere; otherwise like ``after``."""
        return self._gain(word, after, self._ids.get(after), likelihood)

    def _gain(self, first: str, second: str, neighbour: int | None, likelihood: float) -> float:
        said = _SET if (first, second) in self._phrases or second in _IN_QUESTIONS.get(first, ()) else 0.0
        together = self._together(first, second)
        if neighbour is None or not together:
            return said
        share = (together + _DOUBT * likelihood) / (int(self._seen[neighbour]) + _DOUBT)
        return min(_MOST, max(said, math.log10(share / likelihood)))

    def _together(self, first: str, second: str) -> int:
        one, other = self._ids.get(first), self._ids.get(second)
        if one is None or other is None:
            return 0
        pair = (one << 32) | other
        at = int(np.searchsorted(self._pairs, pair))
        return int(self._counts[at]) if at < len(self._pairs) and self._pairs[at] == pair else 0
