"""The search page in a real browser, as wide as a phone and as a desktop."""

import asyncio
import json
import os
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import requests

from tests.e2e.test_report_page import DESKTOP, PHONE, Browser, browser
from tests.e2e.test_serve import serving

COLOURS = ("red", "blue", "green", "black", "white", "grey")
PRODUCTS = [
    {
        "sku": f"D-{n}",
        "name": f"Summer dress number {n} " + ("with " + "averylongword" * 6 if n == 1 else ""),
        "brand": ("Aria", "Brellin", "Casprin")[n % 3],
        "price": 10.0 + 7 * n,
        "currency": "USD",
        "rating": 3 + n % 3 / 2,
        "in_stock": n % 4 > 0,
        "category": ["Clothing", "Dresses" if n % 2 else "Gowns"],
        "url": f"https://shop.example/p/{n}",
        "attributes": {"colour": COLOURS[n % 6]},
    }
    for n in range(60)
]
HOSTILE = {
    "id": "H-1",
    "title": "<script>document.title = 'taken over'</script><img src=x onerror=alert(1)>",
    "brand": "Mallory",
    "url": "javascript:alert(1)",
    "image_url": "javascript:alert(1)",
    "variant_group": "H-1",
}
"""Written past the indexer, which would leave the markup out."""
VIEWS = {
    "result": "?q=dress",
    "filtered": "?q=dress&filter=brand%3DAria%7CBrellin&filter=price%3C200&sort=cheapest",
    "everything-zh": "?lang=zh",
    "nothing": "?q=dress&filter=price%3C1&lang=en",
    "hostile": "?q=%3Cscript%3Ealert(1)%3C/script%3E+mallory",
    "wrong": "?sort=sideways",
}
CONTRASTS = """
(() => {
  const channel = v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = c => .2126 * channel(c[0]) + .7152 * channel(c[1]) + .0722 * channel(c[2]);
  const parse = text => text.match(/[\\d.]+/g).map(Number);
  const over = (c, under) => c.length < 4 ? c
    : [0, 1, 2].map(i => c[i] * c[3] + under[i] * (1 - c[3]));
  const ground = e => e === null ? [255, 255, 255]
    : over(parse(getComputedStyle(e).backgroundColor), ground(e.parentElement));
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();) {
    const e = node.parentElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
    if (!node.data.trim() || e.closest('svg, .unseen') || box.width < 2 || !e.checkVisibility())
      continue;
    const [a, b] = [light(parse(style.color)), light(ground(e))].sort((x, y) => y - x);
    const large = parseFloat(style.fontSize) >= 24;
    if ((a + .05) / (b + .05) < (large ? 3 : 4.5)) poor.push(node.data.trim());
  }
  return poor.join('|');
})()
"""
SMALL_TARGETS = """
[...document.querySelectorAll('a, button, summary, input:not([type=hidden])')]
  .filter(each => each.checkVisibility() && !each.closest('.skip, h2, .notice'))
  .map(each => [each.textContent.trim() || each.name, each.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24)
  .map(([name]) => name).join('|')
"""
CLIPPED = """
[...document.querySelectorAll('h1, h2, h3, p, li, a, button, summary, label')]
  .filter(each => each.checkVisibility() && !each.closest('.unseen, .skip'))
  .filter(each => getComputedStyle(each).display !== 'inline')
  .filter(each => each.scrollWidth > each.clientWidth + 1)
  .map(each => each.textContent.trim().slice(0, 40)).join('|')
"""


@pytest.fixture(scope="module")
def page(opensearch_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page of a small shop."""
    catalogue = tmp_path_factory.mktemp("shop") / "catalogue.jsonl"
    catalogue.write_text("\n".join(map(json.dumps, PRODUCTS)), encoding="utf-8")
    index = f"test-{secrets.token_hex(6)}"
    command = Path(sys.executable).with_name("shopkeeper")
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    subprocess.run(
        [str(command), "reindex", str(catalogue), "--index", index],
        env={**kept, "SHOPKEEPER_SEARCH_ENGINE__URL": opensearch_url},
        cwd=catalogue.parent,
        check=True,
        timeout=240,
    )
    try:
        requests.put(
            f"{opensearch_url}/{index}/_doc/H-1?refresh=true", json=HOSTILE, timeout=30
        ).raise_for_status()
        with serving("--index", index, url=opensearch_url) as (address, _):
            yield f"{address}/shop/"
    finally:
        names = requests.get(
            f"{opensearch_url}/{index}*", params={"expand_wildcards": "all"}, timeout=30
        ).json()
        for name in names:
            requests.delete(f"{opensearch_url}/{name}", timeout=30).raise_for_status()


@pytest.fixture
async def chromium(tmp_path: Path) -> AsyncIterator[Browser]:
    async with browser(tmp_path / "profile") as running:
        yield running


async def visit(chromium: Browser, address: str, width: int) -> None:
    for domain in ("Page", "Runtime", "Log"):
        await chromium.call(f"{domain}.enable")
    await chromium.call(
        "Emulation.setDeviceMetricsOverride",
        width=width, height=844, deviceScaleFactor=1, mobile=width < 600,
    )  # fmt: skip
    await chromium.evaluate("window.left = true")
    await chromium.call("Page.navigate", url=address)
    await arrived(chromium)


async def arrived(chromium: Browser) -> None:
    """Wait until another document than the one that was left is complete."""
    under_way = "window.left === true || document.readyState !== 'complete'"
    while await chromium.evaluate(under_way):  # noqa: ASYNC110 - the browser tells nothing
        await asyncio.sleep(0.02)


async def follow(chromium: Browser, selector: str) -> None:
    await chromium.evaluate(f"window.left = true, document.querySelector({selector!r}).click()")
    await arrived(chromium)


async def press(chromium: Browser, key: str, code: int, text: str = "") -> None:
    for kind in ("keyDown", "keyUp"):
        await chromium.call(
            "Input.dispatchKeyEvent",
            type=kind, key=key, code=key, windowsVirtualKeyCode=code,
            **({"text": text} if text and kind == "keyDown" else {}),
        )  # fmt: skip


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


async def test_markup_in_a_product_is_shown_not_run(page, chromium):
    await visit(chromium, f"{page}?q=mallory", DESKTOP)
    assert (await titles(chromium))[0].startswith("<script>document.title")
    assert await chromium.evaluate("document.title") == "“mallory” · Shopkeeper"
    assert await chromium.evaluate("document.images.length") == 0
    assert chromium.complaints == []


async def test_a_browser_that_opens_the_proxy_is_led_to_the_page(page, chromium):
    await visit(chromium, page.removesuffix("shop/"), DESKTOP)
    assert await chromium.evaluate("location.pathname") == "/shop/"
