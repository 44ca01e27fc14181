"""Who published a page: its dateline, a credit, a source or a copyright line."""

from __future__ import annotations

import re
from typing import NamedTuple

from index.blocks import Layout
from index.datelines import names_outlet
from index.folding import fold

_SITE_SUFFIX = re.compile(r"\.(?:com|co\.id|id|net|co)$")
_SOURCE = re.compile(
    r"^(?:sumber(?:\s+berita)?|source)\s*[:：]\s*(?P<name>[^\n|"
    r"]{2,60})$",
    re.MULTILINE,
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright|hak\s+cipta)\s*(?:(?:©|\(c\))\s*)?"
    r"(?:\d{4}(?:\s*[-–]\s*\d{4})?\s*)?(?:[,:-]\s*)?(?P<name>[a-z][\w. ]{2,30}?)"
    r"\s*(?:\d{4}|all\b|[-|,.]?\s*(?:$|\n)|[-|])"
)
_CREDIT_SITE = re.compile(
    r"(?:foto|dok|antara|photo)[^\n]{0,60}?/\s?(?P<name>[a-z][\w.]{2,30}(?: [a-z]\w+)?)\)?\s*$",
    re.MULTILINE,
)
# "(PROKOPIM PATI FOR RADAR KUDUS)": who took a photo, and for which paper
_FOR_PAPER = re.compile(r"\([^()\n]{3,60}\bFOR (?P<name>[A-Z][A-Za-z. ]{3,30})\)")
_SITE_FIRST_CREDIT = re.compile(r"\((?P<name>[a-z]{3,20}\.(?:com|id|co\.id|net))/[^()\n]{3,40}\)")
_HUMAS = re.compile(
    r"\((?P<name>(?:Humas|Diskominfo|Kominfo|Prokopim|MC|"
    r"Media Center)\b[^()/\n]{0,40})(?:/[^()\n]{0,30})?\)\s*\.?\s*$",
    re.MULTILINE,
)
_SITE_IN_HEAD = re.compile(
    r"(?P<name>\b[a-z][\w-]{1,30}(?:\.(?:com|co\.id|id|net|co)\b)+|\b(?:detik|tribun|antara|suara|"
    r"radar)\w*)"
)
_BROUGHT = re.compile(
    r"artikel\s+ini\s+telah\s+(?:tayang|"
    r"terbit)\s+di\s+(?P<name>[a-z][\w.]{2,30}\w)"
)
_NO_OUTLET = re.compile(
    r"https?:|ist(?:imewa)?\b|all\b|dok|pribadi|getty|istock|shutterstock|freepik|unsplash|pexels|afp\b|"
    r"reuters|pixabay"
)
_CLOSED_AFTER, _CAPITALS_AFTER = re.compile(r"\)?\s*$", re.MULTILINE), re.compile(r"(?: [A-Z]+)?$", re.MULTILINE)


class _Credit(NamedTuple):
    """Where an outlet's name may stand: ``name`` of a pattern, for text that holds one of some words or signs."""

    pattern: re.Pattern[str]
    in_tail: bool
    holding: tuple[str, ...]
    folded: bool = True


# In the order in which they are trusted.
_CREDITS = (
    _Credit(_BROUGHT, in_tail=True, holding=("artikel",)),
    _Credit(_SOURCE, in_tail=False, holding=("sumber", "source")),
    _Credit(_SOURCE, in_tail=True, holding=("sumber", "source")),
    _Credit(_COPYRIGHT, in_tail=True, holding=("©", "(c)", "copyright", "cipta")),
    _Credit(_FOR_PAPER, in_tail=False, holding=("for ",), folded=False),
    _Credit(_SITE_FIRST_CREDIT, in_tail=False, holding=("(",)),
    _Credit(_CREDIT_SITE, in_tail=False, holding=("/",)),
    _Credit(_HUMAS, in_tail=True, holding=("(",), folded=False),
)


def find_outlet(text: str, layout: Layout) -> str | None:
    """Return who published the page: by the dateline, a credit, a source or a copyright line."""
    name = layout.dateline.outlet if layout.dateline else None
    if name is None:
        for start, end in layout.clocks:
            found = _SITE_IN_HEAD.search(fold(text[start:end]))
            name = text[start:end][slice(*found.span("name"))] if found else name
    if name is None:
        name = _credited(text)
    if name is None:
        return None
    name = " ".join(name.split())
    suffix = _SITE_SUFFIX.search(fold(name))
    # A page that calls itself by its name without ".com" elsewhere, alone in a credit or a label, means that name.
    return name[: suffix.start()] if suffix and _stands_alone(name[: suffix.start()], text[:20000]) else name


def _credited(text: str) -> str | None:
    """Return the outlet that a credit, a source or a copyright line names."""
    head, tail = text[:3000], text[-6000:]
    folded_head, folded_tail = fold(head), fold(tail)
    for credit in _CREDITS:
        written, folded = (tail, folded_tail) if credit.in_tail else (head, folded_head)
        if not any(each in folded for each in credit.holding):
            continue
        found = credit.pattern.search(folded if credit.folded else written)
        if found is None:
            continue
        name = written[slice(*found.span("name"))]
        if credit.pattern is _CREDIT_SITE and not names_outlet(name):
            continue  # "(Foto: KABAR/Andi)": the photographer
        if not _NO_OUTLET.match(fold(name)):
            return name.strip(" .-|")
    return None


def _stands_alone(name: str, text: str) -> bool:
    """Whether a name ends a credit ("(Foto: Andi/Kabar)") or is a line of its own, but for a word in capitals."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        slash = text[at - 1 : at] == "/" or (text[at - 2 : at - 1] == "/" and text[at - 1].isspace())
        if slash and _CLOSED_AFTER.match(text, end):
            return True
        if (at == 0 or text[at - 1] == "\n") and _CAPITALS_AFTER.match(text, end):
            return True
        at = text.find(name, at + 1)
    return False
