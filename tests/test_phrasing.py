"""The words around the quotations: how the question was understood, what is missing, and a complete citation."""

from __future__ import annotations

from datetime import date

import pytest

from index.answer import Citation, Clarify, Found, Gap, NotFound, Related, Smalltalk, Snippet, Understanding
from index.article import ArticleDate
from index.attributes import Kind
from index.phrasing import as_plain_text, citation_line, short, understood_line, verdict
from index.texts import load

TEXTS, TODAY = load(), date(2025, 6, 15)
FULL = Citation("Beras untuk Lansia", "WartaContoh.id", "Kota Tegal, Jawa Tengah", ArticleDate(2023, 3, 14), None)
BARE = Citation("Beras untuk Lansia", None, None, None, None)
SNIPPET = Snippet("a", 0, 15, "Beras <dibagi>.", (), FULL)
LONG = ("pkh", "Program Keluarga Harapan")
READ = Understanding(topic=("pkh", "lansia"), expansions=(LONG,), place="Tegal", time="2023")


def test_the_understanding_names_topic_expansion_place_and_time() -> None:
    assert understood_line(READ, TEXTS) == "Saya cari: PKH lansia · PKH = Program Keluarga Harapan · di Tegal · 2023"


def test_an_abbreviation_alone_is_spelled_out_in_its_place() -> None:
    alone = Understanding(topic=("pkh",), expansions=(LONG,))
    assert understood_line(alone, TEXTS) == "Saya cari: PKH = Program Keluarga Harapan"


def test_a_follow_up_says_what_it_follows() -> None:
    line = understood_line(Understanding(topic=("beras",), follows="bantuan di Tegal?"), TEXTS)
    assert line is not None
    assert "“bantuan di Tegal?”" in line


def test_nothing_understood_is_no_line() -> None:
    assert understood_line(Understanding(), TEXTS) is None


@pytest.mark.parametrize(("word", "shown"), [("pkh", "PKH"), ("hksn", "HKSN"), ("tagana", "Tagana")])
def test_an_abbreviation_is_shown_as_it_is_written(word: str, shown: str) -> None:
    assert short(word) == shown


@pytest.mark.parametrize(
    ("when", "age"),
    [
        (ArticleDate(2023, 3, 14), "14 Maret 2023 (2 tahun lalu)"),
        (ArticleDate(2023, 6, 15), "15 Juni 2023 (2 tahun lalu)"),
        (ArticleDate(2023, 6, 16), "16 Juni 2023 (1 tahun lalu)"),
        (ArticleDate(2025, 1, 1), "1 Januari 2025"),
        (ArticleDate(2022, None, None, "Rabu"), "Rabu, 2022 (sekitar 3 tahun lalu)"),
        (ArticleDate(2024, None, None), "2024 (sekitar 1 tahun lalu)"),
        (ArticleDate(2025, None, None), "2025"),
        (ArticleDate(2023, 7, None), "Juli 2023 (1 tahun lalu)"),
        (ArticleDate(2031, 1, 1), "1 Januari 2031"),
        (ArticleDate(None, 5, 2), "2 Mei"),
        (None, "tanpa tanggal"),
    ],
)
def test_a_citation_says_how_old_it_is_when_that_is_known(when: ArticleDate | None, age: str) -> None:
    citation = Citation("Judul", "Media", "Kota Tegal", when, None)
    assert citation_line(2, citation, TEXTS, TODAY) == f"[2] Judul · Media · Kota Tegal · {age}"


def test_what_a_citation_lacks_leaves_no_gap() -> None:
    assert citation_line(1, BARE, TEXTS, TODAY) == "[1] Beras untuk Lansia · tanpa tanggal"


@pytest.mark.parametrize("gap", Gap)
def test_each_gap_has_its_own_sentence_without_loose_ends(gap: Gap) -> None:
    missing = {Gap.PLACE: "Tegal", Gap.TIME: "2023", Gap.ATTRIBUTE: "money", Gap.TOPIC: "kursi roda"}[gap]
    said = verdict(Related(READ, gap, missing, (SNIPPET,)), TEXTS)
    assert said is not None
    assert not {"{", "}"} & set(said)
    assert "None" not in said
    assert (TEXTS("attribute.money") if gap is Gap.ATTRIBUTE else missing) in said


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_of_thing_that_may_be_missing_has_a_name(kind: Kind) -> None:
    said = verdict(Related(READ, Gap.ATTRIBUTE, kind.value, (SNIPPET,)), TEXTS)
    assert said is not None
    assert TEXTS(f"attribute.{kind}") in said


def test_an_answer_is_understanding_then_quotation_then_citation() -> None:
    understood, quotation, citation = as_plain_text(Found(READ, (SNIPPET,)), TEXTS, TODAY).split("\n\n")
    assert understood == understood_line(READ, TEXTS)
    assert quotation == "“Beras <dibagi>.”"
    assert citation == citation_line(1, FULL, TEXTS, TODAY)


def test_quotations_are_numbered_and_say_where_else_they_stand() -> None:
    older = Snippet("b", 0, 5, "Beras", (), FULL, also_in=(BARE,), older=True)
    message = as_plain_text(Found(READ, (SNIPPET, older)), TEXTS, TODAY)
    assert "\n[1] " in message
    assert "\n[2] " in message
    assert TEXTS("answer.older") in message
    assert "Juga dimuat: Beras untuk Lansia · tanpa tanggal" in message


def test_what_is_not_found_names_what_is_near() -> None:
    assert "• Beras untuk Lansia · WartaContoh.id" in as_plain_text(NotFound(READ, (FULL,)), TEXTS, TODAY)
    assert TEXTS("answer.not_found_nearest") not in as_plain_text(NotFound(READ), TEXTS, TODAY)


def test_small_talk_is_one_sentence() -> None:
    assert as_plain_text(Smalltalk("thanks"), TEXTS, TODAY) == TEXTS("smalltalk.thanks")


@pytest.mark.parametrize("choices", [(), ("apa itu PKH?", "kapan cair?")])
def test_asking_back_offers_whole_questions(choices: tuple[str, ...]) -> None:
    message = as_plain_text(Clarify(Understanding(), choices), TEXTS, TODAY)
    assert [line.removeprefix("• ") for line in message.splitlines()[1:]] == list(choices)


@pytest.mark.parametrize("text", ["{place}", "{0}", "}{", "100% {", "<b>"])
def test_braces_and_tags_of_a_person_are_left_as_they_are(text: str) -> None:
    read = Understanding(topic=(text,), place=text)
    message = as_plain_text(Related(read, Gap.PLACE, text, (SNIPPET,)), TEXTS, TODAY)
    assert message.count(text) >= 3
