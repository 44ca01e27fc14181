"""Features of a candidate sentence: what the fitted model ranks by and is confident by."""

from __future__ import annotations

import math
from collections.abc import Sequence

from index import matching
from index.article import BlockKind
from index.attributes import LIST_KINDS, enumerates, spots
from index.documents import PassageTerms, SentenceTerms
from index.model import Features
from index.question import Concept, Question

_SHORT = 40  # characters; shorter "sentences" are mostly fragments
_NEAR = 60  # characters between a matched word and the number, person or day asked for


def measure(
    question: Question,
    weights: Sequence[float],
    inside: Sequence[float],
    worth: Sequence[float],
    passage: PassageTerms,
    sentence: SentenceTerms,
    text: str,
) -> Features:
    """Measure one sentence.

    Args:
        weights: how telling each concept of the question is (an idf).
        inside: how well the sentence itself matches each concept (0 to 1); ``worth``: the same with its context.
        text: the sentence.
    """
    total = sum(weights) or 1.0
    heaviest = max(range(len(weights)), key=weights.__getitem__, default=None)
    lacking = [weight for weight, value in zip(weights, worth, strict=True) if value == 0.0]
    found = spots(question.kind, text)
    return Features(
        coverage=sum(w * value for w, value in zip(weights, worth, strict=True)) / total,
        exact=sum(w * value for w, value in zip(weights, inside, strict=True)) / total,
        missing=sum(lacking) / total,
        heaviest_missing=max(lacking, default=0.0) / 8.0,
        heaviest=worth[heaviest] if heaviest is not None else 0.0,
        focus=worth[question.focus] if question.focus is not None else 0.5,
        focus_exact=inside[question.focus] if question.focus is not None else 0.5,
        matched=sum(w * value for w, value in zip(weights, worth, strict=True)) / 40.0,
        close=matching.closeness(question.concepts, sentence),
        attribute=float(found is None or bool(found)),
        attribute_close=_close_by(question.concepts, found, sentence, text),
        attribute_focus=_close_by(_focus(question), found, sentence, text),
        items=min(enumerates(text), 6) / 6 if question.kind in LIST_KINDS else 0.0,
        concepts=math.log1p(len(question.concepts)),
        short=float(len(text) < _SHORT),
        lead=float(passage.number == 0),
        title=float(passage.kind is BlockKind.TITLE),
        caption=float(passage.kind is BlockKind.CAPTION),
        row=float(passage.kind is BlockKind.ROW),
    )


def _focus(question: Question) -> tuple[Concept, ...]:
    return question.concepts if question.focus is None else (question.concepts[question.focus],)


def _close_by(
    concepts: Sequence[Concept], found: list[int] | None, sentence: SentenceTerms, text: str
) -> float:
    """Whether the thing asked for stands near a word for one of the concepts (0 or 1; 0.5 where any will do)."""
    if found is None:
        return 0.5
    wanted = {stem for concept in concepts for variant in concept.variants for stem in variant.stems}
    # A stem's offset is not kept; its place in the order of stems is near enough.
    step = len(text) / max(1, len(sentence.stems))
    matched = [index * step for index, stem in enumerate(sentence.stems) if stem in wanted]
    return float(any(abs(spot - place) <= _NEAR for spot in found for place in matched))
