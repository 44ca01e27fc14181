"""How well a stretch of an article matches what a question is about: coverage by zone, constraints, closeness."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from index.article import MONTHS, ArticleDate
from index.attributes import Kind
from index.document import Document, PassageTerms
from index.places import Place
from index.question import Concept, Constraint, Question, Variant
from index.thesaurus import STRICT

# What a match counts by where it stands: in the sentence itself, beside it, in its paragraph, in what the article opens
# with (news says its place, programme and occasion once, at the top), or elsewhere.
BESIDE, IN_PASSAGE, IN_HEADING, IN_LEAD, IN_ARTICLE = 0.7, 0.65, 0.7, 0.75, 0.3
# A phrase of which only a part is there ("dinas sosial" of "dinas sosial provinsi") counts for that part, discounted.
_PARTIAL = 0.6
_TOGETHER = 3  # stems apart at most


def strength(concept: Concept, held: frozenset[str]) -> float:
    """How surely a bag of stems says a concept (0 to 1)."""
    if concept.stems.isdisjoint(held):
        return 0.0
    best = 0.0
    for variant in concept.variants:  # strongest first
        if variant.strength <= best:
            return best
        if held.issuperset(variant.stems):
            best = variant.strength
    typed = concept.variants[0].stems
    # Only of a phrase as typed: a third of an abbreviation's long form is no trace of it.
    if best < _PARTIAL and len(typed) > 1 and not concept.whole:
        share = sum(stem in held for stem in typed) / len(typed)
        best = max(best, _PARTIAL * share if share >= 0.5 else 0.0)
    return best


def around(here: float, heading: float, lead: float, elsewhere: float) -> float:
    """What a concept is worth in any sentence of a passage, by how well (0 to 1) each zone around it matches it."""
    return max(IN_PASSAGE * here, IN_HEADING * heading, IN_LEAD * lead, IN_ARTICLE * elsewhere)


def is_literal(here: float, heading: float, lead: float) -> bool:
    """Whether a concept stands in or around a passage as such: no looser synonym, nor only elsewhere in the article."""
    return max(here, heading, lead) >= STRICT


def occurrences(stems: Sequence[str], phrase: Sequence[str]) -> list[int]:
    """Where a phrase stands in a sentence, as indices of its first stem."""
    first, size, wanted = phrase[0], len(phrase), tuple(phrase)
    return [
        index
        for index, stem in enumerate(stems)
        if stem == first and (size == 1 or tuple(stems[index : index + size]) == wanted)
    ]


def closeness(marks: Sequence[int]) -> float:
    """The share (0 to 1) of neighbouring concepts of the question that also stand together in a sentence.

    Args:
        marks: where each concept stands, a bit for each stem that could say it.
    """
    if len(marks) < 2:
        return 0.0
    near = 0
    for first, second in pairwise(marks):
        if first and second:
            for apart in range(1, _TOGETHER + 1):
                if first & (second << apart | second >> apart):
                    near += 1
                    break
    return near / (len(marks) - 1)


def highlighted_variants(concept: Concept) -> tuple[Variant, ...]:
    """The variants worth showing in bold."""
    return tuple(variant for variant in concept.variants if variant.strength >= 0.5)


# -- constraints ---------------------------------------------------------------------------------------------------


def in_place(question: Question, passage: PassageTerms) -> bool:
    """Whether a passage is of a place asked about: by its article's place, or because it names the place.

    Several places are alternatives: what is compared stands in different articles.
    """
    asked, document = question.asked_places, passage.document
    return is_from(question, document) or any(
        passage.start <= offset < passage.end and _meant(places, document, asked)
        for offset, places in document.mentioned
    )


def is_from(question: Question, document: Document) -> bool:
    """Whether an article is from a place asked about, and does not only name it; ``True`` when none is."""
    asked = question.asked_places
    if question.office_asked and question.kind is Kind.WHO:
        # The dinas of a kabupaten is not that of its province.
        return not asked or any(one.code == other.code for one in asked for other in document.places)
    return not asked or _covered(asked, document.places)


def _meant(places: tuple[Place, ...], document: Document, asked: tuple[Place, ...]) -> bool:
    # "Mojokerto" alone, in an article of the kota, is the kota.
    own = [place for place in places if any(place.code == other.code for other in document.places)]
    return _covered(asked, own or places)


def _covered(asked: Sequence[Place], places: Sequence[Place]) -> bool:
    return any(one.covers(other) for one in asked for other in places)


def in_time(question: Question, passage: PassageTerms) -> bool:
    """Whether a passage is of a time asked about: by its article's date, or because it names the time.

    Several times are alternatives, as places are.
    """
    return not question.times or any(_time_met(constraint, passage) for constraint in question.times)


def _time_met(constraint: Constraint, passage: PassageTerms) -> bool:
    document = passage.document
    for asked in constraint.dates:
        if document.date is not None and _compatible(asked, document.date):
            return True
        for offset, date in document.dates:
            if passage.start <= offset < passage.end and _compatible(asked, date):
                return True
        if asked.year is not None and asked.month is None and str(asked.year) in document.title:
            return True
        if asked.month is not None and asked.year is None and MONTHS[asked.month - 1].lower() in passage.held:
            return True  # "pada Juli-Desember": no date, but the month
    return False


def _compatible(asked: ArticleDate, given: ArticleDate) -> bool:
    parts = ((asked.year, given.year), (asked.month, given.month), (asked.day, given.day))
    return all(wanted is None or wanted == held for wanted, held in parts)
