"""What a question is about among all that it says: the concept beside the question word, the clause that asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.attributes import Kind
from index.mending import Clause
from index.question import Concept
from index.word_classes import TELLING_WORDS

# From this many concepts on a message is a story with a question in it, and what stands outside the clause that asks
# weighs less.
STORY = 7
_TOLD_WEIGHT = 0.35
# Before whoever says it: "ada berapa tujuannya kata bupati" asks for no bupati.
NEIGHBOURHOODS = frozenset({"rt", "rw"})  # "dengar dari bu rt", which is read as "ketua rt"
_SAID_BY = frozenset("kata menurut ujar tutur ungkap ucap".split())
QUESTION_WORDS = frozenset("apa apakah siapa siapakah kapan mana dimana berapa bagaimana mengapa kenapa apaan".split())


_NAMED_LAST = re.compile(r"\b(?:namanya siapa|siapa namanya)\b")
_NAMING = re.compile(
    r"(?<!\batas )\b(?:siapa(?:kah)?|nama(?:nya)?)(?: (?:sih|nama|nya|yang menjabat|itu|sekarang|saat ini))* *$|"
    r"\b(?:jadi|menjadi|menjabat(?: sebagai)?) *$"
)


def office_asked(
    words: Sequence[str],
    beginnings: Sequence[int],
    concepts: Sequence[Concept],
    offices: Sequence[tuple[tuple[str, ...], ...]],
) -> bool:
    """Whether a question is who holds an office: it names no other matter, or asks right before the office.

    "Siapa bupati yang membuka rakor" is; "bupati bangga sama siapa" is not.
    """
    names = {name for office in offices for name in office}
    telling = [number for number, concept in enumerate(concepts) if concept.telling]
    if telling and concepts[telling[0]].variants[0].stems in names and _NAMED_LAST.search(" ".join(words)):
        return True
    held = [number for number in telling if concepts[number].variants[0].stems in names]
    if not held:
        return False
    return len(telling) == len(held) or any(
        _NAMING.search(" ".join(words[: beginnings[number]])) is not None for number in held
    )


def asking_clause(clauses: Sequence[Clause]) -> Clause | None:
    """The last clause that holds a question word."""
    return next((clause for clause in reversed(clauses) if QUESTION_WORDS.intersection(clause.words)), None)


def asking_part(clauses: Sequence[Clause], occurrences: Sequence[Sequence[int]], kind: Kind) -> tuple[int, int]:
    """The words (from, to) of the last clause that asks, with the clause before it when it names next to nothing.

    Of a definition one term is enough.
    """
    edges = [0]
    for clause in clauses:
        edges.append(edges[-1] + len(clause.words))
    asking = [index for index, clause in enumerate(clauses) if QUESTION_WORDS.intersection(clause.words)]
    last = asking[-1] if asking else len(clauses) - 1
    first = last
    enough = 1 if kind is Kind.DEFINITION else 2
    while first > 0 and sum(_any_within(spots, edges[first], edges[last + 1]) for spots in occurrences) < enough:
        first -= 1
    return edges[first], edges[last + 1]


def asks_by_itself(clauses: Sequence[Clause], part: tuple[int, int]) -> bool:
    """Whether the part that asks is one clause, with others told around it: "..., ODGJ itu apa?"."""
    clause = asking_clause(clauses)
    return len(clauses) > 1 and clause is not None and part[1] - part[0] == len(clause.words)


def _any_within(spots: Sequence[int], start: int, end: int) -> bool:
    return any(start <= spot < end for spot in spots)


def weigh_telling(
    concepts: Sequence[Concept], occurrences: Sequence[Sequence[int]], part: tuple[int, int]
) -> tuple[Concept, ...]:
    """The concepts with those told outside the part that asks weighing less: together at most half of what is asked.

    Who told it to the asker, and what the asker felt, is told wherever it stands.
    """
    asked = [
        _any_within(spots, *part)
        and concept.words[-1] not in NEIGHBOURHOODS
        and not TELLING_WORDS.issuperset(word.removesuffix("nya") for word in concept.words)
        for spots, concept in zip(occurrences, concepts, strict=True)
    ]
    told = len(asked) - sum(asked)
    share = min(_TOLD_WEIGHT, 0.5 * sum(asked) / told) if told else 1.0
    return tuple(
        concept if within else replace(concept, weight=concept.weight * share, told=True)
        for concept, within in zip(concepts, asked, strict=True)
    )


def focus(words: Sequence[str], beginnings: Sequence[int], concepts: Sequence[Concept], kind: Kind) -> int | None:
    """The concept that the question word asks about: the one after it.

    When it comes last, that is the question's first concept ("merk mesin jahitnya apa"), or for a place and a time the
    event right before it ("jambore diadakan di mana").
    """
    asked = next((index for index, word in enumerate(words) if word in QUESTION_WORDS), None)
    if asked is None or not concepts:
        return None
    said = next((index for index, word in enumerate(words) if index > asked and word in _SAID_BY), len(words))
    named = [number for number in range(len(concepts)) if beginnings[number] < said] or list(range(len(concepts)))
    highest = max(concepts[number].weight for number in named)
    telling = [number for number in named if concepts[number].weight == highest]
    after = next((number for number in telling if beginnings[number] > asked), None)
    if after is not None:
        return after
    return telling[-1] if kind in (Kind.WHERE, Kind.WHEN) else telling[0]
