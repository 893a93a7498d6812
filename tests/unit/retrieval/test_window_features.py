import numpy as np
import pytest

from reranker.mixing import FEATURES
from retrieval.fusion import FusedRanking
from retrieval.ranked_result import RankedResult
from retrieval.search_request import Timings
from retrieval.window_features import window_features
from search_core import CategoryShare, QueryPlan
from search_core.settings import FusionSettings
from search_engine import Candidate, Leg, LegResult, ResultSet, TextMatch


def leg(leg, **scores):
    found = tuple(
        Candidate(product_id=each, score=score, variant_group=each, exact_code=False)
        for each, score in scores.items()
    )
    return LegResult(leg=leg, candidates=found, total=len(found), took_ms=1.0)


def ranked(*legs, text="toner", categories=()):
    ranking = FusedRanking({each.leg: each for each in legs}, FusionSettings())
    match = TextMatch(
        text=text, all_terms_boosts={}, some_terms_boosts={}, minimum_should_match="1"
    )
    return RankedResult(
        ranking=ranking,
        candidates=ranking.candidates,
        result_set=ResultSet(match=match, filters=()),
        more=False,
        plan=QueryPlan(original_text=text, text=text, categories=categories),
        fusion=FusionSettings(),
        generation="products-1",
        preference="p",
        degraded=(),
        timings=Timings(),
    )


RESULT = ranked(leg(Leg.ALL_TERMS, a=9.0, b=8.0, c=7.0), leg(Leg.DENSE, a=0.8, c=0.4, b=0.6))


def column(name, result=RESULT, documents=None, logits=None):
    """Return a feature's values in fusion's order."""
    documents = documents or [{}] * len(result.candidates)
    matrix = window_features(result, result.candidates, documents, logits)
    return matrix[:, list(FEATURES).index(name)].tolist()


def test_fusion_and_logits_count_by_their_place_in_the_window():
    assert column("fusion")[0] == 1.0
    assert column("fusion")[-1] == 0.0
    assert column("cross_encoder", logits=[1.0, -3.0, 5.0]) == pytest.approx([0.5, 0.0, 1.0])


def test_what_was_not_scored_counts_as_the_lowest_logit():
    assert column("cross_encoder", logits=[1.0, -20.0, 5.0]) == pytest.approx([0.0, 0.0, 1.0])


def test_without_logits_their_column_is_empty():
    assert column("cross_encoder") == [0.0, 0.0, 0.0]


def test_a_legs_rank_falls_from_1_and_is_0_where_it_found_nothing():
    result = ranked(leg(Leg.ALL_TERMS, a=9.0, b=8.0), leg(Leg.DENSE, a=0.8, c=0.4))
    order = [each.product_id for each in result.candidates]
    found = dict(zip(order, column("all_terms_rank", result), strict=True))
    assert found == {"a": 1.0, "b": pytest.approx(10 / 11), "c": 0.0}
    assert dict(zip(order, column("dense_score", result), strict=True)) == {"a": 1, "b": 0, "c": 0}


def test_types_of_good_candidates_speak_for_others_of_their_type():
    documents = [{"product_type": "toner"}, {"product_type": "toner"}, {"product_type": "printer"}]
    fused = column("fusion")
    share = (fused[0] + fused[1]) / sum(fused)
    assert column("type_agreement", documents=documents) == pytest.approx([share, share, 1 - share])
    assert column("type_agreement") == [0.0, 0.0, 0.0]


def test_the_kind_that_the_query_is_about_is_a_share():
    meant = (
        CategoryShare(field="product_type", name="toner", share=0.7),
        CategoryShare(field="category", name="Office > Ink", share=0.2),
    )
    result = ranked(leg(Leg.ALL_TERMS, a=9.0, b=8.0, c=7.0), categories=meant)
    documents = [
        {"product_type": "toner"},
        {"product_type": "ink", "category": ["Office", "Office > Ink"]},
        {"product_type": "Office > Ink"},
    ]
    assert column("query_kind", result, documents) == [0.7, 0.2, 0.0]


def test_a_price_counts_by_its_place_among_the_known_ones():
    documents = [{"price": 30.0}, {}, {"price": 10.0}]
    assert column("price_place", documents=documents) == [1.0, 0.5, 0.5]


def test_every_number_lies_between_0_and_1():
    documents = [{"title": "toner " * 50, "price": 5.0, "brand": "toner"}, {}, {"price": 0.0}]
    matrix = window_features(RESULT, RESULT.candidates, documents, [3.0, 3.0, 3.0])
    assert matrix.shape == (3, len(FEATURES))
    assert np.all((matrix >= 0) & (matrix <= 1))
