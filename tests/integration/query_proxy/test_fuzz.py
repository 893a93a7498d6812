"""Whatever a client sends, the proxy answers, and never by a mistake of its own."""

import base64

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TITLE = {"match": {"title": "novaphone case"}}
CLAUSES = st.deferred(
    lambda: (
        st.sampled_from(
            [
                TITLE,
                {"match": {"title": {"query": "red", "operator": "and"}}},
                {"multi_match": {"query": "novaphone case", "fields": ["title"]}},
                {"query_string": {"query": "red +case"}},
                {"simple_query_string": {"query": "red case"}},
                {"term": {"brand": "Nova"}},
                {"range": {"price": {"gte": "x"}}},
                {"match_all": {}},
                {"nope": {}},
            ]
        )
        | st.builds(
            lambda must, should, filters, least: {
                "bool": {
                    "must": must,
                    "should": should,
                    "filter": filters,
                    **({} if least is None else {"minimum_should_match": least}),
                }
            },
            st.lists(CLAUSES, max_size=2),
            st.lists(CLAUSES, max_size=2),
            st.lists(CLAUSES, max_size=2),
            st.none() | st.integers(-1, 2),
        )
        | st.builds(lambda query: {"function_score": {"query": query, "weight": 2}}, CLAUSES)
    )
)
SCALARS = st.none() | st.booleans() | st.integers(-5, 2_000) | st.text(max_size=8) | st.just({})
BODIES = st.fixed_dictionaries(
    {"query": CLAUSES},
    optional={
        "size": SCALARS,
        "from": SCALARS,
        "track_total_hits": SCALARS,
        "min_score": SCALARS,
        "sort": SCALARS | st.just(["_score"]),
        "_source": SCALARS | st.just(["title"]),
        "collapse": SCALARS | st.just({"field": "variant_group"}),
        "post_filter": SCALARS | CLAUSES,
        "aggs": SCALARS | st.just({"a": {"terms": {"field": "brand"}}}),
        "highlight": SCALARS | st.just({"fields": {"title": {}}}),
        "explain": SCALARS,
        "ext": SCALARS | st.fixed_dictionaries({"shopkeeper": SCALARS}),
    },
)


@pytest.mark.timeout(600)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=BODIES)
def test_no_search_fails_by_a_mistake_of_the_proxy(proxy, index, opensearch_url, body):
    answer = requests.post(f"{proxy}/{index}/_search", json=body, timeout=30)
    if answer.status_code >= 500:
        # OpenSearch itself fails on some of these: then the proxy says the same.
        direct = requests.post(f"{opensearch_url}/{index}/_search", json=body, timeout=30)
        assert direct.status_code == answer.status_code, answer.text
    assert "internal_error" not in answer.text
    how = answer.headers.get("x-shopkeeper-search")
    if how == "passed-through" and "shopkeeper" not in str(body.get("ext")):
        direct = requests.post(f"{opensearch_url}/{index}/_search", json=body, timeout=30)
        assert untimed(answer) == untimed(direct)
    elif how == "hybrid":
        assert_shaped_like_opensearchs(answer.json())


def untimed(answer):
    """Status and body, without how long it took."""
    return answer.status_code, {**answer.json(), "took": 0}


def assert_shaped_like_opensearchs(found):
    assert {"took", "timed_out", "_shards", "hits"} <= found.keys()
    scores = [hit["_score"] for hit in found["hits"]["hits"]]
    assert scores == sorted(scores, reverse=True)
    ids = [hit["_id"] for hit in found["hits"]["hits"]]
    assert len(set(ids)) == len(ids)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"]),
    path=st.lists(
        st.sampled_from(
            ("_search", "_msearch", "_count", "_doc", "1", "*", "template", "scroll", "_all")
        )
        | st.sampled_from(
            ("shop", "search", "explain", "%00", "%2e%2e", "..", "", "_bulk", "_mget", "a,b")
        ),
        max_size=4,
    ),
    query=st.sampled_from(["", "q=x", "size=-1", "from=x", "source={", "index=a", "filter=x", "%"]),
    body=st.binary(max_size=30) | st.sampled_from([b"{}", b"[]", b"{}\n{}\n", b'{"q":1}', b"null"]),
    kind=st.sampled_from(["application/json", "application/x-ndjson", "text/plain", ""]),
    secret=st.none() | st.binary(max_size=8),
)
def test_no_request_fails_by_a_mistake_of_the_proxy(proxy, method, path, query, body, kind, secret):
    headers = {"content-type": kind}
    if secret is not None:
        headers["authorization"] = "Basic " + base64.b64encode(secret).decode()
    request = requests.Request(method, proxy, data=body, headers=headers).prepare()
    request.url = f"{proxy}/{'/'.join(path)}?{query}"
    with requests.Session() as session:
        answer = session.send(request, timeout=30)
    assert answer.status_code < 500, answer.text
