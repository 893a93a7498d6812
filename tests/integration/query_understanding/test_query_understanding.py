"""From text to hits on a real node, with what was learned from its index."""

import json
from contextlib import asynccontextmanager

import pytest
from click.testing import CliRunner

from indexer import ReindexRequest, reindex
from query_understanding import CatalogueSource, QueryUnderstanding, create_chain, learn_catalogue
from retrieval import Retriever, SearchRequest
from search_core import Attribute, IndexNotFoundError, Product
from search_core.settings import (
    QueryUnderstandingSettings,
    RetrievalSettings,
    SearchEngineSettings,
)
from search_engine import (
    Generations,
    IndexDescription,
    Searcher,
    attachment_index,
    connect_async,
    product_document,
    read_attachment,
    write_attachment,
)
from shopkeeper.commands.understand import understand
from shopkeeper.composition import reindex_tools
from shopkeeper.configuration import load_settings

PATIENT = QueryUnderstandingSettings(budget_ms=60_000, unit_budget_ms=60_000)


@pytest.fixture
def understanding(client):
    return QueryUnderstanding(create_chain(PATIENT), CatalogueSource(client))


@pytest.fixture
def search(opensearch_url, index, understanding):
    @asynccontextmanager
    async def opened():
        searcher = Searcher(connect_async(SearchEngineSettings(url=opensearch_url)))
        try:
            yield Retriever(searcher, RetrievalSettings(), None)
        finally:
            await searcher.close()

    async def answered(text, size=10, plan=None):
        plan = plan or await understanding.plan(index, text)
        async with opened() as retriever:
            return await retriever.search(index, SearchRequest(plan=plan, size=size, explain=True))

    return answered


async def test_what_was_learned_is_found_by_another_process(client, index, understanding):
    lexicon = learn_catalogue(client, index)
    assert lexicon.products == 28
    plan = await understanding.plan(index, "hedset")
    assert plan.text == "headset"


async def test_a_catalogue_that_was_never_learned_is_searched_as_typed(index, understanding):
    plan = await understanding.plan(index, "hedset")
    assert plan.text == "hedset"


async def test_an_unreadable_lexicon_is_no_reason_not_to_search(client, index, understanding):
    write_attachment(client, index, b"of another version")
    assert (await understanding.plan(index, "hedset")).text == "hedset"


async def test_an_index_that_is_not_there_is_named(understanding):
    with pytest.raises(IndexNotFoundError, match="no-such-index"):
        await understanding.plan("no-such-index", "headset")


def test_long_attachments_come_back_whole(client, index):
    data = bytes(range(256)) * 40_000  # 10.24 MB: three parts
    write_attachment(client, index, data)
    assert read_attachment(client, index) == data


async def test_the_phone_stands_above_its_cases_unless_they_are_asked_for(client, index, search):
    learn_catalogue(client, index)
    response = await search("novaphone 12")
    assert response.hits[0].product_id == "phone-12"
    assert any("boost: is a Smartphone" in each for each in response.hits[0].explanation)
    response = await search("case for novaphone 12")
    assert response.hits[0].product_id.startswith("case-12")


async def test_without_types_what_says_that_it_fits_stands_below_what_is_named(
    client, index, search
):
    printer = Product(id="printer", title="Presko Laser P2035", brand="Presko", language="en")
    toners = [
        Product(
            id=f"toner-{n}",
            title=f"Laser P2035 toner {n}" if n else "Laser P2035",
            language="en",
            attributes=(Attribute(name="Compatibility", value="Laser P2035, Laser P2055"),),
        )
        for n in range(3)
    ]
    lines = []
    for product in (*toners, printer):
        lines += [{"index": {"_id": product.id}}, product_document(product)]
    client.bulk(index=index, body=lines, params={"refresh": "true"})
    before = await search("laser p2035")
    assert before.hits[0].product_id == "toner-0"
    learn_catalogue(client, index)
    # The catalogue is looked at again after half a minute: another one sees it at once.
    understanding = QueryUnderstanding(create_chain(PATIENT), CatalogueSource(client))
    plan = await understanding.plan(index, "laser p2035")
    assert "goes with laser p2035" in {each.reason for each in plan.boosts}
    after = await search("laser p2035", plan=plan)
    assert after.hits[0].product_id == "printer"
    assert {each.product_id for each in after.hits[1:4]} == {"toner-0", "toner-1", "toner-2"}
    assert any("boost: goes with laser p2035" in each for each in after.hits[1].explanation)


async def test_a_price_filters_while_there_is_a_page_of_products(client, index, search):
    learn_catalogue(client, index)
    response = await search("headset under 62", size=20)
    assert response.total == 12
    assert all(hit.document["price"] < 62 for hit in response.hits)


async def test_a_price_that_leaves_too_little_only_prefers(client, index, search):
    learn_catalogue(client, index)
    response = await search("headset under 52", size=20)
    assert {hit.product_id for hit in response.hits[:2]} == {"headset-00", "headset-01"}
    assert response.total == 20
    assert "such products come first" in response.plan.log[-1].message


async def test_what_is_not_wanted_comes_last(client, index, search):
    learn_catalogue(client, index)
    response = await search("novaphone 12 case without magnet")
    shown = [hit.product_id for hit in response.hits if hit.product_id.startswith("case-12")]
    assert shown[-1] == "case-12-red"
    hit = response.hits[0]
    assert sum(each.value for each in hit.contributions) == pytest.approx(hit.fused_score)


def test_what_was_learned_is_deleted_with_its_generation(client, unique_index_name):
    generations = Generations(client, unique_index_name)
    description = IndexDescription(languages=("en",), encoder=None)
    made = generations.create(description, SearchEngineSettings(), {})
    learn_catalogue(client, made.name)
    assert read_attachment(client, made.name) is not None
    generations.delete(made.name)
    assert read_attachment(client, made.name) is None


def test_a_reindex_learns_before_it_goes_live(client, opensearch_url, unique_index_name, tmp_path):
    catalogue = tmp_path / "shop.jsonl"
    rows = [
        {"id": f"p{n}", "title": f"Headset no {n}", "price": 50 + n, "brand": "Nova"}
        for n in range(12)
    ]
    catalogue.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    settings = load_settings(None, {"search_engine.url": opensearch_url})
    tools = reindex_tools(settings, vectors=False)
    report = reindex(ReindexRequest(catalog=catalogue, alias=unique_index_name), tools)
    assert read_attachment(client, report.generation) is not None
    catalogue_now = CatalogueSource(client).catalogue(unique_index_name)
    assert catalogue_now.lexicon.brands["nova"].count == 12
    client.indices.delete(index=attachment_index(report.generation))


@pytest.mark.parametrize(
    "text",
    [
        "", "title:*", '"headset', "{headset}", "head\\set", "<script>headset</script>",
        "headset AND", "-headset",
        "\u202etesdaeh", "🎧 headset", "headset\x00", "x" * 10_000, "headset " * 2_000,
        "under 5 under 6 under 7", "without without without", "\ud800headset", "%00",
        "不要不要不要",
    ],
)  # fmt: skip
async def test_hostile_text_is_searched_as_text(client, index, search, text):
    learn_catalogue(client, index)
    response = await search(text)
    assert response.plan.original_text == text
    assert response.total >= 0


def test_the_command_shows_the_plan_step_by_step(client, index, opensearch_url):
    learn_catalogue(client, index)
    asked = ["hedset under 60", "--index", index, "--set", f"search_engine.url={opensearch_url}"]
    shown = CliRunner().invoke(understand, asked)
    assert shown.exit_code == 0, shown.output
    assert "text      headset" in shown.stdout
    assert "filter    price is under 60   (from 'under 60')" in shown.stdout
    assert "'hedset' is searched as 'headset'" in shown.stdout
    as_json = CliRunner().invoke(understand, [*asked, "--json"])
    assert json.loads(as_json.stdout)["plan"]["text"] == "headset"


def test_the_command_learns_anew(client, index, opensearch_url):
    asked = ["learn", "--index", index, "--set", f"search_engine.url={opensearch_url}"]
    shown = CliRunner().invoke(understand, asked)
    assert shown.exit_code == 0, shown.output
    assert read_attachment(client, index) is not None


def test_the_command_checks_rules(tmp_path):
    path = tmp_path / "rules.txt"
    path.write_text("a =>\n  SYNONYM: b\na =>\n  SYNONYM: c\n")
    shown = CliRunner().invoke(understand, ["rules", str(path)])
    assert shown.exit_code == 0, shown.output
    assert "SYNONYM: b" in shown.stdout
    assert "the input 'a' stands on lines 1, 3" in shown.stderr
