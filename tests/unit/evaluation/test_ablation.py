from pathlib import Path

import pytest

from evaluation.ablation import Verdict, ablate, stage_switches
from evaluation.judgments import JudgedQuery, Judgment, Judgments
from evaluation.measures import measure_run, parse_measures
from evaluation.run import Answer, Run
from search_core.settings import (
    EvaluationSettings,
    QueryUnderstandingSettings,
    RerankerSettings,
    RetrievalSettings,
    Settings,
)
from shopkeeper.configuration import load_settings

QUERIES = [JudgedQuery(text=f"query {number}") for number in range(12)]
JUDGMENTS = Judgments.of(Judgment(query=query, product_id="good", grade=1) for query in QUERIES)
FIRST, SECOND = ("good", "bad"), ("bad", "good")
SETTINGS = EvaluationSettings(resamples=4_999)


def evaluated(ranking, milliseconds=10.0):
    """`ranking` gives the ids by a query's number."""
    answers = {
        query.key: Answer(product_ids=ranking(number), latency_ms=milliseconds + number)
        for number, query in enumerate(QUERIES)
    }
    return measure_run(Run(name="run", answers=answers), JUDGMENTS, parse_measures(["RR@10"]))


WHOLE = evaluated(lambda _: FIRST, milliseconds=10.0)


def test_a_stage_without_which_all_queries_get_worse_helps():
    (stage,) = ablate(WHOLE, {"dense": evaluated(lambda _: SECOND, milliseconds=7.0)}, SETTINGS)
    assert stage.worth == pytest.approx(1 - 1 / 2)
    assert stage.verdict is Verdict.HELPS
    assert stage.milliseconds == pytest.approx(3.0)


def test_a_stage_without_which_all_queries_get_better_hurts():
    (stage,) = ablate(evaluated(lambda _: SECOND), {"rule": evaluated(lambda _: FIRST)}, SETTINGS)
    assert stage.worth == pytest.approx(-1 / 2)
    assert stage.verdict is Verdict.HURTS
    assert stage.interval.low <= stage.worth <= stage.interval.high


def test_a_stage_that_one_query_misses_is_not_proven():
    without = evaluated(lambda number: SECOND if number == 0 else FIRST)
    (stage,) = ablate(WHOLE, {"dense": without}, SETTINGS)
    assert stage.worth > 0
    assert stage.verdict is Verdict.NOT_PROVEN


def test_stages_come_by_their_worth_and_idle_ones_do_not_weaken_the_others():
    without = {
        "idle 1": evaluated(lambda _: FIRST),
        "strong": evaluated(lambda _: SECOND),
        "idle 2": evaluated(lambda _: FIRST),
    }
    stages = ablate(WHOLE, without, SETTINGS)
    assert [each.setting for each in stages] == ["strong", "idle 1", "idle 2"]
    assert [each.verdict for each in stages[1:]] == [Verdict.IDLE, Verdict.IDLE]
    strong = stages[0].comparison.deciding
    assert strong.adjusted_p_value == strong.p_value


def test_the_stages_are_the_switches_that_are_on():
    switches = stage_switches(Settings())
    assert {"retrieval.all_terms", "retrieval.dense", "retrieval.some_terms"} <= set(switches)
    assert "retrieval.collapse_variants" not in switches
    assert switches["retrieval.dense"] is False
    sections = {each.split(".")[0] for each in switches}
    assert sections == {"query_understanding", "retrieval"}


def test_a_switch_that_is_off_is_no_stage():
    settings = Settings(retrieval=RetrievalSettings(dense=False))
    assert "retrieval.dense" not in stage_switches(settings)


FULL = Settings(
    query_understanding=QueryUnderstandingSettings(rules=Path("rules.txt")),
    retrieval=RetrievalSettings(dense_floor=0.3),
    reranker=RerankerSettings(kind="onnx", business={"available_weight": 0.2}),
)


def test_stages_that_are_neither_true_nor_false_have_a_value_that_is_off():
    switches = stage_switches(FULL)
    others = {name: off for name, off in switches.items() if off is not False}
    assert others == {
        "query_understanding.rules": None,
        "retrieval.dense_floor": 0.0,
        "reranker.kind": "none",
        "reranker.business.available_weight": 0.0,
    }


def test_a_stage_that_is_off_is_no_stage_whatever_its_kind():
    for name, off in stage_switches(FULL).items():
        if name != "query_understanding.rules":  # the file is not there
            without = load_settings(None, {name: off}, environment={})
            assert name not in stage_switches(without)


def test_what_reranks_is_no_stage_where_nothing_is_reordered():
    assert not any(each.startswith("reranker.") for each in stage_switches(Settings()))


def test_business_signals_are_stages_without_a_reranker_too():
    business = {"available_weight": 0.2, "signals": ("margin=0.1",)}
    settings = Settings(reranker=RerankerSettings(business=business))
    assert {each for each in stage_switches(settings) if each.startswith("reranker.")} == {
        "reranker.business.available_weight",
        "reranker.business.signals",
    }


def test_nothing_in_a_section_that_is_off_is_a_stage():
    settings = Settings(query_understanding=QueryUnderstandingSettings(enabled=False))
    assert {name.split(".")[0] for name in stage_switches(settings)} == {"retrieval"}


def test_times_are_compared_with_the_run_that_is_fair_to_the_stage():
    stages = ablate(
        evaluated(lambda _: FIRST, milliseconds=400.0),
        {
            "reranker.kind": evaluated(lambda _: SECOND, milliseconds=30.0),
            "retrieval.dense": evaluated(lambda _: SECOND, milliseconds=32.0),
        },
        SETTINGS,
        timed_against={"retrieval.dense": evaluated(lambda _: FIRST, milliseconds=35.0).run},
    )
    assert {each.setting: each.milliseconds for each in stages} == {
        "reranker.kind": pytest.approx(370.0),
        "retrieval.dense": pytest.approx(3.0),
    }
