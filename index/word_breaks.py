"""Where one word was typed as two, and two as one: "ke terampilan", "bantuansosial", "dipacitan", "kerjasama"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet

from index.ranking import word_frequencies

_LONGEST = 30  # letters of a word that is looked at
_USUAL = 1e-5  # frequency (zipf 4) of what one half of a word may be

_AFFIXES = frozenset(
    ("di", "ke", "se", "ber", "ter", "me", "mem", "men", "meng", "meny", "pe", "pem", "pen", "peng", "per")
)
# Compounds that are written apart (Ejaan Bahasa Indonesia yang Disempurnakan, 2022, "gabungan kata") and often are not.
# The archive's own spelling decides which way a question is read.
_APART = {
    pair.replace(" ", ""): pair
    for pair in (
        "kerja sama", "kerja bakti", "kerja keras", "terima kasih", "serah terima", "ibu kota", "tanggung jawab",
        "tanggap darurat", "tanda tangan", "tepuk tangan", "cuci tangan", "orang tua", "anak yatim", "rumah sakit",
        "gotong royong", "tolong menolong", "turut serta", "ikut serta", "peran serta", "usaha bersama", "donor darah",
        "tata cara", "tata kelola", "tata tertib", "tindak lanjut", "tanah air", "masa depan", "alih fungsi",
        "daur ulang", "uji coba", "budi daya", "sumber daya", "unjuk rasa", "beri tahu", "kartu keluarga",
        "nomor induk", "siap siaga", "jual beli", "simpan pinjam", "bagi hasil", "suka cita", "duka cita",
    )
}  # fmt: skip


class WordBreaks:
    """Puts the spaces where the archive has them.

    Args:
        counts: the archive's lower-case words.
        protected: words of names, with their places.
        listed: whether a lower-case word is in any list of words; ``knows`` takes inflections of those too.
    """

    def __init__(
        self,
        counts: Mapping[str, int],
        protected: AbstractSet[str],
        listed: Callable[[str], bool],
        knows: Callable[[str], bool],
    ) -> None:
        self._counts = counts
        self._protected = protected
        self._listed = listed
        self._knows = knows

    def are_one(self, first: str, second: str) -> bool:
        """Whether two lower-case words are one that was parted ("ke terampilan")."""
        joined = first + second
        if not (joined.isalpha() and 6 <= len(joined) <= _LONGEST):
            return False
        if joined in _APART:
            return joined in self._counts and not (first in self._counts and second in self._counts)
        if self._listed(first) and self._listed(second):
            return False  # "di bawah": both are words, so the space was meant
        if joined in self._counts or joined in self._protected:
            return len(second) >= 3
        # outside the archive only an affix that strayed: the halves of a general word are too often a name
        return first in _AFFIXES and joined in word_frequencies() and len(second) >= 4

    def parts(self, word: str) -> tuple[str, ...] | None:
        """What a compound or a place with "di" or "ke" is read as; looked at before any mending."""
        if word in self._counts:
            return None
        if apart := _APART.get(word):
            parts = tuple(apart.split())
            return parts if all(part in self._counts for part in parts) else None
        if word[:2] in ("di", "ke") and len(word) >= 7 and word[2:] in self._protected and not self._listed(word):
            return word[:2], word[2:]
        return None

    def halves(self, word: str) -> tuple[str, ...] | None:
        """The two usual words that an unknown one is made of ("bantuansosial"), for one that could not be mended."""
        if len(word) < 9 or self._knows(word):
            return None
        pairs = ((word[:i], word[i:]) for i in range(4, len(word) - 3))
        likely = [pair for pair in pairs if all(map(self._is_usual, pair))]
        return likely[0] if len(likely) == 1 else None

    def _is_usual(self, word: str) -> bool:
        return word in self._counts and word_frequencies().get(word, 0.0) >= _USUAL
