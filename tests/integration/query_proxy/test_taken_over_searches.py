"""What opensearch-py gets from searches that become hybrid."""

import json

import pytest
import requests
from opensearchpy import OpenSearch, RequestError

TITLE = {"multi_match": {"query": "novaphone 12 case red", "fields": ["title^3", "brand.text"]}}


def text(words):
    return {"multi_match": {"query": words, "fields": ["title", "brand.text"]}}


def post(url, index, body, **parameters):
    return requests.post(f"{url}/{index}/_search", json=body, params=parameters, timeout=30)


def ids(answer):
    return [hit["_id"] for hit in answer["hits"]["hits"]]


@pytest.fixture
def client(proxy):
    with OpenSearch(proxy) as client:
        yield client


def test_a_text_search_becomes_hybrid_and_keeps_opensearchs_shape(client, index, proxy):
    answer = client.search(index=index, body={"query": TITLE, "size": 3})
    assert answer["hits"]["hits"][0]["_id"] == "case-12-red"
    assert answer["hits"]["hits"][0]["_source"]["title"] == "Case for Novaphone 12 red"
    assert answer["hits"]["max_score"] == answer["hits"]["hits"][0]["_score"]
    assert answer["_shards"]["failed"] == 0
    assert answer["timed_out"] is False
    assert post(proxy, index, {"query": TITLE}).headers["x-shopkeeper-search"] == "hybrid"


def test_scores_fall_over_all_pages_and_every_product_comes_once(client, index):
    query = text("novaphone")
    hits = []
    for offset in range(0, 80, 7):
        body = {"query": query, "from": offset, "size": 7, "ext": {"shopkeeper": {"window": 10}}}
        hits += client.search(index=index, body=body)["hits"]["hits"]
    assert len({hit["_id"] for hit in hits}) == len(hits) >= 44
    scores = [hit["_score"] for hit in hits]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("action", ["_search", "_msearch"])
def test_answers_are_compressed_for_clients_that_read_gzip(proxy, index, action):
    body = json.dumps({"query": text("case"), "size": 20})
    lines = body if action == "_search" else f"{{}}\n{body}\n"
    kind = "application/json" if action == "_search" else "application/x-ndjson"

    def answered(encoding):
        headers = {"content-type": kind, "accept-encoding": encoding}
        return requests.post(f"{proxy}/{index}/{action}", lines, headers=headers, timeout=30)

    zipped, plain = answered("gzip"), answered("identity")
    assert zipped.headers["x-shopkeeper-search"] == "hybrid"
    assert zipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert int(zipped.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert untimed(zipped.json()) == untimed(plain.json())


def untimed(answer):
    if "responses" in answer:
        return [each["hits"] for each in answer["responses"]]
    return answer["hits"]


def test_filters_of_the_client_hold(client, index):
    query = {
        "bool": {
            "must": [text("novaphone case"), {"term": {"brand": "Hidewell"}}],
            "filter": {"range": {"price": {"lte": 10}}},
            "must_not": [{"term": {"id": "case-10-red"}}],
        }
    }
    answer = client.search(index=index, body={"query": query})
    assert sorted(ids(answer)) == ["case-11-red", "case-12-red", "case-13-red"]
    assert answer["hits"]["total"] == {"value": 3, "relation": "eq"}


def test_source_and_highlight_are_the_clients(client, index):
    body = {"query": TITLE, "size": 1, "_source": ["brand"], "highlight": {"fields": {"title": {}}}}
    (hit,) = client.search(index=index, body=body)["hits"]["hits"]
    assert hit["_source"] == {"brand": "Hidewell"}
    assert "<em>red</em>" in hit["highlight"]["title"][0]


def test_the_vector_and_copies_for_searching_are_left_out_unless_they_are_asked_for(client, index):
    (hit,) = client.search(index=index, body={"query": TITLE, "size": 1})["hits"]["hits"]
    assert {"id", "title", "variant_group"} <= hit["_source"].keys()
    assert not {"vector", "source_hash", "attributes_text"} & hit["_source"].keys()
    body = {"query": TITLE, "size": 1, "_source": True}
    (hit,) = client.search(index=index, body=body)["hits"]["hits"]
    assert len(hit["_source"]["vector"]) == 64
    assert "source_hash" in hit["_source"]


def test_aggregations_count_the_whole_result_and_typed_keys_are_kept(client, index):
    body = {
        "query": {"bool": {"must": [text("case")], "filter": [{"prefix": {"id": "case-"}}]}},
        "size": 1,
        "aggs": {"brands": {"terms": {"field": "brand"}}},
    }
    answer = client.search(index=index, body=body, params={"typed_keys": "true"})
    buckets = answer["aggregations"]["sterms#brands"]["buckets"]
    assert {each["key"]: each["doc_count"] for each in buckets} == {"Slipon": 32, "Hidewell": 8}
    assert answer["hits"]["total"]["value"] == 40


def test_a_post_filter_narrows_the_hits_and_not_the_aggregations(client, index):
    body = {
        "query": {"bool": {"must": [text("case")], "filter": [{"prefix": {"id": "case-"}}]}},
        "post_filter": {"term": {"brand": "Hidewell"}},
        "aggs": {"brands": {"terms": {"field": "brand"}}},
        "track_total_hits": True,
    }
    answer = client.search(index=index, body=body)
    assert answer["hits"]["total"] == {"value": 8, "relation": "eq"}
    assert {hit["_source"]["brand"] for hit in answer["hits"]["hits"]} == {"Hidewell"}
    buckets = answer["aggregations"]["brands"]["buckets"]
    assert {each["key"]: each["doc_count"] for each in buckets} == {"Slipon": 32, "Hidewell": 8}


def test_collapse_shows_one_product_a_group(client, index):
    body = {"query": text("novaphone case red"), "collapse": {"field": "variant_group"}, "size": 20}
    answer = client.search(index=index, body=body)
    groups = [hit["fields"]["variant_group"][0] for hit in answer["hits"]["hits"]]
    assert len(set(groups)) == len(groups)
    assert {"case-10", "case-11", "case-12", "case-13"} <= set(groups)


@pytest.mark.parametrize(
    ("tracked", "total"),
    [(False, None), (5, {"value": 5, "relation": "gte"}), (True, {"value": 40, "relation": "eq"})],
)
def test_totals_are_tracked_as_asked(client, index, tracked, total):
    body = {
        "query": {"bool": {"must": [text("case")], "filter": [{"prefix": {"id": "case-"}}]}},
        "track_total_hits": tracked,
    }
    assert client.search(index=index, body=body)["hits"].get("total") == total


def test_a_total_can_be_a_plain_number(client, index):
    answer = client.search(
        index=index,
        body={"query": {"bool": {"must": [TITLE], "filter": [{"term": {"id": "case-12-red"}}]}}},
        params={"rest_total_hits_as_int": "true"},
    )
    assert answer["hits"]["total"] == 1


def test_min_score_means_the_score_of_the_clients_own_query(client, index, opensearch_url):
    with OpenSearch(opensearch_url) as direct:
        plain = direct.search(index=index, body={"query": TITLE, "size": 50})["hits"]["hits"]
    bound = plain[4]["_score"]
    expected = {hit["_id"] for hit in plain if hit["_score"] >= bound}
    body = {"query": TITLE, "size": 50, "min_score": bound}
    assert set(ids(client.search(index=index, body=body))) == expected


def test_a_function_score_multiplies_the_fused_scores(client, index):
    cases = {"bool": {"must": [text("novaphone 12 case")], "filter": [{"prefix": {"id": "case-"}}]}}
    plain = client.search(index=index, body={"query": cases, "size": 50})["hits"]["hits"]
    boosted_query = {
        "function_score": {
            "query": cases,
            "functions": [{"filter": {"term": {"id": "case-12-clear"}}, "weight": 10}],
        }
    }
    boosted = client.search(index=index, body={"query": boosted_query, "size": 50})["hits"]["hits"]
    before = {hit["_id"]: hit["_score"] for hit in plain}
    after = {hit["_id"]: hit["_score"] for hit in boosted}
    assert boosted[0]["_id"] == "case-12-clear"
    assert after["case-12-clear"] == pytest.approx(10 * before["case-12-clear"])
    assert after["case-12-red"] == pytest.approx(before["case-12-red"])


def test_overrides_choose_legs_and_explain(client, index):
    body = {
        "query": TITLE,
        "size": 2,
        "ext": {"shopkeeper": {"legs": ["dense"], "explain": True}},
    }
    answer = client.search(index=index, body=body)
    reasons = answer["hits"]["hits"][0]["fields"]["shopkeeper"][0]
    assert [leg["leg"] for leg in reasons["legs"]] == ["dense"]
    assert reasons["rank"] == 1
    assert any("close in meaning" in line for line in reasons["explanation"])
    assert answer["ext"]["shopkeeper"]["generation"] == index
    assert answer["ext"]["shopkeeper"]["degraded"] == []


def test_wrong_overrides_are_told(proxy, index):
    answer = post(proxy, index, {"query": TITLE, "ext": {"shopkeeper": {"window": 9}}})
    assert answer.status_code == 400
    assert answer.json()["error"]["reason"].startswith("ext.shopkeeper.window: ")


def test_off_passes_through_without_what_opensearch_would_refuse(proxy, index, opensearch_url):
    answer = post(proxy, index, {"query": TITLE, "ext": {"shopkeeper": {"off": True}}})
    plain = post(opensearch_url, index, {"query": TITLE})
    assert answer.headers["x-shopkeeper-search"] == "passed-through"
    assert answer.headers["x-shopkeeper-reason"] == "ext.shopkeeper says off"
    assert answer.json()["hits"] == plain.json()["hits"]


def test_a_mistake_in_the_clients_filter_is_told_in_opensearchs_words(client, index):
    query = {"bool": {"must": [TITLE], "filter": [{"no_such_query": {}}]}}
    with pytest.raises(RequestError) as caught:
        client.search(index=index, body={"query": query})
    assert caught.value.status_code == 400
    assert "no_such_query" in str(caught.value)


def test_a_uri_search_is_taken_over(client, index):
    answer = client.search(index=index, params={"q": "novaphone 12 case red", "size": 1})
    assert ids(answer) == ["case-12-red"]


def test_a_search_in_the_source_parameter_is_taken_over(proxy, index):
    answer = requests.get(
        f"{proxy}/{index}/_search",
        params={
            "source": '{"query":{"match":{"title":"novaphone 12 case red"}},"size":1}',
            "source_content_type": "application/json",
        },
        timeout=30,
    )
    assert answer.headers["x-shopkeeper-search"] == "hybrid"
    assert ids(answer.json()) == ["case-12-red"]


def test_templates_of_several_searches_pass_through_and_say_so(proxy, index, opensearch_url):
    template = {"source": {"query": {"match": {"title": "{{text}}"}}}, "params": {"text": "case"}}
    lines = f"{json.dumps({'index': index})}\n{json.dumps(template)}\n"
    headers = {"content-type": "application/x-ndjson"}
    answers = [
        requests.post(f"{url}/_msearch/template", data=lines, headers=headers, timeout=30)
        for url in (proxy, opensearch_url)
    ]
    assert answers[0].headers["x-shopkeeper-search"] == "passed-through"
    assert "templates" in answers[0].headers["x-shopkeeper-reason"]
    hits = [answer.json()["responses"][0]["hits"] for answer in answers]
    assert hits[0]["total"]["value"] == 40
    assert hits[0] == hits[1]


def test_a_template_is_rendered_and_taken_over(proxy, index):
    answer = requests.post(
        f"{proxy}/{index}/_search/template",
        json={
            "source": {"query": {"match": {"title": "{{words}}"}}, "size": 1},
            "params": {"words": "novaphone 12 case red"},
        },
        timeout=30,
    )
    assert answer.headers["x-shopkeeper-search"] == "hybrid"
    assert ids(answer.json()) == ["case-12-red"]


def test_msearch_mixes_hybrid_and_plain_searches_in_order(client, proxy, index, opensearch_url):
    lines = [
        {"index": index},
        {"query": TITLE, "size": 1},
        {"index": index},
        {"query": {"term": {"id": "cable-3"}}},
        {},
        {"query": text("usb cable 7 m"), "size": 1, "ext": {"shopkeeper": {"legs": ["all_terms"]}}},
    ]
    answer = client.msearch(index=index, body=lines)
    assert [ids(each) for each in answer["responses"]] == [
        ["case-12-red"],
        ["cable-3"],
        ["cable-7"],
    ]
    assert [each["status"] for each in answer["responses"]] == [200, 200, 200]


def test_msearch_tells_a_failed_search_in_its_place(client, index):
    lines = [
        {},
        {"query": TITLE, "size": 1},
        {},
        {"query": {"bool": {"must": [TITLE], "filter": [{"nope": {}}]}}},
    ]
    good, bad = client.msearch(index=index, body=lines)["responses"]
    assert ids(good) == ["case-12-red"]
    assert bad["status"] == 400


def test_x_opaque_id_comes_back(proxy, index):
    answer = requests.post(
        f"{proxy}/{index}/_search",
        json={"query": TITLE},
        headers={"X-Opaque-Id": "shop-17"},
        timeout=30,
    )
    assert answer.headers["x-opaque-id"] == "shop-17"
