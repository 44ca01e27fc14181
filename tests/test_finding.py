"""Archive.find: every article that holds what a search names, with its telling sentence to the letter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.searching import LONGEST, SearchError, parse
from index import finding
from index.archive import Archive
from index.article import Article, ArticleDate
from index.document import Document
from index.documents import Documents
from index.evaluation import read_cases


def everything(_: Article) -> bool:
    return True


def found(archive: Archive, text: str) -> list[str]:
    search = parse(text)
    return [snippet.article for snippet in archive.find(search.words, search.phrases, search.keeps).snippets]


@pytest.mark.parametrize("text", ["disabilitas", "lansia pacitan", '"pilar sosial"', "di:Banten", "tagana sejak:2023"])
def test_what_is_shown_stands_in_the_article_to_the_letter(archive: Archive, text: str) -> None:
    search = parse(text)
    finding = archive.find(search.words, search.phrases, search.keeps)
    assert finding.snippets
    for snippet in finding.snippets:
        assert archive.article(snippet.article).body[snippet.start : snippet.end] == snippet.text
        assert all(0 <= start < end <= len(snippet.text) for start, end in snippet.highlights)


def test_an_article_is_listed_once_and_only_if_it_holds_all_the_words(archive: Archive) -> None:
    both = found(archive, "disabilitas lansia")
    assert len(both) == len(set(both))
    assert set(both) == set(found(archive, "disabilitas")) & set(found(archive, "lansia"))


def test_a_true_synonym_finds_the_same(archive: Archive) -> None:
    assert set(found(archive, "difabel")) == set(found(archive, "disabilitas")) != set()


def test_a_phrase_is_sought_as_it_is_written(archive: Archive) -> None:
    for name in found(archive, '"karang taruna"'):
        assert "karang taruna" in " ".join(archive.article(name).body.lower().split())
    assert found(archive, '"taruna karang"') == []


def test_parts_are_shown_only_when_nothing_holds_all_and_that_is_said(archive: Archive) -> None:
    finding = archive.find("disabilitas helikopter", (), everything)
    assert finding.partial
    assert finding.snippets
    assert not archive.find("disabilitas", (), everything).partial
    assert archive.find("helikopter", (), everything).snippets == ()


def test_filters_alone_list_all_that_pass_newest_first(archive: Archive) -> None:
    names = found(archive, "di:Balangan")
    assert names == ["balangan-jambore-psks-2023", "balangan-hksn-2021"]
    assert found(archive, "di:Balangan sejak:2022") == names[:1]
    assert found(archive, 'di:"Kalimantan Selatan" sampai:2022') == names[1:]


# -- filters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("x sejak:2023", date(2023, 1, 1), None),
        ("x sampai:2024", None, date(2024, 12, 31)),
        ("x sejak:2/2024 sampai:2/2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("x sejak:2023-05-17", date(2023, 5, 17), None),
        ("x sampai:17/5/2023", None, date(2023, 5, 17)),
        ("x sejak:mei-2023", date(2023, 5, 1), None),
        ('x sejak:"17 Mei 2023"', date(2023, 5, 17), None),
        ("x tahun:2021-2023", date(2021, 1, 1), date(2023, 12, 31)),
        ("x sejak: 2023", date(2023, 1, 1), None),
    ],
)
def test_a_time_is_read_in_the_ways_in_which_it_is_written(text: str, since: date | None, until: date | None) -> None:
    search = parse(text)
    assert (search.words, search.since, search.until) == ("x", since, until)


@pytest.mark.parametrize(
    ("text", "places", "words"),
    [
        ("di:Pacitan lansia", ["Kabupaten Pacitan"], "lansia"),
        ("di:Jawa Timur lansia", ["Jawa Timur"], "lansia"),
        ("lansia di:jatim", ["Jawa Timur"], "lansia"),
        ('di:"Kota Mojokerto" x', ["Kota Mojokerto"], "x"),
        ("daerah:Mojokerto x", ["Kabupaten Mojokerto", "Kota Mojokerto"], "x"),
    ],
)
def test_a_place_of_several_words_needs_no_quotes(text: str, places: list[str], words: str) -> None:
    search = parse(text)
    assert ([place.full_name for place in search.places], search.words) == (places, words)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "usage"),
        ("x" * (LONGEST + 1), "too_long"),
        ('x "y', "open_quote"),
        ("x foo:bar", "unknown_filter"),
        ("x di:", "no_value"),
        ("di:Pacitan di:Banten", "twice"),
        ("x di:Atlantis", "unknown_place"),
        ("x sejak:31/02/2023", "not_a_date"),
        ("x sejak:13/2023", "not_a_date"),
        ("x sampai:kemarin", "not_a_date"),
        ("x tahun:dulu", "not_a_year"),
        ("x tahun:2023 sejak:2022", "year_and_period"),
        ("x sejak:2024 sampai:2023", "backwards"),
    ],
)
def test_a_wrong_filter_is_named(text: str, key: str) -> None:
    with pytest.raises(SearchError) as refused:
        parse(text)
    assert refused.value.key == key


def test_a_link_is_no_filter() -> None:
    assert parse("https://contoh.id/berita").words == "https://contoh.id/berita"


@pytest.mark.parametrize(
    ("when", "since", "kept"),
    [
        (ArticleDate(2023), "5/2023", True),  # some day of that year
        (ArticleDate(2023, 4), "5/2023", False),
        (ArticleDate(2023, 5, 2), "5/2023", True),
        (ArticleDate(2022), "5/2023", False),
        (None, "5/2023", False),
    ],
)
def test_a_date_counts_as_all_the_days_that_it_may_be(when: ArticleDate | None, since: str, kept: bool) -> None:
    assert parse(f"x sejak:{since}").keeps(Article("a", "", "", date=when)) is kept


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_refused_or_is_a_search_that_its_own_list_repeats(text: str) -> None:
    try:
        search = parse(text)
    except SearchError:
        return
    assert parse(search.written) == search  # as its list's first line will be read


def test_only_likely_articles_are_looked_at_and_none_is_missed(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = read_cases(Path(__file__).parent / "golden" / "seeds-dev.jsonl")
    asked = [(case.question, ()) for case in cases] + [("", ("program keluarga",)), ("penerima", ("di kabupaten",))]
    narrowed = [archive.find(words, phrases, everything) for words, phrases in asked]
    looked_at = 0

    def all_of(documents: Documents, *_: object) -> Sequence[Document]:
        nonlocal looked_at
        looked_at += 1
        return documents.all

    monkeypatch.setattr(finding, "_likely", all_of)
    assert narrowed == [archive.find(words, phrases, everything) for words, phrases in asked]
    assert looked_at == len(asked)
    assert sum(bool(each.snippets) for each in narrowed) > 20
