"""Whether a sentence holds the kind of thing that a question asks for."""

from __future__ import annotations

import pytest

from index.attributes import Kind, announces_list, enumerates, figures, shown_by, spots


@pytest.mark.parametrize(
    ("kind", "sentence", "held"),
    [
        (Kind.COUNT, "Sebanyak 40 warga hadir.", True),
        (Kind.COUNT, "Bantuan senilai Rp20.000.000 diserahkan.", True),
        (Kind.COUNT, "Mesin diserahkan kep4da alumni panti.", False),  # a slip of the typist's
        (Kind.COUNT, "Acara digelar pada 2023.", False),
        (Kind.PERCENT, "Bunganya enam persen setahun.", True),
        (Kind.MONEY, "Harganya lima belas ribu seekor.", True),
        (Kind.ORDINAL, "Ulang tahun ke-19 diperingati.", True),
    ],
)
def test_a_number_is_told_from_a_year_and_a_slip(kind: Kind, sentence: str, *, held: bool) -> None:
    assert bool(spots(kind, sentence)) is held


@pytest.mark.parametrize(
    ("question", "shows", "lacks"),
    [
        ("merk laptopnya apa", "Laptop merk Contoh dibagikan.", "Mereka mendapat laptop."),
        ("bank apa yang membantu", "Dana itu dari Bank Contoh.", "Dana itu dari sebuah bank."),
        ("sekolah apa yang dikunjungi", "Tim datang ke SDN 2 Contoh.", "Tim datang ke sekolah itu."),
        ("tanggal dan bulan berapa acaranya", "Acara digelar 14 Desember.", "Acara digelar Rabu."),
        ("berapa unit mesin jahit", "Ada 5 mesin jahit.", "Mesin jahit senilai Rp5.000.000."),
        ("jabatan pak budi apa", "Ketua RT, Budi, hadir.", "Budi hadir."),
    ],
)
def test_what_is_asked_for_by_name_must_show(question: str, shows: str, lacks: str) -> None:
    (pattern,) = shown_by(question)
    assert pattern.search(shows)
    assert not pattern.search(lacks)


@pytest.mark.parametrize("question", ["umur 45 boleh ikut kursus", "formulir ukuran seragam sampai kapan"])
def test_what_is_only_told_needs_no_showing(question: str) -> None:
    assert shown_by(question) == ()


def test_a_purpose_after_yaitu_is_no_list() -> None:
    assert announces_list("Bantuan itu, yaitu beras dan gula, diserahkan.")
    assert not announces_list("Bantuan itu, yaitu untuk warga, diserahkan.")


def test_items_and_figures_are_counted() -> None:
    assert enumerates("Beras, gula dan minyak dibagikan.") == 2
    assert figures("Sebanyak 10 lansia menerima Rp1.500.000, Senin (23/9).") == 4
