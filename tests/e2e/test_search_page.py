"""The search page in a real browser, as wide as a phone and as a desktop."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.e2e.chromium import DESKTOP, PHONE, Browser, arrived, browser, follow, press, visit
from tests.e2e.page_checks import CLIPPED, CONTRASTS, SMALL_TARGETS
from tests.e2e.small_shop import indexed_shop
from tests.e2e.test_serve import serving

VIEWS = {
    "result": "?q=dress",
    "filtered": "?q=dress&filter=brand%3DAria%7CBrellin&filter=price%3C200&sort=cheapest",
    "everything-zh": "?lang=zh",
    "nothing": "?q=dress&filter=price%3C1&lang=en",
    "unknown-name": "?q=dress&filter=colr%3Dred&lang=en",
    "hostile": "?q=%3Cscript%3Ealert(1)%3C/script%3E+mallory",
    "wrong": "?sort=sideways",
}


@pytest.fixture(scope="module")
def page(opensearch_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page of a small shop."""
    with (
        indexed_shop(opensearch_url, tmp_path_factory.mktemp("shop")) as index,
        serving("--index", index, url=opensearch_url) as (address, _),
    ):
        yield f"{address}/shop/"


@pytest.fixture
async def chromium(tmp_path: Path) -> AsyncIterator[Browser]:
    async with browser(tmp_path / "profile") as running:
        yield running


async def titles(chromium: Browser) -> list[str]:
    found = await chromium.evaluate(
        "[...document.querySelectorAll('.title')].map(each => each.textContent).join('|')"
    )
    return str(found).split("|") if found else []


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
async def test_every_view_fits_is_legible_and_says_nothing_on_the_console(page, chromium, width):
    for name, query in VIEWS.items():
        await visit(chromium, page + query, width)
        if folder := os.environ.get("SHOPKEEPER_TEST_SCREENSHOTS"):
            await chromium.screenshot(Path(folder) / f"page-{name}-{width}.png")
        shown = await chromium.evaluate("document.documentElement.clientWidth")
        assert await chromium.evaluate("document.documentElement.scrollWidth") <= shown, name
        assert await chromium.evaluate(CONTRASTS) == "", name
        assert await chromium.evaluate(SMALL_TARGETS) == "", name
        assert await chromium.evaluate(CLIPPED) == "", name
    assert [each for each in chromium.complaints if "400" not in each] == []


async def test_a_search_is_typed_and_sent_with_the_keyboard_alone(page, chromium):
    await visit(chromium, page, DESKTOP)
    await press(chromium, "Tab", 9)
    assert await chromium.evaluate("document.activeElement.className") == "skip"
    await press(chromium, "Tab", 9)
    await press(chromium, "Tab", 9)
    assert await chromium.evaluate("document.activeElement.id") == "q"
    await chromium.call("Input.insertText", text="dress number 7")
    await chromium.evaluate("window.left = true")
    await press(chromium, "Enter", 13, "\r")
    await arrived(chromium)
    assert await chromium.evaluate("document.querySelector('h1').textContent") == "“dress number 7”"
    assert (await titles(chromium))[0] == "Summer dress number 7"


async def test_a_misspelt_name_of_a_filter_leads_to_the_right_one(page, chromium):
    await visit(chromium, f"{page}?q=dress&lang=en&filter=colr%3Dred", DESKTOP)
    assert await titles(chromium) != []  # popular ones
    told = await chromium.evaluate("document.querySelector('.notice.warning').textContent")
    assert told == "No product here has “colr” among its details. Perhaps you mean Colour"
    await follow(chromium, ".notice.warning a")
    assert "Colour: red" in await chromium.evaluate("document.querySelector('.chip').innerText")
    assert await chromium.evaluate("document.querySelector('.notice.warning')") is None
    assert "10 products" in await chromium.evaluate("document.querySelector('.count').textContent")


async def test_a_filter_narrows_and_its_chip_takes_it_back(page, chromium):
    await visit(chromium, f"{page}?q=dress", DESKTOP)
    before = await chromium.evaluate("document.querySelector('.count').textContent")
    await follow(chromium, "[aria-labelledby=facet-brand] .option")
    brands = await chromium.evaluate(
        "new Set([...document.querySelectorAll('.brand')].map(each => each.textContent)).size"
    )
    assert brands == 1
    assert await chromium.evaluate("document.querySelectorAll('.chip').length") == 1
    others = "[aria-labelledby=facet-brand] .option:not([aria-current])"
    assert await chromium.evaluate(f"document.querySelectorAll('{others}').length") == 2
    await follow(chromium, ".chip")
    assert await chromium.evaluate("document.querySelector('.count').textContent") == before


async def test_on_a_phone_the_filters_open_over_the_page_and_escape_closes_them(page, chromium):
    await visit(chromium, f"{page}?q=dress", PHONE)
    is_open = "document.getElementById('filters').checkVisibility()"
    assert await chromium.evaluate(is_open) is False
    await chromium.evaluate("document.querySelector('.open-filters').focus()")
    await press(chromium, "Enter", 13, "\r")
    assert await chromium.evaluate(is_open) is True
    assert await chromium.evaluate(CONTRASTS) == ""
    assert await chromium.evaluate(SMALL_TARGETS) == ""
    await press(chromium, "Escape", 27)
    assert await chromium.evaluate(is_open) is False
    focused = await chromium.evaluate("document.activeElement.className")
    assert focused == "open-filters"


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
async def test_why_a_product_is_here_opens_with_bars(page, chromium, width):
    await visit(chromium, f"{page}?q=dress", width)
    await chromium.evaluate("document.querySelector('.ask').click()")
    assert await chromium.evaluate("document.querySelector('.why').checkVisibility()") is True
    assert "every word" in await chromium.evaluate("document.querySelector('.why').innerText")
    assert await chromium.evaluate("document.querySelector('.why .bar').getBBox().width") > 0
    assert await chromium.evaluate(CONTRASTS) == ""


async def test_pages_follow_each_other_without_repeating_a_product(page, chromium):
    await visit(chromium, f"{page}?q=dress", DESKTOP)
    first = await titles(chromium)
    await follow(chromium, "a[rel=next]")
    second = await titles(chromium)
    assert len(first) == len(second) == 24
    assert not set(first) & set(second)


async def test_the_language_switch_changes_the_page_not_the_search(page, chromium):
    await visit(chromium, f"{page}?q=dress", DESKTOP)
    found = await titles(chromium)
    await follow(chromium, ".languages a[lang=zh-Hans]")
    assert await chromium.evaluate("document.documentElement.lang") == "zh-Hans"
    assert await chromium.evaluate("document.querySelector('.sheet-head h2').textContent") == "筛选"
    assert await titles(chromium) == found


async def test_a_picture_that_cannot_be_loaded_leaves_what_is_drawn(page, chromium):
    await visit(chromium, page + "?q=dress", DESKTOP)
    await chromium.evaluate(
        "document.querySelector('.picture').append("
        "Object.assign(new Image(), { src: 'static/none.png', id: 'broken' }))"
    )
    async with asyncio.timeout(10):
        while not await chromium.evaluate("document.querySelector('#broken').hidden"):  # noqa: ASYNC110 - the browser tells nothing
            await asyncio.sleep(0.02)
    shown = "document.querySelector('.picture .drawing').getBoundingClientRect().width > 0"
    assert await chromium.evaluate(shown)


async def test_markup_in_a_product_is_shown_not_run(page, chromium):
    await visit(chromium, f"{page}?q=mallory", DESKTOP)
    assert (await titles(chromium))[0].startswith("<script>document.title")
    assert await chromium.evaluate("document.title") == "“mallory” · Shopkeeper"
    assert await chromium.evaluate("document.images.length") == 0
    assert chromium.complaints == []


async def test_a_browser_that_opens_the_proxy_is_led_to_the_page(page, chromium):
    await visit(chromium, page.removesuffix("shop/"), DESKTOP)
    assert await chromium.evaluate("location.pathname") == "/shop/"
