"""Whether a sentence holds the kind of thing that a question asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.attributes import _LOOSELY, _PATTERNS, Kind, _found, announces_list, enumerates, figures, loose_spots, spots
from index.named_things import shown_by


@pytest.mark.parametrize(
    ("kind", "sentence", "held"),
    [
        (Kind.COUNT, "Sebanyak 40 warga hadir.", True),
        (Kind.COUNT, "Bantuan senilai Rp20.000.000 diserahkan.", True),
        (Kind.COUNT, "Mesin diserahkan kep4da alumni panti.", False),  # a slip of the typist's
        (Kind.COUNT, "Acara digelar pada 2023.", False),
        (Kind.COUNT, "Kakek Wiryo (82) hadir.", False),  # an age
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
        ("balai desa itu jalan apa", "Balai desa di Jalan Melati.", "Rapat di balai desa."),
        ("nama rumah sakit tempat warga dirawat", "Warga dirawat di RSUD Contoh.", "Warga dirawat di rumah sakit."),
        ("nama perahu yang karam", "Perahu Camar karam.", "Tiga perahu karam di Selat Contoh."),
        ("lapor ke nomor berapa", "Pengaduan di 0812-0000-1111.", "Sebanyak 12 warga melapor."),
        ("nomor rekening donasi", "Donasi lewat rekening 0011223344.", "Donasi diserahkan di posko."),
        ("target peserta berapa", "Panitia menargetkan 200 peserta.", "Pesertanya 180 orang."),
        ("isi paketnya apa", "Paket berisi beras dan gula.", "Paket dibagikan camat."),
        ("gaji pendamping berapa", "Honor pendamping Rp1 juta.", "Warga menerima Rp1 juta."),
        ("rekornya akhirnya berhasil pecah tidak", "Rekor itu berhasil dipecahkan.", "Panitia ingin memecahkan rekor."),
        ("umur ketuanya berapa", "Ketua yang berusia 45 itu hadir.", "Sumber daya manusia dinas kurang."),
        ("umur ketuanya berapa", "Ketua (45) hadir.", "Undang-Undang Nomor 13 Tahun 2011 berlaku."),
        ("nama desanya apa", "Desa Sukamaju banjir.", "Desa itu banjir."),
        ("mesinnya berapa pk", "Mesin 15 PK dibagikan.", "Sebanyak 15 mesin dibagikan."),
    ],
)
def test_what_is_asked_for_by_name_must_show(question: str, shows: str, lacks: str) -> None:
    (pattern,) = shown_by(question)
    assert pattern.search(shows)
    assert not pattern.search(lacks)


@pytest.mark.parametrize(
    "question",
    [
        "umur 45 boleh ikut kursus",
        "formulir ukuran seragam sampai kapan",
        "orang lanjut usia dapat apa",
        "paud itu pendidikan anak usia dini",
        "cara cek nama penerima",
        "apa undang-undang nomor 13 tahun berapa",
        "nomor peraturan tentang santunan berapa",
        "program itu masih jalan apa tidak",
        "anak di bawah umur yang ditolong",
        "mau isi data di aplikasi apa",
        "nama lain pkh",
        "isi paketnya apa saja",
    ],
)
def test_what_is_only_told_needs_no_showing(question: str) -> None:
    assert shown_by(question) == ()


def test_what_one_has_to_have_is_no_aid_and_a_span_before_an_event_is_a_time() -> None:
    assert not spots(Kind.AID, "Syarat menerima bantuan: kartu keluarga.")
    assert spots(Kind.AID, "Dinas menyediakan makan dan pakaian.")
    assert loose_spots(Kind.WHEN, "Didaftarkan paling lambat 28 hari setelah lahir.")
    assert not spots(Kind.HOW, "Dinas membagikan 45 telepon genggam.")


def test_a_purpose_after_yaitu_is_no_list() -> None:
    assert announces_list("Bantuan itu, yaitu beras dan gula, diserahkan.")
    assert not announces_list("Bantuan itu, yaitu untuk warga, diserahkan.")


def test_items_and_figures_are_counted() -> None:
    assert enumerates("Beras, gula dan minyak dibagikan.") == 2
    assert figures("Sebanyak 10 lansia menerima Rp1.500.000, Senin (23/9).") == 4


_SAID = st.sampled_from(
    "Senin juli 2023 23/9 pukul jam 9 tanggal 3 Sebanyak lima puluh Ribu rp 5.000 persen ke-2 KEDUA Karena agar "
    "melalui Setelah harus bantuan berupa kepada menyerahkan setiap bulan ini (40) - . , ; “ ” İ é ’".split()
)


@given(st.lists(_SAID | st.text(st.characters(max_codepoint=0x130, exclude_categories=["C"]), max_size=3), max_size=20))
def test_a_kind_of_thing_is_found_in_capitals_as_in_small_letters(words):
    for join in (" ", ""):
        text = join.join(words)
        for pattern in (*_PATTERNS.values(), *_LOOSELY.values()):
            assert _found(pattern, text) == tuple(match.start() for match in pattern.finditer(text))
