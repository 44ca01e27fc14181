"""Which texts define a term: brackets, copulas and appositions, and none that only names it."""

from __future__ import annotations

import pytest

from index.definitions import defines

LONG_FORM = "hari kesetiakawanan sosial nasional"


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("Hari Kesetiakawanan Sosial Nasional (HKSN) diperingati tiap tahun.", 1.0),
        ("HKSN (Hari Kesetiakawanan Sosial Nasional) diperingati tiap tahun.", 1.0),
        ("Panitia HKSN (kata bupati) bekerja.", 1.0),
        ("HKSN adalah peringatan tahunan.", 1.0),
        ("HKSN, sebuah peringatan yang jatuh di bulan Desember, ramai.", 0.7),
        ("Peringatan HKSN (2023) di Pacitan ramai.", 0.0),
        ("Peringatan HKSN di Pacitan ramai.", 0.0),
        ("Bupati (Pacitan) hadir.", 0.0),
    ],
)
def test_a_text_defines_a_term_by_what_stands_beside_it(text: str, worth: float) -> None:
    assert defines("hksn", [LONG_FORM])(text) == worth


def test_who_asks_what_the_letters_stand_for_is_not_told_what_it_is() -> None:
    judge = defines("bst", spelled_only=True)
    assert judge("Bantuan Sosial Tunai (BST) cair.") == 1.0
    assert judge("BST itu singkatan dari Bantuan Sosial Tunai.") == 1.0
    assert judge("BST adalah uang untuk warga terdampak.") == 0.0
    assert judge("Penerima PKH, BST, dan kartu yang lain.") == 0.0


def test_what_splits_a_term_may_define_it() -> None:
    assert defines("rumah tidak layak huni")("Rumah disebut tidak layak huni apabila lantainya tanah.") == 1.0


def test_letters_from_syllables_are_spelled_out_without_a_bracket() -> None:
    judge = defines("tagana", ["Taruna Siaga Bencana"], spelled_only=True)
    assert judge("Tagana adalah Taruna Siaga Bencana yang siaga tiap hari.") == 1.0
    assert judge("Taruna Siaga Bencana yang disingkat Tagana siaga.") == 1.0
    assert judge("Tagana adalah relawan.") == 0.0
