import numpy as np
import pytest
from scipy.stats import kendalltau

from evaluation.click_log import LoggedSearch, ShownProduct
from evaluation.click_models import (
    ClickModel,
    cascade_model,
    clicks_over_expected_clicks,
    estimate_lift,
    position_based_model,
)
from evaluation.click_table import click_table

# How likely rank 1, 2, … is looked at in the simulation.
EXAMINATION = 1.0 / np.arange(1, 11)


def search(session, *products, clicked=(), query="tea"):
    shown = tuple(
        ShownProduct(product_id=product, rank=rank, clicked=product in clicked)
        for rank, product in enumerate(products, start=1)
    )
    return LoggedSearch(query=query, session=session, shown=shown)


def simulated_searches(appeal, count, seed):
    """A shop that ranks its worst products first, but for some noise, and shoppers who look at a
    product with EXAMINATION of its rank and then click it with its appeal."""
    random = np.random.default_rng(seed)
    searches = []
    for number in range(count):
        order = np.argsort(appeal + random.normal(0, 0.12, len(appeal)))
        clicks = random.random(len(order)) < EXAMINATION * appeal[order]
        products = [f"p{index}" for index in order]
        chosen = {product for product, click in zip(products, clicks, strict=True) if click}
        searches.append(search(f"s{number}", *products, clicked=chosen))
    return searches


def test_position_based_model_recovers_the_order_that_raw_click_through_gets_wrong():
    appeal = np.array([0.30, 0.32, 0.35, 0.38, 0.40, 0.45, 0.50, 0.55, 0.60, 0.65])
    table = click_table(simulated_searches(appeal, 4_000, seed=7))
    truth = [appeal[int(product[1:])] for _, product in table.pairs]

    raw = kendalltau(truth, table.clicks / table.shown).statistic
    modelled = kendalltau(truth, estimate_lift(table, ClickModel.POSITION_BASED)).statistic

    assert raw < 0.0
    assert modelled > 0.9
    assert modelled - raw > 1.5


def test_position_based_model_recovers_how_much_each_rank_is_looked_at():
    appeal = np.linspace(0.1, 0.8, 10)
    table = click_table(simulated_searches(appeal, 5_000, seed=3))
    assert position_based_model(table).examination == pytest.approx(EXAMINATION, abs=0.06)


def test_coec_orders_better_than_raw_click_through_when_rankings_are_mixed():
    appeal = np.linspace(0.1, 0.8, 10)
    random = np.random.default_rng(5)
    searches = []
    for number in range(2_000):
        # Products with an odd number are kept in the lower half of the page.
        order = [*random.permutation([0, 2, 4, 6, 8]), *random.permutation([1, 3, 5, 7, 9])]
        clicks = random.random(10) < EXAMINATION * appeal[order]
        products = [f"p{index}" for index in order]
        chosen = {product for product, click in zip(products, clicks, strict=True) if click}
        searches.append(search(f"s{number}", *products, clicked=chosen))
    table = click_table(searches)
    truth = [appeal[int(product[1:])] for _, product in table.pairs]
    raw = kendalltau(truth, table.clicks / table.shown).statistic
    coec = kendalltau(truth, estimate_lift(table, ClickModel.COEC)).statistic
    assert coec - raw > 0.3


def test_coec_is_clicks_over_the_rate_of_the_ranks_with_two_average_showings_added():
    # Rank 1 is clicked 1 of 2 times, rank 2 never: the rate over all is 1/4.
    table = click_table([search("s1", "a", "b", clicked={"a"}), search("s2", "a", "b")])
    prior = 2 * 0.25
    assert clicks_over_expected_clicks(table) == pytest.approx(
        [(1 + prior) / (0.5 + 0.5 + prior), (0 + prior) / (0 + prior)]
    )


def test_in_a_cascade_a_product_below_the_last_click_is_not_held_against():
    skipped = click_table([search(f"s{n}", "a", "b", "c", clicked={"b"}) for n in range(20)])
    appeal = dict(
        zip((product for _, product in skipped.pairs), cascade_model(skipped), strict=True)
    )
    assert appeal["b"] > appeal["c"] > appeal["a"]


@pytest.mark.parametrize("model", ClickModel)
def test_the_average_showing_has_lift_one(model):
    appeal = np.linspace(0.1, 0.8, 10)
    table = click_table(simulated_searches(appeal, 200, seed=1))
    lift = estimate_lift(table, model)
    assert np.average(lift, weights=table.shown) == pytest.approx(1.0)


@pytest.mark.parametrize("model", ClickModel)
def test_a_log_without_clicks_prefers_nothing(model):
    table = click_table([search("s1", "a", "b"), search("s2", "b", "a")])
    lift = estimate_lift(table, model)
    assert np.isfinite(lift).all()
    assert lift[0] == pytest.approx(lift[1])


def test_a_pair_seen_once_and_clicked_once_does_not_beat_a_proven_one():
    proven = [search(f"s{n}", "proven", clicked={"proven"} if n % 2 else set()) for n in range(200)]
    table = click_table([*proven, search("lucky", "lucky", clicked={"lucky"}, query="once")])
    lift = dict(zip((product for _, product in table.pairs),
                    estimate_lift(table, ClickModel.POSITION_BASED), strict=True))  # fmt: skip
    assert lift["lucky"] < 1.5


def test_products_seen_at_one_rank_only_are_told_apart_from_those_that_moved():
    table = click_table([search("s1", "a", "b", "x"), search("s2", "b", "a", "x")])
    assert table.share_seen_at_several_ranks == pytest.approx(2 / 3)
