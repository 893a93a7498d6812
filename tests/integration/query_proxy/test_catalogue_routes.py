"""Suggestions and similar products, on a real node."""

from datetime import UTC, datetime

import pytest
import requests
from click.testing import CliRunner

from encoders.testing import HashingTextEncoder
from indexer import passage_text
from query_understanding import learn_suggestions
from search_core import Product
from search_core.settings import (
    EventSettings,
    IndexerSettings,
    SearchEngineSettings,
    SuggestionSettings,
)
from search_engine import (
    IndexDescription,
    connect,
    index_body,
    product_document,
    suggestions_index,
)
from shopkeeper.commands.suggest import suggest

ENCODER = HashingTextEncoder()


def goods() -> list[Product]:
    """Return phones, cases and cables by two brands, and Chinese quilts and headphones."""
    phones = [
        Product(
            id=f"phone-{n}", title=f"Nova Novaphone {n}", brand="Nova",
            product_type="Smartphone", price=300.0 + n,
        )
        for n in range(10, 16)
    ]  # fmt: skip
    cases = [
        Product(
            id=f"case-{n}-{colour}", title=f"Slipon Leather case for Novaphone {n} {colour}",
            brand="Slipon", product_type="Phone case", price=20.0, variant_group=f"case-{n}",
        )
        for n in range(10, 16)
        for colour in ("red", "blue")
    ]  # fmt: skip
    cables = [
        Product(id=f"cable-{n}", title=f"Cable {n} m", product_type="USB cable", price=float(n))
        for n in range(1, 5)
    ]
    chinese = [
        Product(
            id=f"zh-{n}", title=f"{word}无线耳机", language="zh", category_path=("数码", "耳机")
        )
        for n, word in enumerate(("降噪", "运动", "头戴"))
    ]
    return [*phones, *cases, *cables, *chinese]


@pytest.fixture
def client(opensearch_url):
    client = connect(SearchEngineSettings(url=opensearch_url))
    yield client
    client.close()


def make(client, name, encoder=ENCODER):
    description = IndexDescription(
        languages=("en", "zh"), encoder=None if encoder is None else encoder.identity
    )
    body = index_body(description, SearchEngineSettings(replicas=0))
    client.indices.create(index=name, body=body)
    products = goods()
    lines: list[object] = []
    for product in products:
        row = None
        if encoder is not None and product.id != "cable-4":
            row = encoder.encode_passages([passage_text(product, IndexerSettings())])[0]
        lines += [{"index": {"_id": product.id}}, product_document(product, row)]
    answer = client.bulk(index=name, body=lines, params={"refresh": "true"})
    assert not answer["errors"], answer


@pytest.fixture
def shop(client, unique_index_name):
    make(client, unique_index_name)
    return unique_index_name


@pytest.fixture
def events(unique_index_name):
    return EventSettings(queries_index=f"{unique_index_name}-ubi-queries")


@pytest.fixture
def learned(client, shop, events):
    learn_suggestions(client, shop, SuggestionSettings(), events)
    return shop


@pytest.fixture
def url(start_proxy, learned):
    with start_proxy(indices=(learned,)) as address:
        yield address


def get(url, path, **parameters):
    return requests.get(f"{url}/shop/{path}", params=parameters, timeout=30)


def texts(answer):
    return [each["text"] for each in answer.json()["suggestions"]]


def test_what_begins_as_typed_is_suggested_with_its_products(url):
    answer = get(url, "suggest", q="smartp")
    assert answer.json()["suggestions"][0] == {"text": "Smartphone", "kind": "type", "products": 6}
    assert answer.json()["degraded"] == []


def test_a_suggestion_is_found_by_its_later_words_too(url):
    assert "Phone case" in texts(get(url, "suggest", q="cas"))


def test_a_brand_goes_on_with_its_types(url):
    assert "Slipon Phone case" in texts(get(url, "suggest", q="slipon ph"))


def test_misspelt_beginnings_find_what_was_meant(url):
    assert "Smartphone" in texts(get(url, "suggest", q="smatph"))


def test_case_accents_and_signs_do_not_matter(url):
    assert "Smartphone" in texts(get(url, "suggest", q="  SMÁRT"))


def test_chinese_is_found_by_characters_and_by_pinyin(url):
    for typed in ("耳", "erji", "ej"):
        assert "耳机" in texts(get(url, "suggest", q=typed)), typed
    assert "无线耳机" in texts(get(url, "suggest", q="wuxian"))


def test_the_last_word_is_completed_after_words_that_nothing_begins_with(url):
    answer = get(url, "suggest", q="red novaphone slip")
    assert "red novaphone slipon" in texts(answer)
    assert answer.json()["suggestions"][0]["kind"] == "continuation"


def test_a_continuation_without_products_is_not_suggested(url):
    assert texts(get(url, "suggest", q="purple novaphone smartp")) == []


def test_the_first_products_come_along_once_a_group(url):
    products = get(url, "suggest", q="leather ca", products=10).json()["products"]
    assert len(products) == 6
    assert products[0]["title"].startswith("Slipon Leather case")
    assert get(url, "suggest", q="leather ca", products=0).json()["products"] == []


def test_nothing_typed_gives_the_most_popular(url):
    assert texts(get(url, "suggest", size=1)) == ["Novaphone"]  # of 18 titles


@pytest.mark.parametrize("typed", ["zzzqqq", "*", '"', "\\", "a" * 200, "🙂", " ", "\u0000"])
def test_anything_may_be_typed(url, typed):
    assert get(url, "suggest", q=typed).status_code == 200


def test_without_learned_suggestions_there_are_products_and_a_word_of_it(start_proxy, shop):
    with start_proxy(indices=(shop,)) as address:
        answer = get(address, "suggest", q="smartp").json()
    assert answer["suggestions"] == []
    assert "no suggestions are learned" in answer["degraded"][0]
    assert answer["products"]


def searches(client, events, index, text, shoppers, hits=("phone-10",)):
    for place in range(shoppers):
        body = {
            "timestamp": datetime.now(UTC).isoformat(), "query_id": f"{text}-{place}",
            "user_query": text, "client_id": f"p.k.{place}", "indexes": [index],
            "query_response_hit_ids": list(hits),
        }  # fmt: skip
        client.index(index=events.queries_index, body=body)
    client.indices.refresh(index=events.queries_index)


def test_what_enough_shoppers_searched_for_is_suggested_and_what_few_did_is_not(
    client, shop, events, start_proxy
):
    from search_engine.behaviour_bodies import queries_index_body

    client.indices.create(index=events.queries_index, body=queries_index_body(0))
    searches(client, events, shop, "gift for anna smith", 4)
    searches(client, events, shop, "Gift for dad", 5)
    searches(client, events, shop, "gift for nobody", 9, hits=())
    searches(client, events, "another-shop", "gift elsewhere", 9)
    searches(client, events, shop, "gift [email]", 9)
    learn_suggestions(client, shop, SuggestionSettings(), events)
    with start_proxy(indices=(shop,)) as address:
        answer = get(address, "suggest", q="gift", products=0).json()
    assert answer["suggestions"] == [{"text": "Gift for dad", "kind": "query", "products": None}]


def test_learning_anew_replaces_what_was_learned(client, learned, events):
    before = client.count(index=suggestions_index(learned))["count"]
    client.delete_by_query(
        index=learned,
        body={"query": {"term": {"brand": "Slipon"}}},
        params={"refresh": "true"},
    )
    count = learn_suggestions(client, learned, SuggestionSettings(), events)
    assert count == client.count(index=suggestions_index(learned))["count"] < before


def test_the_command_learns_and_shows(opensearch_url, shop, events):
    options = ["--index", shop, "--set", f"search_engine.url={opensearch_url}"]
    events_option = ["--set", f"events.queries_index={events.queries_index}"]
    ran = CliRunner().invoke(suggest, ["learn", *options, *events_option])
    assert ran.exit_code == 0, ran.output
    assert "suggestions" in ran.output
    shown = CliRunner().invoke(suggest, ["smartp", *options])
    assert shown.exit_code == 0, shown.output
    assert "Smartphone\ttype\t6" in shown.output


def test_products_of_the_same_kind_and_price_come_first(url):
    result = get(url, "similar/phone-12", size=4).json()
    assert result["method"] == "vector"
    assert result["degraded"] == []
    assert [each["same_kind"] for each in result["hits"]] == [True] * 4
    first = result["hits"][0]
    assert first["rank"] == 1
    assert first["cosine"] == pytest.approx(1, abs=0.2)
    assert first["price_ratio"] == pytest.approx(1, abs=0.02)
    assert "vector" not in first["product"]


def test_the_product_and_its_variants_are_not_similar_to_itself(url):
    hits = get(url, "similar/case-12-red", size=100).json()["hits"]
    ids = [each["id"] for each in hits]
    assert not {"case-12-red", "case-12-blue"} & set(ids)
    groups = [each["product"]["variant_group"] for each in hits]
    assert len(groups) == len(set(groups))


def test_similar_products_pass_the_filters(url):
    hits = get(url, "similar/phone-12", filter=["brand=Slipon", "price<=20"]).json()["hits"]
    assert {each["product"]["brand"] for each in hits} == {"Slipon"}


@pytest.mark.parametrize("encoder", [ENCODER, None])
def test_without_a_vector_words_decide_and_the_answer_says_so(
    client, unique_index_name, start_proxy, encoder
):
    make(client, unique_index_name, encoder)
    with start_proxy(indices=(unique_index_name,)) as address:
        result = get(address, "similar/cable-4").json()
    assert result["method"] == "words"
    assert "no vector" in result["degraded"][0]
    assert {each["id"] for each in result["hits"][:3]} == {"cable-1", "cable-2", "cable-3"}
    assert result["hits"][0]["cosine"] is None


def test_a_product_that_is_not_there_is_told(url):
    answer = get(url, "similar/no/such/thing")
    assert answer.status_code == 404
    assert answer.json()["error"]["type"] == "product_not_found"
    assert "'no/such/thing'" in answer.json()["error"]["reason"]


@pytest.mark.parametrize(
    ("path", "parameters", "status", "code"),
    [
        ("suggest", {"q": "x" * 201}, 400, "malformed_request"),
        ("suggest", {"q": "x", "size": 0}, 400, "malformed_request"),
        ("suggest", {"q": "x", "nonsense": 1}, 400, "malformed_request"),
        ("suggest", {"q": "x", "index": "other"}, 404, "index_not_found"),
        ("similar/phone-12", {"filter": "price"}, 400, "filter_error"),
        ("similar/phone-12", {"size": 101}, 400, "malformed_request"),
        ("similar/phone-12", {"index": "other"}, 404, "index_not_found"),
    ],
)
def test_mistakes_are_told_in_one_shape(url, path, parameters, status, code):
    answer = get(url, path, **parameters)
    assert (answer.status_code, answer.json()["error"]["type"]) == (status, code)
