import pytest

from evaluation.ablation import Verdict, ablate, stage_switches
from evaluation.judgments import JudgedQuery, Judgment, Judgments
from evaluation.measures import measure_run, parse_measures
from evaluation.run import Answer, Run
from search_core.settings import EvaluationSettings, RetrievalSettings, Settings

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
    assert not any(each.startswith(("search_engine.", "evaluation.")) for each in switches)


def test_a_switch_that_is_off_is_no_stage():
    settings = Settings(retrieval=RetrievalSettings(dense=False))
    assert "retrieval.dense" not in stage_switches(settings)
