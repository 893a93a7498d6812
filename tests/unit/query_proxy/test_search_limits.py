import pytest

from query_proxy.guards.search_limits import SearchLimits
from search_core import ForbiddenError, LimitError
from search_core.settings import QueryProxySettings


def limits(**settings):
    return SearchLimits(QueryProxySettings(**settings), lambda index: index == "products")


@pytest.mark.parametrize(
    ("body", "parameters"),
    [
        ({"size": 11}, {}),
        ({"size": 1}, {"size": "11"}),
        ({"from": 95, "size": 6}, {}),
        ({"from": 95}, {}),
        ({}, {"from": "91"}),
    ],
)
def test_pages_are_bounded_wherever_they_are_asked_for(body, parameters):
    with pytest.raises(LimitError):
        limits(max_size=10, max_window=100).check(body, parameters)


@pytest.mark.parametrize(
    "clause",
    [
        {"regexp": {"title": "abcdef"}},
        {"regexp": {"title": {"value": "abcdef"}}},
        {"wildcard": {"title": {"wildcard": "abcdef"}}},
        {"prefix": {"title": {"value": "abcdef"}}},
    ],
)
def test_patterns_are_bounded_however_deep_they_stand(clause):
    body = {"query": {"bool": {"filter": [{"bool": {"must_not": clause}}]}}}
    limits(max_pattern_chars=6).check(body, {})
    with pytest.raises(LimitError, match="pattern is 6, and at most 5"):
        limits(max_pattern_chars=5).check(body, {})


def test_aggregations_within_each_other_are_bounded_in_both_spellings():
    nested = {"aggs": {"a": {"aggregations": {"b": {"aggs": {"c": {}}}}}}}
    limits(max_aggregation_depth=3).check(nested, {})
    with pytest.raises(LimitError, match="depth of aggregations is 3"):
        limits(max_aggregation_depth=2).check(nested, {})


def test_a_very_deep_body_is_refused_without_running_out_of_stack():
    body = {}
    for _ in range(5_000):
        body = {"x": [body]}
    with pytest.raises(LimitError):
        limits().check(body, {})


@pytest.mark.parametrize(
    "clause",
    [
        {"terms": {"id": {"index": "secret", "id": "1", "path": "x"}}},
        {"more_like_this": {"like": [{"_index": "secret", "_id": "1"}]}},
        {"geo_shape": {"place": {"indexed_shape": {"index": "secret", "id": "1"}}}},
        {"percolate": {"field": "q", "index": "secret", "id": "1"}},
    ],
)
def test_another_index_cannot_be_read_through_a_query(clause):
    with pytest.raises(ForbiddenError, match="'secret'"):
        limits().check({"query": {"bool": {"must": [clause]}}}, {})


def test_an_open_index_can():
    clause = {"terms": {"id": {"index": "products", "id": "1", "path": "x"}}}
    limits().check({"query": clause}, {})


@pytest.mark.parametrize("value", [None, True, "x", [], 1e400])
def test_numbers_that_are_none_are_opensearchs_to_refuse(value):
    limits().check({"size": value}, {})
