"""The whole path from a question to its quotations: verbatim and true to the question's constraints."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from invented import INVENTED

from index.analysis import tokenize
from index.answer import Answer, Clarify, Found, Gap, NotFound, Related, Smalltalk, Snippet
from index.archive import Archive
from index.article import BlockKind
from index.phrasing import as_plain_text
from index.reading import parse_article
from index.texts import load

ROOT = Path(__file__).parents[1]
SEED_WORDS = sorted(
    {
        token.word
        for path in (ROOT / "seeds").glob("*.txt")
        for token in tokenize(path.read_text(encoding="utf-8"))
    }
)  # fmt: skip
ASKING = ["apa", "itu", "siapa", "kapan", "di mana", "berapa", "kenapa", "cara", "kalau", "2023", "2019", "?"]
# Words of the archive in any order, with anything at all between them.
QUESTIONS = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(SEED_WORDS + ASKING * 20), min_size=1, max_size=12).map(" ".join),
    st.lists(st.one_of(st.sampled_from(SEED_WORDS + ASKING * 20), st.text(max_size=6)), max_size=9).map(" ".join),
)


def snippets(answer: Answer) -> tuple[Snippet, ...]:
    return answer.snippets if isinstance(answer, Found | Related) else ()


def check_verbatim(archive: Archive, snippet: Snippet) -> None:
    article = archive.article(snippet.article)
    assert snippet.text == article.body[snippet.start : snippet.end]
    assert snippet.text.strip() == snippet.text != ""
    end = 0
    for start, stop in snippet.highlights:
        assert end <= start < stop <= len(snippet.text)
        end = stop
    for block in article.blocks:
        if block.kind is BlockKind.FURNITURE:
            assert snippet.end <= block.start or block.end <= snippet.start, article.body[block.start : block.end]


# -- any text at all -----------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=QUESTIONS, previous=st.one_of(st.none(), QUESTIONS))
@example(question="\ud800", previous=None)
@example(question="((((((((((((((((", previous="\\")
def test_any_question_is_answered_verbatim_or_not_at_all(archive: Archive, question: str, previous: str | None) -> None:
    answer = archive.ask(question, previous)
    for snippet in snippets(answer):
        check_verbatim(archive, snippet)
    assert not isinstance(answer, Found | Related) or answer.snippets
    assert as_plain_text(answer, load(), date(2025, 1, 1)).strip()
    assert archive.ask(question, previous) == answer


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=QUESTIONS, top=st.integers(1, 7))
def test_any_question_ranks_each_article_at_most_once(archive: Archive, question: str, top: int) -> None:
    hits = archive.search(question, top)
    assert len({hit.article for hit in hits}) == len(hits) <= min(top, len(archive.articles))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


STRANGE = {
    "4,096 characters": ("bantuan apa saja untuk lansia " * 137)[:4096],
    "4,096 words of the archive": " ".join(random.Random(3).choices(SEED_WORDS, k=900))[:4096],
    "one letter 4,096 times": "a" * 4096,
    "HTML": "<script>alert('bantuan')</script><b>lansia &amp; <a href=\"https://x.id/\">di Banten</a>",
    "4,096 digits": "7" * 4096,
    "4,096 brackets": "(" * 4096,
    "one word of 4,096 letters": "bantuan" * 585,
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_a_question_of_any_length_or_markup_gets_some_answer(archive: Archive, text: str) -> None:
    answer = archive.ask(text)
    for snippet in snippets(answer):
        check_verbatim(archive, snippet)
    archive.search(text)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("", "noise"),
        ("   \n\t ", "noise"),
        ("😀", "noise"),
        ("🙏🏽🙏🏽👨‍👩‍👧", "noise"),
        ("\x00", "noise"),
        ("\x00\x07\x1b", "noise"),
        ("\ud83d", "noise"),
        ("\u200b\u200d\ufeff", "noise"),
        ("?!?!", "noise"),
        ("https://contoh.id/berita/1?x=y", "link"),
        ("www.contoh.id", "link"),
        ("halo", "greeting"),
        ("Assalamualaikum", "greeting"),
        ("terima kasih ya min", "thanks"),
        ("kamu siapa?", "identity"),
    ],
)
def test_what_is_no_question_gets_its_own_reply(archive: Archive, text: str, topic: str) -> None:
    assert archive.ask(text) == Smalltalk(topic)


@pytest.mark.parametrize(
    "dress",
    [
        "<b>{}</b>",
        "\x00{}\x00",
        "{} \ud83d",
        "😀 {} 😀",
        "{} https://contoh.id/a",
        "@ArsipBot {}",
        "/tanya {}",
        "/tanya@ArsipBot {}",
        "{}" + " " * 3000,
        "\u200b{}\u200b",
        "{}\r\n\r\n",
        "{}!!!???",
    ],
)
def test_what_stands_around_a_question_does_not_change_its_answer(invented: Archive, dress: str) -> None:
    question = "apa itu RSLM?"
    plain, dressed = invented.ask(question), invented.ask(dress.format(question))
    assert isinstance(plain, Found)
    assert isinstance(dressed, Found)
    assert dressed.snippets[0].text == plain.snippets[0].text


@pytest.mark.parametrize("text", ["apa?", "kapan?", "berapa?", "terus yang itu gimana?", "kalau yang tadi?"])
def test_a_fragment_with_nothing_before_it_is_asked_back(archive: Archive, text: str) -> None:
    assert isinstance(archive.ask(text), Clarify)


# -- place and time ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "articles"),
    [
        ("bantuan apa di Kabupaten Tegal?", {"kabupaten-tegal-kursi-roda"}),
        ("bantuan apa di Kab. Tegal?", {"kabupaten-tegal-kursi-roda"}),
        ("bantuan apa di Kota Tegal?", {"kota-tegal-beras"}),
        ("bantuan apa di Tegal?", {"kota-tegal-beras", "kabupaten-tegal-kursi-roda"}),
        ("bantuan apa di Jawa Tengah?", {"kota-tegal-beras", "kabupaten-tegal-kursi-roda"}),
        ("bantuan apa di jateng", {"kota-tegal-beras", "kabupaten-tegal-kursi-roda"}),
        ("benih jagung di Nusa Tenggara Timur", {"kupang-jagung"}),
        ("pelatihan apa di Yogyakarta?", {"sleman-pelatihan"}),
    ],
)
def test_an_answer_is_of_the_place_asked_about(invented: Archive, question: str, articles: set[str]) -> None:
    answer = invented.ask(question)
    assert isinstance(answer, Found)
    assert {snippet.article for snippet in answer.snippets} == articles


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("bantuan beras di Kota Surabaya", "Surabaya"),
        ("benih jagung di Jawa Barat", "Jawa Barat"),
        ("pelatihan membatik di Kota Tegal", "Kota Tegal"),
    ],
)
def test_the_same_matter_elsewhere_is_no_answer_and_the_place_is_named(
    invented: Archive, question: str, place: str
) -> None:
    answer = invented.ask(question)
    assert isinstance(answer, Related | NotFound)
    assert answer.understanding.place is not None
    assert place in answer.understanding.place
    if isinstance(answer, Related):
        assert answer.gap in (Gap.PLACE, Gap.TOPIC)


@pytest.mark.parametrize("question", ["bantuan beras Tegal tahun 2019", "apa bantuan beras lansia pada 2030?"])
def test_another_year_is_no_answer_and_is_named(invented: Archive, question: str) -> None:
    answer = invented.ask(question)
    assert isinstance(answer, Related)
    assert answer.gap is Gap.TIME
    assert answer.missing in question


def test_the_year_asked_about_is_an_answer(invented: Archive) -> None:
    answer = invented.ask("bantuan beras Kota Tegal tahun 2023")
    assert isinstance(answer, Found)
    assert answer.understanding.time == "2023"


# -- what is asked for ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("apa itu RSLM?", "Rumah Singgah Lansia Mandiri (RSLM)"),
        ("RSLM singkatan dari apa", "Rumah Singgah Lansia Mandiri (RSLM)"),
        ("kepanjangan rslm", "Rumah Singgah Lansia Mandiri (RSLM)"),
        ("apa itu Kampung Sapa?", "Kampung Sapa adalah kelompok warga"),
        ("kampung sapa itu apa sih", "Kampung Sapa adalah kelompok warga"),
        ("berapa lansia yang menerima beras di Kota Tegal?", "1.250 lansia"),
        ("berapa kursi roda yang dibagikan?", "35 kursi roda"),
        ("kapan benih jagung dibagikan di Kupang?", "Senin (5/8/2024)"),
        ("berapa lama pelatihan membatik?", "lima hari"),
        ("brp kursi roda yg dibagiin?", "35 kursi roda"),
        ("berapa kursi rodda yang dibagikan?", "35 kursi roda"),
    ],
)
def test_a_fact_is_quoted_first(invented: Archive, question: str, quoted: str) -> None:
    answer = invented.ask(question)
    assert isinstance(answer, Found)
    assert quoted in answer.snippets[0].text


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("berapa harga mesin canting?", "money"),
        ("apa itu canting?", "definition"),
        ("berapa persen petani yang menerima benih jagung?", "percent"),
    ],
)
def test_a_number_or_meaning_that_is_not_there_is_said_to_be_missing(
    invented: Archive, question: str, kind: str
) -> None:
    answer = invented.ask(question)
    assert isinstance(answer, Related)
    assert (answer.gap, answer.missing) == (Gap.ATTRIBUTE, kind)


@pytest.mark.parametrize(
    "question",
    [
        "apa itu PKH?",
        "resep rendang",
        "tiket pesawat ke Tokyo",
        "juara piala dunia",
        "berapa anggaran kursi roda di Kabupaten Tegal?",
    ],
)
def test_what_the_archive_does_not_hold_is_not_answered(invented: Archive, question: str) -> None:
    assert isinstance(invented.ask(question), NotFound | Related)


@pytest.mark.parametrize("question", ["sapi perah gratis", "siapa yang dapat sapi perah?", "apa itu sapi perah"])
def test_page_furniture_never_answers(invented: Archive, question: str) -> None:
    answer = invented.ask(question)
    assert not isinstance(answer, Found)
    assert all("sapi perah" not in snippet.text.lower() for snippet in snippets(answer))


# -- how a page was saved ------------------------------------------------------------------------------------------


def resaved(text: str) -> str:
    """Save a page as another system would: no-break and zero-width spaces, entities, CRLF; the words are the same."""
    return text.replace("\n", "\r\n").replace(" di ", "\u00a0di ").replace("bantuan", "ban\u200btuan")


@pytest.mark.parametrize(
    "question",
    ["apa itu RSLM?", "bantuan apa di Kabupaten Tegal?", "berapa kursi roda yang dibagikan?", "siapa bupati Tegal?"],
)
def test_the_same_page_saved_otherwise_gives_the_same_answer_still_verbatim(invented: Archive, question: str) -> None:
    other = Archive([parse_article(name, resaved(text)) for name, text in INVENTED.items()])
    before, after = invented.ask(question), other.ask(question)
    assert isinstance(before, Found)
    assert isinstance(after, Found)
    first, again = before.snippets[0], after.snippets[0]
    check_verbatim(other, again)
    assert resaved(first.text) == again.text
    assert first.citation == again.citation


def test_a_byte_order_mark_is_not_part_of_the_text(tmp_path: Path) -> None:
    text = INVENTED["kupang-jagung"]
    (tmp_path / "plain.txt").write_bytes(text.encode())
    (tmp_path / "marked.txt").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    archive = Archive.open(tmp_path)
    marked, plain = archive.articles
    assert not marked.body.startswith("\ufeff")
    assert "\r\n" in marked.body
    assert replace(marked, id="", body="", blocks=()) == replace(plain, id="", body="", blocks=())


# -- the archive itself --------------------------------------------------------------------------------------------


def test_changes_name_what_was_added_changed_and_removed(invented: Archive) -> None:
    texts = dict(INVENTED)
    del texts["kupang-jagung"]
    texts["sleman-pelatihan"] += "\nPelatihan ini digelar lagi tahun depan.\n"
    texts["baru"] = "Warga Menanam Pohon\n\nWarga Desa Oebola menanam 100 pohon pada Senin (6/1/2025).\n"
    changes = Archive([parse_article(name, text) for name, text in texts.items()]).changes_from(invented)
    assert (changes.added, changes.changed, changes.removed) == (("baru",), ("sleman-pelatihan",), ("kupang-jagung",))


def test_an_archive_of_one_article_answers() -> None:
    archive = Archive([parse_article("satu", INVENTED["kupang-jagung"])])
    assert isinstance(archive.ask("untuk apa benih jagung dibagikan?"), Found)
    assert [hit.article for hit in archive.search("benih jagung")] == ["satu"]


def test_opening_a_folder_reports_its_progress(tmp_path: Path) -> None:
    for name, text in INVENTED.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    (tmp_path / "rusak.txt").write_bytes(b"\xff")
    seen: list[tuple[int, int]] = []
    archive = Archive.open(tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(number, 5) for number in range(1, 6)]
    assert [error.path for error in archive.refused] == [str(tmp_path / "rusak.txt")]
