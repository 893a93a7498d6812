import pytest
from prometheus_client import CollectorRegistry

from query_proxy.metrics import Metrics, exposition
from query_proxy.takeover.hybrid_search import HybridAnswer
from retrieval import RankedResult, Timings
from retrieval.fusion import FusedRanking
from search_core import MixedScore, QueryPlan
from search_core.settings import FusionSettings
from search_engine import ResultSet, TextMatch


@pytest.fixture
def counted():
    """Counts an answer for each cross-encoder, and returns the exposition."""

    def count(*cross_encoders):
        registry = CollectorRegistry()
        metrics = Metrics(registry)
        for each in cross_encoders:
            metrics.observe_hybrid(answer(each))
        return exposition(registry)().decode()

    return count


def answer(cross_encoder):
    score = MixedScore(
        value=1.0, rerank_score=2.0, fused_rank=1, parts=(), cross_encoder=cross_encoder
    )
    match = TextMatch(text="x", all_terms_boosts={}, some_terms_boosts={}, minimum_should_match="1")
    ranked = RankedResult(
        ranking=FusedRanking({}, FusionSettings()),
        candidates=(),
        result_set=ResultSet(match=match, filters=()),
        more=False,
        plan=QueryPlan.plain("x"),
        fusion=FusionSettings(),
        generation="g",
        preference="p",
        degraded=(),
        timings=Timings(),
        mixed={"a": score} if cross_encoder else {},
    )
    return HybridAnswer(body={}, ranked=ranked, page_ms=1.0, total_ms=2.0)


def test_searches_are_counted_by_the_model_that_read_them(counted):
    told = counted("english@1", "chinese@1", "chinese@1", "")
    assert 'shopkeeper_proxy_reranked_searches_total{model="chinese@1"} 2.0' in told
    assert 'shopkeeper_proxy_reranked_searches_total{model="english@1"} 1.0' in told
    assert 'searches_total{outcome="hybrid"} 4.0' in told
    assert 'model=""' not in told
