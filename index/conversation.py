"""Follow-ups: a question that leans on the one before it."""

from __future__ import annotations

import re
from dataclasses import replace

from index.attributes import Kind
from index.places import Level, load_gazetteer
from index.question import Concept, Constraint, Question
from index.ranking import word_frequencies

# Openings that carry on from a question before.
_CARRIES_ON = re.compile(
    r"^(?:kalau|terus|lalu|lantas|nah|dan|trus|bagaimana dengan|gimana dengan|sedangkan|selain itu|kalo|yang)\b"
)
_TIERS = (
    (frozenset(("kabupaten", "kabupatennya", "kab")), Level.REGENCY),
    (frozenset(("kota", "kotanya", "kotamadya")), Level.CITY),
)
_THIS_IS = re.compile(r"\bapa(?:kah)? (?:sih )?itu\b")  # "apa itu PKH": no pointing back
# A question of no more concepts than this may leave the rest to the one before it.
_SHORT = 2
_PARTICULAR = 1e-5  # frequency in general Indonesian up to which a noun names one matter: "jambore" does, "peserta" not
_FRAGMENT = 3  # concepts at most of one that names nothing by itself: "golongan warga yang datanya banyak" says enough
_ORDINALS = frozenset(
    """
    pertama kedua ketiga keempat kelima terakhir berikutnya selanjutnya lain lainnya sebelumnya
    """.split()
)
_POINTS_BACK = re.compile(r"\b(?:itu|tersebut|tadi|nya|sana|situ|dia|beliau|mereka|yang (?:itu|ini|tadi|lain))\b")


def is_fragment(question: Question) -> bool:
    """Whether a question names nothing by itself: it carries on or points back ("yang itu?", "syaratnya apa?")."""
    if _brings_matter(question) or question.times or len(question.concepts) > _FRAGMENT:
        return False
    return bool(question.concepts) or not question.places or _carries_on(question)


def leans(question: Question) -> bool:
    """Whether a question is worded as one that goes on from another, though it may name a matter of its own."""
    if question.kind is Kind.DEFINITION and not _points_back_in(question):
        return False
    return (
        is_fragment(question)
        or _carries_on(question)
        or _points_back_in(question)
        or any(_is_of_something(concept.words[-1]) for concept in question.concepts)
        or not any(concept.weight == 1.0 for concept in question.concepts)
    )


def _points_back_in(question: Question) -> bool:
    return _POINTS_BACK.search(_THIS_IS.sub(" ", question.words)) is not None


def _brings_matter(question: Question) -> bool:
    """Whether a question names a matter of its own."""
    return any(concept.telling and not _points_back(concept) for concept in question.concepts)


def _points_back(concept: Concept) -> bool:
    """Whether a concept is only told by something said before: "penerimanya", "yang kedua"."""
    # What has a name of its own needs no question before it: "jamborenya kapan?"
    return all(word in _ORDINALS or _is_of_something(word) for word in concept.words)


def _is_of_something(word: str) -> bool:
    """Whether a word is of something named before: "penerimanya"."""
    return word.endswith("nya") and word_frequencies().get(word[:-3], 0.0) > _PARTICULAR


def _carries_on(question: Question) -> bool:
    return _CARRIES_ON.match(question.words) is not None


def _of_the_other_tier(question: Question, before: Question) -> tuple[Constraint, ...]:
    """The kabupaten of a kota that was asked about, or the other way round: "kalau yang kabupaten?"."""
    levels = [level for words, level in _TIERS if words.intersection(question.words.split())]
    asked = before.asked_places
    if len(levels) != 1 or len(asked) != 1:
        return ()
    twins = tuple(place for place in load_gazetteer().resolve(asked[0].name) if place.level is levels[0])
    return (Constraint(twins[0].full_name, places=twins),) if twins and twins != asked else ()


def follow(question: Question, before: Question) -> Question | None:
    """The question with what it leaves unsaid taken from the one before; ``None`` when there is nothing to take.

    A place, time or kind that it names replaces the earlier one; what it asks about is added to the earlier matter,
    unless it brings a matter of its own.
    """
    if not before.concepts or (question.kind is Kind.DEFINITION and not leans(question)):
        return None
    if not _brings_matter(question):
        concepts = (*question.concepts, *before.concepts)
    elif leans(question) or (len(question.concepts) <= _SHORT and not question.places):
        known = {concept.variants[0].stems for concept in question.concepts}
        kept = tuple(
            replace(concept, weight=concept.weight * 0.5)
            for concept in before.concepts
            if concept.variants[0].stems not in known
        )
        # Of a fragment even a verb is its whole matter: "siapa yang menyerahkan?"
        # And of "kalau Piyungan?" it is the one thing that the answer may not leave out.
        named = _carries_on(question)
        own = tuple(
            replace(concept, weight=1.0, required=named) if concept.telling else concept
            for concept in question.concepts
        )
        concepts = (*own, *kept)
    else:
        return None
    offices = question.offices or before.offices
    deputies = {concept.variants[0].stems[0] for concept in question.concepts} & {"wakil", "mantan"}
    if before.offices and not question.offices and deputies:
        # "siapa bupatinya?" - "kalau wakilnya?"
        offices = tuple(tuple((*deputies, *name) for name in office) for office in before.offices)
    asks = question.kind not in (Kind.KEYWORDS, Kind.OPEN)
    return replace(
        question,
        concepts=concepts,
        kind=question.kind if asks else before.kind,
        several=question.several or (before.several and not question.places),
        places=question.places or _of_the_other_tier(question, before) or before.places,
        times=question.times or before.times,
        offices=offices,
        office_asked=question.office_asked or before.office_asked,
        expansions=(*question.expansions, *before.expansions),
    )
