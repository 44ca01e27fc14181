"""What comes in numbered instalments, and the ways to write one: "tahap 4", "tahap IV", "tahap keempat"."""

from __future__ import annotations

from collections.abc import Sequence

from index.question import Concept, Variant

_SERIES = frozenset(
    """
    tahap gelombang angkatan periode batch jilid sesi putaran triwulan semester termin edisi musim kloter
    juara peringkat
    """.split()
)
_ORDINAL_FORMS = (
    ("1", "satu", "pertama", "i"), ("2", "dua", "kedua", "ii"), ("3", "tiga", "ketiga", "iii"),
    ("4", "empat", "keempat", "iv"), ("5", "lima", "kelima", "v"), ("6", "enam", "keenam", "vi"),
    ("7", "tujuh", "ketujuh", "vii"), ("8", "delapan", "kedelapan", "viii"), ("9", "sembilan", "kesembilan", "ix"),
    ("10", "sepuluh", "kesepuluh", "x"),
)  # fmt: skip


_IN_A_RUN = frozenset(
    {form for forms in _ORDINAL_FORMS for form in forms} | {"dan", "serta", "hingga", "sampai", "atau"}
)


def is_instalment(concept: Concept) -> bool:
    """Whether a concept is one that ``series`` gave the ways to write."""
    what, *form = concept.shown.split()
    return what in _SERIES and len(form) == 1 and all(len(variant.stems) == 2 for variant in concept.variants)


def stands_in(stems: Sequence[str], variant: Variant) -> bool:
    """Whether the stems of a sentence say an instalment: "tahap II", or as one of several "tahap I, II, dan III"."""
    what, form = variant.stems
    for index, stem in enumerate(stems):
        if stem == what:
            for each in stems[index + 1 :]:
                if each == form:
                    return True
                if each not in _IN_A_RUN:
                    break
    return False


def series(words: Sequence[str], stems: Sequence[str], index: int) -> tuple[Variant, ...] | None:
    """The ways to write the instalment that begins at a word ("tahap 4": also "tahap IV", "tahap keempat")."""
    if words[index] not in _SERIES or index + 1 >= len(words):
        return None
    for forms in _ORDINAL_FORMS:
        if words[index + 1] in forms:
            first = (words[index + 1], stems[index + 1])
            return tuple(Variant((stems[index], form), 1.0) for form in dict.fromkeys((*first, *forms)))
    return None
