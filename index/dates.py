"""Dates as Indonesian news writes them, found with their place in the text and no more precision than they have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date as calendar_date
from datetime import timedelta

from index.article import MONTHS, ArticleDate

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")

# Short and older spellings seen in Indonesian news ("Pebruari", "Nopember"), and English site clocks ("Dec").
_MONTH_NAMES: dict[str, int] = {name.lower(): number for number, name in enumerate(MONTHS, 1)} | {
    "jan": 1, "january": 1, "feb": 2, "peb": 2, "pebruari": 2, "february": 2, "mar": 3, "mrt": 3, "march": 3,
    "apr": 4, "may": 5, "jun": 6, "june": 6, "jul": 7, "july": 7, "agu": 8, "ags": 8, "agt": 8, "agust": 8, "aug": 8,
    "august": 8, "sep": 9, "sept": 9, "okt": 10, "oct": 10, "october": 10, "nov": 11, "nop": 11, "nopember": 11,
    "des": 12, "dec": 12, "december": 12,
}  # fmt: skip
_FULL_MONTHS = "|".join(name.lower() for name in MONTHS)
_MONTH = rf"(?:{'|'.join(sorted(_MONTH_NAMES, key=len, reverse=True))})\b\.?"
_DAY_NAME = r"(?:senin|selasa|rabu|kamis|jum['’`]?at|sabtu|minggu|ahad)\b"
# Runs of white space are bounded everywhere: adjacent unbounded ones would take quadratic time on hostile text.
_GAP, _SPACE = r"\s{0,3}", r"\s{1,3}"
_HOUR = rf"(?:{_SPACE}(?:dini{_SPACE}hari|pagi|siang|sore|petang|malam|kemarin|lalu|ini))?"
_TO = rf"{_GAP}(?:-|–|—|s/d|s\.\s?d\.?|sd|hingga|sampai(?:{_SPACE}dengan)?|dan|&){_GAP}"
_YEAR = r"(?:19[4-9]\d|20\d\d)"


def _on_weekday(group: str) -> str:
    """Return a day's name before a date: "Senin (", "Senin-Selasa, ", "Rabu pagi tanggal "."""
    other = rf"(?:{_DAY_NAME}{_GAP}(?:-|–|dan|hingga|sampai){_GAP})?"
    return rf"(?:{other}(?P<{group}>{_DAY_NAME}){_HOUR}{_GAP}[,(]?{_GAP}\(?(?:(?:tanggal|tgl\.?){_SPACE})?)?"


_DATE = re.compile(
    # A date begins with a digit or a letter: looking no further elsewhere is three times as fast.
    r"(?=\d|\b[a-z])(?:"
    + "|".join(
        (
            # 27 Desember 2021 · Senin, 3-5 Maret 2023 · 28 Februari s.d. 2 Maret 2023 · 14 Desember
            _on_weekday("w1") + r"(?<!\d)(?<!\d[.,/])"
            rf"(?:(?P<d0>\d{{1,2}})(?:{_SPACE}(?P<m0>{_MONTH})(?:{_SPACE}(?P<y0>{_YEAR}))?)?{_TO}"
            rf"(?:{_DAY_NAME}{_GAP},?{_GAP}\(?)?)?"
            rf"(?P<d1>\d{{1,2}}){_GAP}[-\s]{_GAP}(?P<m1>{_MONTH})"
            rf"(?:{_GAP}[-,']?{_GAP}(?:tahun{_SPACE})?(?P<y1>{_YEAR})(?!\d))?",
            # Desember 14, 2023 (site clocks)
            rf"\b(?P<m2>{_MONTH}){_SPACE}(?P<d2>\d{{1,2}}),{_GAP}(?P<y2>{_YEAR})(?!\d)",
            # 2023-12-14
            rf"(?<![\d./-])(?P<y3>{_YEAR})(?P<s3>[-/.])(?P<m3>\d{{1,2}})(?P=s3)(?P<d3>\d{{1,2}})(?![\d/-]|\.\d)",
            # 14/12/2023 · (23/9/24) · Senin (27/12) · 27-28/12/2021; always day before month
            _on_weekday("w4") + r"(?<![\d./-])(?:(?P<d40>\d{1,2})\s?[-–]\s?)?(?P<d4>\d{1,2})\s?(?P<s4>[/.-])"
            rf"\s?(?P<m4>\d{{1,2}})(?:\s?(?P=s4)\s?(?P<y4>{_YEAR}|\d{{2}}))?(?![\d/-]|[.,]\d)",
            # Desember 2022 · bulan Maret
            rf"\b(?P<m5>{_MONTH}){_GAP}(?:tahun{_SPACE})?(?P<y5>{_YEAR})(?![\d/]|[.,]\d)",
            rf"\b(?:bulan|awal|akhir|pertengahan|sepanjang|selama){_SPACE}(?P<m6>(?:{_FULL_MONTHS}))\b"
            rf"(?!{_GAP}(?:tahun{_SPACE})?{_YEAR})",
            # tahun 2021 · 2021-2024
            rf"(?<![\w./-])(?P<y7>{_YEAR})(?:\s?[-–/]\s?(?P<u7>{_YEAR}))?(?![\w/%-]|[.,]\d)",
            rf"\b(?P<w8>{_DAY_NAME})",
        )
    )
    + ")",
    re.IGNORECASE,
)
# A number that merely looks like a year: an amount, a count, a law's ("Nomor 13 Tahun 2011").
_NOT_YEAR_BEFORE = re.compile(
    r"(?:rp\.?|nomor|no\.?|pasal|kode\s+pos)\s*$|(?:\bnomor|\bno\.?)\s*[\w./-]{1,20}\s+(?:tahun\s+)?$", re.IGNORECASE
)
_YEAR_WORD = re.compile(r"tahun\s*$", re.IGNORECASE)
_NOT_YEAR_AFTER = re.compile(
    r"\s*(?:orang|warga|kk|keluarga|kpm|jiwa|unit|paket|penerima|peserta|anak|lansia|rumah|buah|kilogram|kg|ton|"
    r"meter|km|desa|rupiah|juta|ribu|siswa|personel|relawan|anggota|guru|ekor|liter|hektare|ha)\b",
    re.IGNORECASE,
)
_DAY_CUE = re.compile(r"(?:\(|tanggal|tgl\.?|hari\s+ini)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateMention:
    """``text[start:end]`` names ``date``, or the stretch from ``date`` ``until`` its last day or year.

    ``weekday`` is the day's name when the text gives one, also beside a full date. A bare "Rabu" is a mention too: its
    ``date`` knows the weekday only.
    """

    start: int
    end: int
    date: ArticleDate
    until: ArticleDate | None = None
    weekday: str | None = None


def find_dates(text: str) -> tuple[DateMention, ...]:
    """Every date that ``text`` names, in order; day before month, impossible ones (31/02) left out, none relative.

    One pass of a regular expression whose repetitions are all bounded: linear in the text's length.
    """
    mentions = (_mention(text, found) for found in _DATE.finditer(text))
    return tuple(mention for mention in mentions if mention is not None)


_RELATIVE = re.compile(
    r"\b(?:(?P<hari>hari ini|kemarin)|(?P<unit>bulan|tahun) (?:ini|sekarang|(?P<past>lalu|kemarin)))\b"
)


def relative_dates(text: str, today: calendar_date) -> tuple[DateMention, ...]:
    """Times that a lower-case question counts from its own day ("bulan lalu", "tahun ini", "hari ini"), in order."""
    found = []
    for match in _RELATIVE.finditer(text):
        if match["hari"]:
            day = today if match["hari"] == "hari ini" else today - timedelta(days=1)
            meant = ArticleDate(year=day.year, month=day.month, day=day.day)
        elif match["unit"] == "tahun":
            meant = ArticleDate(year=today.year - (match["past"] is not None))
        else:
            day = today.replace(day=1) - timedelta(days=1) if match["past"] else today
            meant = ArticleDate(year=day.year, month=day.month)
        found.append(DateMention(match.start(), match.end(), meant))
    return tuple(found)


def weekday_of(date: ArticleDate) -> str | None:
    """Return the day's Indonesian name, when the date is known to the day."""
    if not (date.year and date.month and date.day):
        return None
    return WEEKDAYS[calendar_date(date.year, date.month, date.day).weekday()]


def is_possible(year: int | None, month: int, day: int) -> bool:
    """Whether the calendar has such a day; without a year, 29 February is possible."""
    try:
        calendar_date(year or 2000, month, day)
    except ValueError:
        return False
    return True


def parse_date(value: str) -> ArticleDate | None:
    """Return an editor's "2021-12-27", "2022-12" or "2022"; ``None`` for anything else and for impossible days."""
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", value.strip())
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    if not year or (month is not None and not is_possible(year, month, day or 1)):
        return None
    return ArticleDate(year, month, day)


def weekday_name(value: str) -> str | None:
    """Return the usual spelling of a weekday ("jum'at" -> "Jumat", "Ahad" -> "Minggu"), or ``None``."""
    letters = re.sub(r"[^a-z]", "", value.lower())
    return {name.lower(): name for name in WEEKDAYS}.get({"ahad": "minggu"}.get(letters, letters))


def _mention(text: str, found: re.Match[str]) -> DateMention | None:
    part = found.groupdict()
    if part["d1"]:
        date = _day(part["y1"], part["m1"], part["d1"])
        if date is None:
            return None
        if not part["d0"]:
            return _on(found, date, part["w1"])
        first = _day(part["y0"] or part["y1"], part["m0"] or part["m1"], part["d0"])
        if first is None or first.sort_key > date.sort_key:
            return _on(found, date, None)
        return _on(found, first, part["w1"], until=date)
    if part["m2"]:
        return _on(found, _day(part["y2"], part["m2"], part["d2"]), None)
    if part["m3"]:
        return _on(found, _day(part["y3"], part["m3"], part["d3"]), None)
    if part["d4"]:
        return _numeric(text, found)
    if part["m5"]:
        return _on(found, ArticleDate(int(part["y5"]), _month(part["m5"])), None)
    if part["m6"]:
        return _on(found, ArticleDate(month=_month(part["m6"])), None)
    if part["y7"]:
        before, after = text[max(0, found.start() - 40) : found.start()], text[found.end() : found.end() + 20]
        if _NOT_YEAR_BEFORE.search(before) or (_NOT_YEAR_AFTER.match(after) and not _YEAR_WORD.search(before)):
            return None
        until = ArticleDate(int(part["u7"])) if part["u7"] and part["u7"] > part["y7"] else None
        return _on(found, ArticleDate(int(part["y7"])), None, until=until)
    name = weekday_name(part["w8"])
    before = text[max(0, found.start() - 10) : found.start()]
    if name == "Minggu" and not part["w8"][0].isupper() and not re.search(r"hari\s+$", before, re.IGNORECASE):
        return None  # "dua minggu lagi": weeks
    return DateMention(found.start(), found.end(), ArticleDate(weekday=name), weekday=name)


def _numeric(text: str, found: re.Match[str]) -> DateMention | None:
    """Return a date in figures; without a year it needs a cue, or "1/2" and "08-12" would be dates."""
    year, separator, weekday = found["y4"], found["s4"], found["w4"]
    cue = weekday or _DAY_CUE.search(text[max(0, found.start() - 12) : found.start()])
    if year is None and not (cue and separator != "."):
        return None
    if year is not None and len(year) == 2:
        if separator != "/" and not cue:
            return None
        year = ("20" if year < "70" else "19") + year
    date = _day(year, found["m4"], found["d4"])
    if date is None or not found["d40"]:
        return _on(found, date, weekday)
    first = _day(year, found["m4"], found["d40"])
    if first is None or first.sort_key >= date.sort_key:
        return _on(found, date, None)
    return _on(found, first, weekday, until=date)


def _month(name: str) -> int:
    return int(name) if name.isdigit() else _MONTH_NAMES[name.lower().rstrip(".")]


def _day(year: str | None, month: str, day: str) -> ArticleDate | None:
    number = int(year) if year else None
    return ArticleDate(number, _month(month), int(day)) if is_possible(number, _month(month), int(day)) else None


def _on(
    found: re.Match[str], date: ArticleDate | None, weekday: str | None, *, until: ArticleDate | None = None
) -> DateMention | None:
    if date is None:
        return None
    return DateMention(found.start(), found.end(), date, until, weekday_name(weekday) if weekday else None)
