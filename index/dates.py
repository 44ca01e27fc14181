"""Dates as Indonesian news writes them, found with their place in the text and no more precision than they have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date as calendar_date
from datetime import timedelta

from index.article import MONTHS, ArticleDate
from index.folding import fold, letter_runs

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_SPELLINGS = {name.lower(): name for name in WEEKDAYS} | {"ahad": "Minggu"}
_NOT_LETTERS = re.compile(r"[^a-z]")

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
_PART_OF_YEAR = "bulan|awal|akhir|pertengahan|sepanjang|selama"
_HOUR = rf"(?:{_SPACE}(?:dini{_SPACE}hari|pagi|siang|sore|petang|malam|kemarin|lalu|ini))?"
_TO = rf"{_GAP}(?:-|–|—|s/d|s\.\s?d\.?|sd|hingga|sampai(?:{_SPACE}dengan)?|dan|&){_GAP}"
_YEAR = r"(?:19[4-9]\d|20\d\d)"


def _on_weekday(group: str) -> str:
    """Return a day's name before a date: "Senin (", "Senin-Selasa, ", "Rabu pagi tanggal "."""
    other = rf"(?:{_DAY_NAME}{_GAP}(?:-|–|dan|hingga|sampai){_GAP})?"
    return rf"(?:{other}(?P<{group}>{_DAY_NAME}){_HOUR}{_GAP}[,(]?{_GAP}\(?(?:(?:tanggal|tgl\.?){_SPACE})?)?"


# Everything below is tried on folded text.
_DATE = re.compile(
    "|".join(
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
            rf"\b(?:{_PART_OF_YEAR}){_SPACE}(?P<m6>(?:{_FULL_MONTHS}))\b"
            rf"(?!{_GAP}(?:tahun{_SPACE})?{_YEAR})",
            # tahun 2021 · 2021-2024
            rf"(?<![\w./-])(?P<y7>{_YEAR})(?:\s?[-–/]\s?(?P<u7>{_YEAR}))?(?![\w/%-]|[.,]\d)",
            rf"\b(?P<w8>{_DAY_NAME})",
        )
    )
)
# Where any of these can begin. Trying them all costs a hundred times as much as looking for that:
# at the first digit of a year, or of a day that a month, a range or a separator follows,
_FIGURE = re.compile(
    r"\d(?<!\d\d)(?<!\d[./]\d)(?:(?<=1)9[4-9]\d(?!\d)|(?<=2)0\d\d(?!\d)|"
    rf"\d?(?!\d)(?=\s{{0,7}}(?:[-–—&/.]|s[/.da]|hingga|dan|{'|'.join(sorted({name[:3] for name in _MONTH_NAMES}))})))"
)
# or at the name of a day, of a month before a number, or of what is part of a year; looked for where there is such a
# word at all ("jum'at" leaves "jum").
_NAME = re.compile(
    rf"\b(?:{_DAY_NAME}|{_MONTH}(?={_GAP}(?:\d|tahun))|(?:{_PART_OF_YEAR})(?={_SPACE}(?:{_FULL_MONTHS})))"
)
_NAMES = frozenset(
    word.encode()
    for word in (*_MONTH_NAMES, *_PART_OF_YEAR.split("|"), *(name.lower() for name in WEEKDAYS), "jum", "ahad")
)
# A number that merely looks like a year: an amount, a count, a law's ("Nomor 13 Tahun 2011").
_NOT_YEAR_BEFORE = re.compile(
    r"(?:rp\.?|nomor|no\.?|pasal|kode\s+pos)\s*$|(?:\bnomor|\bno\.?)\s*[\w./-]{1,20}\s+(?:tahun\s+)?$"
)
_YEAR_WORD, _DAY_WORD = re.compile(r"tahun\s*$"), re.compile(r"hari\s+$")
_NOT_YEAR_AFTER = re.compile(
    r"\s*(?:orang|warga|kk|keluarga|kpm|jiwa|unit|paket|penerima|peserta|anak|lansia|rumah|buah|kilogram|kg|ton|"
    r"meter|km|desa|rupiah|juta|ribu|siswa|personel|relawan|anggota|guru|ekor|liter|hektare|ha)\b"
)
_DAY_CUE = re.compile(r"(?:\(|tanggal|tgl\.?|hari\s+ini)\s*$")


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

    One pass of regular expressions whose repetitions are all bounded: linear in the text's length.
    """
    folded = fold(text)
    mentions: list[DateMention] = []
    end = 0
    for begin in _beginnings(folded):
        found = _DATE.match(folded, begin) if begin >= end else None
        if found is None:
            continue
        end = found.end()
        mention = _mention(text, folded, found)
        if mention is not None:
            mentions.append(mention)
    return tuple(mentions)


def _beginnings(folded: str) -> list[int]:
    """Return where a date may begin, in order: nowhere else does one."""
    found = [figure.start() for figure in _FIGURE.finditer(folded)]
    names = _NAMES.intersection(letter_runs(folded))
    if not names:
        return found
    begins = set(found)
    for name in map(bytes.decode, names):
        at = folded.find(name)
        while at >= 0:
            if _NAME.match(folded, at):
                begins.add(at)
            at = folded.find(name, at + 1)
    return sorted(begins)


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
    letters = _NOT_LETTERS.sub("", value.lower())
    return _SPELLINGS.get(letters)


def _mention(text: str, folded: str, found: re.Match[str]) -> DateMention | None:
    """Return what ``_DATE`` found in ``folded``, if the calendar and the words around allow it."""
    if found["d1"]:
        date = _day(found["y1"], found["m1"], found["d1"])
        if date is None:
            return None
        weekday = _written(text, found, "w1")
        if not found["d0"]:
            return _on(found, date, weekday)
        first = _day(found["y0"] or found["y1"], found["m0"] or found["m1"], found["d0"])
        if first is None or first.sort_key > date.sort_key:
            return _on(found, date, None)
        return _on(found, first, weekday, until=date)
    if found["m2"]:
        return _on(found, _day(found["y2"], found["m2"], found["d2"]), None)
    if found["m3"]:
        return _on(found, _day(found["y3"], found["m3"], found["d3"]), None)
    if found["d4"]:
        return _numeric(text, folded, found)
    if found["m5"]:
        return _on(found, ArticleDate(int(found["y5"]), _month(found["m5"])), None)
    if found["m6"]:
        return _on(found, ArticleDate(month=_month(found["m6"])), None)
    if found["y7"]:
        before, after = folded[max(0, found.start() - 40) : found.start()], folded[found.end() : found.end() + 20]
        if _NOT_YEAR_BEFORE.search(before) or (_NOT_YEAR_AFTER.match(after) and not _YEAR_WORD.search(before)):
            return None
        until = ArticleDate(int(found["u7"])) if found["u7"] and found["u7"] > found["y7"] else None
        return _on(found, ArticleDate(int(found["y7"])), None, until=until)
    name = weekday_name(text[slice(*found.span("w8"))])
    if name == "Minggu" and not text[found.start()].isupper():
        before = folded[max(0, found.start() - 10) : found.start()]
        if not _DAY_WORD.search(before):
            return None  # "dua minggu lagi": weeks
    return DateMention(found.start(), found.end(), ArticleDate(weekday=name), weekday=name)


def _written(text: str, found: re.Match[str], group: str) -> str | None:
    """Return what a group found in folded text, as the text has it."""
    return text[slice(*found.span(group))] if found[group] else None


def _numeric(text: str, folded: str, found: re.Match[str]) -> DateMention | None:
    """Return a date in figures; without a year it needs a cue, or "1/2" and "08-12" would be dates."""
    year, separator, weekday = found["y4"], found["s4"], _written(text, found, "w4")
    cue = weekday or _DAY_CUE.search(folded[max(0, found.start() - 12) : found.start()])
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
    return int(name) if name.isdigit() else _MONTH_NAMES[name.rstrip(".")]


def _day(year: str | None, month: str, day: str) -> ArticleDate | None:
    number = int(year) if year else None
    return ArticleDate(number, _month(month), int(day)) if is_possible(number, _month(month), int(day)) else None


def _on(
    found: re.Match[str], date: ArticleDate | None, weekday: str | None, *, until: ArticleDate | None = None
) -> DateMention | None:
    if date is None:
        return None
    return DateMention(found.start(), found.end(), date, until, weekday_name(weekday) if weekday else None)
