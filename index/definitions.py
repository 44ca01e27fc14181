"""What term a definition is asked of, and whether a sentence defines it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from index.attributes import Kind
from index.question import Question
from index.ranking import word_frequencies

# What a term is one of, said before it.
_CLASSES = frozenset(
    """
    kartu surat aplikasi petugas kelompok tim bantuan dana gerakan layanan lomba komunitas istilah kata kampung sekolah
    balai rumah panti tradisi upacara alat
    """.split()
)
_LONGEST_TERM = 3  # concepts: "apa itu" before more than these asks for no definition of them all
_APPOSED = 0.7  # what "X, penyakit yang ..." counts beside "X adalah penyakit yang ..."
_SHORTEST_ACRONYM, _LONGEST_ACRONYM = 3, 8  # letters
_COPULAS = "adalah|ialah|merupakan|yaitu|yakni|artinya|berarti"
_LONG_FORM = re.compile(r"\b(?:singkatan|kepanjangan|kependekan|akronim)(?:nya)?\b")
_NAMING = "disebut|dinamakan|disingkat|singkatan|kepanjangan|istilah|bernama|namanya|dikenal"


def terms(question: Question) -> tuple[str, ...]:
    """What a question asks the definition of, most likely first; empty when it asks for none, or is too long to.

    Besides all that it names, an abbreviation among it ("petugas TKSK") and each word that only news has
    ("kartu Kusuka"): those are what needs explaining.
    """
    if question.kind is not Kind.DEFINITION:
        return ()
    telling = [concept for concept in question.concepts if concept.telling]
    if not 0 < len(telling) <= _LONGEST_TERM:
        return ()
    rare = [concept for concept in telling if len(telling) > 1 and not set(concept.words) & word_frequencies().keys()]
    if len(telling) == 2 and telling[0].shown in _CLASSES:
        rare.append(telling[1])  # "kartu Kusuka" is what "Kusuka adalah ..." defines
    short = [concept for concept in telling if concept.whole and len(concept.words) == 1]
    alone = [concept.shown for concept in (*short, *rare)]
    return tuple(dict.fromkeys((" ".join(concept.shown for concept in telling), *alone)))


def asks_for_long_form(question: Question) -> bool:
    """Whether what the letters stand for is asked, which "adalah bantuan untuk ..." does not tell."""
    return _LONG_FORM.search(question.words) is not None


def defines(term: str, long_forms: Iterable[str] = (), *, spelled_only: bool = False) -> Callable[[str], float]:
    """A judge of how well (0 to 1) a text defines ``term``: an expansion, "adalah" and the like, or an apposition.

    ``spelled_only`` counts expansions alone.
    """
    name = _spaced(term)
    bracketed = [rf"\w[^()]{{3,}}\(\s*{name}\s*\)", rf"\b{name}\s*\([^()]{{6,}}\)"]
    expansions = []
    if term.isalpha() and _SHORTEST_ACRONYM <= len(term) <= _LONGEST_ACRONYM:
        # "IPWL atau Institusi Penerima Wajib Lapor": the letters spelled out beside it
        spelled = r"(?:\W+(?:dan|dengan|untuk|di|ke))?\W+".join(rf"{letter}\w+" for letter in term)
        expansions = [
            rf"\b{name}\b\W{{1,3}}(?:atau|alias|\w+)?\W*\b{spelled}",
            rf"\b{spelled}\W+(?:\w+\W+){{0,2}}{name}\b",
        ]
    spelled_out = [_spaced(form) for form in long_forms]
    for form in spelled_out:
        bracketed += [rf"{form}\s*\(", rf"\b{name}\s*\(\s*{form}"]
        expansions += [rf"\b{name}\b[^.;]{{0,30}}\b{form}\b", rf"\b{form}\b[^.;]{{0,30}}\b{name}\b"]
    expansions += [
        rf"\b{name}\b[^.;]{{0,30}}\b(?:singkatan|kependekan|akronim|kepanjangan)\b",
        rf"\b(?:singkatan|kependekan|akronim|kepanjangan|disingkat)\b[^.;]{{0,40}}\b{name}\b",
    ]
    said: tuple[str, ...] = (
        rf"\b{name}\b(?:\s*\([^)]*\))?[^.;:]{{0,30}}?\b(?:{_COPULAS})\b",
        rf"^\W*{name} (?:itu|ini) ",
        # on a page of questions, the question with its answer
        rf"\bapa(?:kah)? (?:sih )?(?:itu |yang dimaksud (?:dengan )?){name}\s*\?\s*\w",
        rf"\b(?:{_NAMING})\b[^.;]{{0,40}}\b{name}\b",
    )
    head, _, rest = term.partition(" ")
    if rest:
        # "rumah disebut tidak layak huni apabila ..."
        said += (
            rf"\b{re.escape(head)}\b[^.;]{{0,20}}\b(?:disebut|dikatakan|dinyatakan|tergolong)\b {_spaced(rest)}\b",
        )
    whole = "|".join(expansions if spelled_only else (*expansions, *said))
    with_bracket = "|".join(bracketed)
    apposed = (
        rf"\b{name}(?:-{name})?\s*,\s*(?:sebuah |suatu |semacam |sejenis )?\w+ (?:\w+ ){{0,3}}?(?:yang|untuk|bagi)\b"
    )

    # Most texts hold neither the term nor a long form, and are done with at the cost of looking for those; where none
    # does, the rest is not even compiled.
    named = re.compile("|".join((name, *filter(None, (_spaced(rest),)), *spelled_out)), re.IGNORECASE)

    def judge(text: str) -> float:
        if not named.search(text):
            return 0.0
        # Looked for from every word to the end of a text, a bracket costs most where there is none.
        if "(" in text and re.search(with_bracket, text, re.IGNORECASE):
            return 1.0
        if re.search(whole, text, re.IGNORECASE):
            return 1.0
        return _APPOSED if not spelled_only and re.search(apposed, text, re.IGNORECASE) else 0.0

    return judge


def _spaced(term: str) -> str:
    """A pattern for a term, however its words are parted: "SIKS-NG", "siks ng"."""
    return r"[\s-]+".join(re.escape(part) for part in term.split())
