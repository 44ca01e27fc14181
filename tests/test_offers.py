"""A fragment with nothing to refer to is asked back with questions that this archive answers."""

from __future__ import annotations

import pytest
from invented_pages import PAGES

from index.abbreviations import mine, pairs
from index.answer import Clarify, Found
from index.archive import Archive
from index.lexicon import load_lexicon
from index.offers import Offers
from index.parts import indexed
from index.places import load_gazetteer
from index.reading import parse_article
from index.stemming import Stemmer
from index.texts import load

FRAGMENTS = ["yang itu?", "apa?", "terus gimana?", "kalau di Gowa?", "kalau di Banten?", "kalau di Kediri atau Natuna?"]


@pytest.fixture(scope="module")
def pages() -> Archive:
    return Archive([parse_article(name, text) for name, text in PAGES.items()])


def choices(archive: Archive, fragment: str, **more: object) -> tuple[str, ...]:
    answer = archive.ask(fragment, **more)  # type: ignore[arg-type]
    assert isinstance(answer, Clarify)
    return answer.choices


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_every_question_offered_is_answered(pages: Archive, archive: Archive, invented: Archive, fragment: str) -> None:
    for each in (pages, archive, invented):
        offered = choices(each, fragment)
        assert 1 <= len(offered) <= 3
        assert len({*offered}) == len(offered)
        assert all(isinstance(each.ask(question), Found) for question in offered)


@pytest.mark.parametrize(
    ("fragment", "offered"),
    [
        ("kalau di Gowa?", "bantuan apa di Kabupaten Gowa?"),
        ("kalau di Sulawesi Selatan?", "bantuan apa di Sulawesi Selatan?"),
        ("kalau di Sikka?", "ada berita apa di Kabupaten Sikka?"),  # where nobody was given anything
        ("kalau di Banten?", "bantuan apa di Kabupaten Natuna?"),  # nothing from there: the newest article's place
        ("yang itu?", "bantuan apa di Kabupaten Natuna?"),
    ],
)
def test_the_place_named_is_offered_first_if_there_is_anything_from_it(
    pages: Archive, fragment: str, offered: str
) -> None:
    assert choices(pages, fragment)[0] == offered


def test_an_abbreviation_is_offered_as_the_archive_writes_it(pages: Archive) -> None:
    assert "apa itu DSB?" in choices(pages, "yang itu?")


def test_a_programme_is_offered_before_what_is_spoken_of_more() -> None:
    often = "Pemerintah Kabupaten (Pemkab) Gowa hadir, Senin (5/2/2024). Pemkab Gowa menjamu 30 warga.\n"
    once = "GOWA, KABAR - Program Keluarga Harapan (PKH) dicairkan kepada 12 warga Gowa, Senin (5/2/2024).\n"
    texts = {"satu": f"GOWA, KABAR - {often}", "dua": f"GOWA, WARTA - {often}", "tiga": once}
    offered = choices(Archive([parse_article(name, text) for name, text in texts.items()]), "yang itu?")
    assert next(each for each in offered if each.startswith("apa itu")) == "apa itu PKH?"


def test_where_a_person_lives_goes_before_where_the_news_is_newest(pages: Archive) -> None:
    (gowa,) = load_gazetteer().resolve("Gowa")
    assert choices(pages, "yang itu?", home=gowa)[0] == "bantuan apa di Kabupaten Gowa?"
    assert "Gowa" not in choices(pages, "kalau di Natuna?", home=gowa)[0]


def test_an_archive_of_which_nothing_is_known_offers_nothing() -> None:
    bare = Archive([parse_article("satu", "Warga menanam pohon di tepi sungai bersama anak sekolah.\n")])
    assert choices(bare, "yang itu?") == ()


def test_looking_for_questions_is_bounded() -> None:
    spelled = "Sebanyak 3 warga hadir. " + " ".join(
        f"Kelompok {first}arsa {second}ira ({'K' + first + second}) hadir."
        for first in "ABDGJLMN"
        for second in "ABDGJL"
    )
    index = indexed([parse_article("satu", f"GOWA, KABAR - {spelled}\n")], Stemmer(), frozenset())
    mined = mine(pairs(spelled))
    assert len(mined) > 40
    asked: list[str] = []

    def refuse(question: str) -> bool:
        asked.append(question)
        return False

    offers = Offers(index.documents, index.by_article, mined, load_lexicon(), load())
    named = [(place,) for place in load_gazetteer().resolve("Gowa")] * 5
    assert offers.of(named, refuse) == ()
    assert len(asked) <= 20
    asked.clear()
    offers.of([], refuse)
    assert asked == []  # what holds for the whole archive is worked out once
