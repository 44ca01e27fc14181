"""Ranking without abstaining: the right article first, whatever form the words take."""

from __future__ import annotations

import pytest

from index import retrieval
from index.archive import Archive
from index.article import Article, Block, BlockKind


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("benih jagung", "kupang-jagung"),
        ("petani menanam", "kupang-jagung"),
        ("membatik", "sleman-pelatihan"),
        ("pelatihanya mebmatik", "sleman-pelatihan"),  # two typos: letters still match
        ("kursi roda difabel", "kabupaten-tegal-kursi-roda"),
        ("brp kursi roda yg dibagiin?", "kabupaten-tegal-kursi-roda"),
        ("siapa yang mendampingi para lansia?", "kota-tegal-beras"),
        ("PENYALURAN BERAS", "kota-tegal-beras"),
    ],
)
def test_the_right_article_comes_first(invented: Archive, question: str, article: str) -> None:
    assert invented.search(question)[0].article == article


@pytest.mark.parametrize("question", ["", "??", "😀", "\ud800", "qqqq zzzz"])
def test_nothing_to_look_up_is_no_hit(invented: Archive, question: str) -> None:
    assert not invented.search(question)


def test_a_question_of_function_words_only_is_searched_as_it_is(invented: Archive) -> None:
    assert invented.search("untuk yang itu")


def test_ties_are_in_the_order_of_the_archive_and_top_cuts() -> None:
    bodies = ["Warga menanam pohon jati."] * 4 + ["Kota lain."]
    archive = Archive(
        [
            Article(f"a{number}", body, "", blocks=(Block(BlockKind.PARAGRAPH, 0, len(body)),))
            for number, body in enumerate(bodies)
        ]
    )
    assert [hit.article for hit in archive.search("pohon jati")] == ["a0", "a1", "a2", "a3"]
    assert [hit.article for hit in archive.search("pohon jati", 2)] == ["a0", "a1"]


@pytest.mark.parametrize("signal", ["SURFACE", "PAIRS", "FOURGRAMS", "COVERAGE", "SENTENCE"])
def test_each_signal_can_be_switched_off_for_the_benchmark(
    invented: Archive, signal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = invented.search("kursi roda difabell")[0].score
    monkeypatch.setattr(retrieval, signal, 0.0)
    assert invented.search("kursi roda difabell")[0].score < before
