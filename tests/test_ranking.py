"""The one door to rank-bm25 keeps its scores, and what is ranked by it is what ranking everything would give."""

from __future__ import annotations

import math
from itertools import accumulate, chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from index import ranker
from index.places import load_gazetteer
from index.postings import union
from index.ranker import PostingsRanker
from index.ranking import BM25, Background, best

terms = st.sampled_from(["bantuan", "lansia", "desa", "pkh", "hari", "sosial", "dan", "yang"])
documents = st.lists(terms, min_size=1, max_size=12)
corpora = st.lists(documents, min_size=1, max_size=12)
queries = st.dictionaries(terms, st.floats(0.1, 3), min_size=1, max_size=6)
PLACE = load_gazetteer().resolve("Pacitan")[0]


def rank_bm25(corpus: list[list[str]]) -> BM25Okapi:
    """The library itself, with our idf: its own goes negative where half of the documents hold a term."""
    theirs = BM25Okapi(corpus, k1=0.8, b=0.5)
    for term, held in theirs.idf.items():
        held = sum(term in document for document in corpus)
        theirs.idf[term] = math.log(1 + (len(corpus) - held + 0.5) / (held + 0.5))
    return theirs


@given(corpora, st.lists(terms, min_size=1, max_size=6))
def test_scores_equal_rank_bm25s_over_the_same_statistics(corpus, query):
    ours, theirs = BM25.of(corpus, k1=0.8, b=0.5), rank_bm25(corpus)
    assert np.allclose(ours.get_scores(query), theirs.get_scores(query), rtol=1e-12, atol=1e-12)
    assert (ours.corpus_size, ours.avgdl, list(ours.doc_len)) == (theirs.corpus_size, theirs.avgdl, theirs.doc_len)


@given(corpora, queries, st.data())
def test_a_document_scores_the_same_whatever_it_is_scored_among(corpus, query, data):
    index = BM25.of(corpus, k1=0.8, b=0.5)
    among = np.array(sorted(data.draw(st.sets(st.sampled_from(range(len(corpus)))))), dtype=np.intp)
    assert np.array_equal(index.scores(query, among), index.scores(query)[among])


@given(corpora, terms)
def test_a_document_without_any_query_term_scores_zero_and_is_never_returned(corpus, term):
    scores = BM25.of(corpus, k1=0.8, b=0.5).scores({term: 1.0})
    holding = [number for number, document in enumerate(corpus) if term in document]
    assert sorted(best(scores, len(corpus))) == holding


@given(st.lists(st.integers(0, 6), min_size=1, max_size=900), st.integers(1, 45))
def test_best_is_a_stable_sort_cut_short(values, count):
    scores = np.array(values, dtype=np.float64)
    expected = [i for i in sorted(range(len(values)), key=lambda i: (-values[i], i)) if values[i] > 0][:count]
    assert best(scores, count) == expected


@settings(deadline=None)
@given(
    articles=st.lists(st.lists(documents, max_size=3), min_size=1, max_size=8),
    repeated=st.sampled_from([1, 90]),
    query=queries,
    count=st.integers(1, 9),
    share=st.sampled_from([0.0, 0.5]),
    there=st.sets(st.integers(0, 7)),
)
def test_what_is_ranked_without_scoring_everything_is_what_scoring_everything_gives(
    articles, repeated, query, count, share, there
):
    """Of a large archive, too, where most are never scored exactly, and with many of one score."""
    articles = articles * repeated
    passages = [passage for article in articles for passage in article]
    if not passages:
        return
    first = np.array([0, *accumulate(map(len, articles))])
    texts = [[*chain.from_iterable(article)] or ["judul"] for article in articles]
    by_passage, by_article = BM25.of(passages, k1=0.8, b=0.5), BM25.of(texts, k1=0.8, b=0.5)
    there = np.array(sorted(number for number in there if number < len(articles)), dtype=np.int32)

    owners = np.repeat(np.arange(len(articles)), np.diff(first))
    whole = by_article.scores(query)
    scores = by_passage.scores(query) + share * whole[owners]
    pool = scores + scores.max() * np.isin(owners, there) * (scores > 0)
    expected = [(number, scores[number], whole[owners[number]] * (share > 0)) for number in best(pool, count)]

    rank = PostingsRanker(by_passage, by_article, first, lambda place: there).rank
    for most, walked in ((10**9, 0), (0, 10**9), (0, -1)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ranker, "_ALL", most)
            patch.setattr(ranker, "_WALKED", walked)
            ranking = rank(query, count, share=share, places=[PLACE])
        assert [(each.passage, each.score, each.article) for each in ranking.passages] == expected
        assert ranking.highest == scores.max()
        assert ranking.highest_article == ((share and whole.max()) or 1.0)


def test_in_a_small_archive_general_indonesian_tells_common_words_from_telling_ones():
    corpus = [["yang", "rombong"], ["desa"]]
    blended = BM25.of(corpus, Background(lambda stem: ()), k1=0.8, b=0.5)
    alone = BM25.of(corpus, k1=0.8, b=0.5)
    assert alone.idf_of("yang") == pytest.approx(alone.idf_of("rombong"))
    assert blended.idf_of("yang") < 0.2 * blended.idf_of("rombong")


def test_a_term_that_no_document_holds_still_has_a_weight():
    archive = BM25.of([["desa"]], Background(lambda stem: ()), k1=0.8, b=0.5)
    assert archive.idf_of("surabaya") > archive.idf_of("desa")


@given(st.lists(st.lists(st.integers(0, 40)), min_size=1, max_size=5))
def test_a_union_is_in_order_and_has_each_document_once(lists):
    arrays = [np.array(each, dtype=np.int32) for each in lists]
    found = union(*arrays)
    assert found.tolist() == sorted({number for each in lists for number in each})
    assert [each.tolist() for each in arrays] == lists
