"""Folded text stands for the text itself, whatever the letters, and the short cuts of reading cut nothing off."""

from __future__ import annotations

import contextlib
import random
import re
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import dates, furniture, metadata, outlets
from index.errors import ArticleError
from index.folding import fold, letter_runs
from index.passages import passages
from index.place_writing import Writing
from index.places import load_gazetteer
from index.reading import parse_article

# Every character that has a small or a capital form, and some of each script that has none.
LETTERS = [each for each in map(chr, range(0x11_0000)) if each.lower() != each or each.upper() != each]
OTHERS = [*map(chr, range(0x3100)), *"ⅣⓐＡ𝒜①²½\ud800\U0010ffff"]
RULES = [
    pattern
    for module in (furniture, dates, metadata, outlets)
    for pattern in vars(module).values()
    if isinstance(pattern, re.Pattern)
    and not re.search(r"[A-Z]|\(\?i", re.sub(r"\\.|P<\w+>|P=\w+", "", pattern.pattern))
]
WORDS = sorted({word for rule in RULES for word in re.findall(r"(?<!\\)[a-z]{3,}", rule.pattern)})
PIECES = st.sampled_from([*WORDS, *'0129.,:/()-–—|"©\n ıİſKé', "Senin (5/1/2024)", "12 Mei", "\u00a0", "Baca Juga: "])


def written(random_case: random.Random, pieces: list[str]) -> str:
    """The pieces with a space between most of them, some in capitals."""
    joined = "".join(piece + random_case.choice(("", " ", " ", " ")) for piece in pieces)
    return "".join(letter.upper() if random_case.random() < 0.3 else letter for letter in joined)


texts = st.builds(written, st.randoms(use_true_random=False), st.lists(PIECES, max_size=12))


def test_folding_keeps_each_character_in_its_place_and_of_its_kind() -> None:
    alphabet = {letter: re.compile(letter, re.IGNORECASE) for letter in string.ascii_lowercase}
    kinds = [re.compile(kind) for kind in (r"\w", r"\d", r"\s", r"[^\W\d_]")]
    for character in LETTERS + OTHERS:
        folded = fold(character)
        assert len(folded) == 1
        assert [bool(kind.match(folded)) for kind in kinds] == [bool(kind.match(character)) for kind in kinds]
        assert [name for name, letter in alphabet.items() if letter.match(character)] == (
            [folded] if folded in alphabet else []
        )


def test_there_are_rules_to_try() -> None:
    assert len(RULES) > 30
    assert {furniture._FOLLOW, dates._DATE, outlets._COPYRIGHT} <= set(RULES)


@given(texts)
def test_a_rule_finds_in_folded_text_what_it_finds_regardless_of_case(text: str) -> None:
    for rule in RULES:
        plain, regardless = rule.search(fold(text)), re.compile(rule.pattern, rule.flags | re.IGNORECASE).search(text)
        assert (plain and plain.span()) == (regardless and regardless.span()), rule.pattern


@given(texts)
def test_dates_begin_nowhere_but_where_they_are_looked_for(text: str) -> None:
    folded = fold(text)
    assert {found.start() for found in dates._DATE.finditer(folded)} <= set(dates._beginnings(folded))


names = st.sampled_from([name for place in load_gazetteer().places for name in (place.name, place.full_name)])
noise = st.sampled_from(["di", "DI", "D.I.", "50 Kota", "'", "’", "batu", "-", ".", "\n", "kota", "İ", "K", "raya"])


@given(st.lists(st.one_of(names, names.map(str.upper), names.map(str.lower), noise), max_size=6).map(" ".join))
def test_a_text_that_is_passed_over_names_no_place(text: str) -> None:
    gazetteer = load_gazetteer()
    if not gazetteer._may_name(text):
        assert not list(gazetteer._scan(Writing(text), towns=True))


@given(st.text(alphabet="abzAZ'’-09 éıİſK_\n", max_size=30))
def test_a_word_of_small_letters_is_among_the_runs(text: str) -> None:
    folded = fold(text)
    whole = {word for word in re.findall(r"\w+", folded) if word.isascii() and word.isalpha()}
    assert whole <= {run.decode() for run in letter_runs(folded)}


PROSE = "Warga desa menerima bantuan sosial dari pemerintah kabupaten pada hari Senin pagi di balai desa setempat.\n"


@pytest.mark.parametrize(
    "text",
    [
        PROSE + "." * 200_000 + "x",
        PROSE + "Selesai." + ")" * 200_000 + "x",
        PROSE + "© " + " " * 4_000 + "1",
        PROSE * 2 + ("oleh " + "a" * 70 + "!\n") * 2_000,
        "kata\n" * 20_000,
        PROSE + "Bantuan cair. Baca juga: Judul lain lagi. " * 5_000,
        "Senin (5/1), " * 10_000 + "2020",
        "Kota Batu, Jawa Timur dan Malang " * 5_000,
    ],
    ids=["stops", "brackets", "copyright", "byline", "lines", "links", "days", "places"],
)
def test_no_text_of_its_length_takes_long(text: str) -> None:
    start = time.process_time()
    with contextlib.suppress(ArticleError):
        passages(parse_article("panjang", text))
    assert time.process_time() - start < 5  # before, the first four took from minutes to days
