import orjson
import pytest

from query_proxy.takeover.client_search import read_client_search
from query_proxy.takeover.not_taken_over import NotTakenOverError
from search_core import MalformedRequestError

TITLE = {"match": {"title": "red dress"}}


def read(**body):
    return read_client_search({"query": TITLE, **body}, {})


def test_a_bare_search_has_opensearchs_defaults():
    search = read()
    assert (search.offset, search.size, search.track_total_hits) == (0, 10, 10_000)
    assert search.collapse is False
    assert search.page_options == search.count_options == {}


def test_what_the_client_asks_of_hits_and_of_the_result_is_kept_apart():
    search = read(_source=["title"], highlight={"fields": {}}, aggs={"a": {}}, suggest={"s": {}})
    assert search.page_options == {"_source": ["title"], "highlight": {"fields": {}}}
    assert search.count_options == {"aggs": {"a": {}}, "suggest": {"s": {}}}
    assert search.needs_query


def test_filters_travel_as_json():
    query = {"bool": {"must": [TITLE], "filter": [{"term": {"brand": "Aria"}}]}}
    (only,) = read(query=query).filters
    assert orjson.loads(only.clause) == {"term": {"brand": "Aria"}}


def test_a_min_score_is_a_filter_on_the_clients_own_query():
    (only,) = read(min_score=2.5).filters
    assert orjson.loads(only.clause) == {"function_score": {"query": TITLE, "min_score": 2.5}}


def test_the_address_wins_over_the_body():
    search = read_client_search(
        {"query": TITLE, "size": 5, "_source": True},
        {"size": "7", "from": "14", "_source_includes": "title,price", "track_total_hits": "false"},
    )
    assert (search.size, search.offset, search.track_total_hits) == (7, 14, False)
    assert search.page_options == {"_source": {"includes": ["title", "price"]}}


def test_a_query_in_the_address_is_a_query_string():
    search = read_client_search({}, {"q": "red dress", "df": "title"})
    assert search.text_query.text == "red dress"


@pytest.mark.parametrize("sort", [None, [], "_score", ["_score"], [{"_score": "desc"}]])
def test_sorting_by_score_is_no_sort(sort):
    assert read(sort=sort).size == 10


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"size": 0}, "size is 0"),
        ({"size": "many"}, "size is no number"),
        ({"from": -1}, "from is negative"),
        ({"sort": ["price"]}, "is sorted"),
        ({"collapse": {"field": "brand"}}, "collapse is by other than variant_group"),
        ({"collapse": {"field": "variant_group", "inner_hits": {}}}, "collapse is by other"),
        ({"rescore": {}}, "the search has rescore"),
        ({"search_after": []}, "the search has search_after"),
        ({"pit": {}}, "the search has pit"),
        ({"stored_fields": "_none_"}, "hits without ids"),
        ({"stored_fields": ["_none_"]}, "hits without ids"),
        ({"track_total_hits": "all"}, "track_total_hits is no number"),
        ({"post_filter": []}, "a filter is no object"),
        ({"ext": {"shopkeeper": {"off": True}}}, "ext.shopkeeper says off"),
    ],
)
def test_what_the_hybrid_search_does_not_do_is_declined(body, reason):
    with pytest.raises(NotTakenOverError, match=reason):
        read(**body)


@pytest.mark.parametrize("name", ["scroll", "sort", "routing", "filter_path", "stats"])
def test_addresses_with_other_parameters_are_declined(name):
    with pytest.raises(NotTakenOverError, match=f"the address has {name}"):
        read_client_search({"query": TITLE}, {name: "x"})


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"window": 9}, "ext.shopkeeper.window"),
        ({"weights": {"dense": -1}}, "ext.shopkeeper.weights.dense"),
        ({"wieghts": {}}, "ext.shopkeeper.wieghts"),
        ({"legs": ["bm25"]}, "ext.shopkeeper.legs"),
        ({"legs": []}, "ext.shopkeeper.legs"),
        ("all", "ext.shopkeeper"),
    ],
)
def test_a_mistake_in_the_overrides_is_named(given, place):
    with pytest.raises(MalformedRequestError, match=place):
        read(ext={"shopkeeper": given})
