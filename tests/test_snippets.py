"""What is shown: no repetition, near-duplicates once with both cited, older reports marked, whole articles surveyed."""

from __future__ import annotations

from itertools import pairwise

from index.answer import Found
from index.archive import Archive
from index.reading import parse_article

FLOOD = (
    "{place} ({outlet}) - Banjir merendam 120 rumah di Kecamatan Sungai Raya, Selasa ({date}). "
    "Tagana mendirikan dapur umum di balai desa untuk 300 warga yang mengungsi sejak malam.\n"
)


def article(name: str, **fields: str) -> object:
    return parse_article(name, FLOOD.format(**fields))


def test_of_two_articles_that_say_the_same_one_is_shown_and_both_are_cited() -> None:
    archive = Archive(
        [
            article("satu", place="NGAWI", outlet="KABAR TIMUR", date="6/2/2024"),
            article("dua", place="NGAWI", outlet="WARTA LAWU", date="6/2/2024"),
        ]
    )
    answer = archive.ask("berapa rumah yang terendam banjir di Ngawi")
    assert isinstance(answer, Found)
    assert len(answer.snippets) == 1
    shown = answer.snippets[0]
    outlets = {shown.citation.outlet, *(citation.outlet for citation in shown.also_in)}
    assert outlets == {"KABAR TIMUR", "WARTA LAWU"}


def test_a_report_that_a_newer_one_of_the_same_place_is_shown_beside_is_marked_as_older() -> None:
    old = "NGAWI (KABAR TIMUR) - Insentif kader posyandu di Ngawi sebesar Rp100.000 per bulan, Senin (7/2/2022).\n"
    new = "NGAWI (KABAR TIMUR) - Insentif kader posyandu Ngawi naik menjadi Rp250.000, Senin (5/2/2024).\n"
    archive = Archive([parse_article("lama", old), parse_article("baru", new)])
    answer = archive.ask("berapa insentif kader posyandu ngawi sekarang")
    assert isinstance(answer, Found)
    assert [snippet.article for snippet in answer.snippets] == ["baru", "lama"]  # "sekarang": the newest first
    assert [snippet.older for snippet in answer.snippets] == [False, True]


def test_a_question_that_names_only_a_place_gets_what_there_is_from_it() -> None:
    archive = Archive([article("satu", place="NGAWI", outlet="KABAR TIMUR", date="6/2/2024")])
    answer = archive.ask("ngawi")
    assert isinstance(answer, Found)
    assert answer.snippets[0].text.startswith("Banjir merendam 120 rumah")
    assert not isinstance(archive.ask("blora"), Found)


def test_no_stretch_of_an_article_is_shown_twice() -> None:
    archive = Archive([article("satu", place="NGAWI", outlet="KABAR TIMUR", date="6/2/2024")])
    answer = archive.ask("dapur umum tagana banjir")
    assert isinstance(answer, Found)
    spans = sorted((snippet.start, snippet.end) for snippet in answer.snippets)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


def test_a_phrase_that_was_not_typed_is_highlighted_only_as_a_whole() -> None:
    text = (
        "NGAWI (KABAR TIMUR) - Tenaga Kesejahteraan Sosial Kecamatan (TKSK) mendata warga, Senin (5/2/2024). "
        "TKSK bertugas mendata masalah sosial di kecamatan.\n"
    )
    answer = Archive([parse_article("satu", text)]).ask("apa itu TKSK")
    assert isinstance(answer, Found)
    shown = answer.snippets[0]
    words = [shown.text[start:end] for start, end in shown.highlights]
    assert words[:5] == ["Tenaga", "Kesejahteraan", "Sosial", "Kecamatan", "TKSK"]
    assert "sosial" not in words


def test_what_the_place_asked_about_offers_is_found_among_louder_places() -> None:
    loud = [
        parse_article(
            f"ramai-{number}",
            f"JEMBER (KABAR TIMUR) - Bantuan beras, bantuan uang dan bantuan benih tahap {number} disalurkan kepada "
            f"{number}00 warga Jember, Senin (5/2/2024).\n",
        )
        for number in range(1, 30)
    ]
    quiet = parse_article(
        "sepi", "NGAWI (KABAR TIMUR) - Pemkab Ngawi memberikan alat bantu dengar kepada 12 warga, Senin (5/2/2024).\n"
    )
    answer = Archive([*loud, quiet]).ask("bantuan apa di Ngawi?")
    assert isinstance(answer, Found)
    assert [snippet.article for snippet in answer.snippets] == ["sepi"]


def test_a_part_of_a_programmes_name_is_no_trace_of_it() -> None:
    text = (
        "NGAWI (KABAR TIMUR) - Warga mendaftar kartu perpustakaan di balai desa dengan membawa KTP, Senin (5/2/2024).\n"
    )
    assert not isinstance(Archive([parse_article("satu", text)]).ask("cara daftar kartu prakerja"), Found)
