"""A text becomes a draft that is read as the archive will read it; corrections change it, and nothing is made up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intake_files import PAGE, REPORT, TITLE

from bot.intake.corrections import MAX_VALUE, read_date
from bot.intake.documents import Document, Kind, read_document
from bot.intake.drafts import Draft, Files, Origin, draft_again, draft_of
from bot.intake.errors import (
    BadAddressError,
    CredentialsError,
    DateAheadError,
    DateImpossibleError,
    DateUnclearError,
    DateWithoutYearError,
    IntakeError,
    NoArticleError,
    TooLongError,
    ValueEmptyError,
    ValueTooLongError,
    WeekdayError,
)
from bot.intake.likeness import twins
from index.article import Article, ArticleDate
from index.reading import parse_article, read_article
from index.sidecar import parse_sidecar, sidecar_text
from index.texts import load

TODAY = date(2026, 3, 1)
TEXT = f"{TITLE}\n\nPACITAN – {REPORT[0]}\nBaca juga: Bupati Lantik Pejabat Baru\n{REPORT[1]}\n{REPORT[2]}\nBagikan\n"


def text_draft(text: str = TEXT) -> Draft:
    return draft_of(Document(Kind.TEXT, text), source="sent in chat as berita.txt")


def stored(draft: Draft, folder) -> Article:
    """The article that the archive reads from the draft's files."""
    files = draft.files()
    (folder / f"{draft.id}.txt").write_bytes(files.text)
    (folder / f"{draft.id}.toml").write_bytes(files.sidecar)
    return read_article(folder / f"{draft.id}.txt")


def test_a_draft_shows_what_was_found_where_it_is_from_and_what_is_dropped() -> None:
    draft = text_draft()
    article = draft.article
    assert (article.title, article.outlet, str(article.date)) == (TITLE, None, "23 September 2024")
    assert article.locality
    assert article.locality.shown == "Kabupaten Pacitan, Jawa Timur"
    assert draft.dropped == ("PACITAN –", "Baca juga: Bupati Lantik Pejabat Baru", "Bagikan")
    assert draft.kept == REPORT
    origins = [draft.origin(value) for value in ("title", "outlet", "place", "date", "url")]
    assert origins == [Origin.TEXT, Origin.NOWHERE, Origin.TEXT, Origin.TEXT, Origin.NOWHERE]


def test_a_page_tells_its_title_outlet_and_address_but_the_day_of_the_report_goes_first() -> None:
    draft = draft_of(read_document(PAGE.encode()))
    assert str(draft.article.date) == "23 September 2024"  # its lead; the page came a day later
    assert (draft.article.outlet, draft.origin("outlet")) == ("Kabar Kita", Origin.PAGE)
    undated = draft_of(read_document(PAGE.replace(", Senin (23/9/2024)", "").encode()))
    assert (str(undated.article.date), undated.origin("date")) == ("24 September 2024", Origin.PAGE)


def test_what_is_previewed_is_what_the_archive_reads_from_the_files(tmp_path) -> None:
    for draft in (
        text_draft(),
        draft_of(read_document(PAGE.encode())),
        text_draft().with_title("Judul “lain” \\ dengan 'kutip'").with_place("Serang").with_date("Rabu, 2022", TODAY),
        text_draft("Bantuan sosial disalurkan kepada warga Serang, Banten, pada 14 Desember di balai kota setempat."),
    ):
        assert stored(draft, tmp_path) == draft.article


def test_the_text_is_stored_to_the_byte() -> None:
    text = "\r\n".join(["Judul\u00a0berita & tanda &amp;", "", *REPORT]) + "\r\n\t\r\n"
    assert text_draft(text).files().text == text.encode()


def test_corrections_go_first_and_can_be_taken_back() -> None:
    draft = text_draft()
    corrected = (
        draft.with_title("  Judul \n baru ").with_outlet("Radar Pacitan").with_place("kota serang, banten")
        .with_date("24/9/2024", TODAY).with_url("kabar.example/1")
    )  # fmt: skip
    article = corrected.article
    assert (article.title, article.outlet, article.url) == ("Judul baru", "Radar Pacitan", "https://kabar.example/1")
    assert article.locality
    assert (article.locality.shown, corrected.place_is_known) == ("Kota Serang, Banten", True)
    assert article.date == ArticleDate(2024, 9, 24)
    assert {corrected.origin(value) for value in ("title", "outlet", "place", "date", "url")} == {Origin.EDITOR}
    back = corrected.with_title(None).with_outlet(None).with_place(None).with_date(None, TODAY).with_url(None)
    assert back == draft
    assert draft.article.title == TITLE  # drafts never change


def test_a_place_that_no_gazetteer_knows_is_kept_as_written_and_said_to_be_unknown() -> None:
    draft = text_draft().with_place("Negeri Antah Berantah")
    assert draft.article.locality
    assert (draft.article.locality.shown, draft.place_is_known) == ("Negeri Antah Berantah", False)


@pytest.mark.parametrize("written", ["", "  ", "\n\t", "\u200b"])
def test_an_empty_correction_is_refused(written: str) -> None:
    draft = text_draft()
    for correct in (draft.with_title, draft.with_outlet, draft.with_place, lambda each: draft.with_date(each, TODAY)):
        with pytest.raises(ValueEmptyError):
            correct(written)


def test_a_correction_that_is_too_long_or_no_address_is_refused() -> None:
    with pytest.raises(ValueTooLongError) as caught:
        text_draft().with_title("x" * (MAX_VALUE + 1))
    assert caught.value.fields == {"most": MAX_VALUE}
    with pytest.raises(BadAddressError):
        text_draft().with_url("javascript:alert(1)")
    with pytest.raises(CredentialsError):
        text_draft().with_url("https://a:b@kabar.example/")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("23/9/2024", (2024, 9, 23)),
        ("23-09-2024", (2024, 9, 23)),
        ("23.9.24", (2024, 9, 23)),
        ("2024-09-23", (2024, 9, 23)),
        ("23 September 2024", (2024, 9, 23)),
        ("senin, 23 september 2024.", (2024, 9, 23)),
        ("Jum'at (27/9/2024)", (2024, 9, 27)),
        ("1 Peb 2023", (2023, 2, 1)),
        ("29/02/2024", (2024, 2, 29)),
        ("9/2024", (2024, 9, None)),
        ("2024-09", (2024, 9, None)),
        ("September 2024", (2024, 9, None)),
        ("2024", (2024, None, None)),
        ("1/3/2026", (2026, 3, 1)),
        ("Maret 2026", (2026, 3, None)),
    ],
)
def test_a_date_is_read_as_precisely_as_it_is_written(written: str, found: tuple[int | None, ...]) -> None:
    assert read_date(written, TODAY) == ArticleDate(*found)


def test_a_weekday_is_kept_where_no_day_is_known() -> None:
    assert read_date("Rabu, 2022", TODAY) == ArticleDate(2022, None, None, "Rabu")
    draft = text_draft().with_date("Rabu, 2022", TODAY)
    assert str(draft.article.date) == "Rabu, 2022"
    assert str(draft.with_date("2023", TODAY).article.date) == "2023"


@pytest.mark.parametrize(
    ("written", "reason", "sentence"),
    [
        ("31/02", DateImpossibleError, "Tanggal 31/02 tidak ada di kalender. Periksa hari dan bulannya."),
        ("31/02/2024", DateImpossibleError, None),
        ("31 Februari 2023", DateImpossibleError, None),
        ("29/2/2023", DateImpossibleError, None),
        ("2023-02-30", DateImpossibleError, None),
        ("2023-13", DateImpossibleError, None),
        ("9/23/2024", DateImpossibleError, None),
        ("0/0/2024", DateImpossibleError, None),
        ("14/12", DateWithoutYearError, "Tahun untuk “14/12” belum ada. Tulis dengan tahunnya, misalnya 23/9/2024."),
        ("14 Desember", DateWithoutYearError, None),
        ("2/3/2026", DateAheadError, "Tanggal 2/3/2026 belum tiba. Periksa tahunnya."),
        ("April 2026", DateAheadError, None),
        ("2062", DateAheadError, None),
        (
            "Selasa, 23/9/2024",
            WeekdayError,
            "23 September 2024 jatuh pada hari Senin, bukan Selasa. Periksa tanggalnya.",
        ),
        ("kemarin", DateUnclearError, None),
        ("Senin", DateUnclearError, None),
        ("bulan lalu", DateUnclearError, None),
        ("2021-2024", DateUnclearError, None),
        ("3-5 Maret 2023", DateUnclearError, None),
        ("Desember", DateUnclearError, None),
        ("0000", DateUnclearError, None),
        ("1/1/1024", DateUnclearError, None),
        ("<b>", DateUnclearError, None),
    ],
)
def test_a_date_that_is_none_or_not_whole_is_refused_with_its_own_sentence(
    written: str, reason: type[IntakeError], sentence: str | None
) -> None:
    draft = text_draft()
    with pytest.raises(reason) as caught:
        draft.with_date(written, TODAY)
    shown = load()(caught.value.key, **caught.value.fields)
    assert shown == sentence or sentence is None
    assert str(draft.article.date) == "23 September 2024"


PIECES = [
    "1",
    "29",
    "31",
    "12",
    "13",
    "/",
    "-",
    ".",
    " ",
    " ",
    "24",
    "2024",
    "1998",
    "Februari",
    "Des",
    "Senin",
    ", ",
    "(",
]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
@settings(max_examples=500)
def test_no_date_has_a_day_month_or_year_that_was_not_written(written: str) -> None:
    try:
        found = read_date(written, TODAY)
    except IntakeError:
        return
    assert found.year
    assert f"{found.year % 100:02}" in written
    assert not found.day or str(found.day) in written
    assert not found.month or str(found.month) in written or "Feb" in written or "Des" in written


def test_parts_can_be_taken_out_for_good_and_twice_is_once() -> None:
    draft = text_draft()
    part = next(each for each in draft.parts if each.text == REPORT[1])
    shorter = draft.without(part.key)
    assert shorter.kept == (REPORT[0], REPORT[2])
    assert REPORT[1] not in shorter.files().text.decode()
    assert shorter.without(part.key) == shorter
    assert {each.key for each in shorter.parts} == {each.key for each in draft.parts} - {part.key}
    alone = shorter.without(next(each.key for each in draft.parts if each.text == REPORT[2]))
    with pytest.raises(NoArticleError):
        alone.without(next(each.key for each in draft.parts if each.text == REPORT[0]))


def test_another_text_is_read_anew_under_the_same_corrections() -> None:
    draft = text_draft().with_outlet("Radar").with_text(f"Judul yang lain sama sekali\n\nMALANG – {REPORT[2]}")
    assert (draft.article.title, draft.article.outlet) == ("Judul yang lain sama sekali", "Radar")
    assert draft.article.date is None
    with pytest.raises(TooLongError):
        draft.with_text("Bantuan sosial. " * 20_000)


@pytest.mark.parametrize("text", ["", " \n", "\ufeff", "Baca juga: Berita Lain", "https://kabar.example/1", "\0\0"])
def test_a_text_with_nothing_to_quote_is_no_draft(text: str) -> None:
    with pytest.raises(NoArticleError):
        text_draft(text)


def test_characters_that_no_file_can_hold_are_replaced() -> None:
    draft = text_draft(f"\ufeffJudul \ud800 berita\0 hari ini\n\n{REPORT[0]}")
    assert draft.files().text.decode().startswith("Judul ? berita hari ini")


def test_an_article_of_the_shelf_comes_back_as_it_was(tmp_path) -> None:
    draft = text_draft().with_place("Serang").with_date("2022", TODAY)
    again = draft_again("nama", draft.files())
    assert again.files() == draft.files()
    assert again.article == parse_article("nama", TEXT, draft.sidecar)
    with pytest.raises(NoArticleError):
        draft_again("nama", Files(b"\xff", b""))


@given(st.dictionaries(st.sampled_from(["title", "outlet", "place", "url", "source", "note"]), st.text(min_size=1)))
@settings(max_examples=200)
def test_a_sidecar_is_read_back_as_it_was_written(values: dict[str, str]) -> None:
    values = {key: value.strip() for key, value in values.items() if value.strip()}
    assert parse_sidecar("x.toml", sidecar_text(values).encode()) == values


@pytest.mark.parametrize("values", [{"author": "x"}, {"title": ""}, {"title": " x"}])
def test_a_sidecar_that_would_not_be_read_back_is_not_written(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="cannot be read back"):
        sidecar_text(values)


# -- the same report twice -------------------------------------------------------------------------------------------


def test_the_same_report_is_known_again_also_under_another_headline_or_cut_short() -> None:
    old = parse_article("lama", TEXT)
    for text in (
        TEXT,
        f"Ratusan Lansia Terima Sembako\n\nPACITAN – {REPORT[0]}\n{REPORT[1]}",
        f"{TEXT}\nTambahan: {REPORT[1]}",
    ):
        (twin,) = twins(text_draft(text).article, [old])
        assert (twin.article.id, twin.same) == ("lama", True)
        assert twin.share > 0.8


def test_last_years_text_with_this_years_figures_is_near_and_not_the_same() -> None:
    (twin,) = twins(
        text_draft(TEXT.replace("120", "95").replace("2024", "2025")).article, [parse_article("lama", TEXT)]
    )
    assert twin.share > 0.6
    assert not twin.same


def test_the_same_address_is_the_same_article_whatever_its_text_became() -> None:
    old = parse_article("lama", f"Judul lain\n\nMALANG – {REPORT[2]}", {"url": "http://www.kabar.example/berita/1/"})
    draft = text_draft(f"Judul\n\nPACITAN – {REPORT[0]}").with_url("https://kabar.example/berita/1?utm_source=wa")
    assert [twin.same for twin in twins(draft.article, [old])] == [True]


def test_two_reports_on_one_subject_are_no_twins(archive) -> None:
    for article in archive.articles:
        assert not twins(article, archive.articles)


def test_an_article_of_the_archive_that_is_sent_again_is_found(archive) -> None:
    for article in archive.articles:
        again = draft_of(Document(Kind.TEXT, article.body)).article
        assert [(twin.article.id, twin.same) for twin in twins(again, archive.articles)] == [(article.id, True)]
