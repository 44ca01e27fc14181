"""The live archive as the chat knows it: short keys, the order of the shelf, and who is cited."""

from __future__ import annotations

import pytest
from shelf import ScriptedArchive, article, citation

from bot.library import Library, key_of

ARTICLES = [article(number) for number in range(1, 40)]


@pytest.fixture
def library():
    return Library(ScriptedArchive(ARTICLES))


def test_every_article_is_behind_its_key_and_its_citation(library):
    for each in ARTICLES:
        assert library.article(key_of(each.id)) == each
        assert library.cited(citation(each)) == each


@pytest.mark.parametrize("key", ["0" * 16, "f" * 16, key_of("another"), "", "zz", "0x" + "1" * 14, "1" * 17])
def test_any_other_key_is_nobodys(library, key):
    assert library.article(key) is None


def test_the_shelf_is_newest_first_then_by_title(library):
    order = [(each.recency, each.title) for each in library.shelf]
    assert order == sorted(order, key=lambda each: ([-part for part in each[0]], each[1]))
    assert library.newest == order[0][0]
    assert library.these({"berita-3", "berita-30", "gone"}) == [each for each in library.shelf if each.id in
                                                              {"berita-3", "berita-30"}]  # fmt: skip


def test_without_articles_there_is_nothing_new():
    assert Library(ScriptedArchive([])).newest == (0, 0, 0)
