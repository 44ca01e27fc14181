"""What a stretch must hold to answer, however well it matches: the kind of thing asked for, and of that very matter."""

from __future__ import annotations

import re
from functools import lru_cache

from index import matching
from index.attributes import NUMERIC_KINDS, SOFT_KINDS, Kind, spots
from index.candidates import Candidate
from index.definitions import terms
from index.instalments import is_instalment, stands_in
from index.named_things import AGE, CONTACT
from index.question import Concept, Question
from index.word_classes import AID

BARELY_MET = 0.3  # how well (0 to 1) what is asked about must be matched at least
_UNNAMED = 0.55  # how telling (of 8) a word is that hardly any article has: it names whom or what aid is asked for
# Who follows steps to another thing loses a day's way.
_ACTED_ON = frozenset({Kind.HOW, Kind.REQUIREMENT})
# How much of the question a sentence holds at least that only looks like steps ("dengan", "secara").
_STEPS_NAMED = 0.6
_IN_PASSAGE = 0.6  # how well (0 to 1) it must be matched where no other instalment will do: in the same paragraph
# What goes by a name of its own, said before it.
_NAMED_KIND = re.compile(
    r"\b(posyandu|puskesmas|panti(?: asuhan| jompo| werdha)?|karang taruna|desa|kelurahan|kecamatan|dusun|kampung|"
    r"nagari|sekolah|pasar|masjid|kelompok(?: tani| nelayan)?|yayasan|gempa|banjir|pulau|bank|rumah sakit)"
    r" ([a-z]{3,})\b"
)
_BESIDE_NUMBER = 0.2  # how near (0 to 1) a matched word must stand to a number for the number to be its


def can_answer(question: Question, candidate: Candidate) -> bool:
    """Whether the candidate holds the kind of thing asked for."""
    if not candidate.features.defines and terms(question):
        return False
    # A headline announces an answer; it gives one only to who looks for the article itself.
    if candidate.features.title and not (question.several or question.kind in (Kind.KEYWORDS, Kind.OPEN)):
        return False
    for concept, worth in zip(question.concepts, candidate.worth, strict=True):
        # "Kartu prakerja": what the article does not name at all, it says nothing of.
        if worth == 0.0 and concept.whole and concept.telling and len(concept.words) > 1:
            return False
        if concept.required and worth < _IN_PASSAGE:
            return False
        if concept.required and is_instalment(concept) and not _says_in_order(concept, candidate):
            return False
    if question.shown_by and not all(pattern.search(candidate.text) for pattern in question.shown_by):
        return False
    if _asks_for_aid(question) and candidate.features.heaviest_missing >= _UNNAMED:
        return False  # what there is for others
    if question.kind in _ACTED_ON and question.concepts and candidate.features.heaviest == 0.0:
        return False
    if _is_of_another_name(question, candidate):
        return False
    if question.kind is Kind.WHERE and question.several and candidate.document.places:
        return True  # "di daerah mana": where the article is from
    if question.kind in (Kind.COUNT, Kind.OPEN, Kind.WHO) and not {CONTACT, AGE}.isdisjoint(question.shown_by):
        return True  # "nomor wa berapa", "umurnya berapa": no count of anything
    if question.kind in NUMERIC_KINDS:
        # A number near the very thing counted, where the sentence names it; else near anything asked about.
        features = candidate.features
        near = features.attribute_focus if _names_focus(question, candidate) else features.attribute_close
        if near < _BESIDE_NUMBER:
            return False
    if question.kind is Kind.HOW and candidate.features.attribute < 1.0 and candidate.features.exact < _STEPS_NAMED:
        return False  # who acts on what only looks like steps is misled
    return bool(candidate.features.attribute) or question.kind in SOFT_KINDS


def _is_of_another_name(question: Question, candidate: Candidate) -> bool:
    """Whether what is asked for by its kind and name stands there with another name: "posyandu Melati", "Anggrek"."""
    missing = {
        concept.words[0]
        for concept, worth in zip(question.concepts, candidate.worth, strict=True)
        if worth <= BARELY_MET and concept.telling
    }
    return bool(missing) and any(
        name in missing and re.search(rf"(?i:\b{kind}) [A-Z][a-z]", candidate.text)
        for kind, name in _named_kinds(question.words)
    )


@lru_cache(maxsize=64)
def _named_kinds(words: str) -> frozenset[tuple[str, str]]:
    """What a question's words may ask for by its kind and name, as (kind, name)."""
    return frozenset(_NAMED_KIND.findall(words))


def _says_in_order(concept: Concept, candidate: Candidate) -> bool:
    """Whether the paragraph or a heading says a concept's words together: "tahap I ... dua tahun" is no tahap 2."""
    passage = candidate.passage
    return (
        any(stands_in(sentence.stems, variant) for variant in concept.variants for sentence in passage.sentences)
        or matching.strength(concept, passage.heading | candidate.document.opening(concept.stems)) > 0
    )


def _names_focus(question: Question, candidate: Candidate) -> bool:
    """Whether the candidate's sentences with a number also name the thing beside the question word."""
    if question.focus is None or question.concepts[question.focus].weight < 1.0:
        return False
    concept, body = question.concepts[question.focus], candidate.document.body
    return all(
        matching.strength(concept, each.held) > BARELY_MET
        for each in candidate.passage.sentences[candidate.first : candidate.last + 1]
        if spots(question.kind, body[each.start : each.end])
    )


def _asks_for_aid(question: Question) -> bool:
    """Whether a question asks what aid there is: "bantuan apa ...", or in keywords "bantuan untuk guru honorer"."""
    named = question.kind is Kind.KEYWORDS and bool(question.concepts)
    return question.kind is Kind.AID or (
        named and any(variant.stems == AID for variant in question.concepts[0].variants)
    )
