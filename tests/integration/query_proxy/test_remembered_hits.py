"""Hits remembered between hybrid searches, on a real node behind a proxy that counts."""

from contextlib import contextmanager

import pytest
import requests
from opensearchpy import OpenSearch

from search_engine.testing import fault_proxy

CASE = "case-12-red"
TEXT = {"match": {"title": "novaphone 12 case red"}}


class Seen:
    """The paths of the searches that reach the node."""

    def __init__(self):
        self.paths = []

    def __call__(self, request):
        if "search" in request.path:
            self.paths.append(request.path.partition("?")[0].rpartition("/")[2])

    def since(self):
        paths, self.paths = self.paths, []
        return paths


@contextmanager
def counted(start_proxy, opensearch_url, index, **options):
    seen = Seen()
    with (
        fault_proxy(opensearch_url, seen) as node,
        start_proxy(indices=(index,), upstream=node, **options) as url,
    ):
        yield url, seen


def ask(url, index, headers=None, **body):
    answer = requests.post(
        f"{url}/{index}/_search",
        json={"query": TEXT, "size": 3, **body},
        headers=headers,
        timeout=30,
    )
    assert answer.headers["x-shopkeeper-search"] == "hybrid", answer.text
    told = answer.json()
    told.pop("took")
    return told


def test_a_page_that_was_shown_before_is_answered_in_one_round_trip_and_alike(
    start_proxy, opensearch_url, index
):
    with counted(start_proxy, opensearch_url, index) as (url, seen):
        first = ask(url, index)
        assert seen.since() == ["_msearch", "_search"]
        assert ask(url, index) == first
        assert seen.since() == ["_msearch"]
    assert list(first) == ["timed_out", "_shards", "hits"]
    assert list(first["hits"]["hits"][0]) == ["_index", "_id", "_score", "_source"]


def test_only_hits_that_were_not_shown_before_are_fetched(start_proxy, opensearch_url, index):
    with counted(start_proxy, opensearch_url, index) as (url, seen):
        ask(url, index)
        seen.since()
        wider = ask(url, index, size=10)
        assert seen.since() == ["_msearch", "_search"]
        whole = ask(url, index, size=10)
        assert seen.since() == ["_msearch"]
    with counted(start_proxy, opensearch_url, index, remembered_bytes=0) as (url, seen):
        fetched = ask(url, index, size=10)
        ask(url, index, size=10)
        assert seen.since() == ["_msearch", "_search"] * 2
    assert wider == whole == fetched


def test_a_product_that_changed_is_shown_as_it_is_now(start_proxy, opensearch_url, index):
    with (
        counted(start_proxy, opensearch_url, index) as (url, _),
        OpenSearch(opensearch_url, timeout=60) as node,
    ):
        ask(url, index)
        node.update(index=index, id=CASE, body={"doc": {"price": 3.5}}, params={"refresh": "true"})
        prices = {hit["_id"]: hit["_source"]["price"] for hit in ask(url, index)["hits"]["hits"]}
        assert prices[CASE] == 3.5
        node.delete(index=index, id=CASE, params={"refresh": "true"})
        assert CASE not in [hit["_id"] for hit in ask(url, index)["hits"]["hits"]]


def test_each_source_is_opensearchs_own(start_proxy, opensearch_url, index):
    sources = (
        ["title"],
        {"includes": ["*"], "excludes": ["vector", "t*"]},
        False,
        "brand",
    )
    with (
        counted(start_proxy, opensearch_url, index) as (url, _),
        OpenSearch(opensearch_url, timeout=60) as node,
    ):
        for source in sources:
            for _ in range(2):
                for hit in ask(url, index, _source=source)["hits"]["hits"]:
                    plain = node.search(
                        index=index,
                        body={"query": {"ids": {"values": [hit["_id"]]}}, "_source": source},
                    )["hits"]["hits"][0]
                    assert hit == {**plain, "_score": hit["_score"]}


@pytest.mark.parametrize(
    "option",
    [{"highlight": {"fields": {"title": {}}}}, {"fields": ["price"]}, {"explain": True}],
)
def test_what_the_node_alone_can_say_is_asked_for_every_time(
    start_proxy, opensearch_url, index, option
):
    with counted(start_proxy, opensearch_url, index) as (url, seen):
        first, second = ask(url, index, **option), ask(url, index, **option)
        assert seen.since() == ["_msearch", "_search"] * 2
    assert first == second


def test_versions_are_shown_to_who_asks_for_them(start_proxy, opensearch_url, index):
    with counted(start_proxy, opensearch_url, index) as (url, _):
        for _ in range(2):
            told = ask(url, index, seq_no_primary_term=True, version=True)
            keys = {"_index", "_id", "_version", "_seq_no", "_primary_term", "_score", "_source"}
            assert set(told["hits"]["hits"][0]) == keys


def test_a_caller_with_credentials_of_its_own_is_shown_what_opensearch_gives_for_them(
    start_proxy, opensearch_url, index
):
    own = {"authorization": "Basic c2hvcDpzaG9w"}
    with counted(start_proxy, opensearch_url, index) as (url, seen):
        ask(url, index)
        seen.since()
        ask(url, index, own)
        ask(url, index, own)
        assert seen.since() == ["_msearch", "_search"] * 2


def test_aggregations_look_at_the_index_although_the_hits_are_remembered(
    start_proxy, opensearch_url, index
):
    brands = {"aggs": {"brands": {"terms": {"field": "brand"}}}}
    with counted(start_proxy, opensearch_url, index) as (url, seen):
        first = ask(url, index, **brands)
        assert seen.since() == ["_msearch", "_msearch"]  # documents and counts together
        assert ask(url, index, **brands) == first
        assert seen.since() == ["_msearch", "_search"]  # counts alone
