"""What the archive covers: how many articles, how new, from which region, about which programme."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.library import Library
from index.article import Article
from index.lexicon import Lexicon, load_lexicon
from index.places import Level, Place, load_gazetteer
from index.programmes import programmes_of


@dataclass(slots=True)
class Tally:
    """Articles counted; ``newest`` is the latest date among them as (year, month, day), zeros where unknown."""

    articles: int = 0
    newest: tuple[int, int, int] = (0, 0, 0)

    def add(self, article: Article) -> None:
        """Count one more."""
        self.articles += 1
        self.newest = max(self.newest, article.recency)


@dataclass(frozen=True, slots=True)
class Region:
    """A province, or a kabupaten or kota, with what there is from it; a province's counts those of its own, too."""

    place: Place
    tally: Tally
    programmes: Mapping[str, Tally]  # by short name


@dataclass(frozen=True, slots=True)
class Coverage:
    """An archive's articles by region. An article about twins (kota and kabupaten) counts in both, once in the sum."""

    provinces: tuple[Region, ...]  # by name
    regions: Mapping[str, tuple[Region, ...]] = field(repr=False)  # code of the province -> its kabupaten and kota
    programmes: tuple[str, ...]  # by number of articles, most first
    programmes_of: Mapping[str, tuple[str, ...]]  # article id -> short names
    nowhere: int  # articles of no known region

    @property
    def local(self) -> tuple[Region, ...]:
        """The kabupaten and kota, and the provinces that are written of as such; newest first."""
        found = [region for regions in self.regions.values() for region in regions]
        return tuple(sorted(found, key=lambda region: ([-part for part in region.tally.newest], region.place.name)))

    def province(self, code: str) -> Region | None:
        """The province of that code, if anything is from there."""
        return next((region for region in self.provinces if region.place.code == code), None)


def survey(articles: Iterable[Article], lexicon: Lexicon) -> Coverage:
    """Count articles by region and programme."""
    gazetteer = load_gazetteer()
    tallies: dict[Place, Tally] = {}
    by_programme: dict[Place, dict[str, Tally]] = {}
    told: dict[str, tuple[str, ...]] = {}
    counted: Counter[str] = Counter()
    nowhere = 0
    for article in articles:
        names = told[article.id] = tuple(programme.short for programme in programmes_of(article, lexicon))
        counted.update(names)
        places = article.locality.places if article.locality else ()
        nowhere += not places
        for place in {*places, *map(gazetteer.province_of, places)}:
            tallies.setdefault(place, Tally()).add(article)
            for name in names:
                by_programme.setdefault(place, {}).setdefault(name, Tally()).add(article)
    regions = sorted(
        (Region(place, tally, by_programme.get(place, {})) for place, tally in tallies.items()),
        key=lambda region: (region.place.name, region.place.level.value),
    )
    provinces = tuple(region for region in regions if region.place.level is Level.PROVINCE)
    return Coverage(
        provinces,
        {
            province.place.code: tuple(
                region for region in regions if region is not province and province.place.covers(region.place)
            )
            or (province,)
            for province in provinces
        },
        tuple(name for name, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))),
        told,
        nowhere,
    )


class Surveys:
    """The coverage of the live archive, counted once for each; ``words`` are the editors' own folders of word lists."""

    def __init__(self, *words: Path) -> None:
        self._words = words
        self._last: tuple[Library, Coverage] | None = None

    async def of(self, library: Library) -> Coverage:
        """What a library covers."""
        if self._last is None or self._last[0] is not library:
            # In a thread: thousands of articles are searched for the names of programmes.
            self._last = (library, await asyncio.to_thread(self._survey, library))
        return self._last[1]

    def lexicon(self) -> Lexicon:
        """The word lists in use."""
        return load_lexicon(*self._words)

    def _survey(self, library: Library) -> Coverage:
        return survey(library.shelf, self.lexicon())
