"""What is worked out once, or by numbers instead of texts, is what working it out for each sentence would give."""

from __future__ import annotations

import math
import operator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import matching
from index.archive import Archive
from index.measures import Sought, Stretch, _nearness, side_by_side

QUESTIONS = (
    "apa itu HKSN?",
    "berapa nilai bantuan untuk lansia di pacitan",
    "siapa bupati yang menyerahkan santunan kepada anak yatim?",
    "bantuan mesin jahit dan mesin tempel untuk siapa, dan kapan diserahkan?",
)


@pytest.fixture(params=QUESTIONS)
def sought(request: pytest.FixtureRequest, archive: Archive) -> Sought:
    """A question, ready to be held against the articles of seeds/."""
    return archive._answerer.seek(archive.read(request.param))


def test_a_bag_of_stems_says_each_concept_as_surely_whether_or_not_the_same_stems_were_seen_before(sought, archive):
    for passage in archive._answerer._documents.passages:
        for held in (passage.held, passage.heading, *(sentence.held for sentence in passage.sentences)):
            expected = tuple(matching.strength(concept, held) for concept in sought.question.concepts)
            assert sought.strengths(held) == expected


def test_an_article_holds_of_the_stems_asked_for_what_its_title_passages_and_headings_hold(sought, archive):
    for document in archive._answerer._documents.all:
        held = document.title.union(*(passage.held | passage.heading for passage in document.passages))
        lead = document.first_paragraph
        assert document.holding(sought.stems) == held & sought.stems
        assert document.opening(sought.stems) == (document.title | (lead.held if lead else set())) & sought.stems
        assert not document.holding(frozenset({"katayangtiadadimanapun"}))


def test_a_sentence_says_of_the_stems_asked_for_those_that_it_has_where_it_has_them(sought, archive):
    for passage in archive._answerer._documents.passages:
        for sentence in passage.sentences:
            has = [(place, stem) for place, stem in enumerate(sentence.stems) if stem in sought.stems]
            assert sentence.said(sought.stems) == has
            assert sentence.size == len(sentence.stems)


def test_what_is_said_as_such_in_a_sentence_is_so_around_it(sought, archive):
    for passage in archive._answerer._documents.passages:
        here = sought.strengths(passage.held)
        for sentence in passage.sentences:
            assert all(map(operator.le, sought.strengths(sentence.held), here))


def test_marks_stand_where_the_stems_stand_in_one_sentence_or_in_neighbours(sought, archive):
    for passage in archive._answerer._documents.passages:
        sentences = passage.sentences
        marks = [sought.marks(each.said(sought.stems)) for each in sentences]
        marks, size = side_by_side(marks, [each.size for each in sentences])
        stems = [stem for sentence in sentences for stem in sentence.stems]
        assert size == len(stems)
        for concept, mark in zip(sought.question.concepts, marks, strict=True):
            assert [at for at in range(size) if mark >> at & 1] == [
                at for at, stem in enumerate(stems) if stem in concept.stems
            ]
        assert mark >> size == 0


spots = st.lists(st.integers(0, 400), max_size=12).map(lambda found: tuple(sorted(found)))


@given(st.lists(st.integers(0, 2**40 - 1), max_size=6))
def test_closeness_counts_neighbouring_concepts_that_stand_within_three_stems_of_each_other(marks):
    places = [[at for at in range(40) if mark >> at & 1] for mark in marks]
    near = sum(any(0 < abs(a - b) <= 3 for a in one for b in other) for one, other in pairwise(places))
    assert matching.closeness(marks) == (near / (len(marks) - 1) if len(marks) > 1 else 0.0)


@given(spots, st.integers(0, 2**40 - 1), st.integers(0, 500))
def test_nearness_is_that_of_the_nearest_pair(found, wanted, letters):
    stretch = Stretch((), 40, "x" * letters, (), ())
    places = [at * (letters / 40) for at in range(40) if wanted >> at & 1]
    distance = min((abs(spot - place) for spot in found for place in places), default=math.inf)
    assert _nearness(wanted, found, stretch) == math.exp(-distance / 60)
