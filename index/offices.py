"""Offices ("wakil bupati" is not "bupati") and who holds them, checked against a sentence."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from index.analysis import tokenize
from index.attributes import Kind
from index.document import Document, PassageTerms, SentenceTerms
from index.matching import occurrences
from index.places import load_gazetteer
from index.question import Question

# Someone who acts for an office is still an answer to who holds it; a deputy, a former or a would-be holder is not.
_ACTING = frozenset({"pj", "plt", "plh", "pjs", "jabat", "penjabat", "pejabat", "tugas", "harian", "sementara"})
_NOT_HOLDER = frozenset(
    {"wakil", "mantan", "eks", "calon", "istri", "mendiang", "almarhum", "wabup", "ajudan", "nama", "kantor", "pendopo"}
)
# Words that stand between an office and its holder's name, or belong to the office: "Kepala Dinas Sosial Kota X, ...".
_OF_OFFICE = frozenset(
    """
    kota kabupaten kab provinsi prov daerah kecamatan kelurahan desa dinas badan sosial kantor bagian bidang seksi
    unit republik indonesia ri yang dan di tersebut setempat akrab disapa juga saat itu
    tim panitia pelaksana harian umum forum kelompok paguyuban komunitas yayasan lembaga terpilih
    """.split()
)
_HOUSES = {"direktur": "direktorat", "sekretaris": "sekretariat"}
_REACH = 9  # tokens after an office in which its holder is named


def houses(office: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The houses of an office, as stems: of "bantuan dari dirjen" news tells by house as often as by its head."""
    return tuple((_HOUSES[name[0]], *name[1:]) for name in office if name[0] in _HOUSES)


def office_met(
    question: Question,
    text: str,
    sentences: Sequence[SentenceTerms],
    passage: PassageTerms,
    names: Collection[tuple[str, ...]],
) -> bool:
    """Whether the offices that a question asks about are spoken of, and not only others that contain their name.

    "Siapa bupati ..." wants the sentences (``text``) themselves to name the office and its holder; any other question
    is content with an article that speaks of the office. ``names`` are the stems of all known offices.
    """
    if not question.offices:
        return True
    if question.kind is not Kind.WHO or not question.office_asked:
        return all(any(_speaks_of(passage.document, frozenset(name)) for name in office) for office in question.offices)
    stems = [stem for sentence in sentences for stem in sentence.stems]
    return all(
        any(
            _names_holder(text, index + len(name), index)
            for name in office
            for index in occurrences(stems, name)
            if not _another(stems, index, name, names)
        )
        for office in question.offices
    )


def _speaks_of(document: Document, name: frozenset[str]) -> bool:
    return document.holding(name) == name


def _another(stems: Sequence[str], index: int, name: tuple[str, ...], names: Collection[tuple[str, ...]]) -> bool:
    """Whether the name found is only the tail of another office ("wakil bupati" for "bupati")."""
    before = stems[index - 1] if index else ""
    if before in _ACTING:
        return index > 1 and stems[index - 2] in _NOT_HOLDER
    return before in _NOT_HOLDER or (before, *name) in names


def _names_holder(text: str, after: int, before: int) -> bool:
    """Whether a name stands after the office (tokens from ``after``) or in apposition before it (up to ``before``)."""
    tokens = list(tokenize(text))
    places = load_gazetteer().words
    for token in tokens[after : after + _REACH]:
        if token.word in _OF_OFFICE or token.word in places:
            continue
        if not text[token.start].isupper():
            break
        return True
    if before == 0:
        return False
    link = text[tokens[before - 1].start : tokens[before].start] if before < len(tokens) else ""
    named = tokens[before - 1] if "," in link or "(" in link else tokens[before - 2] if before > 1 else None
    if re.match(r"selaku|sebagai|menjadi|menjabat", link):
        # "Dwi Cahyo terpilih secara aklamasi sebagai ketua"
        return any(
            text[token.start].isupper() and token.word not in places and token.word not in _OF_OFFICE
            for token in tokens[max(0, before - 1 - _REACH) : before - 1]
        )
    joined = "," in link or "(" in link
    return bool(joined and named and text[named.start].isupper() and named.word not in places)
