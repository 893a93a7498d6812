from math import inf, isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_core import order_by_score_then_id


def ordered(rows):
    ids, scores = [each for each, _ in rows], [score for _, score in rows]
    order_by_score_then_id(ids, scores)
    return list(zip(ids, scores, strict=True))


@pytest.mark.parametrize(
    ("given_rows", "expected"),
    [
        ([("b", 3.0), ("a", 2.0)], [("b", 3.0), ("a", 2.0)]),
        ([("b", 2.0), ("a", 2.0), ("c", 1.0)], [("a", 2.0), ("b", 2.0), ("c", 1.0)]),
        ([("a", 1.0), ("b", 2.0)], [("b", 2.0), ("a", 1.0)]),
        ([], []),
        ([("b", inf), ("a", inf), ("c", 1.0)], [("a", inf), ("b", inf), ("c", 1.0)]),
        ([("c", 1.0), ("b", inf), ("a", -inf)], [("b", inf), ("c", 1.0), ("a", -inf)]),
    ],
)
def test_the_score_falls_and_ties_are_in_the_order_of_ids(given_rows, expected):
    assert ordered(given_rows) == expected


@pytest.mark.parametrize("rows", [[("b", nan), ("a", 1.0)], [("a", 1.0), ("b", nan)]])
def test_what_is_not_a_number_comes_last(rows):
    found = ordered([*rows, ("d", nan), ("c", -inf)])
    assert [each for each, _ in found] == ["a", "c", "b", "d"]
    assert [isnan(score) for _, score in found] == [False, False, True, True]


scores = st.one_of(st.sampled_from([0.0, 0.5, 1.0, inf, -inf]), st.floats(-10, 10))


@given(st.lists(st.tuples(st.text("abc", max_size=3), scores), unique_by=lambda row: row[0]))
def test_any_order_comes_to_the_same(rows):
    expected = sorted(rows, key=lambda row: (-row[1], row[0]))
    assert ordered(rows) == expected
    assert ordered(sorted(rows, key=lambda row: -row[1])) == expected
