import pytest

from evaluation import (
    Answer,
    JudgedQuery,
    Judgment,
    Judgments,
    Run,
    compare,
    decide,
    measure_run,
    parse_measures,
)
from search_core.settings import EvaluationSettings

QUERIES = [JudgedQuery(text=text) for text in [*(f"sofa{n:02}x" for n in range(6)), *"abcdefghij"]]
"""Six codes and ten words."""
CODES = QUERIES[:6]
JUDGMENTS = Judgments.of(Judgment(query=query, product_id="good", grade=1) for query in QUERIES)
GOOD, SECOND, NONE = ("good",), ("x", "good"), ("x",)


def evaluated(name, rankings, latency_ms=None, degraded=()):
    answers = {
        query.key: Answer(product_ids=ids, latency_ms=latency_ms, degraded=degraded)
        for query, ids in rankings.items()
    }
    return measure_run(Run(name=name, answers=answers), JUDGMENTS, parse_measures(["RR"]))


def verdict(baseline, candidate, **settings):
    chosen = EvaluationSettings(resamples=999, **settings)
    (comparison,) = compare(baseline, [candidate], chosen)
    return decide(comparison, chosen)


def failed(found):
    return [check.name for check in found.checks if not check.passed]


OLD = evaluated("old", dict.fromkeys(QUERIES, SECOND))
BETTER = evaluated("new", dict.fromkeys(QUERIES, GOOD))


def test_a_candidate_that_is_better_everywhere_passes():
    found = verdict(OLD, BETTER)
    assert found.passed
    assert found.lower_bound == pytest.approx(1 - 1 / 2)


def test_an_equal_candidate_does_not_pass():
    found = verdict(OLD, OLD)
    assert not found.passed
    assert failed(found) == ["margin"]
    assert "old does not win" in found.checks[0].reason


def test_the_margin_has_to_be_exceeded_with_the_confidence():
    assert verdict(OLD, BETTER, margin=0.49).passed
    assert failed(verdict(OLD, BETTER, margin=0.5)) == ["margin"]


def test_a_change_that_helps_one_query_and_hurts_another_does_not_pass():
    mixed = dict.fromkeys(QUERIES, SECOND) | {QUERIES[0]: GOOD, QUERIES[1]: NONE}
    assert failed(verdict(OLD, evaluated("new", mixed))) == ["margin"]


def test_a_class_of_queries_that_gets_worse_stops_a_winner():
    hurts_codes = dict.fromkeys(QUERIES, GOOD) | dict.fromkeys(CODES, NONE)
    baseline = evaluated("old", dict.fromkeys(QUERIES, NONE) | dict.fromkeys(CODES, SECOND))
    found = verdict(baseline, evaluated("new", hurts_codes))
    assert failed(found) == ["classes"]
    assert "code 'with a code' -0.5000 (6 queries)" in found.checks[1].reason
    assert verdict(baseline, evaluated("new", hurts_codes), class_limit=0.6).passed


def test_a_class_of_few_queries_decides_nothing_and_says_so():
    hurts_codes = dict.fromkeys(QUERIES, GOOD) | dict.fromkeys(CODES, NONE)
    baseline = evaluated("old", dict.fromkeys(QUERIES, NONE) | dict.fromkeys(CODES, SECOND))
    found = verdict(baseline, evaluated("new", hurts_codes), class_queries=7)
    assert found.passed
    assert "fewer than 7 queries decide nothing" in found.checks[1].reason


def test_the_latency_budget_holds_for_95_of_100_pages():
    fast = evaluated("new", dict.fromkeys(QUERIES, GOOD), latency_ms=20.0)
    assert verdict(OLD, fast, latency_budget_ms=20.0).passed
    assert failed(verdict(OLD, fast, latency_budget_ms=19.0)) == ["latency"]


def test_an_unknown_latency_is_not_within_a_budget():
    assert failed(verdict(OLD, BETTER, latency_budget_ms=1000.0)) == ["latency"]


def test_figures_of_a_system_that_did_without_something_prove_nothing():
    crippled = evaluated("new", dict.fromkeys(QUERIES, GOOD), degraded=("without vectors",))
    found = verdict(OLD, crippled)
    assert failed(found) == ["health"]
    assert "without vectors (16 queries)" in found.checks[-1].reason
