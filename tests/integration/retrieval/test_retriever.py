"""From plan to hits on a real node."""

import pytest

from retrieval import SearchRequest, parse_filter, parse_sort
from search_core import (
    EncoderIdentity,
    EncoderMismatchError,
    EncoderUnavailableError,
    FilterError,
    IndexNotFoundError,
    Product,
    QueryPlan,
    SearchEngineError,
    SearchEngineTimeoutError,
    SearchEngineUnavailableError,
)
from search_core.settings import FusionSettings, RetrievalSettings, SearchEngineSettings
from search_engine import Searcher, connect, connect_async


def request(text, *filters, **options):
    plan = QueryPlan.plain(text, tuple(parse_filter(each) for each in filters))
    return SearchRequest(plan=plan, **options)


def ids(response):
    return [hit.product_id for hit in response.hits]


async def all_pages(retriever, index, text, size, **options):
    found, offset, total = [], 0, 1
    while offset < total:
        page = await retriever.search(index, request(text, offset=offset, size=size, **options))
        found += page.hits
        total = page.total
        offset += size
    return found, total


async def test_a_hit_carries_its_legs_score_document_and_explanation(open_retriever, index):
    async with open_retriever() as retriever:
        response = await retriever.search(
            index, request("novaphone 12 case red", size=3, explain=True)
        )
    hit = response.hits[0]
    assert hit.product_id == "case-12-red"
    assert {each.leg for each in hit.legs} == {"all_terms", "some_terms", "dense"}
    assert hit.fused_score == pytest.approx(sum(each.value for each in hit.contributions))
    assert hit.document["title"] == "Case for Novaphone 12 red"
    assert "vector" not in hit.document
    assert any(line.startswith("Fused score") for line in hit.explanation)
    assert "stands" in hit.explanation[-1]
    assert response.timings.total_ms > 0


async def test_the_dense_score_is_the_cosine(encoder, open_retriever, index):
    async with open_retriever(all_terms=False, some_terms=False) as retriever:
        response = await retriever.search(index, request("summer dress no 3", size=1))
    hit = response.hits[0]
    passage = encoder.encode_passages([hit.document["title"]])[0]
    cosine = float(passage @ encoder.encode_query("summer dress no 3"))
    assert hit.legs[0].score == pytest.approx(cosine, abs=1e-4)


@pytest.mark.parametrize("text", ["NP-1200X", "np1200x", "NP 1200X", "Phone-12"])
async def test_a_whole_code_comes_first_however_it_is_written(open_retriever, index, text):
    async with open_retriever() as retriever:
        response = await retriever.search(index, request(text))
    assert response.hits[0].product_id == "phone-12"
    assert response.hits[0].exact_code


@pytest.mark.parametrize("size", [1, 7, 10, 30])
@pytest.mark.parametrize("collapse", [False, True])
async def test_pages_never_repeat_or_skip_a_product(open_retriever, index, size, collapse):
    # 10 candidates a leg, so that most pages lie beyond the fused candidates.
    async with open_retriever(candidates=10) as retriever:
        whole = await retriever.search(index, request("case", size=200, collapse_variants=collapse))
        found, total = await all_pages(retriever, index, "case", size, collapse_variants=collapse)
    paged = [hit.product_id for hit in found]
    assert paged == ids(whole)
    assert len(set(paged)) == len(paged) == total
    assert [hit.rank for hit in found] == list(range(1, total + 1))


async def test_a_result_holds_every_match_of_all_terms(products, open_retriever, index):
    async with open_retriever(candidates=10) as retriever:
        response = await retriever.search(index, request("case", size=200))
    assert {each.id for each in products if each.id.startswith("case")} <= set(ids(response))
    assert response.total == len(response.hits)


@pytest.mark.parametrize("candidates", [10, 200])
async def test_facet_counts_agree_with_the_products_shown(open_retriever, index, candidates):
    async with open_retriever(candidates=candidates) as retriever:
        response = await retriever.search(
            index, request("case", size=200, facets=("brand", "colour", "price"))
        )
    documents = [hit.document for hit in response.hits]
    counts = {facet.field: {v.value: v.count for v in facet.values} for facet in response.facets}
    brands = [each["brand"] for each in documents if "brand" in each]
    assert counts["brand"] == {name: brands.count(name) for name in set(brands)}
    reds = [
        each
        for each in documents
        if {"name": "colour", "value": "red"} in each.get("attributes", ())
    ]
    assert counts["colour"]["red"] == len(reds)
    assert counts["price"]["10 to 20"] == sum(
        10 <= each["price"] < 20 for each in documents if "price" in each
    )


async def test_collapsed_facets_count_groups(open_retriever, index):
    async with open_retriever(dense=False, some_terms=False) as retriever:
        response = await retriever.search(
            index, request("case", size=50, facets=("brand",), collapse_variants=True)
        )
    assert response.total == len(response.hits) == 4
    assert {value.value: value.count for value in response.facets[0].values} == {
        "Hidewell": 4,
        "Slipon": 4,
    }


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (("brand=hidewell",), lambda p: p.brand == "Hidewell"),
        (("brand=Nova|Aria",), lambda p: p.brand in ("Nova", "Aria")),
        (("brand!=Slipon",), lambda p: p.brand != "Slipon"),
        (("price<12",), lambda p: p.price is not None and p.price < 12),
        (("price>=300", "price<=311"), lambda p: p.price is not None and 300 <= p.price <= 311),
        (("colour=RED",), lambda p: any(a.value == "red" for a in p.attributes)),
        (("thickness>1.75",), lambda p: any(a.unit and a.value > 1.75 for a in p.attributes)),
        (("thickness<=1.05",), lambda p: any(a.unit and a.value <= 1.05 for a in p.attributes)),
        (("product_type=smartphone",), lambda p: p.product_type == "Smartphone"),
    ],
)
async def test_filters_hold_in_every_leg_and_k_nn_loses_no_recall(
    products, open_retriever, index, filters, expected
):
    wanted = {each.id for each in products if expected(each)}
    async with open_retriever(all_terms=False, some_terms=False, dense_floor=0.0) as retriever:
        dense = await retriever.search(index, request("novaphone", *filters, size=200))
    async with open_retriever(dense_floor=0.0) as retriever:
        hybrid = await retriever.search(index, request("novaphone", *filters, size=200))
    assert set(ids(dense)) == wanted
    assert set(ids(hybrid)) == wanted


async def test_sorting_shows_the_matches_in_order_with_missing_values_last(open_retriever, index):
    async with open_retriever() as retriever:
        response = await retriever.search(
            index, request("novaphone", size=200, sort=parse_sort("price:desc"))
        )
    prices = [hit.document["price"] for hit in response.hits]
    assert prices == sorted(prices, reverse=True)
    assert response.total == len(prices) == 44


async def test_sorting_falls_back_to_the_candidates_when_no_product_has_all_words(
    open_retriever, index
):
    async with open_retriever(dense=False) as retriever:
        response = await retriever.search(
            index, request("novaphone hovercraft", size=200, sort=parse_sort("cheapest"))
        )
    assert response.total == len(response.hits) == 44


async def test_no_text_lists_the_most_popular_first(open_retriever, index):
    async with open_retriever() as retriever:
        response = await retriever.search(index, request("", size=5))
    assert ids(response)[:4] == ["phone-13", "phone-12", "phone-11", "phone-10"]
    assert response.total == 120


async def test_words_that_nothing_has_all_of_still_find_what_has_some(open_retriever, index):
    async with open_retriever(dense=False) as retriever:
        response = await retriever.search(index, request("cable hovercraft"))
    assert response.hits[0].product_id.startswith("cable")


async def test_near_words_are_accepted_when_nothing_else_is_found(open_retriever, index):
    async with open_retriever(dense=False) as retriever:
        response = await retriever.search(index, request("drese"))
    assert response.hits[0].product_id.startswith("dress")
    assert [step.rewriter for step in response.plan.log] == ["zero_result_fallback"]


async def test_the_fallback_can_be_switched_off(open_retriever, index):
    async with open_retriever(dense=False, zero_result_fallback=False) as retriever:
        response = await retriever.search(index, request("drese"))
    assert response.hits == ()
    assert response.total == 0


@pytest.mark.parametrize("off", ["all_terms", "some_terms", "dense"])
async def test_any_leg_can_be_switched_off(open_retriever, index, off):
    async with open_retriever(**{off: False}) as retriever:
        response = await retriever.search(index, request("case novaphone 12"))
    legs = {each.leg for hit in response.hits for each in hit.legs}
    assert off not in legs
    assert len(legs) == 2
    assert response.degraded == ()


async def test_every_leg_switched_off_finds_nothing(open_retriever, index):
    async with open_retriever(all_terms=False, some_terms=False, dense=False) as retriever:
        response = await retriever.search(index, request("case"))
    assert response.total == 0


async def test_an_index_without_vectors_is_searched_by_words(products, open_retriever, fill):
    index = fill(products, vectors=False)
    async with open_retriever() as retriever:
        response = await retriever.search(index, request("case"))
    assert {each.leg for hit in response.hits for each in hit.legs} == {"all_terms", "some_terms"}
    assert response.degraded == ()


async def test_a_model_that_cannot_be_loaded_degrades_and_says_so(open_retriever, index):
    def unavailable(identity):
        raise EncoderUnavailableError(f"{identity.model_id} is not here")

    async with open_retriever(unavailable) as retriever:
        response = await retriever.search(index, request("case"))
    assert response.hits
    assert "is not here" in response.degraded[0]


async def test_another_model_than_the_index_has_is_refused(open_retriever, index):
    def other(identity):
        raise EncoderMismatchError("encoded by another model")

    async with open_retriever(other) as retriever:
        with pytest.raises(EncoderMismatchError):
            await retriever.search(index, request("case"))


async def test_a_leg_that_fails_is_left_out_and_named(encoder, open_retriever, index):
    class Wide:
        identity = EncoderIdentity(model_id="wide", dimension=7)

        def encode_query(self, text):
            return encoder.encode_query(text)[:7]

    async with open_retriever(lambda _: Wide()) as retriever:
        response = await retriever.search(index, request("case"))
    assert response.hits
    assert response.degraded[0].startswith("without dense:")


async def test_no_leg_that_answers_is_an_error(encoder, open_retriever, index):
    class Wide:
        identity = EncoderIdentity(model_id="wide", dimension=7)

        def encode_query(self, text):
            return encoder.encode_query(text)[:7]

    async with open_retriever(lambda _: Wide(), all_terms=False, some_terms=False) as retriever:
        with pytest.raises(SearchEngineError, match="dimension"):
            await retriever.search(index, request("case"))


async def test_an_unknown_index_is_named(open_retriever, unique_index_name):
    async with open_retriever() as retriever:
        with pytest.raises(IndexNotFoundError, match=unique_index_name):
            await retriever.search(unique_index_name, request("case"))


async def test_an_index_of_somebody_else_is_refused(
    open_retriever, opensearch_url, unique_index_name
):
    client = connect(SearchEngineSettings(url=opensearch_url))
    client.indices.create(index=unique_index_name)
    client.close()
    async with open_retriever() as retriever:
        with pytest.raises(IndexNotFoundError, match="was not made by Shopkeeper"):
            await retriever.search(unique_index_name, request("case"))


async def test_a_facet_that_cannot_be_counted_is_refused(open_retriever, index):
    async with open_retriever() as retriever:
        with pytest.raises(FilterError, match="cannot be a facet"):
            await retriever.search(index, request("case", facets=("id",)))


async def test_a_search_ends_at_its_deadline(open_retriever, index):
    async with open_retriever(deadline_ms=1) as retriever:
        with pytest.raises(SearchEngineTimeoutError):
            await retriever.search(index, request("case"))


async def test_a_new_generation_behind_the_alias_is_noticed(
    products, open_retriever, fill, opensearch_url, unique_index_name
):
    client = connect(SearchEngineSettings(url=opensearch_url))
    alias = f"{unique_index_name}-alias"
    first = fill(products, suffix="-1")
    second = fill([Product(id="only", title="Case only")], suffix="-2", vectors=False)
    client.indices.put_alias(index=first, name=alias)
    async with open_retriever() as retriever:
        before = await retriever.search(alias, request("case"))
        client.indices.update_aliases(
            body={
                "actions": [
                    {"remove": {"index": first, "alias": alias}},
                    {"add": {"index": second, "alias": alias}},
                ]
            }
        )
        after = await retriever.search(alias, request("case"))
    client.close()
    assert before.generation == first
    assert after.generation == second
    assert ids(after) == ["only"]
    assert after.degraded == ()


@pytest.mark.parametrize(
    "text", ['"', "title:*", "{", "a AND (", "\u202eabc", "😀", "x" * 10_000, "<script>", "\x00"]
)
async def test_hostile_text_is_only_text(open_retriever, index, text):
    async with open_retriever() as retriever:
        response = await retriever.search(index, request(text))
    assert response.degraded == ()


async def test_a_node_that_is_not_there_is_named():
    searcher = Searcher(connect_async(SearchEngineSettings(url="http://127.0.0.1:9")))
    from retrieval import Retriever

    retriever = Retriever(searcher, RetrievalSettings(fusion=FusionSettings()), None)
    with pytest.raises(SearchEngineUnavailableError, match="cannot be reached"):
        await retriever.search("products", request("case"))
    await searcher.close()


async def test_a_higher_floor_shortens_the_result_and_keeps_its_head(open_retriever, index):
    found = []
    for floor in (0.0, 0.5, 0.9):
        async with open_retriever(dense_floor=floor, some_terms=False) as retriever:
            found.append(await retriever.search(index, request("summer dress", size=200)))
    totals = [response.total for response in found]
    assert totals == sorted(totals, reverse=True)
    assert totals[0] > totals[-1] >= 20
    assert {ids(response)[0] for response in found} == {ids(found[0])[0]}
