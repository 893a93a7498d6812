from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from starlette.requests import Request

from query_proxy.backing import Searching
from query_proxy.circuit_breaker import CircuitBreaker
from query_proxy.planner import PlainPlanner
from query_proxy.search_page.english import ENGLISH
from query_proxy.workbench.address import WorkbenchAddress
from query_proxy.workbench.comparison import Workbench
from query_proxy.workbench.routes import WorkbenchPage
from query_proxy.workbench.texts import WORKBENCH_ENGLISH, WORKBENCH_TEXTS
from query_proxy.workbench.view import columns, unknown_filters
from retrieval import UnknownName
from search_core import FilterError, LimitError, RulesError, SearchEngineUnavailableError
from search_core.settings import QueryProxySettings, Settings
from tests.unit.query_proxy.page_retriever import FakeRetriever, hit


def ranked(*ids: str):
    """Hits of these ids, in this order."""
    from dataclasses import replace

    return tuple(replace(hit(rank), product_id=each) for rank, each in enumerate(ids, start=1))


@dataclass
class Variants:
    """Opens searches that find something else, and remembers with which settings."""

    found: tuple = ()
    opened: list = field(default_factory=list)
    closed: int = 0

    @asynccontextmanager
    async def __call__(self, settings, rules):
        if rules == "broken":
            raise RulesError("the rules: line 1 is none")
        self.opened.append((settings, rules))
        yield Searching(retriever=FakeRetriever(hits=self.found), planner=PlainPlanner())
        self.closed += 1


def workbench(now, variants, names=None):
    breaker = CircuitBreaker(5, 1.0, lambda: 0.0, lambda _: None)
    searching = Searching(retriever=FakeRetriever(hits=now), planner=PlainPlanner())
    return Workbench(searching, variants, Settings(), breaker, names)


async def compared(now, changed, **asked):
    address = WorkbenchAddress(q="dress", **({"changes": "retrieval.dense=false"} | asked))
    bench = workbench(ranked(*now), Variants(found=ranked(*changed)))
    return await bench.compare("shop", address, {})


async def movements(now, changed):
    found = await compared(now, changed)
    before, after = columns(found, {}, ENGLISH, WORKBENCH_ENGLISH)
    return (
        {row.id: (row.direction, row.movement) for row in before.rows},
        {row.id: (row.direction, row.movement) for row in after.rows},
    )


async def test_every_movement_is_told_on_both_sides():
    before, after = await movements(("a", "b", "c", "d"), ("a", "c", "b", "e"))
    assert after == {
        "a": ("same", "stays"),
        "c": ("up", "up 1, was number 3"),
        "b": ("down", "down 1, was number 2"),
        "e": ("new", "new, was not among the first 50"),
    }
    assert before == {
        "a": ("same", "stays"),
        "b": ("down", "number 3 with the change"),
        "c": ("up", "number 2 with the change"),
        "d": ("gone", "not among the first 50 with the change"),
    }


async def test_products_that_moved_are_counted_once():
    assert (await compared(("a", "b", "c", "d"), ("a", "c", "b", "e"))).moved == 4


async def test_without_a_change_nothing_is_opened_and_nothing_moves():
    variants = Variants()
    found = await workbench(ranked("a"), variants).compare("shop", WorkbenchAddress(q="x"), {})
    (column,) = columns(found, {"a": 3}, ENGLISH, WORKBENCH_ENGLISH)
    assert variants.opened == []
    assert (column.rows[0].movement, column.rows[0].grade, column.rated) == (None, 3, 1)


async def test_a_change_is_opened_with_its_settings_and_rules_and_closed():
    variants = Variants(found=ranked("a"))
    address = WorkbenchAddress(q="x", changes="retrieval.dense=false", rules="a =>\n  DELETE")
    await workbench(ranked("a"), variants).compare("shop", address, {})
    ((settings, rules),) = variants.opened
    assert settings.retrieval.dense is False
    assert rules == "a =>\n  DELETE"
    assert variants.closed == 1


async def test_what_was_done_without_is_told_without_an_address():
    lost = "without reranker: Triton at 10.0.0.8:8001 did not answer within 800 ms"
    searching = Searching(retriever=FakeRetriever(degraded=(lost,)), planner=PlainPlanner())
    breaker = CircuitBreaker(5, 1.0, lambda: 0.0, lambda _: None)
    bench = Workbench(searching, Variants(), Settings(), breaker, None)
    found = await bench.compare("shop", WorkbenchAddress(q="x"), {})
    (column,) = columns(found, {}, ENGLISH, WORKBENCH_ENGLISH)
    assert column.degraded == ("without reranker: Triton did not answer within 800 ms",)


class Names:
    """Knows which names the search has asked about, and says that no product has them."""

    def __init__(self):
        self.asked = []

    async def unknown(self, index, *, filters, hits, found, headers):
        self.asked.append((index, [each.field for each in filters], found))
        return (UnknownName(name="colr", near=("colour", "color code")),)


async def test_a_filter_by_a_name_that_no_product_has_is_told_with_those_that_look_like_it():
    names = Names()
    address = WorkbenchAddress(q="dress", filters=("colr!=red", "price<50"))
    found = await workbench((), Variants(), names).compare("shop", address, {})
    assert names.asked == [("shop", ["colr", "price"], False)]
    (told,) = unknown_filters(found, address, ENGLISH)
    assert told.text == "No product here has “colr” among its details."
    assert [(each.text, each.url) for each in told.near] == [
        ("colour", "?q=dress&filter=colour%21%3Dred&filter=price%3C50"),
        ("color code", "?q=dress&filter=color+code%21%3Dred&filter=price%3C50"),
    ]


async def test_where_no_names_are_known_no_filter_is_doubted():
    found = await workbench((), Variants()).compare("shop", WorkbenchAddress(q="x"), {})
    assert found.unknown_names == ()


@pytest.mark.parametrize("broken", [{"rules": "broken"}, {"changes": "search_engine.url=x"}])
async def test_a_change_that_cannot_be_tried_leaves_the_ranking_as_it_is(broken):
    found = await compared(("a", "b"), (), **broken)
    assert found.changed is None
    assert found.failure is not None
    assert [each.hit.product_id for each in found.now.shown] == ["a", "b"]


async def test_a_filter_that_cannot_be_read_fails_the_search_as_it_is():
    with pytest.raises(FilterError):
        await compared(("a",), ("a",), filters=("nonsense",))


async def test_the_page_tells_what_failed_but_not_where_it_stands():
    breaker = CircuitBreaker(5, 1.0, lambda: 0.0, lambda _: None)
    gone = SearchEngineUnavailableError("OpenSearch cannot be reached: host='10.0.0.7'")
    searching = Searching(retriever=FakeRetriever(failure=gone), planner=PlainPlanner())
    page = WorkbenchPage(
        Workbench(searching, None, Settings(), breaker), QueryProxySettings(indices=("shop",))
    )
    request = Request(
        {
            "type": "http",
            "method": "GET",
            "path": "/shop/workbench/",
            "query_string": b"q=dress",
            "headers": [],
        }
    )
    answer = await page.answer(request, {})
    markup = bytes(answer.body).decode()
    assert answer.status_code == 503
    assert "<code>search_engine_unavailable</code> OpenSearch cannot be reached<" in markup
    assert "10.0.0.7" not in markup


def test_an_address_is_read_as_it_is_written():
    address = WorkbenchAddress(
        q="red dress",
        index="shop",
        filters=("brand=Aria", "price<50"),
        changes="retrieval.dense=false",
        rules="dress =>\n  UP: * brand:Aria",
        language="zh",
    )
    assert WorkbenchAddress.read(address.pairs) == address
    assert address.url.startswith("?q=red+dress&index=shop&filter=brand%3DAria&filter=price%3C50")


def test_filters_of_a_form_come_as_lines():
    read = WorkbenchAddress.read([("filter", "brand=Aria\r\n\r\n price<50 ")])
    assert read.filters == ("brand=Aria", "price<50")


@pytest.mark.parametrize("pair", [("q", "x" * 1_001), ("rules", "x" * 16_001)])
def test_texts_beyond_any_meaning_are_refused(pair):
    with pytest.raises(LimitError):
        WorkbenchAddress.read([pair])


def test_every_language_of_the_search_page_has_its_texts():
    from query_proxy.search_page.language import TEXTS

    assert WORKBENCH_TEXTS.keys() == TEXTS.keys()
