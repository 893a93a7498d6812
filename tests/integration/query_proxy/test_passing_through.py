"""What does not concern the hybrid search passes through as it is."""

import gzip

import pytest
import requests
from opensearchpy import OpenSearch

TEXT = {"match": {"title": "novaphone"}}


def told_by(url, method, path, **options):
    answer = requests.request(method, f"{url}{path}", timeout=30, stream=True, **options)
    return answer.status_code, answer.headers, answer.raw.read(decode_content=False)


def lowered(headers):
    return {name.lower(): value for name, value in headers.items()}


@pytest.fixture
def open_proxy(start_proxy, index):
    with start_proxy(indices=("other",), open_indices=(index,), allow_admin=True) as url:
        yield url


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/", None),
        ("HEAD", "/", None),
        ("GET", "/{index}/_count", None),
        ("GET", "/{index}/_doc/cable-3", None),
        ("GET", "/{index}/_doc/not-there", None),
        ("HEAD", "/{index}/_doc/not-there", None),
        ("GET", "/{index}/_mapping", None),
        ("GET", "/_cat/indices/{index}?h=index,docs.count", None),
        ("GET", "/not-there-1/_search", None),
        ("POST", "/{index}/_mget", {"ids": ["cable-1", "x"]}),
        ("POST", "/{index}/_search", {"query": {"no_such": {}}}),
        ("POST", "/{index}/_analyze", {"text": "Ünïcode 床单", "analyzer": "standard"}),
        ("PUT", "/{index}/_settings", {"index": {"refresh_interval": "2s"}}),
        ("GET", "/_cluster/nowhere", None),
    ],
)
def test_status_headers_and_body_are_the_nodes_own(
    open_proxy, opensearch_url, index, method, path, body
):
    place = path.format(index=index)
    direct = told_by(opensearch_url, method, place, json=body)
    proxied = told_by(open_proxy, method, place, json=body)
    assert proxied[0] == direct[0]
    assert proxied[2] == direct[2]
    assert lowered(proxied[1]) == lowered(direct[1])


def test_compression_passes_both_ways(open_proxy, opensearch_url, index):
    body = gzip.compress(b'{"query":{"match_all":{}},"size":50,"sort":["id"]}')
    headers = {
        "content-type": "application/json",
        "content-encoding": "gzip",
        "accept-encoding": "gzip",
    }
    path = f"/{index}/_search?filter_path=hits.hits._id"
    direct = told_by(opensearch_url, "POST", path, data=body, headers=headers)
    proxied = told_by(open_proxy, "POST", path, data=body, headers=headers)
    assert proxied[1]["content-encoding"] == "gzip"
    assert gzip.decompress(proxied[2]) == gzip.decompress(direct[2])


def test_a_bulk_of_several_megabytes_is_streamed(open_proxy, index):
    with OpenSearch(open_proxy) as client:
        lines = []
        for number in range(2_000):
            lines += [{"index": {"_id": f"new-{number}"}}]
            lines += [{"id": f"new-{number}", "title": "word " * 400}]
        answer = client.bulk(index=index, body=lines, params={"refresh": "true"})
        assert not answer["errors"]
        assert client.count(index=index)["count"] == 64 + 2_000


def test_scrolls_go_on_and_end(proxy, index):
    with OpenSearch(proxy) as client:
        page = client.search(index=index, body={"query": TEXT, "size": 30}, params={"scroll": "1m"})
        found = [hit["_id"] for hit in page["hits"]["hits"]]
        page = client.scroll(body={"scroll_id": page["_scroll_id"], "scroll": "1m"})
        found += [hit["_id"] for hit in page["hits"]["hits"]]
        client.clear_scroll(body={"scroll_id": page["_scroll_id"]})
    assert len(found) == len(set(found)) == 44


def test_a_point_in_time_can_be_searched(proxy, index):
    with OpenSearch(proxy) as client:
        pit = client.create_pit(index=index, params={"keep_alive": "1m"})["pit_id"]
        body = {"query": TEXT, "size": 5, "pit": {"id": pit}, "sort": [{"id": "asc"}]}
        assert len(client.search(body=body)["hits"]["hits"]) == 5
        client.delete_pit(body={"pit_id": [pit]})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"sort": [{"price": "asc"}]}, "the search is sorted"),
        ({"size": 0}, "size is 0, so nothing is ranked"),
        ({"search_after": [1]}, "the search has search_after"),
        ({"query": {"match_all": {}}}, "match_all is no text search"),
        ({"query": {"match": {"brand.text": "nova"}}}, "match looks at another field than title"),
        ({"profile": True}, "the search has profile"),
    ],
)
def test_a_search_that_is_not_taken_over_says_why(proxy, index, opensearch_url, change, reason):
    body = {"query": TEXT, "sort": ["_score"], **change}
    answer = requests.post(f"{proxy}/{index}/_search", json=body, timeout=30)
    direct = requests.post(f"{opensearch_url}/{index}/_search", json=body, timeout=30)
    assert answer.headers["x-shopkeeper-search"] == "passed-through"
    assert answer.headers["x-shopkeeper-reason"] == reason
    assert answer.json().get("hits") == direct.json().get("hits")
    assert answer.status_code == direct.status_code


def test_what_a_client_writes_cannot_begin_a_header(proxy, index):
    body = {"query": {"x\r\nset-cookie: a=b": {}}}
    answer = requests.post(f"{proxy}/{index}/_search", json=body, timeout=30)
    assert "set-cookie" not in answer.headers
    assert answer.headers["x-shopkeeper-reason"] == "x??set-cookie: a?b is no text search"
