"""/daerah: what the archive covers, and which region a chat prefers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from bot.choices import Verb, encode
from bot.coverage import Coverage, Region, Tally
from bot.leafing import leaf, turning, which_page
from bot.richtext import LABEL_UNITS, Block, Button, Reply, clip, paragraph, sentence
from index.article import ArticleDate
from index.places import Level, Place, describe, load_gazetteer
from index.texts import Texts

REGIONS_A_PAGE = 8
NONE = "-"  # in a button: no province, no region
_TWINS = 5


def place_of(code: str | None) -> Place | None:
    """The place of a stored or tapped code; ``None`` for none, and for one that no longer exists."""
    try:
        return load_gazetteer().by_code(code) if code else None
    except KeyError:
        return None


def overview(coverage: Coverage, province: str | None, page: int, chosen: Place | None, texts: Texts) -> Reply:
    """A page of the provinces, or of one province's kabupaten and kota; ``page`` from 1, kept in range.

    A province that the archive no longer covers gives the provinces.
    """
    within = coverage.province(province) if province else None
    listed = coverage.provinces if within is None else coverage.regions[within.place.code]
    at = leaf(listed, page, REGIONS_A_PAGE)
    shown = [region for _, region in at.shown]
    if within is None:
        total = len(coverage.programmes_of)
        head = texts("region.heading", count=total, provinces=len(coverage.provinces))
    else:
        head = texts("region.heading_province", province=within.place.name, tally=tally_line(within.tally, texts))
    blocks = [paragraph(head, bold=True), *(_line(region, texts) for region in shown)]
    if within is None and coverage.nowhere:
        blocks.append(paragraph(texts("region.nowhere", count=coverage.nowhere)))
    blocks += which_page(at.number, at.last, texts)
    if chosen is not None:
        blocks.append(paragraph(texts("region.chosen", place=describe((chosen,)))))
    blocks.append(paragraph(texts("region.hint")))
    rows: list[tuple[Button, ...]] = [(_button(region, texts, opens=within is None),) for region in shown]
    if within is not None and within not in listed:
        rows.append((_button(within, texts, opens=False),))
    where = within.place.code if within else NONE
    rows += turning(at.number, at.last, texts, lambda number: encode(Verb.REGIONS, where, number))
    if within is not None:
        rows.append((Button(texts("region.all_provinces"), encode(Verb.REGIONS, NONE, 1)),))
    if chosen is not None:
        rows.append((Button(texts("region.clear"), encode(Verb.SETTLE, NONE)),))
    return Reply(tuple(blocks), tuple(rows))


def settled(place: Place | None, coverage: Coverage, texts: Texts) -> Reply:
    """What a chat reads once it has chosen, with what the archive has from there."""
    if place is None:
        return sentence(texts("region.cleared"))
    region = found_in(coverage, place)
    told = texts("region.holds", tally=tally_line(region.tally, texts)) if region else texts("region.holds_nothing")
    return Reply(
        sentence(f"{texts('region.saved', place=describe((place,)))} {told}\n\n{texts('region.saved_hint')}").blocks,
        ((Button(texts("region.clear"), encode(Verb.SETTLE, NONE)),),),
    )


def which(name: str, places: Sequence[Place], texts: Texts) -> Reply:
    """A name typed after /daerah that means several places, or none."""
    if not places:
        return sentence(texts("region.unknown", name=clip(name, LABEL_UNITS)))
    rows = tuple(
        (Button(clip(describe((place,)), LABEL_UNITS), encode(Verb.SETTLE, place.code)),)
        for place in islice(places, _TWINS)
    )
    return Reply(sentence(texts("region.which", name=clip(name, LABEL_UNITS))).blocks, rows)


def found_in(coverage: Coverage, place: Place) -> Region | None:
    """What there is from a place, if anything."""
    everything = (*coverage.provinces, *(each for regions in coverage.regions.values() for each in regions))
    return next((region for region in everything if region.place == place), None)


def tally_line(tally: Tally, texts: Texts) -> str:
    """A count with the newest date: "2 artikel, terbaru 23 September 2024"."""
    if not any(tally.newest):
        return texts("region.tally_undated", count=tally.articles)
    year, month, day = (part or None for part in tally.newest)
    return texts("region.tally", count=tally.articles, date=ArticleDate(year, month, day))


def _line(region: Region, texts: Texts) -> Block:
    line = texts("region.line", place=region.place.full_name, tally=tally_line(region.tally, texts))
    return paragraph(line, spaced=False)


def _button(region: Region, texts: Texts, *, opens: bool) -> Button:
    place = region.place
    if opens:
        label = texts("region.open", place=place.name, count=region.tally.articles)
        return Button(clip(label, LABEL_UNITS), encode(Verb.REGIONS, place.code, 1))
    key = "region.choose_province" if place.level is Level.PROVINCE else "region.choose"
    return Button(clip(texts(key, place=place.full_name), LABEL_UNITS), encode(Verb.SETTLE, place.code))
