from dataclasses import replace

import pytest

from evaluation.comparison import compare
from evaluation.judgments import JudgedQuery, Judgment, Judgments
from evaluation.measures import measure_run, parse_measures
from evaluation.run import Answer, Run
from evaluation.tuning import FoldOutcome, TuningOutcome
from evaluation.tuning_words import tuning_sentences
from search_core.settings import EvaluationSettings

QUERIES = [JudgedQuery(text=f"query {number}") for number in range(12)]
JUDGMENTS = Judgments.of(Judgment(query=query, product_id="good", grade=1) for query in QUERIES)


def evaluated(rank_of):
    answers = {
        query.key: Answer(product_ids=(*(f"bad {n}" for n in range(rank_of(number) - 1)), "good"))
        for number, query in enumerate(QUERIES)
    }
    return measure_run(Run(name="run", answers=answers), JUDGMENTS, parse_measures(["RR@10"]))


def compared(rank_of):
    (comparison,) = compare(
        evaluated(lambda _: 2), [evaluated(rank_of)], EvaluationSettings(resamples=999)
    )
    return comparison


def outcome(held_out):
    fold = FoldOutcome(
        train_queries=6,
        held_out_queries=6,
        setting={"weight": 2.0},
        in_sample=1.0,
        held_out=0.5,
        present_held_out=0.5,
    )
    better = compared(lambda _: 1)
    return TuningOutcome(
        measure=better.measure,
        present={"weight": 1.0},
        best={"weight": 2.0},
        folds=(fold, fold),
        held_out=held_out,
        in_sample=better,
        trials=10,
        resumed=0,
    )


@pytest.mark.parametrize(
    ("rank_of", "said"),
    [
        (lambda _: 1, "take the tuned one"),
        (lambda _: 3, "does not carry over"),
        (lambda number: 1 if number == 0 else 2, "keep it until more queries are judged"),
    ],
)
def test_the_verdict_rests_on_the_held_out_queries(rank_of, said):
    in_sample, held_out, verdict = tuning_sentences(outcome(compared(rank_of)))
    assert "1.0000 instead of 0.5000 (+0.5000)" in in_sample
    assert "2 folds" in held_out
    assert said in verdict


def test_a_search_that_ends_where_it_began_says_so():
    unchanged = replace(outcome(compared(lambda _: 1)), best={"weight": 1.0})
    assert tuning_sentences(unchanged)[-1].startswith("Nothing that was tried beats")
    assert not unchanged.is_better
