import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import (
    Conflict,
    JudgedQuery,
    Judgment,
    Judgments,
    judgment_statistics,
    merge_judgments,
    split_judgments,
)
from search_core import JudgmentsError


def judgments_of(**queries):
    return Judgments.of(
        Judgment(query=JudgedQuery(text=text), product_id=product_id, grade=grade)
        for text, products in queries.items()
        for product_id, grade in products.items()
    )


RATERS = judgments_of(sofa={"a": 3, "b": 1})
CLICKS = judgments_of(sofa={"b": 2}, lamp={"c": 1})


def test_statistics_count_what_is_there():
    counts = judgment_statistics(
        judgments_of(sofa={"a": 3, "b": 0}, lamp={"a": 0}, chair={"c": 2, "d": 2})
    )
    assert (counts.queries, counts.judgments, counts.products) == (3, 5, 4)
    assert counts.grades == {0: 2, 2: 2, 3: 1}
    assert (counts.median_judgments, counts.median_relevant) == (2.0, 1.0)
    assert [query.text for query in counts.without_relevant] == ["lamp"]
    assert [query.text for query in counts.same_grade] == ["chair"]


def test_lists_that_do_not_contradict_are_joined():
    merged = merge_judgments([RATERS, judgments_of(sofa={"a": 3}, lamp={"c": 1})], Conflict.ERROR)
    assert merged.judgments == judgments_of(sofa={"a": 3, "b": 1}, lamp={"c": 1})
    assert (merged.agreed, merged.conflicts) == (1, ())


@pytest.mark.parametrize(
    ("conflict", "grade"),
    [(Conflict.FIRST, 1), (Conflict.LAST, 2), (Conflict.HIGHEST, 2), (Conflict.LOWEST, 1)],
)
def test_the_grade_that_counts_can_be_chosen(conflict, grade):
    merged = merge_judgments([RATERS, CLICKS], conflict)
    assert merged.judgments.qrels["sofa"]["b"] == grade
    assert merged.conflicts == ("'sofa', b: 1 and 2",)


def test_contradictions_are_an_error_unless_a_choice_is_made():
    with pytest.raises(JudgmentsError, match="'sofa', b: 1 and 2"):
        merge_judgments([RATERS, CLICKS], Conflict.ERROR)


@given(st.integers(2, 40), st.floats(0.05, 0.95), st.integers(0, 5))
def test_a_split_gives_every_query_to_one_part_and_can_be_repeated(number, share, seed):
    judgments = judgments_of(**{f"q{n}": {"a": 1} for n in range(number)})
    if not 0 < round(share * number) < number:
        return
    first, second = split_judgments(judgments, share, seed)
    assert len(second.queries) == round(share * number)
    assert {*first.queries, *second.queries} == set(judgments.queries)
    assert not {*first.queries} & {*second.queries}
    assert split_judgments(judgments, share, seed) == (first, second)


def test_a_single_query_cannot_be_split():
    with pytest.raises(JudgmentsError, match="cannot be divided"):
        split_judgments(judgments_of(sofa={"a": 1}), 0.5)
