"""Text becomes words: numbers whole, invisible characters gone, offsets exact."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import normalize_word, stems, tokenize
from index.stemming import Stemmer


def words(text: str) -> list[str]:
    return [token.word for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rp 48.000.000,- untuk 99,2 persen", ["rp", "48.000.000", "untuk", "99,2", "persen"]),
        ("Senin (23/9/24) pukul 10:30", ["senin", "23/9/24", "pukul", "10:30"]),
        ("daerah 3T, P3A dan RT 05/02", ["daerah", "3t", "p3a", "dan", "rt", "05/02"]),
        ("bantuan&nbsp;sosial &amp; beras", ["bantuan", "sosial", "beras"]),
        ("ban\u200btuan so\u00adsial\ufeff", ["bantuan", "sosial"]),
        ("pilar-pilar \u201csosial\u201d\u2026", ["pilar", "pilar", "sosial"]),
        ("ＢＡＮＴＵＡＮ", ["bantuan"]),
        ("😀 ?! \x00 \ud800", []),
    ],
)
def test_words_of_a_text(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text(max_size=200), st.integers(0, 20), st.integers(0, 200))
def test_tokens_are_in_order_within_bounds_and_read_from_their_own_offsets(text: str, start: int, size: int) -> None:
    end = min(len(text), start + size)
    last = start
    for token in tokenize(text, start, end):
        assert last <= token.start < token.end <= end
        assert token.word == normalize_word(text[token.start : token.end]) != ""
        last = token.end


@given(st.text(max_size=100))
def test_case_does_not_matter_for_letters_without_special_rules(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert words(plain.upper()) == words(plain.lower())


@given(st.text(max_size=60))
def test_stemming_never_fails_and_never_empties_a_word(text: str) -> None:
    assert all(stems(text, Stemmer()))


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("penyaluran", "salur"),
        ("menyalurkan", "salur"),
        ("disalurkan", "salur"),
        ("kesejahteraan", "sejahtera"),
        # Names of places are names, whatever their letters look like; a number is itself.
        ("balangan", "balangan"),
        ("kediri", "kediri"),
        ("bekasi", "bekasi"),
        ("48.000.000", "48.000.000"),
        ("pkh", "pkh"),
    ],
)
def test_stems(word: str, stem: str) -> None:
    assert Stemmer().stem(word) == stem


def test_stems_are_kept_between_runs_and_damage_is_no_error(tmp_path: Path) -> None:
    file = tmp_path / "kept" / "stems.json"
    first = Stemmer(file)
    first.stem("penyaluran")
    first.save()
    assert '"penyaluran": "salur"' in file.read_text()
    file.write_text(file.read_text().replace('"salur"', '"kept"'))
    assert Stemmer(file).stem("penyaluran") == "kept"
    for damage in ("", "[]", "null", '{"version": 0}', file.read_text()[:-5]):
        file.write_text(damage)
        assert Stemmer(file).stem("penyaluran") == "salur"
