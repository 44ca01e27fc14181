"""Which social programmes an article tells of: those that the list of abbreviations knows, by short or long name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.article import Article, BlockKind
from index.lexicon import Expansion, Lexicon

# A national day is kept like a programme: news tells of it as one (HKSN, HLUN); an anniversary or election is none.
_DAY = re.compile(r"Hari .*(?:Nasional|Internasional|Sedunia|Dunia)")


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme by the names it goes by; ``short`` names it in lists and buttons."""

    short: str
    long: str


@lru_cache(maxsize=8)
def _patterns(expansions: tuple[Expansion, ...]) -> tuple[tuple[Programme, re.Pattern[str]], ...]:
    by_long: dict[str, list[Expansion]] = {}
    for expansion in expansions:
        if expansion.category == "programme" or (expansion.category == "event" and _DAY.fullmatch(expansion.long)):
            by_long.setdefault(expansion.long.lower(), []).append(expansion)
    found = []
    for group in by_long.values():
        # As written: "pena" is a pen, "KB" a measure only in lower case.
        shorts = "|".join(re.escape(each.short) for each in group)
        pattern = re.compile(rf"(?<![\w-])(?:{shorts}|(?i:{re.escape(group[0].long)}))(?![\w-])")
        found.append((Programme(group[0].short, group[0].long), pattern))
    return tuple(found)


def programmes(lexicon: Lexicon) -> tuple[Programme, ...]:
    """Every programme that the lists know, in their order."""
    return tuple(programme for programme, _ in _patterns(_listed(lexicon.abbreviations)))


def programmes_of(article: Article, lexicon: Lexicon) -> tuple[Programme, ...]:
    """The programmes that an article names in what may be quoted of it."""
    text = "\n".join(
        article.body[block.start : block.end] for block in article.blocks if block.kind is not BlockKind.FURNITURE
    )
    text = f"{article.title}\n{text}"
    return tuple(programme for programme, pattern in _patterns(_listed(lexicon.abbreviations)) if pattern.search(text))


def _listed(abbreviations: Mapping[str, Sequence[Expansion]]) -> tuple[Expansion, ...]:
    return tuple(expansion for expansions in abbreviations.values() for expansion in expansions)
