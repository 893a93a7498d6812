import pytest

from query_proxy.takeover.scored_result import ScoredResult
from retrieval import RankedResult, Timings
from retrieval.fused_candidates import FusedCandidate
from retrieval.fusion import FusedRanking
from search_core import MixedScore, QueryPlan
from search_core.settings import FusionSettings
from search_engine import ResultSet, TextMatch


def candidate(product_id, fused_score, *, exact_code=False):
    return FusedCandidate(
        product_id=product_id,
        variant_group=product_id,
        fused_score=fused_score,
        exact_code=exact_code,
    )


def ranked(*candidates, mixed=None):
    match = TextMatch(text="x", all_terms_boosts={}, some_terms_boosts={}, minimum_should_match="1")
    return RankedResult(
        ranking=FusedRanking({}, FusionSettings()),
        candidates=candidates,
        result_set=ResultSet(match=match, filters=()),
        more=False,
        plan=QueryPlan.plain("x"),
        fusion=FusionSettings(),
        generation="g",
        preference="p",
        degraded=(),
        timings=Timings(),
        mixed={
            product_id: MixedScore(value=value, rerank_score=0.0, fused_rank=1, parts=())
            for product_id, value in (mixed or {}).items()
        },
    )


def test_without_reranking_scores_are_the_fused_ones():
    assert ScoredResult.of(ranked(candidate("a", 0.5), candidate("b", 0.2))).scores == (0.5, 0.2)


def test_an_exact_code_scores_no_less_than_what_follows_it():
    result = ScoredResult.of(ranked(candidate("code", 0.1, exact_code=True), candidate("b", 0.4)))
    assert result.scores == (0.4, 0.4)


def test_the_rerank_window_stands_above_what_was_not_reranked():
    mixed = {"b": -1.0, "a": -3.0}
    result = ScoredResult.of(
        ranked(candidate("b", 0.3), candidate("a", 0.5), candidate("c", 0.2), mixed=mixed)
    )
    # floor 0.2 - (-3.0) = 3.2: b 3.2 - 1.0, a 3.2 - 3.0, c 0.2
    assert result.scores == pytest.approx((2.2, 0.2, 0.2))


def test_factors_multiply_and_reorder_and_a_missing_one_changes_nothing():
    result = ScoredResult.of(ranked(candidate("a", 0.5), candidate("b", 0.2), candidate("c", 0.1)))
    multiplied = result.multiplied({"c": 10.0, "a": 0.5})
    assert [each.product_id for each in multiplied.ranked.candidates] == ["c", "a", "b"]
    assert multiplied.scores == pytest.approx((1.0, 0.25, 0.2))


def test_nothing_found_has_no_scores():
    assert ScoredResult.of(ranked()).scores == ()
