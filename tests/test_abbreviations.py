"""Abbreviations that an article spells out are learnt from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.abbreviations import mine, pairs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rumah Singgah Lansia Mandiri (RSLM) dibuka.", [("RSLM", "Rumah Singgah Lansia Mandiri")]),
        ("Program Keluarga Harapan ( PKH ) cair.", [("PKH", "Program Keluarga Harapan")]),
        ("Taruna Siaga Bencana (Tagana)", [("Tagana", "Taruna Siaga Bencana")]),
        ("TKSK (Tenaga Kesejahteraan Sosial Kecamatan)", [("TKSK", "Tenaga Kesejahteraan Sosial Kecamatan")]),
        # Small words are left out of it, and words before it are not taken in.
        ("Kepala Badan Amil dan Zakat Kota (BAZK)", [("BAZK", "Badan Amil dan Zakat Kota")]),
        ("Kantor Pelatihan Pemuda dan Anak (KP2A)", [("KP2A", "Kantor Pelatihan Pemuda dan Anak")]),
        # What stands in brackets without being spelt out before.
        ("digelar Kamis (14/12/2023)", []),
        ("Bupati (Siti Marwah) hadir", []),
        ("Wali Kota Tegal (PDI) hadir", []),
        ("kata petugas (PKH)", []),
        ("Program Keluarga. Harapan (PKH)", []),
    ],
)
def test_pairs_of_a_text(text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(text) == expected


def test_the_commoner_long_form_comes_first() -> None:
    texts = ["Kartu Sehat Desa (KSD)", "Kartu Sembako Desa (KSD)", "Kartu Sembako Desa (KSD)"]
    assert mine(pair for text in texts for pair in pairs(text)) == {"ksd": ("Kartu Sembako Desa", "Kartu Sehat Desa")}


@given(st.lists(st.sampled_from(["(", ")", "PKH", "Program", "Keluarga", "dan", "3", "-", "\n", ".", " ", "\u2014"])))
def test_any_text_can_be_mined_and_long_forms_are_verbatim(parts: list[str]) -> None:
    text = "".join(parts)
    for short, long in pairs(text):
        assert short in text
        assert long in text
