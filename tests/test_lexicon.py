"""The word lists load, are consistent, and a bad line in them is a located error."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import WordListError
from index.lexicon import CATEGORIES, WORDS, load_lexicon

LEXICON = load_lexicon()


def test_every_list_has_its_size():
    assert len(LEXICON.slang) >= 500
    assert sum(map(len, LEXICON.abbreviations.values())) >= 350
    assert len(LEXICON.synonyms) >= 250
    assert len(LEXICON.function_words) >= 150
    assert len(LEXICON.offices) >= 150
    assert len(LEXICON.smalltalk) >= 10
    assert sum(map(len, LEXICON.smalltalk.values())) >= 80


def test_keys_are_lower_case_and_trimmed():
    keys = [*LEXICON.slang, *LEXICON.abbreviations, *LEXICON.function_words, *(n for o in LEXICON.offices for n in o)]
    assert [key for key in keys if key != " ".join(key.lower().split())] == []


def test_slang_is_not_an_abbreviation_too():
    """Spelling is mended first: an abbreviation that is slang as well would never be expanded."""
    assert sorted(set(LEXICON.slang) & set(LEXICON.abbreviations)) == []


def test_synonym_members_are_not_slang():
    """Questions are mended before synonyms are looked up."""
    members = {m.lower() for group in LEXICON.synonyms for m in group.members}
    assert sorted(m for m in members if LEXICON.slang.get(m, m) != m) == []


def test_an_office_name_names_one_office_and_a_smalltalk_pattern_one_topic():
    names = Counter(name for office in LEXICON.offices for name in office)
    patterns = Counter(pattern for topic in LEXICON.smalltalk.values() for pattern in topic)
    assert [name for name, count in (names + patterns).items() if count > 1] == []


def test_every_category_is_used():
    assert {e.category for longs in LEXICON.abbreviations.values() for e in longs} == CATEGORIES


@given(
    st.lists(st.sampled_from(sorted({w for k, v in LEXICON.slang.items() for w in f"{k} {v}".split()})), max_size=12)
)
def test_mending_twice_is_mending_once(words: list[str]):
    mended = LEXICON.mend(words)
    assert LEXICON.mend(mended) == mended


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("brp jml org yg dpt bantuan", "berapa jumlah orang yang dapat bantuan"),
        ("sopo sing oleh bantuan", "siapa yang oleh bantuan"),
        ("terima kasih", "terima kasih"),
        ("how much", "berapa"),
        ("harga batu bara", "harga batu bara"),
        ("bara urang", "berapa orang"),
    ],
)
def test_slang_is_mended_longest_phrase_first_and_protected_phrases_stay(typed: str, read: str):
    assert " ".join(LEXICON.mend(typed.split())) == read


def test_loading_is_cached():
    assert load_lexicon() is LEXICON


def test_an_extra_folder_adds_lines_and_its_slang_wins(tmp_path: Path):
    (tmp_path / "slang.tsv").write_text("# ours\nzzqx\tpanti asuhan\ngmn\tdi mana\n", encoding="utf-8")
    (tmp_path / "abbreviations.tsv").write_text("ZQX\tZakat Qurban Xyz\tprogramme\n", encoding="utf-8")
    lexicon = load_lexicon(tmp_path)
    assert lexicon.slang["zzqx"] == "panti asuhan"
    assert lexicon.slang["gmn"] == "di mana"
    assert [e.long for e in lexicon.abbreviations["zqx"]] == ["Zakat Qurban Xyz"]
    assert lexicon.synonyms == LEXICON.synonyms


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("slang.tsv", "# a\nzzq\n", 2),
        ("slang.tsv", "zzq\tsatu\nzzq\tdua\n", 2),
        ("slang.tsv", "zzq\tzzx\nzzx\tzzq\n", 1),
        ("slang.tsv", "zzq\tzzq\n", 1),
        ("slang.tsv", "zzq\tzzq zzq\n", 1),
        ("slang.tsv", "a b c d e f\tx\n", 1),
        ("abbreviations.tsv", "PKH\tProgram Keluarga Harapan\n", 1),
        ("abbreviations.tsv", "PKH\tProgram Keluarga Harapan\tprogram\n", 1),
        ("abbreviations.tsv", "A\tB C\tother\na\tb c\tother\n", 2),
        ("synonyms.txt", "satu\n", 1),
        ("synonyms.txt", "\nsatu,,dua\n", 2),
        ("synonyms.txt", "satu, ~satu\n", 1),
        ("synonyms.txt", "~satu, ~dua\n", 1),
        ("function_words.txt", "di mana\n", 1),
        ("function_words.txt", "apa\napa\n", 2),
        ("offices.txt", "camat\nlurah, camat\n", 2),
        ("smalltalk.toml", "greeting = [\n", 2),
        ("smalltalk.toml", 'a = ["x"]\ngreeting = "halo"\n', 2),
        ("smalltalk.toml", 'a = ["x"]\nb = ["x"]\n', 2),
    ],
)
def test_a_malformed_line_is_a_located_error(tmp_path: Path, name: str, content: str, line: int):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(WordListError) as error:
        load_lexicon(tmp_path)
    assert str(error.value).startswith(f"{tmp_path / name}: line {line}: found ") or name == "smalltalk.toml"
    assert f"{name}: line {line}: " in str(error.value)


def test_every_list_says_what_it_is_about():
    for path in WORDS.glob("*.t*"):
        assert path.read_text(encoding="utf-8").startswith("# "), path.name
