"""The workbench in a real browser, as wide as a phone and as a desktop."""

import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests

from tests.e2e.chromium import DESKTOP, PHONE, Browser, browser, follow, visit
from tests.e2e.page_checks import CLIPPED, CONTRASTS, SMALL_TARGETS
from tests.e2e.small_shop import indexed_shop
from tests.e2e.test_serve import serving

TURNED = {"q": "dress number 7", "set": "retrieval.all_terms=false\nretrieval.candidates=60"}
PREFERRED = {"q": "dress", "rules": "dress =>\n  UP(50): * brand:Casprin\n  DECORATE: banner"}
VIEWS = {
    "empty": {},
    "one": {"q": "dress"},
    "two": TURNED,
    "rules-zh": {**PREFERRED, "lang": "zh"},
    "hostile": {"q": "<script>alert(1)</script> mallory", "set": "retrieval.dense=false"},
    "refused": {"q": "dress", "set": "search_engine.url=http://elsewhere"},
    "broken-rules": {"q": "dress", "rules": "dress =>\n  UPP: x"},
    "none": {"q": "dress", "filter": "price<1"},
    "unknown": {"q": "dress", "filter": "brnd=Casprin"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A workbench that is served, and the list that it adds ratings to."""

    url: str
    ratings: Path


@pytest.fixture(scope="module")
def bench(opensearch_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("shop")
    ratings = folder / "ratings.csv"
    settings = {
        "SHOPKEEPER_QUERY_PROXY__WORKBENCH": "true",
        "SHOPKEEPER_QUERY_PROXY__WORKBENCH_JUDGMENTS": str(ratings),
    }
    with (
        indexed_shop(opensearch_url, folder) as index,
        serving("--index", index, url=opensearch_url, **settings) as (address, _),
    ):
        yield Bench(url=f"{address}/shop/workbench/", ratings=ratings)


@pytest.fixture
async def chromium(tmp_path: Path) -> AsyncIterator[Browser]:
    async with browser(tmp_path / "profile") as running:
        yield running


async def texts(chromium: Browser, selector: str) -> list[str]:
    found = await chromium.evaluate(
        f"[...document.querySelectorAll({selector!r})].map(each => each.textContent.trim())"
        ".join('|')"
    )
    return str(found).split("|") if found else []


async def test_a_filter_by_an_unknown_name_is_told_and_one_click_puts_it_right(bench, chromium):
    await visit(chromium, f"{bench.url}?q=dress&filter=brnd%3DCasprin", DESKTOP)
    assert await texts(chromium, ".notice.warning a") == ["brand"]
    await follow(chromium, ".notice.warning a")
    facts = await texts(chromium, ".facts-line")
    assert facts
    assert all(each.startswith("Casprin") for each in facts)
    assert await texts(chromium, ".notice.warning") == []


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
async def test_every_view_fits_is_legible_and_says_nothing_on_the_console(bench, chromium, width):
    for name, query in VIEWS.items():
        await visit(chromium, f"{bench.url}?{urlencode(query)}", width)
        await chromium.evaluate(
            "document.querySelectorAll('details').forEach(each => { each.open = true; })"
        )
        if folder := os.environ.get("SHOPKEEPER_TEST_SCREENSHOTS"):
            await chromium.screenshot(Path(folder) / f"workbench-{name}-{width}.png")
        shown = await chromium.evaluate("document.documentElement.clientWidth")
        assert await chromium.evaluate("document.documentElement.scrollWidth") <= shown, name
        assert await chromium.evaluate(CONTRASTS) == "", name
        assert await chromium.evaluate(SMALL_TARGETS) == "", name
        assert await chromium.evaluate(CLIPPED) == "", name
    assert chromium.complaints == []


async def test_each_rank_has_its_reasons_in_words_bars_and_numbers(bench, chromium):
    await visit(chromium, f"{bench.url}?q=dress+number+7", DESKTOP)
    await chromium.evaluate("document.querySelector('.reasons').open = true")
    words = await chromium.evaluate("document.querySelector('.reasons').innerText")
    assert "It has every word of your search: number 1" in words
    assert "Fused score" in words
    assert await chromium.evaluate("document.querySelector('.reasons .bar').getBBox().width") > 0


async def test_a_change_stands_beside_what_is_with_every_movement(bench, chromium):
    rules = "dress =>\n  UP(100): * brand:Casprin"
    await visit(chromium, f"{bench.url}?{urlencode({'q': 'dress', 'rules': rules})}", DESKTOP)
    assert await texts(chromium, ".side h2") == ["As it is", "With the change"]
    brands = await texts(chromium, ".side:last-child .facts-line")
    assert all(each.startswith("Casprin") for each in brands)
    assert any("up " in each for each in await texts(chromium, ".side:last-child .movement"))
    before = await texts(chromium, ".side:first-child .movement")
    assert any("with the change" in each for each in before)
    lefts = await chromium.evaluate(
        "new Set([...document.querySelectorAll('.side')]"
        ".map(each => each.getBoundingClientRect().left)).size"
    )
    assert lefts == 2


async def test_a_click_rates_and_the_list_and_the_page_have_it(bench, chromium):
    await visit(chromium, f"{bench.url}?q=dress+number+9", DESKTOP)
    await follow(chromium, ".row .grades button[value='3']")
    assert await texts(chromium, ".row:first-child .grades [aria-pressed=true]") == ["3 Exact"]
    await follow(chromium, ".row .grades button[value='1']")
    assert await texts(chromium, ".row:first-child .grades [aria-pressed=true]") == ["1 Fair"]
    lines = bench.ratings.read_text(encoding="utf-8").splitlines()
    assert [each for each in lines if each.startswith("dress number 9,")] == [
        "dress number 9,D-9,1,"
    ]
    assert await chromium.evaluate("location.pathname") == "/shop/workbench/"


async def test_markup_in_a_product_or_a_query_is_shown_not_run(bench, chromium):
    await visit(chromium, f"{bench.url}?q=%3Cb%3Emallory", DESKTOP)
    assert (await texts(chromium, ".row h3"))[0].startswith("<script>document.title")
    assert await chromium.evaluate("document.title") == "“<b>mallory” · Workbench · Shopkeeper"
    assert chromium.complaints == []


def test_a_rating_from_another_sites_page_is_refused(bench):
    answer = requests.post(
        f"{bench.url}rate?q=dress",
        data={"product": "D-1", "grade": "3"},
        headers={"sec-fetch-site": "cross-site"},
        timeout=30,
    )
    assert answer.status_code == 403
    assert not bench.ratings.exists() or "dress,D-1," not in bench.ratings.read_text()


@pytest.mark.parametrize(
    "change", ["search_engine.url=http://elsewhere", "query_understanding.rules=/etc/passwd"]
)
def test_a_change_that_leads_elsewhere_is_not_tried(bench, change):
    answer = requests.get(bench.url, params={"q": "dress", "set": change}, timeout=30)
    assert answer.status_code == 200
    assert "no change that can be tried" in answer.text


def test_without_the_role_there_is_no_workbench(opensearch_url, tmp_path):
    file = tmp_path / "shop.toml"
    file.write_text(
        "[query_proxy]\nworkbench = true\n"
        '[query_proxy.callers.shop]\nkey = "shop-key-0123456789"\n'
        '[query_proxy.callers.judge]\nkey = "judge-key-0123456789"\nroles = ["workbench"]\n',
        encoding="utf-8",
    )
    arguments = ("--index", "x", "--config", str(file))
    with serving(*arguments, url=opensearch_url) as (address, _):

        def status(path: str = "workbench/", **headers: str) -> int:
            url = f"{address}/shop/{path}"
            return requests.get(url, headers=headers, timeout=30).status_code

        assert status() == 401
        assert status(**{"x-api-key": "shop-key-0123456789"}) == 403
        assert status(**{"x-api-key": "judge-key-0123456789"}) == 200
        assert status("metrics", **{"x-api-key": "judge-key-0123456789"}) == 403
