import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query_proxy.takeover.not_taken_over import NotTakenOverError
from query_proxy.takeover.text_query import read_text_query

TITLE = {"match": {"title": "red dress"}}
BRAND = {"term": {"brand": "Aria"}}
PRICE = {"range": {"price": {"lt": 50}}}


@pytest.mark.parametrize(
    "query",
    [
        TITLE,
        {"match": {"title": {"query": "red dress", "operator": "and", "fuzziness": "AUTO"}}},
        {"multi_match": {"query": "red dress", "fields": ["title^3", "brand"]}},
        {"multi_match": {"query": "red dress", "fields": ["*"], "type": "cross_fields"}},
        {"multi_match": {"query": "red dress"}},
        {"simple_query_string": {"query": "red dress", "fields": ["ti*"]}},
        {"query_string": {"query": "red dress", "default_field": "title"}},
        {"dis_max": {"queries": [TITLE, {"match_phrase": {"title": "red dress"}}]}},
        {"bool": {"must": TITLE}},
        {"bool": {"must": [TITLE, {"multi_match": {"query": "red dress"}}]}},
        {"bool": {"should": [TITLE, {"match": {"description": "red dress"}}]}},
        {"bool": {"must": [TITLE], "should": [{"match_phrase": {"title": "red dress"}}]}},
        {"bool": {"must": [{"bool": {"must": [{"bool": {"should": [TITLE]}}]}}]}},
    ],
)
def test_the_usual_shapes_are_a_search_for_their_words(query):
    found = read_text_query(query)
    assert (found.text, found.filters, found.functions) == ("red dress", (), None)


def test_everything_else_in_a_bool_is_a_filter():
    query = {
        "bool": {
            "must": [TITLE, BRAND, {"match": {"brand": "Aria"}}],
            "filter": PRICE,
            "must_not": [{"term": {"available": False}}],
        }
    }
    assert read_text_query(query).filters == (
        BRAND,
        {"match": {"brand": "Aria"}},
        PRICE,
        {"bool": {"must_not": [{"term": {"available": False}}]}},
    )


def test_filters_of_inner_queries_are_kept():
    query = {"bool": {"must": [{"bool": {"must": [TITLE], "filter": [BRAND]}}], "filter": [PRICE]}}
    assert read_text_query(query).filters == (BRAND, PRICE)


def test_a_needed_word_beside_filters_is_the_text():
    query = {"bool": {"should": [TITLE], "filter": [BRAND], "minimum_should_match": 1}}
    assert read_text_query(query).filters == (BRAND,)


def test_a_function_score_is_kept_without_its_query():
    functions = [{"field_value_factor": {"field": "popularity"}}]
    query = {"function_score": {"query": TITLE, "functions": functions, "score_mode": "sum"}}
    found = read_text_query(query)
    assert found.text == "red dress"
    assert found.functions == {"functions": functions, "score_mode": "sum"}


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (None, "a query is an object with one key"),
        ({}, "a query is an object with one key"),
        ({"match_all": {}}, "match_all is no text search"),
        ({"knn": {}}, "knn is no text search"),
        ({"match": {"brand": "Aria"}}, "match looks at another field than title"),
        ({"match": {"title": "  "}}, "the query has no words"),
        ({"match": {"title": {"operator": "and"}}}, "the query is no text"),
        ({"match": {"title": True}}, "the query is no text"),
        ({"multi_match": {"query": "x", "type": "phrase"}}, "looks for phrases or prefixes"),
        ({"multi_match": {"query": "x", "fields": ["description"]}}, "do not include title"),
        ({"multi_match": {"query": "x", "fields": [3]}}, "fields is no list of names"),
        ({"simple_query_string": {"query": "red -dress"}}, "simple_query_string uses operators"),
        ({"query_string": {"query": "brand:aria"}}, "query_string uses operators"),
        ({"bool": {"filter": [TITLE]}}, "the words of bool are optional"),
        ({"bool": {"should": [TITLE], "filter": [BRAND]}}, "the words of bool are optional"),
        ({"bool": {"must": [TITLE], "should": [BRAND]}}, "optional clauses that change the score"),
        ({"bool": {"must": [TITLE, {"match": {"title": "x"}}]}}, "look for different words"),
        (
            {"bool": {"must": [TITLE], "should": [TITLE], "minimum_should_match": 1}},
            "demands optional clauses",
        ),
        (
            {"bool": {"should": [TITLE], "minimum_should_match": "2"}},
            "demands several optional clauses",
        ),
        (
            {"bool": {"should": [TITLE, {"bool": {"must": [TITLE], "filter": [BRAND]}}]}},
            "filters of their own",
        ),
        ({"bool": {"must": [TITLE], "surprise": 1}}, "bool has a part that is not known"),
        (
            {"function_score": {"query": TITLE, "boost_mode": "sum"}},
            "does other than multiply the score",
        ),
        ({"function_score": {"query": TITLE, "min_score": 1}}, "min_score of its own"),
        (
            {"function_score": {"query": {"function_score": {"query": TITLE, "weight": 2}}}},
            "stands within function_score",
        ),
    ],
)
def test_another_search_is_declined_with_its_reason(query, reason):
    with pytest.raises(NotTakenOverError, match=reason):
        read_text_query(query)


def test_deep_nesting_takes_no_longer_than_its_depth():
    query = TITLE
    for _ in range(25):
        query = {"bool": {"must": [query, BRAND], "should": [{"bool": {"must": [query]}}]}}
        query = {"bool": {"must": [query["bool"]["must"][0], BRAND]}}
    started = time.process_time()
    assert len(read_text_query(query).filters) == 25
    assert time.process_time() - started < 1


KEYS = st.sampled_from(
    ("bool", "must", "should", "filter", "match", "title", "query", "multi_match", "fields")
) | st.sampled_from(
    ("function_score", "dis_max", "queries", "query_string", "minimum_should_match", "boost")
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@given(JSON)
def test_whatever_a_client_sends_is_read_or_declined(query):
    with contextlib.suppress(NotTakenOverError):
        assert read_text_query(query).text.strip()
