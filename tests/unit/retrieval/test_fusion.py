import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.fusion import FusedRanking, leg_weights
from search_core import Boost, LegFactor, TermFilter
from search_core.settings import FusionMethod, FusionSettings
from search_engine import Candidate, Leg, LegResult

EVEN = FusionSettings(all_terms_weight=1, some_terms_weight=1, dense_weight=1, rank_constant=60)


def leg_result(leg, *ids, groups=None, exact=()):
    candidates = tuple(
        Candidate(
            product_id=product_id,
            score=float(len(ids) - place),
            variant_group=(groups or {}).get(product_id, product_id),
            exact_code=product_id in exact,
        )
        for place, product_id in enumerate(ids)
    )
    return LegResult(leg=leg, candidates=candidates, total=len(ids), took_ms=1.0)


def fused(settings=EVEN, **legs):
    return FusedRanking({Leg(name): result for name, result in legs.items()}, settings)


def test_a_product_found_by_both_legs_outranks_one_found_by_either():
    ranking = fused(
        all_terms=leg_result(Leg.ALL_TERMS, "a", "both"), dense=leg_result(Leg.DENSE, "b", "both")
    )
    best = ranking.candidates[0]
    assert best.product_id == "both"
    assert best.fused_score == pytest.approx(1 / 62 + 1 / 62, abs=1e-12)


def test_equal_scores_are_ordered_by_id():
    ranking = fused(all_terms=leg_result(Leg.ALL_TERMS, "z"), dense=leg_result(Leg.DENSE, "a"))
    assert [each.product_id for each in ranking.candidates] == ["a", "z"]


def test_weights_scale_the_votes():
    settings = FusionSettings(all_terms_weight=2, dense_weight=1, rank_constant=60)
    ranking = fused(
        settings, all_terms=leg_result(Leg.ALL_TERMS, "z"), dense=leg_result(Leg.DENSE, "a")
    )
    assert [each.product_id for each in ranking.candidates] == ["z", "a"]
    assert ranking.candidates[0].fused_score == pytest.approx(2 / 61)


def test_a_leg_without_weight_proposes_nothing():
    settings = FusionSettings(all_terms_weight=1, dense_weight=0)
    ranking = fused(
        settings, all_terms=leg_result(Leg.ALL_TERMS, "a"), dense=leg_result(Leg.DENSE, "b")
    )
    assert [each.product_id for each in ranking.candidates] == ["a"]


def test_a_product_whose_code_is_the_query_stands_first():
    ranking = fused(
        all_terms=leg_result(Leg.ALL_TERMS, "a", "b", "coded", exact=("coded",)),
        dense=leg_result(Leg.DENSE, "a", "b"),
    )
    assert ranking.candidates[0].product_id == "coded"


def test_collapsing_keeps_the_best_of_each_variant_group_in_order():
    groups = {"red": "dress", "blue": "dress", "shoe": "shoe"}
    ranking = fused(all_terms=leg_result(Leg.ALL_TERMS, "red", "blue", "shoe", groups=groups))
    assert [each.product_id for each in ranking.collapsed()] == ["red", "shoe"]


def test_contributions_name_leg_weight_and_value():
    ranking = fused(all_terms=leg_result(Leg.ALL_TERMS, "a"), dense=leg_result(Leg.DENSE, "b", "a"))
    assert [(c.leg, c.weight, c.value) for c in ranking.contributions_of("a")] == [
        ("all_terms", 1, 1 / 61),
        ("dense", 1, 1 / 62),
    ]
    assert [(s.leg, s.rank, s.score) for s in ranking.legs_of("a")] == [
        ("all_terms", 1, 1.0),
        ("dense", 2, 1.0),
    ]


def test_every_leg_has_a_weight():
    assert set(leg_weights(FusionSettings())) == set(Leg)


rankings = st.lists(st.text("abcdefghij", min_size=1, max_size=2), unique=True, max_size=12)


@given(
    all_terms=rankings, some_terms=rankings, dense=rankings, method=st.sampled_from(FusionMethod)
)
def test_fusion_keeps_every_candidate_once_and_its_contributions_add_up(
    all_terms, some_terms, dense, method
):
    ranking = fused(
        FusionSettings(method=method),
        all_terms=leg_result(Leg.ALL_TERMS, *all_terms),
        some_terms=leg_result(Leg.SOME_TERMS, *some_terms),
        dense=leg_result(Leg.DENSE, *dense),
    )
    ids = [each.product_id for each in ranking.candidates]
    assert sorted(ids) == sorted({*all_terms, *some_terms, *dense})
    keys = [(-each.fused_score, each.product_id) for each in ranking.candidates]
    assert keys == sorted(keys)
    for each in ranking.candidates:
        total = sum(c.value for c in ranking.contributions_of(each.product_id))
        assert total == pytest.approx(each.fused_score, abs=1e-9)


def boosted_leg(*candidates):
    found = tuple(
        Candidate(product_id=each, score=float(9 - place), variant_group=each, boosts=boosts)
        for place, (each, boosts) in enumerate(candidates)
    )
    return {Leg.ALL_TERMS: LegResult(leg=Leg.ALL_TERMS, candidates=found, total=9, took_ms=1.0)}


def boost(weight, reason="is a notebook"):
    wanted = TermFilter(field="product_type", values=("Notebook",))
    return Boost(filter=wanted, weight=weight, reason=reason)


def test_a_boost_adds_a_share_of_the_products_own_score():
    ranking = FusedRanking(boosted_leg(("case", ()), ("notebook", (0,))), EVEN, [boost(0.5)])
    assert [each.product_id for each in ranking.candidates] == ["notebook", "case"]
    assert ranking.candidates[0].fused_score == pytest.approx(1 / 62 * 1.5, abs=1e-12)


def test_contributions_of_legs_and_boosts_add_up_to_the_fused_score():
    boosts = [boost(0.5), boost(-0.9, "mentions lace"), boost(-0.9, "lace is true")]
    legs = boosted_leg(("a", (0, 1, 2)), ("b", (0,)), ("c", (1, 2)), ("d", ()))
    ranking = FusedRanking(legs, EVEN, boosts)
    for each in ranking.candidates:
        total = sum(part.value for part in ranking.contributions_of(each.product_id))
        assert total == pytest.approx(each.fused_score, abs=1e-12)


def test_what_is_unwanted_stays_in_order_and_above_nothing():
    legs = boosted_leg(("a", (0, 1)), ("b", (0, 1)), ("c", ()))
    ranking = FusedRanking(legs, EVEN, [boost(-0.9), boost(-0.9)])
    assert [each.product_id for each in ranking.candidates] == ["c", "a", "b"]
    assert ranking.candidates[1].fused_score == pytest.approx(1 / 61 * 0.05, abs=1e-12)


def test_a_plan_changes_the_weight_of_a_leg_for_its_query():
    factors = (LegFactor(leg="dense", factor=2.0),)
    assert leg_weights(FusionSettings(dense_weight=1.25), factors)[Leg.DENSE] == 2.5
    results = {
        Leg.ALL_TERMS: leg_result(Leg.ALL_TERMS, "a"),
        Leg.DENSE: leg_result(Leg.DENSE, "z"),
    }
    assert FusedRanking(results, EVEN).candidates[0].product_id == "a"
    ranking = FusedRanking(results, EVEN, leg_factors=factors)
    assert ranking.candidates[0].product_id == "z"
    assert ranking.contributions_of("z")[0].weight == 2.0
