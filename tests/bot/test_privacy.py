"""What is masked before a question is written down, and what is left to be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy import mask

ID, PHONE = "[nomor identitas]", "[nomor telepon]"


@pytest.mark.parametrize(
    "number",
    [
        "3501234567890001",
        "3501 2345 6789 0001",
        "3501.2345.6789.0001",
        "35-01-23-456789-0001",
        "350123 456789 0001",
        "３５０１２３４５６７８９０００１",
        "3501\u200b2345\u200b6789\u200b0001",
        "350123456789000",  # a digit forgotten
        "35012345678900011",  # a digit too many
    ],
)
def test_identity_numbers_are_masked_however_they_are_written(number):
    assert mask(f"NIK saya {number}, dapat PKH?") == f"NIK saya {ID}, dapat PKH?"


@pytest.mark.parametrize(
    "number",
    [
        "081234567890",
        "0812-3456-7890",
        "0812 3456 7890",
        "0812.3456.7890",
        "(0812) 3456-7890",
        "+6281234567890",
        "+62 812-3456-7890",
        "+62 (0) 812 3456 7890",
        "6281234567890",
        "62 812 3456 789",
        "0062 812 3456 7890",
        "0812‑3456‑7890",  # non-breaking hyphens
        "812-3456-7890",
        "0357 881234",
        "(0357) 881234",
        "021-5551234",
        "+60 12 345 6789",
    ],
)
def test_phone_numbers_are_masked_however_they_are_written(number):
    assert mask(f"hubungi {number} ya") == f"hubungi {PHONE} ya"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("kirim ke siti.r+bansos@desa.go.id ya", "kirim ke [surel] ya"),
        ("tanya @siti_rahayu saja", "tanya [akun] saja"),
        ("lihat https://cek.example/nik?nik=3501234567890001&x=1 dong", "lihat https://cek.example/nik?[…] dong"),
        ("KK 3501234567890001 dan 3501234567890002", f"KK {ID} dan {ID}"),
        ("baris\nbaru\tdan\x00kosong", "baris baru dankosong"),
        ("\ud83d sebelah", "sebelah"),
    ],
)
def test_what_else_identifies_is_masked(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "bantuan Rp 1.250.000.000 tahun 2023",
        "anggaran Rp 1.250.000.000.000",
        "anggaran 8.500.000.000 rupiah",
        "bantuan untuk 400 orang pada 14/12/2023",
        "14-12-2023 pukul 08.00",
        "pukul 08.00-12.30",
        "UU No. 13 Tahun 2011, Permensos 1/2018",
        "RT 05 RW 02, kode pos 63511",
        "dari 2019-2024",
    ],
)
def test_dates_amounts_and_rules_stay_readable(text):
    assert mask(text) == text


@given(st.text())
def test_any_question_can_be_masked_and_stored(text):
    mask(text).encode()


@given(
    st.text(st.characters(categories=["L", "Zs"])),
    st.integers(10**15, 10**16 - 1),
    st.text(st.characters(categories=["L", "Zs"])),
)
def test_no_sixteen_digits_survive_among_any_words(before, number, after):
    assert str(number) not in mask(f"{before}{number}{after}")
