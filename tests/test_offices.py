"""A deputy is not the one deputised for, nor is who held the office before; and "who" wants a name."""

from __future__ import annotations

import pytest

from index.answer import Found
from index.archive import Archive
from index.reading import parse_article


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("siapa bupati Tegal?", "Siti Marwah"),
        ("bupati tegal siapa", "Siti Marwah"),
        ("siapa wakil bupati Tegal?", "Hendro Laksono"),
        ("wabup tegal siapa namanya", "Hendro Laksono"),
        ("siapa wakil wali kota Tegal?", "Rahmat Fauzi"),
        ("siapa kepala dinas pertanian Kupang?", "Yohanes Lede"),
        ("kadis pertanian kupang siapa?", "Yohanes Lede"),
    ],
)
def test_the_holder_of_an_office_is_quoted(invented: Archive, question: str, name: str) -> None:
    answer = invented.ask(question)
    assert isinstance(answer, Found)
    assert name in answer.snippets[0].text


@pytest.mark.parametrize(
    "question",
    [
        "siapa wali kota Tegal?",  # the article has the deputy only
        "siapa bupati Kupang?",
        "siapa gubernur Jawa Tengah?",
        "siapa mantan bupati Tegal?",
        "siapa kepala dinas sosial Kupang?",
        "siapa wakil bupati Kupang?",
    ],
)
def test_another_office_or_place_is_no_answer_to_who(invented: Archive, question: str) -> None:
    assert not isinstance(invented.ask(question), Found)


def about(sentence: str) -> Archive:
    lead = "SLEMAN, WartaContoh.id - Sebanyak 40 warga Kabupaten Sleman menerima bibit pohon, Senin (5/8/2024)."
    return Archive([parse_article("bibit", f"Warga Sleman Terima Bibit Pohon\n\n{lead}\n\n{sentence}\n")])


@pytest.mark.parametrize(
    "sentence",
    [
        "Bupati Sleman, Ratna Dewi, menyerahkan bibit itu kepada warga.",
        "Pj Bupati Sleman Ratna Dewi menyerahkan bibit itu kepada warga.",
        "Bupati Sleman Hj. Ratna Dewi, S.Sos. menyerahkan bibit itu kepada warga.",
        "Ratna Dewi selaku Bupati Sleman menyerahkan bibit itu kepada warga.",
        "Ratna Dewi yang baru dilantik sebagai Bupati Sleman menyerahkan bibit itu kepada warga.",
    ],
)
def test_a_name_beside_the_office_is_its_holder(sentence: str) -> None:
    answer = about(sentence).ask("siapa bupati Sleman?")
    assert isinstance(answer, Found)
    assert "Ratna Dewi" in answer.snippets[0].text


@pytest.mark.parametrize(
    "sentence",
    [
        "Bupati Sleman berterima kasih kepada warga yang hadir.",
        "Wakil Bupati Sleman, Ratna Dewi, menyerahkan bibit itu kepada warga.",
        "Mantan Bupati Sleman, Ratna Dewi, menyerahkan bibit itu kepada warga.",
        "Istri Bupati Sleman, Ratna Dewi, menyerahkan bibit itu kepada warga.",
        "warga menganggap beliau sebagai Bupati Sleman yang ramah.",
    ],
)
def test_an_office_without_its_holders_name_does_not_answer_who(sentence: str) -> None:
    assert not isinstance(about(sentence).ask("siapa bupati Sleman?"), Found)


def test_an_office_is_found_by_what_the_archive_spells_out_and_a_head_by_the_house() -> None:
    spelled = "Ketua Perkumpulan Penyandang Disabilitas Indonesia (PPDI) Sleman, Akhmad Mulyo, menerima bibit itu."
    answer = about(spelled).ask("siapa ketua ppdi sleman")
    assert isinstance(answer, Found)
    assert "Akhmad Mulyo" in answer.snippets[0].text
    house = "Bibit itu bantuan Direktorat Jenderal Perkebunan senilai Rp20 juta."
    answer = about(house).ask("nilai bantuan bibit dari direktur jenderal perkebunan berapa")
    assert isinstance(answer, Found)
    assert "Rp20 juta" in answer.snippets[0].text
