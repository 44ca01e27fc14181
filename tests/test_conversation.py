"""A follow-up keeps what it leaves unsaid and replaces what it names."""

from __future__ import annotations

import pytest

from index.answer import Clarify, Found, Smalltalk
from index.archive import Archive


@pytest.mark.parametrize(
    ("before", "question", "article", "quoted"),
    [
        ("bantuan apa di Kota Tegal?", "kalau di Kabupaten Tegal?", "kabupaten-tegal-kursi-roda", "kursi roda"),
        ("bantuan apa di Kabupaten Tegal?", "kalau di Kupang?", "kupang-jagung", "benih jagung"),
        ("siapa bupati Tegal?", "kalau wakilnya?", "kabupaten-tegal-kursi-roda", "Hendro Laksono"),
        ("siapa bupati Tegal?", "kalau wakil bupati?", "kabupaten-tegal-kursi-roda", "Hendro Laksono"),
        ("pelatihan membatik di Sleman", "kapan?", "sleman-pelatihan", "(21/2/2024)"),
        ("pelatihan membatik di Sleman", "berapa pesertanya?", "sleman-pelatihan", "25 perempuan"),
        ("bantuan beras Kota Tegal", "jumlahnya berapa?", "kota-tegal-beras", "1.250 lansia"),
        ("bantuan beras di Kota Tegal", "siapa yang menyerahkan?", "kota-tegal-beras", "Rahmat Fauzi"),
    ],
)
def test_a_follow_up_keeps_the_matter(invented: Archive, before: str, question: str, article: str, quoted: str) -> None:
    answer = invented.ask(question, before)
    assert isinstance(answer, Found)
    assert answer.snippets[0].article == article
    assert quoted in answer.snippets[0].text


def test_what_was_kept_is_shown(invented: Archive) -> None:
    answer = invented.ask("kalau di Kabupaten Tegal?", "bantuan apa di Kota Tegal?")
    assert isinstance(answer, Found)
    assert answer.understanding.follows == "bantuan apa di Kota Tegal?"
    assert answer.understanding.place == "Kabupaten Tegal"
    assert "bantuan" in answer.understanding.topic


@pytest.mark.parametrize("question", ["apa itu RSLM?", "berapa kursi roda yang dibagikan?"])
def test_a_question_of_its_own_is_not_mixed_with_the_one_before(invented: Archive, question: str) -> None:
    assert invented.ask(question, "untuk apa benih jagung dibagikan?") == invented.ask(question)


def test_small_talk_stays_small_talk(invented: Archive) -> None:
    assert invented.ask("terima kasih", "bantuan beras Kota Tegal") == Smalltalk("thanks")


@pytest.mark.parametrize(
    ("before", "question", "place"),
    [
        ("pasar murah kota tegal kapan", "kalau yang kabupaten?", "Kabupaten Tegal"),
        ("pasar murah kabupaten tegal kapan", "kalau kotanya?", "Kota Tegal"),
        ("pasar murah kupang kapan", "kalau di kota sleman?", None),
    ],
)
def test_the_other_of_two_places_of_one_name_is_asked_for_by_its_tier(
    invented: Archive, before: str, question: str, place: str | None
) -> None:
    answer = invented.ask(question, before)
    if place is not None:
        assert answer.understanding.place == place
    else:
        assert answer.understanding.place != "Kota Kupang"


def test_what_is_of_something_named_before_keeps_its_place(invented: Archive) -> None:
    answer = invented.ask("kepala dinas sosialnya siapa?", "siapa bupati Tegal?")
    assert answer.understanding.place is not None
    assert "Tegal" in answer.understanding.place


@pytest.mark.parametrize("question", ["syaratnya apa?", "penerimanya siapa", "jadwalnya kapan?"])
def test_an_attribute_of_something_unnamed_is_asked_back(invented: Archive, question: str) -> None:
    assert isinstance(invented.ask(question), Clarify)


@pytest.mark.parametrize("question", ["rutilahunya berapa", "kelompok warga yang datanya masih banyak siapa saja"])
def test_what_names_its_matter_needs_no_question_before(invented: Archive, question: str) -> None:
    assert not isinstance(invented.ask(question), Clarify)


@pytest.mark.parametrize("before", ["halo", "kapan?", "😀", ""])
def test_a_fragment_after_nothing_is_asked_back(invented: Archive, before: str) -> None:
    assert isinstance(invented.ask("terus yang itu gimana?", before), Clarify)
