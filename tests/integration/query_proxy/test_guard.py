"""Who may do what, over HTTP."""

import base64
import time

import pytest
import requests

KEY = "0123456789abcdef-shop"
ADMIN = "fedcba9876543210-admin"
QUERY = {"query": {"match": {"title": "novaphone"}}, "size": 1}


def search(url, index, **options):
    return requests.post(f"{url}/{index}/_search", json=QUERY, timeout=30, **options)


@pytest.fixture
def guarded(start_proxy, index):
    callers = {
        "shop": {"key": KEY, "password": "open-sesame"},
        "events": {"key": "only-events-0123456789", "roles": ["events"]},
        "ops": {"key": ADMIN, "roles": ["admin"]},
    }
    with start_proxy(indices=(index,), callers=callers, allow_admin=True) as url:
        yield url


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": f"ApiKey {KEY}"},
        {"authorization": f"Bearer {KEY}"},
        {"x-api-key": KEY},
        {"x-api-key": KEY, "authorization": "Bearer a-token-for-the-gateway"},
        {"authorization": "Basic " + base64.b64encode(b"shop:open-sesame").decode()},
    ],
)
def test_a_caller_is_known_by_key_or_password(guarded, index, headers):
    assert search(guarded, index, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-api-key": "0123456789abcdef-shoq"},
        {"authorization": "Basic " + base64.b64encode(b"shop:").decode()},
        {"authorization": "Basic " + base64.b64encode(b"events:open-sesame").decode()},
        {"authorization": "Basic not-base-64"},
        {"authorization": f"Bearer {KEY}x"},
        {"authorization": f"Digest {KEY}"},
    ],
)
def test_nobody_else_is(guarded, index, headers):
    answer = search(guarded, index, headers=headers)
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "unauthenticated"
    assert "www-authenticate" in answer.headers


def test_a_role_is_needed_for_each_thing(guarded, index):
    events = {"x-api-key": "only-events-0123456789"}
    assert search(guarded, index, headers=events).status_code == 403
    for headers, status in (({"x-api-key": KEY}, 403), ({"x-api-key": ADMIN}, 200)):
        for path in ("/shop/metrics", "/_cat/indices"):
            assert requests.get(guarded + path, headers=headers, timeout=30).status_code == status


def test_health_needs_no_key(guarded):
    assert requests.get(f"{guarded}/shop/health", timeout=30).status_code == 200
    # It is ready only once it has reached OpenSearch.
    for _ in range(100):
        if (ready := requests.get(f"{guarded}/shop/ready", timeout=30)).status_code == 200:
            break
        time.sleep(0.1)
    assert ready.status_code == 200, ready.text


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/_bulk", b'{"index":{"_index":"x"}}\n{}\n'),
        ("DELETE", "/{index}", None),
        ("PUT", "/{index}/_settings", b"{}"),
        ("GET", "/_cluster/settings", None),
        ("GET", "/_cat/indices", None),
        ("GET", "/_search", None),
        ("GET", "/*/_search", None),
        ("GET", "/_all/_search", None),
        ("GET", "/{index},another/_search", None),
        ("GET", "/{index}*/_search", None),
        ("GET", "/another/_search", None),
        ("GET", "/{index}/_search?index=another", None),
        ("GET", "/another/_doc/1", None),
        ("POST", "/_msearch", b"{}\n{}\n"),
        ("POST", "/{index}/_msearch", b'{"index":"another"}\n{}\n'),
        ("POST", "/{index}/_msearch", b'{"index":["another"]}\n{}\n'),
        ("POST", "/{index}/_mget", b'{"docs":[{"_index":"another","_id":"1"}]}'),
        (
            "POST",
            "/{index}/_search",
            b'{"query":{"terms":{"id":{"index":"another","id":"1","path":"x"}}}}',
        ),
        (
            "POST",
            "/{index}/_search",
            b'{"query":{"more_like_this":{"like":[{"_index":"another","_id":"1"}]}}}',
        ),
        ("DELETE", "/_search/point_in_time/_all", None),
        ("PUT", "/_scripts/x", b"{}"),
        ("POST", "/_reindex", b"{}"),
    ],
)
def test_only_searches_of_the_configured_indices_are_open(proxy, index, method, path, body):
    answer = requests.request(
        method,
        proxy + path.format(index=index),
        data=body,
        headers={
            "content-type": "application/x-ndjson" if "_msearch" in path else "application/json"
        },
        timeout=30,
    )
    assert (answer.status_code, answer.json()["error"]["type"]) == (403, "forbidden")


@pytest.mark.parametrize("path", ["/a/../_cat/indices", "//_cat/indices", "/a%2f..%2f_cat/x"])
def test_a_path_that_could_be_read_in_two_ways_is_refused(proxy, path):
    request = requests.Request("GET", proxy + "/").prepare()
    request.url = proxy + path
    with requests.Session() as session:
        answer = session.send(request, timeout=30)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "malformed_request"


@pytest.mark.parametrize(
    ("body", "setting"),
    [
        ({"size": 1_001}, "max_size"),
        ({"from": 9_995, "size": 10}, "max_window"),
        ({"query": {"regexp": {"title": "(a+)+" * 60}}}, "max_pattern_chars"),
        ({"query": {"wildcard": {"title": {"value": "*a" * 200}}}}, "max_pattern_chars"),
    ],
)
def test_a_search_beyond_a_limit_is_told_which(proxy, index, body, setting):
    answer = requests.post(f"{proxy}/{index}/_search", json=body, timeout=30)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "limit_exceeded"
    assert f"query_proxy.{setting}" in answer.json()["error"]["remedy"]


def test_nested_aggregations_and_queries_are_bounded(proxy, index):
    aggregations, query = {}, {"match_all": {}}
    for _ in range(6):
        aggregations = {"a": {"terms": {"field": "brand"}, "aggs": aggregations}}
    for _ in range(60):
        query = {"bool": {"must": [query]}}
    for body in ({"aggs": aggregations}, {"query": query}):
        answer = requests.post(f"{proxy}/{index}/_search", json=body, timeout=30)
        assert answer.json()["error"]["type"] == "limit_exceeded"


def test_a_body_that_is_too_large_is_not_read(start_proxy, index):
    with start_proxy(indices=(index,), max_body_bytes=1_000) as url:
        body = {"query": {"match": {"title": "x" * 2_000}}}
        answer = requests.post(f"{url}/{index}/_search", json=body, timeout=30)
    assert (answer.status_code, answer.json()["error"]["type"]) == (413, "request_too_large")


def test_a_caller_beyond_its_rate_is_told_to_wait(start_proxy, index):
    callers = {"slow": {"key": KEY, "requests_per_second": 0.5}}
    with start_proxy(indices=(index,), callers=callers) as url:
        statuses = [search(url, index, headers={"x-api-key": KEY}) for _ in range(2)]
    assert [each.status_code for each in statuses] == [200, 429]
    assert statuses[1].headers["retry-after"] == "1"


def test_the_callers_key_never_reaches_opensearch(start_proxy, index, opensearch_url):
    # A node without security ignores credentials; the headers that went on are what is looked at.
    from query_proxy.forwarded_headers import for_upstream

    sent = for_upstream([("x-api-key", KEY), ("accept", "*/*")], None)
    assert sent == [("accept", "*/*")]
