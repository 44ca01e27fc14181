"""What continues an answer, and what is nearest to a message that is passed on: to the letter, and nothing unfit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from index.answer import Found, Home, Related, Snippet
from index.archive import Archive
from index.places import load_gazetteer
from index.reading import parse_article

QUESTIONS = ("pilar sosial", "bantuan lansia", "siapa yang menyerahkan bantuan?", "HKSN", "indonesia", "jawa timur")


def further(
    archive: Archive, question: str, previous: str | None = None
) -> tuple[Found | Related, tuple[Snippet, ...]]:
    answer = archive.ask(question, previous)
    assert isinstance(answer, Found | Related)
    return answer, archive.further(answer)


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_follows_is_verbatim_and_never_what_was_shown(archive: Archive, question: str) -> None:
    answer, more = further(archive, question)
    seen = list(answer.snippets)
    for snippet in more:
        body = archive.article(snippet.article).body
        assert snippet.text == body[snippet.start : snippet.end]
        assert all(
            other.article != snippet.article or other.end <= snippet.start or snippet.end <= other.start
            for other in seen
        )
        assert all(snippet.text[low:high] for low, high in snippet.highlights)
        seen.append(snippet)


def test_there_is_something_that_follows(archive: Archive) -> None:
    assert sum(len(further(archive, question)[1]) > 3 for question in QUESTIONS) >= 2


def test_what_follows_an_answer_keeps_its_conditions(archive: Archive) -> None:
    answer, more = further(archive, "pilar sosial di Balangan")
    assert isinstance(answer, Found)
    assert more
    for snippet in more:
        place = archive.article(snippet.article).locality
        assert place is not None
        assert "Balangan" in place.shown or "Balangan" in snippet.text


def test_a_survey_of_a_place_goes_on_with_its_other_articles() -> None:
    aids = ("beras", "kursi roda", "benih jagung", "seragam sekolah", "mesin jahit", "tongkat")
    texts = [
        f"Warga Tegal Terima {aid.title()}\n\nKOTA TEGAL - Pemerintah Kota Tegal membagikan {aid} ({day}/3/2023).\n"
        for day, aid in enumerate(aids, 1)
    ]
    archive = Archive([parse_article(f"tegal-{number}", text) for number, text in enumerate(texts)])
    answer, more = further(archive, "kota tegal")
    assert len(answer.snippets) == 4
    quoted = [snippet.article for snippet in (*answer.snippets, *more)]
    assert quoted == [f"tegal-{number}" for number in range(len(aids) - 1, -1, -1)]  # newest first


def test_what_follows_a_follow_up_is_about_what_it_took_over(archive: Archive) -> None:
    answer, more = further(archive, "kalau di Balangan?", "pilar sosial di Pacitan")
    assert answer.understanding.follows
    assert all("balangan" in snippet.article for snippet in more)


def test_a_preferred_region_holds_for_what_follows_too(archive: Archive) -> None:
    home = load_gazetteer().by_code("63.11")  # Balangan
    answer = archive.ask("relawan sosial", None, home)
    assert isinstance(answer, Found)
    assert answer.understanding.home is Home.PREFERRED
    more = archive.further(answer)
    assert more
    assert all("balangan" in snippet.article for snippet in more)


# -- messages that are passed on -------------------------------------------------------------------------------------


@pytest.mark.parametrize("article", range(5))
def test_a_paragraph_that_is_passed_on_is_found_where_it_stands(archive: Archive, article: int) -> None:
    source = archive.articles[article]
    block = max(source.blocks, key=lambda each: each.end - each.start)
    told = source.body[block.start : block.end]
    found = archive.nearest(f"Assalamualaikum, info dari grup sebelah: {told.upper()}")
    assert found is not None
    assert found.article == source.id
    assert block.start <= found.start < found.end <= block.end
    assert found.text == source.body[found.start : found.end]
    shared = {found.text[low:high].lower() for low, high in found.highlights}
    assert shared
    assert all(word in told.lower() for word in shared)


@pytest.mark.parametrize(
    "message",
    [
        "Minum air kelapa campur garam setiap pagi bisa membersihkan paru-paru dalam tiga hari",
        "Peringatan gempa besar malam ini di Pulau Jawa, harap semua warga tidur di luar rumah",
        "Bank akan mengubah tarif transaksi menjadi Rp 150.000 per bulan, isi formulir bila tidak setuju",
        "bantuan",
        "",
        "!!!",
    ],
)
def test_what_shares_little_with_any_article_is_near_nothing(archive: Archive, message: str) -> None:
    assert archive.nearest(message) is None


WORDS: SearchStrategy[str] = st.text() | st.lists(
    st.sampled_from("bantuan lansia pilar sosial bupati pacitan 2024 relawan yang dan 🙏 & <b>".split())
).map(" ".join)


@settings(max_examples=50, deadline=None)
@given(WORDS)
def test_whatever_is_passed_on_what_is_shown_is_verbatim(archive: Archive, message: str) -> None:
    found = archive.nearest(message)
    if found is not None:
        assert found.text == archive.article(found.article).body[found.start : found.end]
        assert all(0 <= low < high <= len(found.text) for low, high in found.highlights)
