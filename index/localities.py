"""Where an article is from: dateline, offices ("Pemkab X") and names, weighed against the gazetteer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from index.article import BlockKind, Locality
from index.blocks import Layout
from index.folding import fold, letter_runs
from index.places import Level, Place, describe, load_gazetteer

_BUDGET = 20000  # characters searched for places; a report says early where it is from


class _Offices(NamedTuple):
    """How offices of one tier are named in folded text, and the words of which each name holds one."""

    names: re.Pattern[str]
    words: frozenset[bytes]

    def times(self, folded: str, words: AbstractSet[bytes]) -> int:
        """Return how often they are named in a text of these ``words``."""
        if self.words.isdisjoint(words):
            return 0
        # Looking for the beginnings of words first would take four times as long.
        starts = [found.start() for found in self.names.finditer(folded)]
        return sum(not (start and _WORD.match(folded, start - 1)) for start in starts)


_WORD = re.compile(r"\w")
_CITY_OFFICES = _Offices(
    re.compile(
        r"(?:pemkot|wal[iy]\s?kota|pemerintah\s+kota|balai\s?kota|wawali|wawalkot|"
        r"sekretaris\s+kota)\b"
    ),
    frozenset(b"pemkot walikota walykota balaikota wawali wawalkot kota".split()),
)
_REGENCY_OFFICES = _Offices(
    re.compile(
        r"(?:pemkab|bupati|wabup|pemerintah\s+kabupaten|setdakab|sekdakab|"
        r"pendopo\s+kabupaten)\b"
    ),
    frozenset(b"pemkab bupati wabup setdakab sekdakab kabupaten".split()),
)
_PROVINCE_OFFICES = _Offices(
    re.compile(
        r"(?:gubernur|wagub|pemprov|pemerintah\s+(?:daerah\s+)?provinsi|sekda\s?prov|tingkat\s+provinsi|"
        r"dprd\s+provinsi)\b"
    ),
    frozenset(b"gubernur wagub pemprov sekdaprov prov provinsi".split()),
)
_OFFICE = re.compile(
    r"(?:dinas|dinsos|humas|(?:dis)?kominfo|prokopim|pemkab|pemkot|pemprov|mc|media center|"
    r"bappeda)\b"
)
_TITLE_WEIGHT, _LEAD_WEIGHT = 4.0, 3.0
_SUBJECT = 5.0  # explicit weight from which a place is what an article is about: the lead and two more mentions


def find_locality(text: str, layout: Layout, outlet: str | None = None) -> Locality | None:
    """Return the article's kabupaten, kota or province; twins stay together when nothing tells them apart."""
    spans = _spans(text, layout)
    scores, explicit = _weigh(text, spans)
    searched = fold(" ".join(text[start:end] for start, end, _ in spans))
    words = frozenset(letter_runs(searched))
    offices = {
        Level.CITY: _CITY_OFFICES.times(searched, words),
        Level.REGENCY: _REGENCY_OFFICES.times(searched, words),
        Level.PROVINCE: _PROVINCE_OFFICES.times(searched, words),
    }
    named = layout.dateline.place if layout.dateline else None
    from_dateline = load_gazetteer().resolve_town(named) if named else ()
    places = _by_dateline(from_dateline, scores, explicit, offices) or _by_subject(scores, explicit, offices)
    if not places and outlet and _OFFICE.match(fold(outlet)):
        # "Sumber: Dinas Sosial Kota X", "(Humas Kab. X)"
        places = next((mention.places for mention in load_gazetteer().mentions(outlet)), ())
    if not places:
        return None
    return Locality(describe(places), places)


def _spans(text: str, layout: Layout) -> list[tuple[int, int, float]]:
    """Return the stretches to search, each with its weight."""
    spans = [(*layout.title, _TITLE_WEIGHT)] if layout.title else []
    used, paragraphs = 0, 0
    for piece in layout.pieces:
        if piece.kind in {BlockKind.PARAGRAPH, BlockKind.CAPTION, BlockKind.ROW, BlockKind.HEADING} and used < _BUDGET:
            end = min(piece.end, piece.start + _BUDGET - used)
            used += end - piece.start
            spans.append((piece.start, end, _LEAD_WEIGHT if paragraphs == 0 else 1.0))
            paragraphs += piece.kind is BlockKind.PARAGRAPH
    return spans


def _weigh(text: str, spans: list[tuple[int, int, float]]) -> tuple[dict[Place, float], dict[Place, float]]:
    """Return each place's weight by all its mentions, and by those that name its tier or office."""
    scores: dict[Place, float] = defaultdict(float)
    explicit: dict[Place, float] = defaultdict(float)
    for start, end, weight in spans:
        for mention in load_gazetteer().mentions(text[start:end], towns=True):
            for place in mention.places:
                scores[place] += weight * (1.5 if mention.explicit else 1.0) * (0.6 if mention.via == "town" else 1.0)
                if mention.explicit and len(mention.places) == 1:
                    explicit[place] += weight
    return scores, explicit


def _by_dateline(
    places: tuple[Place, ...], scores: dict[Place, float], explicit: dict[Place, float], offices: dict[Level, int]
) -> tuple[Place, ...]:
    if not places:
        return ()
    if all(place.level is Level.PROVINCE for place in places):
        # "BANTEN –", "NTB -": a single regency of it that the text dwells on is nearer
        inside = _best([p for p in explicit if any(w.covers(p) and w != p for w in places)], explicit)
        return inside or places[:1]
    local = tuple(place for place in places if place.level is not Level.PROVINCE)
    # A report filed from the provincial capital about one of the province's regencies is that regency's.
    subject = _best([p for p in explicit if p.level is not Level.PROVINCE], explicit)
    if subject and not any(scores[p] for p in local) and subject[0].province == local[0].province:
        weight = explicit[subject[0]]
        if weight >= _SUBJECT and weight >= 2 * _second(subject[0], explicit):
            return subject
    return _untwinned(local, explicit, offices)


def _by_subject(
    scores: dict[Place, float], explicit: dict[Place, float], offices: dict[Level, int]
) -> tuple[Place, ...]:
    local = [place for place in scores if place.level is not Level.PROVINCE]
    provinces = [place for place in scores if place.level is Level.PROVINCE]
    best = _best([p for p in local if p in explicit], scores) or _best(local, scores)
    top = max(provinces, key=lambda place: scores[place], default=None)
    local_offices = offices[Level.CITY] + offices[Level.REGENCY]
    if top and offices[Level.PROVINCE] > local_offices and (not best or scores[top] >= 1.2 * scores[best[0]]):
        return (top,)
    if best:
        rivals = [p for p in local if p.name != best[0].name and scores[p] >= 0.8 * scores[best[0]]]
        if len(rivals) >= 2 and top and all(top.covers(p) for p in (*rivals, *best)):
            return (top,)
        twins = tuple(p for p in local if p.name == best[0].name and p.province == best[0].province)
        return _untwinned(twins, explicit, offices)
    return (top,) if top and scores[top] >= 2 else ()


def _second(best: Place, explicit: dict[Place, float]) -> float:
    """Return the weight of the next kabupaten or kota."""
    return max((w for p, w in explicit.items() if p != best and p.level is not Level.PROVINCE), default=0.0)


def _best(places: list[Place], scores: dict[Place, float]) -> tuple[Place, ...]:
    return (max(places, key=lambda place: (scores[place], place.code)),) if places else ()


def _untwinned(places: tuple[Place, ...], explicit: dict[Place, float], offices: dict[Level, int]) -> tuple[Place, ...]:
    """Return one of the kota and the kabupaten of a name, by what the text says of them; both when it does not."""
    if len(places) < 2:
        return places
    named = {place: explicit.get(place, 0.0) for place in places}
    ranked = sorted(places, key=lambda place: -named[place])
    if named[ranked[0]] > 1.5 * named[ranked[1]]:
        return (ranked[0],)
    by_tier = sorted(places, key=lambda place: -offices.get(place.level, 0))
    if offices.get(by_tier[0].level, 0) > 2 * offices.get(by_tier[1].level, 0) and not any(named.values()):
        return (by_tier[0],)
    return places
