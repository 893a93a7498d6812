import pytest

from evaluation import (
    JudgedQuery,
    Judgment,
    Judgments,
    ValidationOptions,
    learning_sentences,
    parse_measures,
    validate_learning,
)
from evaluation.query_folds import deal_out
from search_core import TuningError
from search_core.settings import EvaluationSettings

QUERIES = tuple(JudgedQuery(text=f"query {number}") for number in range(20))
JUDGMENTS = Judgments.of(
    Judgment(query=query, product_id=product, grade=grade)
    for query in QUERIES
    for product, grade in (("good", 3), ("bad", 0))
)
MEASURES = parse_measures(["nDCG@10", "Judged@10"])
SETTINGS = EvaluationSettings(resamples=999)
GOOD_FIRST, BAD_FIRST = ("good", "bad"), ("bad", "good")


def validated(learn, choices=(1.0, 2.0), judgments=JUDGMENTS, **options):
    return validate_learning(
        learn,
        lambda _: BAD_FIRST,
        choices,
        judgments,
        MEASURES,
        SETTINGS,
        ValidationOptions(**options),
    )


def test_what_carries_over_is_proven():
    outcome = validated(lambda train, choice: lambda query: GOOD_FIRST)
    assert outcome.is_better
    assert outcome.held_out.deciding.candidate_mean == 1.0
    # The good product at rank 2 of its own: 1 / log2(3).
    assert outcome.held_out.deciding.baseline_mean == pytest.approx(0.6309, abs=1e-4)
    assert [fold.held_out_queries for fold in outcome.folds] == [4] * 5
    assert learning_sentences(outcome)[-1].startswith("It beats the present order")


def test_what_is_learned_by_heart_is_worth_nothing_on_other_queries():
    def learn(train, choice):
        known = set(train)
        return lambda query: GOOD_FIRST if query in known else BAD_FIRST

    outcome = validated(learn)
    assert not outcome.is_better
    assert outcome.held_out.deciding.difference == 0.0
    assert [fold.chosen for fold in outcome.folds] == [None] * 5


def test_nothing_that_ranks_a_query_has_seen_it():
    def learn(train, choice):
        known = set(train)

        def rank(query):
            assert query not in known
            return GOOD_FIRST

        return rank

    assert validated(learn).held_out.deciding.candidate_mean == 1.0


def test_of_choices_that_are_as_good_the_most_cautious_is_taken():
    outcome = validated(lambda train, choice: lambda query: GOOD_FIRST, choices=(10.0, 1.0))
    assert outcome.chosen == 10.0


def test_the_choice_is_that_which_is_best_on_queries_held_out_within():
    outcome = validated(
        lambda train, choice: lambda query: GOOD_FIRST if choice == 2.0 else BAD_FIRST
    )
    assert outcome.chosen == 2.0
    assert {fold.chosen for fold in outcome.folds} == {2.0}


def test_what_is_worse_than_the_present_order_is_never_taken():
    outcome = validate_learning(
        lambda train, choice: lambda query: BAD_FIRST,
        lambda _: GOOD_FIRST,
        (1.0,),
        JUDGMENTS,
        MEASURES,
        SETTINGS,
    )
    assert outcome.chosen is None
    assert outcome.held_out.deciding.difference == 0.0
    assert "keep it" in learning_sentences(outcome)[-1]


def test_too_few_queries_are_refused():
    few = JUDGMENTS.only(QUERIES[:9])
    with pytest.raises(TuningError, match=r"9 queries .* too few for 5 folds"):
        validated(lambda train, choice: lambda query: GOOD_FIRST, judgments=few)


def test_every_query_is_dealt_out_once_and_parts_are_as_large_as_each_other():
    parts = deal_out(QUERIES[:11], 3, seed=5)
    assert sorted(query.text for part in parts for query in part) == sorted(
        query.text for query in QUERIES[:11]
    )
    assert sorted(map(len, parts)) == [3, 4, 4]
    assert parts == deal_out(QUERIES[:11], 3, seed=5)
    assert parts != deal_out(QUERIES[:11], 3, seed=6)
