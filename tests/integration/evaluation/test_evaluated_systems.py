import json

import pytest

from evaluation import JudgedQuery, RunCache, run_queries
from search_core import FilterError, IndexNotFoundError, MeasuredSystemError
from search_engine import connect
from shopkeeper.evaluated_systems import open_systems

QUERIES = [JudgedQuery(text=text) for text in ("sofa", "novaphone 12 case", "phone case red")]
FILTERED = JudgedQuery(text="sofa", filters=("price<300",))


@pytest.fixture
def template(tmp_path):
    def write(body):
        path = tmp_path / "body.json"
        path.write_text(json.dumps(body), encoding="utf-8")
        return path

    return write


async def test_what_shoppers_see_first_is_the_top_of_the_deep_ranking(shop, shop_settings):
    async with open_systems(shop) as systems:
        system = await systems.configured("default", shop_settings)
        for query in QUERIES:
            deep, page = await system.answer(query, 1000), await system.answer(query, 10)
            assert len(page.product_ids) == 10
            assert deep.product_ids[:10] == page.product_ids
            assert len(set(deep.product_ids)) == len(deep.product_ids) > 10


async def test_an_answer_has_latency_titles_and_reasons(shop, shop_settings):
    async with open_systems(shop) as systems:
        system = await systems.configured("default", shop_settings)
        answer = await system.answer(QUERIES[0], 1000)
    assert answer.latency_ms is not None
    assert answer.latency_ms > 0
    assert [hit.product_id for hit in answer.shown] == list(answer.product_ids[: len(answer.shown)])
    assert all(hit.title and hit.explanation for hit in answer.shown)


async def test_filters_of_a_query_are_obeyed(shop, shop_settings):
    async with open_systems(shop) as systems:
        system = await systems.configured("default", shop_settings)
        everything = await system.answer(QUERIES[0], 1000)
        cheap = await system.answer(FILTERED, 1000)
        assert 0 < len(cheap.product_ids) < len(everything.product_ids)
        with pytest.raises(FilterError):
            await system.answer(JudgedQuery(text="sofa", filters=("cheap",)), 10)


async def test_an_unchanged_index_is_answered_from_the_cache_and_a_changed_one_is_not(
    shop, shop_settings, tmp_path
):
    cache = RunCache(tmp_path)

    async def run():
        async with open_systems(shop) as systems:
            system = await systems.configured("default", shop_settings)
            return await run_queries(system, QUERIES, depth=50, cache=cache)

    first, second = await run(), await run()
    assert (first.from_cache, second.from_cache) == (False, True)
    assert second.answers == first.answers

    client = connect(shop_settings.search_engine)
    document = client.search(index=shop, body={"size": 1})["hits"]["hits"][0]
    client.index(index=shop, id=document["_id"], body=document["_source"], refresh=True)
    client.close()
    assert not (await run()).from_cache


async def test_settings_that_change_answers_are_cached_apart(shop, shop_settings):
    retrieval = shop_settings.retrieval.model_copy(update={"candidates": 50})
    other = shop_settings.model_copy(update={"retrieval": retrieval})
    evaluation = shop_settings.evaluation.model_copy(update={"seed": 9})
    same = shop_settings.model_copy(update={"evaluation": evaluation})
    async with open_systems(shop) as systems:
        marks = [
            (await systems.configured("x", settings)).fingerprint
            for settings in (shop_settings, other, same)
        ]
    assert marks[0] == marks[2] != marks[1]


async def test_a_query_template_is_searched_with(shop, shop_settings, template):
    body = {"query": {"multi_match": {"query": "{{query}}", "fields": ["title"]}}}
    async with open_systems(shop) as systems:
        system = await systems.templated("present", shop_settings, template(body))
        answer = await system.answer(JudgedQuery(text='sofa "'), 1000)
    assert len(answer.product_ids) > 1
    assert "sofa" in answer.shown[0].title.lower()
    assert system.fingerprint is not None


async def test_a_template_that_opensearch_refuses_names_the_query(shop, shop_settings, template):
    path = template({"query": {"no_such_query": "{{query}}"}})
    async with open_systems(shop) as systems:
        system = await systems.templated("present", shop_settings, path)
        with pytest.raises(MeasuredSystemError, match="present did not answer 'sofa'"):
            await run_queries(system, QUERIES, depth=10)


async def test_a_search_behind_an_address_is_measured(shop, opensearch_url):
    url = f"{opensearch_url}/{shop}/_search?q=title:{{query}}&size={{size}}"
    async with open_systems(shop) as systems:
        system = await systems.endpoint("present", url, "hits.hits[]._id")
        answer = await system.answer(QUERIES[0], 100)
    assert len(answer.product_ids) > 1
    assert answer.latency_ms is not None


async def test_products_that_the_index_lacks_are_found_out(shop, shop_settings):
    async with open_systems(shop) as systems:
        system = await systems.configured("default", shop_settings)
        known = (await system.answer(QUERIES[0], 10)).product_ids
        asked = frozenset({*known, "no-such-product"})
        assert await systems.known_products(shop_settings, asked) == frozenset(known)


async def test_a_missing_index_is_said_before_anything_is_asked(shop_settings):
    async with open_systems("test-no-such-index") as systems:
        with pytest.raises(IndexNotFoundError):
            await systems.configured("default", shop_settings)
