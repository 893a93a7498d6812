import math

import pytest

from evaluation.comparison import MeasureDifference, compare
from evaluation.holes import HoleBounds
from evaluation.judgments import JudgedQuery, Judgment, Judgments
from evaluation.measures import Measure, measure_run, parse_measures
from evaluation.report_words import (
    headline,
    holes_sentence,
    significance,
    verdict_class,
    wins_and_losses,
)
from evaluation.run import Answer, Run
from evaluation.significance import Interval
from search_core.settings import EvaluationSettings

QUERIES = [JudgedQuery(text=f"query {number}") for number in range(12)]
JUDGMENTS = Judgments.of(Judgment(query=query, product_id="good", grade=1) for query in QUERIES)


def compared(before, after):
    """Systems that put the good product of every query at a rank, by the query's number."""

    def evaluated(name, rank_of):
        answers = {
            query.key: Answer(
                product_ids=(*(f"bad {n}" for n in range(rank_of(number) - 1)), "good")
            )
            for number, query in enumerate(QUERIES)
        }
        return measure_run(Run(name=name, answers=answers), JUDGMENTS, parse_measures(["RR@10"]))

    settings = EvaluationSettings(resamples=4_999)
    (comparison,) = compare(evaluated("old", before), [evaluated("new", after)], settings)
    return comparison


def test_a_clear_winner_is_called_better():
    comparison = compared(lambda _: 2, lambda _: 1)
    assert verdict_class(comparison) == "better"
    assert headline(comparison) == "“new” finds better products than “old”."
    assert significance(comparison).startswith("RR@10 is 1.000 instead of 0.500 (+0.500).")
    assert "fewer than 1 of 1,000 cases" in significance(comparison)


def test_a_clear_loser_is_called_worse():
    comparison = compared(lambda _: 1, lambda _: 2)
    assert verdict_class(comparison) == "worse"
    assert headline(comparison) == "“new” finds worse products than “old”."


def test_what_chance_could_do_is_not_called_a_win():
    comparison = compared(lambda _: 2, lambda number: 1 if number == 0 else 2)
    assert verdict_class(comparison) == "unclear"
    assert "cannot be told apart" in headline(comparison)


def test_equal_systems_are_said_to_differ_by_chance_alone():
    assert "more often than not" in significance(compared(lambda _: 1, lambda _: 1))


def test_wins_and_losses_add_up_to_all_queries():
    found = MeasureDifference(
        measure=Measure.parse("RR"),
        baseline_mean=0.0,
        candidate_mean=0.0,
        difference=0.0,
        interval=Interval(low=-math.inf, high=math.inf),
        p_value=1.0,
        adjusted_p_value=1.0,
        wins=3,
        losses=2,
        ties=4,
    )
    assert wins_and_losses(found) == (
        "Of 9 queries 3 are answered better, 2 worse and 4 as well as before."
    )


@pytest.mark.parametrize(
    ("unjudged", "said"), [(0.0, "nothing is left to guess"), (2.5, "between 0.400 and 0.900")]
)
def test_holes_are_said_in_words(unjudged, said):
    bounds = HoleBounds(
        measure=Measure.parse("nDCG@10"), value=0.5, worst=0.4, best=0.9, by_query={}
    )
    assert said in holes_sentence(bounds, unjudged, 10)
