"""Suggestions under the search field, in a real browser."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.e2e.chromium import DESKTOP, Browser, arrived, browser, press, visit
from tests.e2e.page_checks import CLIPPED, CONTRASTS, SMALL_TARGETS
from tests.e2e.small_shop import indexed_shop
from tests.e2e.test_serve import serving

SMALL_PHONE = 360
OPTIONS = "[...document.querySelectorAll('[role=option]')].map(each => each.textContent).join('|')"
FIELD = "document.getElementById('q')"
DOWN, UP = ("ArrowDown", 40), ("ArrowUp", 38)

# Answers each question when it is told to, and remembers what was asked.
ANSWERING = """
window.asked = [];
window.fetch = (address, options) => new Promise((resolve, reject) => {
  const q = new URL(address, document.baseURI).searchParams.get('q');
  options.signal.addEventListener('abort', () => reject(options.signal.reason));
  window.asked.push({q, answer: texts => resolve(new Response(
    JSON.stringify({suggestions: texts.map(text => ({text}))})))});
});
"""
# The same, of a browser that answers although it was told to stop.
DEAF = ANSWERING.replace("options.signal.addEventListener", "new EventTarget().addEventListener")


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


async def typed(chromium: Browser, text: str) -> None:
    await chromium.evaluate(f"{FIELD}.focus()")
    for letter in text:
        await chromium.call("Input.insertText", text=letter)


async def until(chromium: Browser, expression: str) -> None:
    async with asyncio.timeout(20):
        while not await chromium.evaluate(expression):  # noqa: ASYNC110 - the browser tells nothing
            await asyncio.sleep(0.02)


async def asked(chromium: Browser, count: int) -> list[str]:
    await until(chromium, f"window.asked.length >= {count}")
    return str(await chromium.evaluate("window.asked.map(each => each.q).join('|')")).split("|")


async def attribute(chromium: Browser, name: str) -> object:
    return await chromium.evaluate(f"{FIELD}.getAttribute('{name}')")


async def test_a_suggestion_is_chosen_and_searched_with_the_keyboard(page, chromium):
    await visit(chromium, page, DESKTOP)
    assert await attribute(chromium, "role") == "combobox"
    assert await attribute(chromium, "aria-expanded") == "false"
    await typed(chromium, "ari")
    await until(chromium, OPTIONS)
    assert await attribute(chromium, "aria-expanded") == "true"
    texts = str(await chromium.evaluate(OPTIONS)).split("|")
    assert "aria" in texts[0].lower()
    said = await chromium.evaluate("document.querySelector('.search [role=status]').textContent")
    assert said == ("1 suggestion" if len(texts) == 1 else f"{len(texts)} suggestions")
    await press(chromium, *DOWN)
    active = await attribute(chromium, "aria-activedescendant")
    assert await chromium.evaluate(f"document.getElementById('{active}').textContent") == texts[0]
    assert await chromium.evaluate("document.activeElement.id") == "q"
    assert await chromium.evaluate(f"{FIELD}.value") == "ari"
    await chromium.evaluate("window.left = true")
    await press(chromium, "Enter", 13, "\r")
    await arrived(chromium)
    assert await chromium.evaluate(f"{FIELD}.value") == texts[0]
    assert chromium.complaints == []


async def test_a_suggestion_is_searched_by_a_click(page, chromium):
    await visit(chromium, page, DESKTOP)
    await typed(chromium, "brel")
    await until(chromium, OPTIONS)
    box = await chromium.evaluate(
        "(b => `${b.x + 20} ${b.y + 10}`)(document.querySelector('[role=option]')"
        ".getBoundingClientRect())"
    )
    x, y = map(float, str(box).split())
    await chromium.evaluate("window.left = true")
    for kind in ("mousePressed", "mouseReleased"):
        await chromium.call(
            "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1
        )
    await arrived(chromium)
    heading = await chromium.evaluate("document.querySelector('h1').textContent")
    assert "brellin" in str(heading).lower()


async def test_arrows_go_round_and_escape_closes_without_losing_what_was_typed(page, chromium):
    await visit(chromium, page, DESKTOP)
    await chromium.evaluate(ANSWERING)
    await typed(chromium, "dr")
    await asked(chromium, 1)
    await chromium.evaluate("window.asked[0].answer(['dress', 'drill', 'drum'])")
    await until(chromium, OPTIONS)
    reached = []
    for key in (UP, DOWN, DOWN, UP, UP):
        await press(chromium, *key)
        reached.append(await attribute(chromium, "aria-activedescendant"))
    assert [str(each)[-1] for each in reached] == ["2", "0", "1", "0", "2"]
    await press(chromium, "Escape", 27)
    assert await chromium.evaluate(OPTIONS) == ""
    assert await attribute(chromium, "aria-expanded") == "false"
    assert await attribute(chromium, "aria-activedescendant") is None
    assert await chromium.evaluate(f"{FIELD}.value") == "dr"


async def test_quick_letters_ask_once_and_an_answer_to_earlier_ones_is_not_shown(page, chromium):
    await visit(chromium, page, DESKTOP)
    await chromium.evaluate(DEAF)
    # In one go: nothing can be asked between letters that follow at once.
    await chromium.evaluate(
        f"for (const text of ['d', 'dr', 'dre']) {{ {FIELD}.value = text; "
        f"{FIELD}.dispatchEvent(new InputEvent('input')); }}"
    )
    assert await asked(chromium, 1) == ["dre"]
    await typed(chromium, "s")
    assert (await asked(chromium, 2))[1] == "dres"
    await chromium.evaluate("window.asked[1].answer(['dress shoes'])")
    await until(chromium, OPTIONS)
    await chromium.evaluate("window.asked[0].answer(['dredge'])")
    await asyncio.sleep(0.1)
    assert await chromium.evaluate(OPTIONS) == "dress shoes"


async def test_what_an_input_method_composes_is_asked_for_when_it_is_done(page, chromium):
    await visit(chromium, f"{page}?lang=zh", DESKTOP)
    await chromium.evaluate(ANSWERING)
    await chromium.evaluate(f"{FIELD}.focus()")
    for composed in ("l", "lian", "lian yi"):
        await chromium.call(
            "Input.imeSetComposition", text=composed, selectionStart=0, selectionEnd=len(composed)
        )
    await asyncio.sleep(0.4)
    assert await chromium.evaluate("window.asked.length") == 0
    await chromium.call("Input.insertText", text="连衣裙")
    assert await asked(chromium, 1) == ["连衣裙"]
    label = await chromium.evaluate("document.querySelector('[role=listbox]').ariaLabel")
    assert label == "搜索建议"


async def test_markup_in_a_suggestion_is_text(page, chromium):
    await visit(chromium, page, DESKTOP)
    await chromium.evaluate(ANSWERING)
    await typed(chromium, "<i")
    await asked(chromium, 1)
    hostile = "<img src=x onerror=alert(1)>"
    await chromium.evaluate(f"window.asked[0].answer(['{hostile}'])")
    await until(chromium, OPTIONS)
    assert await chromium.evaluate(OPTIONS) == hostile
    assert await chromium.evaluate("document.querySelector('[role=listbox] img')") is None


async def test_leaving_the_field_closes_the_list_and_a_failure_shows_none(page, chromium):
    await visit(chromium, page, DESKTOP)
    await chromium.evaluate(ANSWERING)
    await typed(chromium, "dr")
    await asked(chromium, 1)
    await chromium.evaluate("window.asked[0].answer(['dress'])")
    await until(chromium, OPTIONS)
    await press(chromium, "Tab", 9)
    assert await chromium.evaluate(OPTIONS) == ""
    await chromium.evaluate("window.fetch = () => Promise.reject(new TypeError('no network'))")
    await typed(chromium, "e")
    await asyncio.sleep(0.4)
    assert await attribute(chromium, "aria-expanded") == "false"
    assert chromium.complaints == []


@pytest.mark.parametrize("width", [SMALL_PHONE, DESKTOP])
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_list_fits_and_is_legible(page, chromium, width, language):
    await visit(chromium, f"{page}?q=dress&lang={language}", width)
    await chromium.evaluate(ANSWERING)
    await typed(chromium, "e")
    await asked(chromium, 1)
    texts = ["dresses for summer evenings by the sea with long sleeves", "dress", "连衣裙 女 夏季"]
    texts += [f"dress number {n}" for n in range(5)]
    await chromium.evaluate(f"window.asked[0].answer({texts!r})")
    await until(chromium, OPTIONS)
    await press(chromium, *DOWN)
    if folder := os.environ.get("SHOPKEEPER_TEST_SCREENSHOTS"):
        await chromium.screenshot(Path(folder) / f"suggestions-{language}-{width}.png")
    shown = await chromium.evaluate("document.documentElement.clientWidth")
    assert await chromium.evaluate("document.documentElement.scrollWidth") <= shown
    for check in (CONTRASTS, SMALL_TARGETS, CLIPPED):
        assert await chromium.evaluate(check) == ""
    # Nothing of the page lies over the options.
    assert await chromium.evaluate(
        "[...document.querySelectorAll('[role=option]')].slice(0, 4).every(each => {"
        "const box = each.getBoundingClientRect();"
        "return each.contains(document.elementFromPoint(box.x + 30, box.y + box.height / 2)); })"
    )
