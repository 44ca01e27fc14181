"""What an admin types to correct a title, a place or a date -> a value, or the sentence that says what is wrong."""

from __future__ import annotations

import re
from datetime import date as calendar_date

from bot.intake.errors import (
    DateAheadError,
    DateImpossibleError,
    DateUnclearError,
    DateWithoutYearError,
    ValueEmptyError,
    ValueTooLongError,
    WeekdayError,
)
from index.article import ArticleDate
from index.dates import DateMention, find_dates, is_possible, parse_date, weekday_name, weekday_of

_FIRST_YEAR = 1945  # no article of an Indonesian archive is older
MAX_VALUE = 300  # characters; the longest headlines have some 200
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ud800-\udfff]+")
_FIGURES = re.compile(r"(?P<day>\d{1,2})\s?[-/. ]\s?(?P<month>\d{1,2})(?:\s?[-/. ]\s?(?P<year>\d{4}|\d{2}))?")
_MONTH_OF_YEAR = re.compile(r"(?P<month>\d{1,2})\s?[-/.]\s?(?P<year>\d{4})")
_WORDS = re.compile(r"(?P<day>\d{1,2})[-\s]{1,3}(?P<month>[^\W\d]{3,9})\.?(?:[-,\s]{1,3}(?P<year>\d{4}))?")
_WEEKDAY = re.compile(r"(?P<weekday>[^\W\d]{4,6}|jum['’`]at)[\s,]{1,3}\(?(?P<rest>.*?)\)?", re.IGNORECASE)


def read_value(written: str) -> str:
    """One line of text, white space as single spaces.

    Raises:
        ValueEmptyError: nothing is left.
        ValueTooLongError: more than ``MAX_VALUE`` characters.
    """
    value = " ".join(_INVISIBLE.sub(" ", written).split())
    if not value:
        raise ValueEmptyError
    if len(value) > MAX_VALUE:
        raise ValueTooLongError(most=MAX_VALUE)
    return value


def read_date(written: str, today: calendar_date) -> ArticleDate:
    """A date as precise as written: "23/9/2024", "23 September 2024", "9/2024", "September 2024", "Rabu, 2022", "2024".

    Day before month, always. Nothing is added: a day without its year is asked for again, "kemarin" too.

    Raises:
        DateImpossibleError, DateWithoutYearError, DateAheadError, WeekdayError, DateUnclearError: as they say.
        ValueEmptyError, ValueTooLongError: no date at all.
    """
    text = read_value(written).rstrip(".")
    weekday, text = _weekday_before(text)
    date = parse_date(text) or _in_figures(text) or _in_words(text) or _in_part(text)
    if date is None or (date.year or 0) < _FIRST_YEAR:
        raise DateUnclearError(date=text)
    if date.sort_key > (today.year, today.month if date.month else 0, today.day if date.day else 0):
        raise DateAheadError(date=text)
    true = weekday_of(date)
    if weekday and true and true != weekday:
        raise WeekdayError(date=str(date), given=weekday, true=true)
    return date if date.day else ArticleDate(date.year, date.month, None, weekday)


def _weekday_before(text: str) -> tuple[str | None, str]:
    found = _WEEKDAY.fullmatch(text)
    weekday = weekday_name(found["weekday"]) if found else None
    return (weekday, found["rest"].strip()) if found and weekday else (None, text)


def _in_figures(text: str) -> ArticleDate | None:
    if iso := re.fullmatch(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", text):  # an impossible one: others are read already
        return _date(text, iso[1], iso[2], iso[3])
    if month := _MONTH_OF_YEAR.fullmatch(text):
        return _date(text, month["year"], month["month"], None)
    if day := _FIGURES.fullmatch(text):
        year = f"20{day['year']}" if day["year"] and len(day["year"]) == 2 else day["year"]
        return _date(text, year, day["month"], day["day"])
    return None


def _in_words(text: str) -> ArticleDate | None:
    found = _WORDS.fullmatch(text)
    # The spellings of months are those that articles are read by.
    named = find_dates(f"1 {found['month']} 2000") if found else ()
    if not found or not named or not named[0].date.month:
        return None
    return _date(text, found["year"], str(named[0].date.month), found["day"])


def _in_part(text: str) -> ArticleDate | None:
    """A month with its year, or a year."""
    mentions: tuple[DateMention, ...] = find_dates(text)
    whole = len(mentions) == 1 and (mentions[0].start, mentions[0].end) == (0, len(text)) and mentions[0].until is None
    return mentions[0].date if whole else None


def _date(written: str, year: str | None, month: str, day: str | None) -> ArticleDate:
    if not is_possible(int(year) if year else None, int(month), int(day or 1)):
        raise DateImpossibleError(date=written)
    if year is None:
        raise DateWithoutYearError(date=written)
    return ArticleDate(int(year), int(month), int(day) if day else None)
