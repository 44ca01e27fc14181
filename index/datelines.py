"""The head of a news report: "PLACE (OUTLET) –", "OUTLET, PLACE -", "Kota X, Senin (1/2/2024) |" and their kin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.dates import find_dates
from index.places import load_gazetteer

_LONGEST = 130  # characters; longer heads are prose
_SEPARATOR = re.compile(r"(?:\s|(?<=[)\]\w.,]))(?:[–—−‒|~:-]|/{2})+(?=[\s\"“'‘]|[A-Z])")
_SIGN = re.compile(r"[–—−‒|~:/-]")
_ENDING = r"\.(?:com|co\.id|or\.id|go\.id|ac\.id|web\.id|my\.id|id|co|net|org|info|news|tv|press)\b"
_DOMAIN = re.compile(rf"(?:www\.)?[\w-]{{2,40}}{_ENDING}(?:/\w+)?", re.IGNORECASE)
_SITE_ENDING = re.compile(_ENDING)
# Words that news offices' names are made of; a head's part that holds one is an outlet.
_OUTLET_WORD = re.compile(
    r"\b(?:news|radar|kompas|antara|tribun\w*|tempo|suara\w*|harian|pos|post|media|kabar\w*|berita\w*|warta\w*|"
    r"koran|jurnal\w*|online|"
    r"tv|radio|rri|cnn|cnbc|okezone|detik\w*|viva|jpnn|republika|liputan\w*|merdeka|inews|sindonews|humas|"
    r"kominfo\w*|diskominfo\w*|"
    r"infopublik|prokopim|mc|mediacenter|pers|press|today|terkini|indonesia|bisnis|kontan|beritasatu|waspada|"
    r"analisa|metro\w*|"
    r"jawapos|haluan|singgalang|fajar|bernas|surya|sripoku|prfm|kbrn|ppid|dinsos|kemensos|bpmi|nu|muhammadiyah)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w.'’&-]+")
_PART = re.compile(r"[(\[]([^()\[\]]*)[)\]]|[^()\[\],|–—/]+(?:/(?=\d)[^()\[\],|–—/]+)*")
_BETWEEN, _BETWEEN_BRACKETED = re.compile(r"\s-{1,2}(?:\s|$)"), re.compile(r"\s-{1,2}\s|,")
_LETTER_AS_BAR = re.compile(r"([A-Z][\w .'-]{2,40}?) I (?=[A-Z])")
_IN_BRACKETS = re.compile(
    r"[\[(](?P<place>[A-Z][\w .'-]{2,40})(?:,\s*(?P<outlet>[^\[\]()]{2,40}))?[\])]\s+(?=[A-Z\"“])"
)
_DATE_AND_STOP = re.compile(
    r"(?P<place>[A-Z][\w .'-]{2,40}?)\s?[,(]\s*(?P<date>[^.()\n]{6,40}?)\)?\s?\.\s+(?=[A-Z\"“])"
)
# Without a sign between: "TEGAL (KABAR.ID) Ratusan", "TEGAL, KABAR.id Menteri", and the site before the place. Of
# places the longest name: "KABAR.com, Jakarta Pusat Warga ..." is not from "Jakarta".
_WITH_SITE = (
    re.compile(
        r"(?P<place>[A-Z][\w .'-]{2,40}?)(?:\s*[(\[]\s*|,\s*)"
        rf"(?P<outlet>{_DOMAIN.pattern})[)\]]?\s+(?=[A-Z\"“])"
    ),
    *(
        re.compile(
            rf"(?P<outlet>{_DOMAIN.pattern}),\s*(?P<place>[A-Z][a-zA-Z]{{2,20}}"
            rf"(?:\s[A-Z][a-zA-Z]{{2,20}}){{{more}}})\s+(?=[A-Z\"“])"
        )
        for more in (2, 1, 0)
    ),
)
_PLACE_WORDS = re.compile(
    r"(?:kab(?:upaten)?|kota|kec(?:amatan)?|desa|kel(?:urahan)?|provinsi|"
    r"prov)\b\.?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """``text[:length]`` is a dateline; the report begins at ``length``. Parts are as written, or absent."""

    length: int
    place: str | None
    outlet: str | None


def find_dateline(text: str) -> Dateline | None:
    """Return the dateline that a report opens with, in any of the usual styles."""
    head = _with_bars(text[:_LONGEST])
    best: Dateline | None = None
    for separator in _separators(head):
        parts = _parts(head[: separator.start()])
        if not parts or len(parts) > 5:
            break
        place, outlet = None, None
        for part, bracketed in parts:
            kind = _kind(part, bracketed=bracketed, alone=len(parts) == 1, last_separator=_style(head, separator))
            if kind is None:
                return best
            if kind == "place" and place is None:
                place = part
            elif kind == "place":
                # "BHIRAWA, SURABAYA", "SURABAYA, BHIRAWA": the one that no gazetteer knows is the newspaper
                known = load_gazetteer().resolve_town
                if not known(part):
                    outlet = outlet or part
                elif place and not known(place):
                    outlet, place = outlet or place, part
            elif kind == "outlet":
                outlet = outlet or part
        if place or outlet:
            rest = text[separator.end() : separator.end() + _LONGEST]
            if place and not outlet and _is_expanded(place, rest):
                return best
            skipped = len(rest) - len(rest.lstrip(" \t|–—-:"))
            before = best or Dateline(0, None, None)
            best = Dateline(separator.end() + skipped, place or before.place, outlet or before.outlet)
            if best.place and best.outlet:
                return best
    return best or _unseparated(text)


def _separators(head: str) -> Iterator[re.Match[str]]:
    """Find what may stand between a dateline and its report, in order."""
    at = 0
    for sign in _SIGN.finditer(head):
        start = sign.start()
        if start >= at:
            spaced = start > at and head[start - 1].isspace()
            found = _SEPARATOR.match(head, start - 1 if spaced else start)
            if found:
                at = found.end()
                yield found


def names_outlet(name: str) -> bool:
    """Whether a name is written like an outlet's and not like a person's: "KABAR", "kabar.id", "Radar Tegal"."""
    return name.isupper() or bool(_DOMAIN.fullmatch(name) or _OUTLET_WORD.search(name))


def find_lone_dateline(line: str) -> Dateline | None:
    """Return the dateline that a whole line is: "JAKARTA, KOMPAS.com -", or without a sign "Jakarta, NU Online"."""
    dateline = find_dateline(f"{line} X")
    if dateline is None and len(line) <= _LONGEST // 2:
        dateline = find_dateline(f"{line} – X")
        if dateline is None or not (dateline.place and dateline.outlet):
            return None
    return dateline if dateline and dateline.length >= len(line) else None


def _with_bars(head: str) -> str:
    """Return the head with the capital I that some type instead of a bar ("PATI I RADAR KUDUS") as one."""
    found = _LETTER_AS_BAR.match(head) if " I " in head else None
    if found is None or not load_gazetteer().resolve_town(found[1]):
        return head
    return f"{head[: found.end(1)]} | {head[found.end() :]}"


def _parts(head: str) -> list[tuple[str, bool]]:
    """Return a head's parts and whether each stood in brackets."""
    parts: list[tuple[str, bool]] = []
    for found in _PART.finditer(head):
        bracketed = found[1] is not None
        for piece in _BETWEEN_BRACKETED.split(found[1]) if bracketed else _BETWEEN.split(found[0]):
            if piece.strip(" .-:\t"):
                parts.append((piece.strip(' -:\t"'), bracketed))  # noqa: PERF401 - two loops read better than one comprehension of both
    return parts


def _kind(part: str, *, bracketed: bool, alone: bool, last_separator: str) -> str | None:
    """Return what a head's part is: "place", "outlet" or "date"; ``None`` when it is prose."""
    if _DOMAIN.fullmatch(part):
        return "outlet"
    dates = find_dates(f"({part})" if bracketed else part)  # "2/12" is a date in brackets only
    if dates and sum(mention.end - mention.start for mention in dates) >= len(part.strip("() ")) - 8:
        return "date"
    words = _WORD.findall(part)
    if not words or len(words) > 6:
        return None
    if load_gazetteer().resolve_town(part):
        return "place" if part[0].isupper() else None
    capital = all(word[0].isupper() or word[0].isdigit() or word.lower() in {"dan", "di"} for word in words)
    if bracketed:
        return "outlet" if len(part) <= 40 and (capital or _OUTLET_WORD.search(part)) else None
    if _OUTLET_WORD.search(part) and (capital or len(words) == 1) and not (alone and last_separator == ":"):
        return "outlet" if len(words) <= (3 if alone else 6) else None
    if not capital or last_separator in {":", "-"}:
        # a place unknown to the gazetteer is taken for one only before a dash that stands free
        return None
    if part.isupper() and len(words) <= 3 and len(part) >= 3:
        return "place"
    if _PLACE_WORDS.match(part) or (len(words) <= 2 and not alone) or (len(words) == 1 and alone):
        return "place"
    return None


def _style(head: str, separator: re.Match[str]) -> str:
    """Return the separator's first sign; of hyphens "-" only for one glued to both its neighbours."""
    sign = separator[0].strip()[0]
    glued = not separator[0][0].isspace() and not head[separator.end() : separator.end() + 1].isspace()
    return sign if sign != "-" or glued else "--"


def _is_expanded(name: str, rest: str) -> bool:
    """Whether what follows spells an abbreviation out: "PKH – Program Keluarga Harapan" is no dateline."""
    initials = "".join(word[0] for word in _WORD.findall(rest)[: len(name)]).upper()
    return name.isupper() and len(name) <= 6 and initials[:2] == name[:2] and not load_gazetteer().resolve_town(name)


def _unseparated(text: str) -> Dateline | None:
    """Return a dateline without a dash.

    "TEGAL (KABAR.ID) Ratusan ...", "TEGAL, KABAR.id Menteri", "[TEGAL] Dinas ...", "Tegal, 20 Juni 2023. Dinas ...".
    """
    for pattern in (_IN_BRACKETS, _DATE_AND_STOP):
        found = pattern.match(text)
        if found and load_gazetteer().resolve_town(found["place"]):
            part = found.groupdict()
            if "date" not in part or any(mention.date.day for mention in find_dates(f"({part['date']})")):
                return Dateline(found.end(), found["place"], part.get("outlet"))
    if not _SITE_ENDING.search(text):
        return None
    for pattern in _WITH_SITE:
        found = pattern.match(text)
        if found and load_gazetteer().resolve_town(found["place"]):
            return Dateline(found.end(), found["place"].strip(), found["outlet"])
    return None
