"""``/cari disabilitas di:Pacitan sejak:2023`` -> what to look for and which articles may be shown. Pure.

Filters stand anywhere among the words; ``"..."`` asks for words to the letter, also as a filter's value.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from index.article import MONTHS, Article, ArticleDate
from index.dates import find_dates
from index.places import Place, load_gazetteer

LONGEST = 200  # characters of a search; it stands on the first line of its list, from which its buttons read it
_FILTERS = {
    "di": "di", "daerah": "di", "tempat": "di",
    "sejak": "sejak", "dari": "sejak", "mulai": "sejak",
    "sampai": "sampai", "hingga": "sampai",
    "tahun": "tahun",
    "media": "media", "sumber": "media",
}  # fmt: skip
_PIECE = re.compile(
    r"""(?P<name>[^\W\d_]{2,15}):\s*(?!//)(?:"(?P<quoted>[^"]*)"|(?P<value>[^\s"]*))|"(?P<phrase>[^"]*)"|(?P<word>\S+)"""
)
_QUOTES = str.maketrans("“”„«»＂", '""""""')
_MOST_WORDS_OF_A_PLACE = 4
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMERIC = re.compile(r"(?:(?P<d>\d{1,2})[-/.])?(?P<m>\d{1,2})[-/.](?P<y>(?:19|20)\d\d)")
_ISO = re.compile(r"(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})(?:[-/.](?P<d>\d{1,2}))?")

Days = tuple[date, date]
"""The first and the last day of a stretch of time."""


class SearchError(ValueError):
    """A search that cannot be run; ``key`` is the sentence that says so, under ``search.``, with its ``fields``."""

    def __init__(self, key: str, **fields: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for. ``written`` is the search on one line, which ``parse`` reads again as the same search."""

    written: str
    words: str
    phrases: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    since: date | None = None
    until: date | None = None
    outlet: str | None = None

    def keeps(self, article: Article) -> bool:
        """Whether an article passes the filters; one without place, date or outlet passes none that asks for it."""
        own = article.locality.places if article.locality else ()
        if self.places and not any(place.covers(other) for place in self.places for other in own):
            return False
        if self.outlet and self.outlet.casefold() not in (article.outlet or "").casefold():
            return False
        if self.since is None and self.until is None:
            return True
        days = days_of(article.date) if article.date else None
        if days is None:
            return False
        # An article known to the year may be of any of its days: it is shown with its date, for the reader to judge.
        return (self.since is None or days[1] >= self.since) and (self.until is None or days[0] <= self.until)


def parse(text: str) -> Search:
    """Read what follows ``/cari``.

    Raises:
        SearchError: it is empty or too long, or a filter is unknown, has no value, or one that cannot be.
    """
    text = " ".join(text.translate(_QUOTES).split())
    if not text:
        raise SearchError("usage")
    if len(text) > LONGEST:
        raise SearchError("too_long", most=LONGEST)
    if text.count('"') % 2:
        raise SearchError("open_quote")
    pieces = list(_PIECE.finditer(text))
    words: list[str] = []
    phrases: list[str] = []
    values: dict[str, str] = {}
    places: tuple[Place, ...] = ()
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        at += 1
        if piece["name"] is None:
            if piece["phrase"] is not None:
                if piece["phrase"].strip():
                    phrases.append(piece["phrase"].strip())
            else:
                words.append(piece["word"])
            continue
        name = _FILTERS.get(piece["name"].lower())
        if name is None:
            raise SearchError("unknown_filter", name=piece["name"])
        value = (piece["quoted"] or piece["value"] or "").strip(" ,;")
        if not value:
            raise SearchError("no_value", name=name)
        if name in values:
            raise SearchError("twice", name=name)
        if name == "di":
            places, more = _places(value, [] if piece["quoted"] is not None else _plain_after(pieces, at))
            at += more
        values[name] = value
    since, until = _period(values)
    return Search(text, " ".join(words), tuple(phrases), places, since, until, values.get("media"))


def days_of(day: ArticleDate) -> Days | None:
    """The days that a date may mean: a whole month or year where it is no more precise; ``None`` without a year."""
    if day.year is None:
        return None
    first, last = day.month or 1, day.month or 12
    return (
        date(day.year, first, day.day or 1),
        date(day.year, last, day.day or calendar.monthrange(day.year, last)[1]),
    )


def _plain_after(pieces: list[re.Match[str]], at: int) -> list[str]:
    """The bare words after a filter: "di:Jawa Timur" means both."""
    found = []
    for piece in pieces[at : at + _MOST_WORDS_OF_A_PLACE - 1]:
        if piece["word"] is None:
            break
        found.append(piece["word"])
    return found


def _places(value: str, following: list[str]) -> tuple[tuple[Place, ...], int]:
    """The places of the longest name that ``value`` begins, and how many of the words after it belong to it."""
    gazetteer = load_gazetteer()
    for more in range(len(following), -1, -1):
        name = " ".join((value, *following[:more]))
        # Only where each word more is part of the name: "Pacitan lansia" is Pacitan, and lansia searched for.
        found = gazetteer.resolve(name)
        if found:
            return found, more
    raise SearchError("unknown_place", name=value)


def _period(values: dict[str, str]) -> tuple[date | None, date | None]:
    since = _days("sejak", values["sejak"])[0] if "sejak" in values else None
    until = _days("sampai", values["sampai"])[1] if "sampai" in values else None
    if "tahun" in values:
        if since or until:
            raise SearchError("year_and_period")
        years = re.fullmatch(rf"({_YEAR.pattern})(?:[-–]({_YEAR.pattern}))?", values["tahun"])
        if years is None:
            raise SearchError("not_a_year", value=values["tahun"])
        since, until = date(int(years[1]), 1, 1), date(int(years[2] or years[1]), 12, 31)
    if since and until and since > until:
        raise SearchError("backwards")
    return since, until


def _days(name: str, value: str) -> Days:
    """The days that a filter's value means: "2023", "5/2023", "2023-05-17", "17/5/2023", "mei-2023"."""
    numeric = _ISO.fullmatch(value) or _NUMERIC.fullmatch(value)
    try:
        if _YEAR.fullmatch(value):
            return date(int(value), 1, 1), date(int(value), 12, 31)
        if numeric:
            year, month, day = int(numeric["y"]), int(numeric["m"]), int(numeric["d"] or 0)
            last = calendar.monthrange(year, month)[1] if 1 <= month <= len(MONTHS) else 0
            return date(year, month, day or 1), date(year, month, day or last)
    except ValueError:
        raise SearchError("not_a_date", name=name, value=value) from None
    spoken = value.replace("-", " ").replace("_", " ")
    named = find_dates(spoken)
    days = days_of(named[0].date) if len(named) == 1 and named[0].end - named[0].start == len(spoken) else None
    if days is None:
        raise SearchError("not_a_date", name=name, value=value)
    return days
