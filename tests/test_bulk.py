"""An archive whose bulk is elsewhere answers as one that has it at hand, and fetches what it looks at, once."""

from __future__ import annotations

from collections import defaultdict
from itertools import accumulate, chain
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import bulk, ranker
from index.bulk import FETCHED_AT_FIRST, KINDS, ROWS, Fetched, articles, blocks, light
from index.evaluation import read_cases
from index.places import load_gazetteer
from index.postings import Postings, invert
from index.ranker import PostingsRanker
from index.ranking import BM25

GOLDEN = Path(__file__).parent / "golden"
PLACE = load_gazetteer().resolve("Pacitan")[0]
terms = st.integers(0, 6)
documents = st.lists(terms, min_size=1, max_size=12)


class Shelf:
    """A bulk in memory, which counts how often it is asked, and for how much."""

    def __init__(self, sections):
        self._blocks = defaultdict(list)
        for kind, term, _, first, gaps, counts in blocks(sections):
            self._blocks[kind, term].append((term, first, gaps, counts))
        self._articles = dict(articles(sections)) if "forward.meta" in sections else {}
        self.asked = []

    def blocks(self, kind, terms):
        self.asked.append(("blocks", kind, *terms))
        return [block for term in terms for block in self._blocks[kind, term]]

    def articles(self, numbers):
        self.asked.append(("articles", *numbers))
        return [(number, self._articles[number]) for number in numbers]


@pytest.fixture
def apart(archive):
    shelf = Shelf(archive.sections)
    return archive.apart(light(archive.sections), shelf), shelf


def postings_of(corpus):
    owners = np.repeat(np.arange(len(corpus)), list(map(len, corpus)))
    return invert(owners, np.concatenate(corpus), len(corpus), 7)


@settings(deadline=None)
@given(
    articles=st.lists(st.lists(documents, min_size=1, max_size=3), min_size=1, max_size=8),
    repeated=st.sampled_from([1, 90]),
    query=st.dictionaries(st.integers(0, 7), st.floats(0.1, 3), min_size=1, max_size=6),
    count=st.integers(1, 9),
    share=st.sampled_from([0.0, 0.5]),
    there=st.sets(st.integers(0, 7)),
    block=st.integers(1, 200),
    at_once=st.integers(1, 400),
)
def test_what_is_ranked_by_fetched_postings_is_what_is_ranked_by_those_at_hand(
    articles, repeated, query, count, share, there, block, at_once
):
    """Scores and order to the last bit, whichever way is taken to them, and however postings are cut into blocks."""
    articles = articles * repeated
    first = np.array([0, *accumulate(map(len, articles))])
    sections = {}
    for name, corpus in (
        ("by_passage", [passage for article in articles for passage in article]),
        ("by_article", [[*chain.from_iterable(article)] for article in articles]),
        ("by_title", [article[0][:2] for article in articles]),
    ):
        sections |= postings_of(corpus).sections(name)
        sections[f"{name}.impacts"] = np.zeros(0, np.float32)
    there = np.array(sorted(number for number in there if number < len(articles)), dtype=np.int32)

    def ranking(postings, most):
        indexes = [BM25(postings(name), lambda term: term if term < 7 else -1, k1=0.8, b=0.5) for name in KINDS[:2]]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ranker, "_ALL", most)
            return PostingsRanker(*indexes, first, lambda place: there).rank(query, count, share=share, places=[PLACE])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk, "BLOCK", block)
        patch.setattr(bulk, "_AT_ONCE", at_once)
        fetched, rest = Fetched(Shelf(sections)), light(sections)
        for most in (10**9, 0):
            at_hand = ranking(lambda name: Postings.of(sections, name), most)
            assert ranking(lambda name: fetched.postings(rest, name), most) == at_hand


@pytest.mark.parametrize("apart", [1, 255, 256, 65_535, 65_536, 1_000_000])
def test_documents_that_are_far_apart_are_found_again(apart):
    ids = np.array([3, 3 + apart, 4 + apart, 5 + 2 * apart], dtype=np.int32)
    counts = np.array([1, 300, 2, 7], dtype=np.uint16)
    one = Postings(np.array([0, 0, 4, 4]), ids, counts, np.ones(int(ids[-1]) + 1, dtype=np.int32))
    sections = {}
    for name in KINDS:
        sections |= one.sections(name) | {f"{name}.impacts": np.zeros(0, np.float32)}
    found = Fetched(Shelf(sections)).postings(light(sections), "by_article").several([0, 1, 2])
    assert [(list(ids), list(counts)) for ids, counts in found] == [([], []), (list(ids), list(counts)), ([], [])]


def test_nothing_of_the_bulk_is_left_in_what_is_light(archive):
    rest = light(archive.sections)
    gone = {name: array for name, array in rest.items() if len(array) != len(archive.sections[name])}
    assert gone.keys() == {
        *(f"forward.{name}{part}" for name in ROWS for part in ("", ".ends")),
        *(f"{kind}.{part}" for kind in KINDS for part in ("ids", "counts")),
    }
    assert not any(len(array) for array in gone.values())


def test_answers_are_the_same_and_little_is_fetched_for_each(archive, apart):
    there, shelf = apart
    cases = read_cases(GOLDEN / "seeds-dev.jsonl")[::4]
    assert len(cases) > 10
    for case in cases:
        shelf.asked.clear()
        assert repr(there.ask(case.question, case.previous)) == repr(archive.ask(case.question, case.previous))
        # Passages' postings, articles' postings, articles: each at most once a reading of the question, of which a
        # question that goes on from another has several.
        assert len(shelf.asked) <= (3 if case.previous is None else 12)


def test_what_was_fetched_for_a_question_is_kept_for_the_next(archive, apart):
    there, shelf = apart
    there.ask("apa itu HKSN?")
    shelf.asked.clear()
    there.ask("apa itu HKSN?")
    assert shelf.asked == []


def test_of_more_than_may_be_kept_what_was_used_last_is_kept(archive, monkeypatch):
    monkeypatch.setattr(bulk, "_POSTINGS_KEPT", 64)
    monkeypatch.setattr(bulk, "_ARTICLES_KEPT", 2)
    shelf = Shelf(archive.sections)
    there = archive.apart(light(archive.sections), shelf)
    for question in ("apa itu HKSN?", "berapa penerima PKH?", "apa itu HKSN?"):
        assert repr(there.ask(question)) == repr(archive.ask(question))


def test_all_articles_are_fetched_many_at_a_time(archive, apart):
    there, shelf = apart
    assert list(there.articles) == list(archive.articles)
    assert len(shelf.asked) <= 1 + len(archive.articles) // FETCHED_AT_FIRST
    assert there.fingerprints == archive.fingerprints
    assert there.article(archive.articles[0].id) == archive.articles[0]


def test_an_archive_apart_can_be_read_with_other_word_lists(apart):
    there, _ = apart
    assert repr(there.reworded().ask("apa itu HKSN?")) == repr(there.ask("apa itu HKSN?"))


def test_a_page_of_the_shelf_is_fetched_at_once_in_the_order_of_all(archive, apart):
    there, shelf = apart
    assert list(there.newest_first) == list(archive.newest_first)
    assert sorted(there.newest_first, key=lambda each: each.id) == sorted(archive.articles, key=lambda each: each.id)
    order = [([-part for part in each.recency], each.title, each.id) for each in archive.newest_first]
    assert order == sorted(order)
    again = archive.apart(light(archive.sections), shelf)
    shelf.asked.clear()
    assert again.newest_first[1:4] == archive.newest_first[1:4]
    assert len(shelf.asked) == 1
