"""Dates as Indonesian news writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import ArticleDate
from index.dates import find_dates, parse_date, weekday_of


@pytest.mark.parametrize(
    ("text", "written", "date"),
    [
        ("digelar Senin (23/9/24) di gedung", "Senin (23/9/24", ArticleDate(2024, 9, 23)),
        ("Kamis (14/12/2023).", "Kamis (14/12/2023", ArticleDate(2023, 12, 14)),
        ("pada 27 Desember 2021 lalu", "27 Desember 2021", ArticleDate(2021, 12, 27)),
        ("Kamis, 14 Desember 2023 10:30 WIB", "Kamis, 14 Desember 2023", ArticleDate(2023, 12, 14)),
        ("terbit 2023-12-14 siang", "2023-12-14", ArticleDate(2023, 12, 14)),
        ("14-12-2023", "14-12-2023", ArticleDate(2023, 12, 14)),
        ("Selasa, 05 Nov 2024 13:40 WIB", "Selasa, 05 Nov 2024", ArticleDate(2024, 11, 5)),
        ("Jum'at pagi (5/1/2024)", "Jum'at pagi (5/1/2024", ArticleDate(2024, 1, 5)),
        ("3 Pebruari 2010", "3 Pebruari 2010", ArticleDate(2010, 2, 3)),
        ("Senin (27/12)", "Senin (27/12", ArticleDate(None, 12, 27)),
        ("tanggal 17 agustus", "17 agustus", ArticleDate(None, 8, 17)),
        ("sejak Desember 2022 itu", "Desember 2022", ArticleDate(2022, 12)),
        ("pada bulan maret", "bulan maret", ArticleDate(None, 3)),
        ("sepanjang Maret 2023", "Maret 2023", ArticleDate(2023, 3)),
        ("tahun 2021", "2021", ArticleDate(2021)),
        ("bansos 2022?", "2022", ArticleDate(2022)),
        ("di aula, Rabu.", "Rabu", ArticleDate(weekday="Rabu")),
        ("Senin (1/3/2023)", "Senin (1/3/2023", ArticleDate(2023, 3, 1)),  # day before month, whatever the weekday
    ],
)
def test_a_date_is_found_with_its_place_and_no_more_precision_than_written(
    text: str, written: str, date: ArticleDate
) -> None:
    (mention,) = find_dates(text)
    assert text[mention.start : mention.end] == written
    assert mention.date == date


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("3 hingga 5 Maret 2023", ArticleDate(2023, 3, 3), ArticleDate(2023, 3, 5)),
        ("28 Februari s.d. 2 Maret 2023", ArticleDate(2023, 2, 28), ArticleDate(2023, 3, 2)),
        ("Senin-Selasa (27-28/12/2021)", ArticleDate(2021, 12, 27), ArticleDate(2021, 12, 28)),
        ("periode 2021-2024", ArticleDate(2021), ArticleDate(2024)),
    ],
)
def test_a_range_is_one_mention_with_its_end(text: str, first: ArticleDate, last: ArticleDate) -> None:
    (mention,) = find_dates(text)
    assert (mention.date, mention.until) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2024", "31 Februari 2024", "32/1/2024", "Senin (5/13/2024)", "Rp2.021.000", "Rp 2021", "2021 orang",
        "UU Nomor 13 Tahun 2011", "1/2 bagian", "pukul 10.30", "0812-2023-1111", "dua minggu lagi", "kemarin", "12.345",
        "2024%", "RT 05/02",
    ],
)  # fmt: skip
def test_what_is_no_date_or_impossible_is_left_out(text: str) -> None:
    assert find_dates(text) == ()


def test_weekdays_are_the_calendars() -> None:
    assert weekday_of(ArticleDate(2021, 12, 27)) == "Senin"
    assert weekday_of(ArticleDate(2021, 12)) is None


@pytest.mark.parametrize("value", ["2024-02-31", "2024-13", "24", "27-12-2021", "kemarin", "", "2024-00-01", "0000"])
def test_an_editors_date_that_is_none_is_refused(value: str) -> None:
    assert parse_date(value) is None


def test_an_editors_date_keeps_its_precision() -> None:
    assert parse_date("2021-12-27") == ArticleDate(2021, 12, 27)
    assert parse_date("2022-12") == ArticleDate(2022, 12)
    assert parse_date("2022") == ArticleDate(2022)


@given(st.text(alphabet="0123456789 /-.,()senilarbuktmjgdh'ⅳ²", max_size=60))
def test_any_text_gives_ordered_mentions_of_possible_dates(text: str) -> None:
    end = 0
    for mention in find_dates(text):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end
        if mention.date.year and mention.date.day:
            assert weekday_of(mention.date)


def test_a_month_in_odd_letters_is_that_month() -> None:
    """What ``re.IGNORECASE`` takes for an s was no key of the table of months: the whole article was lost to it."""
    assert [mention.date for mention in find_dates("12 \u017feptember 2020")] == [ArticleDate(2020, 9, 12)]
