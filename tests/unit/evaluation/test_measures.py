import json
import math
import subprocess
import sys

import pytest

from evaluation import (
    Answer,
    JudgedQuery,
    Judgment,
    Judgments,
    Measure,
    Run,
    measure_run,
    parse_measures,
    read_run_file,
    write_judgments,
    write_run_file,
)
from search_core import JudgmentsError, MeasureError

DRESS = JudgedQuery(text="red dress")
SHIRT = JudgedQuery(text="shirt")
NOTHING = JudgedQuery(text="nothing fits")


def judgments_of(grades):
    return Judgments.of(
        Judgment(query=query, product_id=product_id, grade=grade)
        for query, products in grades.items()
        for product_id, grade in products.items()
    )


def run_of(rankings, depth=None):
    answers = {query.key: Answer(product_ids=tuple(ids)) for query, ids in rankings.items()}
    return Run(name="system", answers=answers, depth=depth)


def value(run, judgments, name, query=DRESS):
    measure = Measure.parse(name)
    return measure_run(run, judgments, [measure]).values[measure][query.key]


JUDGMENTS = judgments_of({DRESS: {"a": 3, "b": 1, "c": 0}, SHIRT: {"a": 1}})


def test_ndcg_is_linear_in_the_grade():
    run = run_of({DRESS: ["b", "x", "a"]})
    found = 1 / math.log2(2) + 3 / math.log2(4)
    ideal = 3 / math.log2(2) + 1 / math.log2(3)
    assert value(run, JUDGMENTS, "nDCG@10") == pytest.approx(found / ideal, abs=1e-12)


def test_condensed_measures_do_not_see_unjudged_hits():
    run = run_of({DRESS: ["x", "y", "c", "a"]})
    assert value(run, JUDGMENTS, "RR") == pytest.approx(1 / 4)
    assert value(run, JUDGMENTS, "RR(judged_only=True)") == pytest.approx(1 / 2)
    assert value(run, JUDGMENTS, "Judged@4") == pytest.approx(2 / 4)


def test_a_condensed_measure_looks_below_the_cutoff_for_judged_hits():
    run = run_of({DRESS: [*(f"unjudged-{n}" for n in range(50)), "a"]})
    assert value(run, JUDGMENTS, "P@10") == 0.0
    assert value(run, JUDGMENTS, "P(judged_only=True)@10") == pytest.approx(1 / 10)


def test_the_order_given_is_the_order_measured_whatever_the_ids():
    # pytrec_eval would put the greater id first, if the scores were equal.
    assert value(run_of({DRESS: ["a", "z"]}), JUDGMENTS, "RR") == 1.0
    assert value(run_of({DRESS: ["z", "a"]}), JUDGMENTS, "RR") == 0.5


def test_a_judged_query_without_hits_scores_0():
    evaluation = measure_run(run_of({DRESS: ["a"]}), JUDGMENTS, parse_measures(["RR", "Judged@10"]))
    assert evaluation.mean(Measure.parse("RR")) == pytest.approx((1 + 0) / 2)
    assert evaluation.mean(Measure.parse("Judged@10")) == pytest.approx((1 + 0) / 2)
    assert evaluation.without_hits() == (SHIRT,)


def test_a_query_without_a_relevant_product_is_left_out_and_listed():
    judgments = judgments_of({DRESS: {"a": 3}, NOTHING: {"a": 0}})
    evaluation = measure_run(run_of({DRESS: ["a"]}), judgments, parse_measures(["nDCG@10"]))
    assert evaluation.mean(Measure.parse("nDCG@10")) == 1.0
    assert evaluation.queries == (DRESS,)
    assert evaluation.left_out == (NOTHING,)


def test_judgments_without_any_relevant_product_cannot_measure():
    with pytest.raises(JudgmentsError, match="no judged query has a product of grade 1"):
        measure_run(run_of({}), judgments_of({NOTHING: {"a": 0}}), parse_measures(["RR"]))


def test_an_unjudged_query_of_the_run_is_not_measured():
    evaluation = measure_run(run_of({NOTHING: ["a"]}), JUDGMENTS, parse_measures(["RR"]))
    assert set(evaluation.values[Measure.parse("RR")]) == {DRESS.key, SHIRT.key}


def test_a_measure_deeper_than_the_run_is_refused():
    with pytest.raises(MeasureError, match="looks at 100 hits, but only 10"):
        measure_run(run_of({DRESS: ["a"]}, depth=10), JUDGMENTS, parse_measures(["R@100"]))


@pytest.mark.parametrize(
    ("given", "name", "condensed"),
    [
        ("nDCG@10", "nDCG@10", "nDCG(judged_only=True)@10"),
        ("NDCG@10", "nDCG@10", "nDCG(judged_only=True)@10"),
        ("Recall@100", "R@100", "R(judged_only=True)@100"),
        ("P(rel=2)@5", "P(rel=2)@5", "P(rel=2,judged_only=True)@5"),
        ("ERR@20", "ERR@20", "ERR(judged_only=True)@20"),
    ],
)
def test_measures_are_named_as_ir_measures_names_them(given, name, condensed):
    assert [measure.name for measure in parse_measures([given])] == [name, condensed]


def test_counts_have_no_condensed_variant():
    assert [measure.name for measure in parse_measures(["Judged@10"])] == ["Judged@10"]


def test_a_measure_asked_for_twice_is_measured_once():
    names = [measure.name for measure in parse_measures(["RR", "RR(judged_only=True)", "MRR"])]
    assert names == ["RR", "RR(judged_only=True)"]


def test_printed_names_can_be_parsed():
    for measure in parse_measures(["nDCG@10", "P(rel=2)@5", "ERR@20", "AP"]):
        assert Measure.parse(measure.name) == measure


@pytest.mark.parametrize("name", ["foo@3", "nDCG@", "nDCG@x", "nDCG(x=1)@10", "P", "ERR", ""])
def test_what_is_no_measure_is_refused_with_examples(name):
    with pytest.raises(MeasureError) as caught:
        Measure.parse(name)
    assert caught.value.remedy


def test_err_refuses_grades_that_its_script_cannot_take():
    with pytest.raises(MeasureError, match="grades from 0 to 4, but there is a grade 5"):
        value(run_of({DRESS: ["a"]}), judgments_of({DRESS: {"a": 5}}), "ERR@10")


def test_values_are_those_of_the_ir_measures_command_line(tmp_path):
    queries = [JudgedQuery(text=str(number)) for number in range(1, 13)]
    judgments = judgments_of(
        {
            query: {f"p{(7 * n * m) % 40}": (n * m) % 4 for m in range(1, 15)} | {"p99": 3}
            for n, query in enumerate(queries, start=1)
        }
    )
    rankings = {
        query: dict.fromkeys(f"p{(11 * n * m + m) % 60}" for m in range(1, 60))
        for n, query in enumerate(queries[:-1], start=1)
    }
    run = run_of(rankings)
    measures = parse_measures(["nDCG@10", "nDCG", "RR", "P@5", "R@20", "AP", "Judged@10", "ERR@20"])
    # The command line knows no condensed ERR.
    shared = [each for each in measures if each.name != "ERR(judged_only=True)@20"]
    qrels_file, run_file = tmp_path / "list.qrels", tmp_path / "run.trec"
    write_judgments(judgments, qrels_file)
    write_run_file(run, run_file)
    assert read_run_file(run_file, judgments.queries).run.answers == run.answers

    ours = measure_run(run, judgments, measures)

    names = " ".join(each.name for each in shared)
    command = [sys.executable, "-m", "ir_measures", qrels_file, run_file, names]
    output = subprocess.run(
        [*command, "--by_query", "-o", "jsonl"], check=True, capture_output=True, text=True
    )
    theirs = [json.loads(line) for line in output.stdout.splitlines()]
    assert len(theirs) == len(shared) * (len(queries) + 1)
    for each in theirs:
        measure = Measure.parse(each["measure"])
        if each["query_id"] == "all":
            expected = ours.mean(measure)
        else:
            expected = ours.values[measure][each["query_id"]]
        assert each["value"] == pytest.approx(expected, abs=1e-9), each
