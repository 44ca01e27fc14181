"""The one door to rank-bm25 keeps its scores and costs only what the question's terms cost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from index.ranking import BM25, Background, best

terms = st.sampled_from(["bantuan", "lansia", "desa", "pkh", "hari", "sosial", "dan", "yang"])
corpora = st.lists(st.lists(terms, min_size=1, max_size=12), min_size=1, max_size=12)


@given(corpora, st.lists(terms, min_size=1, max_size=6, unique=True))
def test_scores_equal_rank_bm25s_over_the_same_statistics(documents, query):
    ours = BM25(documents, k1=0.8, b=0.5)
    theirs = BM25Okapi(documents, k1=0.8, b=0.5)
    theirs.idf = ours.idf  # rank_bm25's own idf goes negative, and zero where half of the documents hold a term
    assert np.allclose(ours.scores(dict.fromkeys(query, 1.0)), theirs.get_scores(query), rtol=1e-12, atol=1e-12)


@given(corpora, terms)
def test_a_document_without_any_query_term_scores_zero_and_is_never_returned(documents, term):
    scores = BM25(documents, k1=0.8, b=0.5).scores({term: 1.0})
    holding = [number for number, document in enumerate(documents) if term in document]
    assert sorted(best(scores, len(documents))) == holding


@given(st.lists(st.floats(0, 5), min_size=1, max_size=40), st.integers(1, 45))
def test_best_is_a_stable_sort_cut_short(values, count):
    scores = np.array(values)
    expected = [i for i in sorted(range(len(values)), key=lambda i: (-values[i], i)) if values[i] > 0][:count]
    assert best(scores, count) == expected


def test_in_a_small_archive_general_indonesian_tells_common_words_from_telling_ones():
    documents = [["yang", "rombong"], ["desa"]]
    blended = BM25(documents, Background({}), k1=0.8, b=0.5)
    alone = BM25(documents, k1=0.8, b=0.5)
    assert alone.idf["yang"] == pytest.approx(alone.idf["rombong"])
    assert blended.idf["yang"] < 0.2 * blended.idf["rombong"]


def test_a_term_that_no_document_holds_still_has_a_weight():
    archive = BM25([["desa"]], Background({}), k1=0.8, b=0.5)
    assert archive.idf_of("surabaya") > archive.idf_of("desa")
