from hypothesis import given
from hypothesis import strategies as st

from reranker.score_cache import ScoreCache


def test_a_score_is_found_by_model_query_and_passage():
    cache = ScoreCache(10)
    cache.put("m@1", "red", "dress", 2.5)
    assert cache.get("m@1", "red", "dress") == 2.5
    assert cache.get("m@2", "red", "dress") is None
    assert cache.get("m@1", "blue", "dress") is None
    assert cache.get("m@1", "red", "toner") is None


@given(st.tuples(st.text(), st.text(), st.text()), st.tuples(st.text(), st.text(), st.text()))
def test_texts_that_join_to_the_same_are_told_apart(one, other):
    cache = ScoreCache(10)
    cache.put(*one, 1.0)
    assert cache.get(*other) == (1.0 if one == other else None)


def test_the_longest_unused_goes_first():
    cache = ScoreCache(2)
    cache.put("m", "q", "a", 1.0)
    cache.put("m", "q", "b", 2.0)
    assert cache.get("m", "q", "a") == 1.0
    cache.put("m", "q", "c", 3.0)
    assert cache.get("m", "q", "b") is None
    assert cache.get("m", "q", "a") == 1.0
    assert len(cache) == 2


def test_a_capacity_of_none_keeps_none():
    cache = ScoreCache(0)
    cache.put("m", "q", "a", 1.0)
    assert cache.get("m", "q", "a") is None


def test_a_score_of_zero_is_a_score():
    cache = ScoreCache(1)
    cache.put("m", "q", "a", 0.0)
    assert cache.get("m", "q", "a") == 0.0


def test_half_a_surrogate_pair_is_a_text_like_any_other():
    cache = ScoreCache(1)
    cache.put("m", "\ud800", "a", 1.0)
    assert cache.get("m", "\ud800", "a") == 1.0
