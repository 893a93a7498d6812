"""The page as it is sent: markup, headers, languages, errors."""

import gzip
from html.parser import HTMLParser
from importlib.resources import files

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from query_proxy.circuit_breaker import CircuitBreaker
from query_proxy.guards.access import Caller
from query_proxy.json_api.shop_routes import shop_application
from query_proxy.json_api.shop_search import ShopSearch
from query_proxy.planner import PlainPlanner
from query_proxy.route_services import HandedOnHeaders
from query_proxy.search_page.listing import PageListing
from query_proxy.search_page.routes import PAGE_ROUTER, SearchPage
from retrieval import UnknownName
from search_core import (
    Boost,
    QueryPlan,
    RangeFilter,
    SearchEngineOverloadedError,
    SearchEngineTimeoutError,
    SearchEngineUnavailableError,
    TermFilter,
    TextFilter,
)
from search_core.settings import QueryProxySettings, Role
from tests.unit.query_proxy.page_retriever import FakeRetriever, hit

SCRIPTS = ["static/suggest.js", "static/pictures.js"]
HOSTILE = """"><script>alert(1)</script><img src=x onerror=alert(1)>'{{7*7}}"""


class Markup(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


async def get(
    retriever: FakeRetriever,
    path: str = "/shop/",
    *,
    method="GET",
    roles=(Role.SEARCH,),
    section=None,
    **headers,
) -> httpx.Response:
    breaker = CircuitBreaker(5, 1.0, lambda: 0.0, lambda is_open: None)
    service = ShopSearch(retriever, PlainPlanner(), breaker, ("shop",))
    page = SearchPage(
        PageListing(service, service, counts_from=50), section or QueryProxySettings()
    )
    application = shop_application([PAGE_ROUTER], [page, HandedOnHeaders()], "1")

    async def with_caller(scope, receive, send):
        scope["shopkeeper.caller"] = Caller(name="someone", roles=frozenset(roles))
        await application(scope, receive, send)

    transport = httpx.ASGITransport(app=with_caller)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        return await client.request(
            method, path, headers={"accept-encoding": "identity", **headers}
        )


async def test_a_result_shows_each_product_with_its_price_and_why_it_is_there():
    retriever = FakeRetriever((hit(1, brand="Aria", available=True, rating=4.5), hit(2)))
    answer = await get(retriever, "/shop/?q=red+dress")
    assert answer.status_code == 200
    markup = Markup(answer.text)
    assert len(markup.of("article")) == 2
    words = " ".join(markup.words)
    for each in ("Product 1", "Aria", "$10.00", "In stock", "4.5", "every word", "60%"):
        assert each in words, each
    assert "It is close to your search in meaning: number 1 of the closest." in words
    assert "Rank 1 in numbers." in words


async def test_the_page_says_its_security_headers_and_runs_only_files_of_its_own():
    answer = await get(FakeRetriever((hit(1),)))
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "; script-src 'self'; connect-src 'self'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    markup = Markup(answer.text)
    assert [each["src"].partition("?v=")[0] for each in markup.of("script")] == SCRIPTS
    assert not markup.of("style")
    assert not [
        name for _, each in markup.tags for name in each if name == "style" or name.startswith("on")
    ]


async def test_markup_in_queries_filters_and_products_is_text():
    product = hit(1, title=HOSTILE, brand=HOSTILE, url="javascript:alert(1)", image_url=HOSTILE)
    retriever = FakeRetriever((product,), {"brand": {HOSTILE: 1, "x": 1}})
    answer = await get(
        retriever,
        str(httpx.URL("/shop/", params={"q": HOSTILE, "filter": f"colour={HOSTILE}"})),
    )
    markup = Markup(answer.text)
    assert [each.get("src", "").partition("?")[0] for each in markup.of("script")] == SCRIPTS
    assert not markup.of("img")
    assert not [each for each in markup.of("a") if "javascript:" in (each["href"] or "")]
    assert markup.of("input")[0]["value"] == HOSTILE
    assert "49" not in "".join(markup.words)


async def test_a_filter_by_an_unknown_name_is_told_with_what_it_could_be():
    unknown = UnknownName(name="colr", near=("colour",))
    retriever = FakeRetriever(unknown_names=(unknown,))
    answer = await get(retriever, "/shop/?q=dress&filter=colr%3Dred&filter=price%3C9")
    markup = Markup(answer.text)
    assert "No product here has “colr” among its details." in " ".join(markup.words)
    hrefs = [each["href"] for each in markup.of("a")]
    assert "?q=dress&filter=colour%3Dred&filter=price%3C9" in hrefs


async def test_an_unknown_name_in_the_shops_own_rules_is_not_told_to_shoppers():
    retriever = FakeRetriever(unknown_names=(UnknownName(name="brnd", near=("brand",)),))
    answer = await get(retriever, "/shop/?q=dress&filter=price%3C9")
    assert "brnd" not in answer.text


TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)


@given(text=TEXTS, value=TEXTS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_no_text_breaks_out_of_the_page(text, value):
    retriever = FakeRetriever((hit(1, title=text or "x", brand=value),), {"brand": {value: 2}})
    answer = await get(retriever, str(httpx.URL("/shop/", params={"q": text, "lang": value})))
    assert answer.status_code == 200
    allowed = {"html", "head", "meta", "title", "link", "body", "a", "header", "div", "form"}
    allowed |= {"label", "input", "button", "nav", "aside", "h1", "h2", "h3", "h4", "section"}
    allowed |= {"ul", "ol", "li", "span", "main", "p", "details", "summary", "strong", "article"}
    allowed |= {"svg", "path", "circle", "rect", "text", "footer", "script"}
    assert answer.text.count("<script") == len(SCRIPTS)
    assert {tag for tag, _ in Markup(answer.text).tags} <= allowed


@pytest.mark.parametrize(
    ("path", "accepted", "tag", "heading"),
    [
        ("/shop/", "zh-CN,zh;q=0.9", "zh-Hans", "全部商品"),
        ("/shop/", "de", "en", "All products"),
        ("/shop/?lang=zh", "en", "zh-Hans", "全部商品"),
    ],
)
async def test_the_page_speaks_the_shopper_s_language(path, accepted, tag, heading):
    answer = await get(FakeRetriever((hit(1),)), path, **{"accept-language": accepted})
    markup = Markup(answer.text)
    assert markup.of("html")[0]["lang"] == tag == answer.headers["content-language"]
    assert heading in markup.words
    assert "accept-language" in answer.headers["vary"]


async def test_a_product_in_another_language_says_so_to_screen_readers():
    answer = await get(FakeRetriever((hit(1, language="zh"), hit(2, language="en"))))
    titles = [each for each in Markup(answer.text).of("h2") if each.get("class") == "title"]
    assert [each.get("lang") for each in titles] == ["zh", None]


async def test_every_field_has_a_label_and_every_picture_an_alternative():
    retriever = FakeRetriever(
        (hit(1, image_url="https://cdn.example/p.jpg"),),
        {"currency": {"USD": 2}, "price": {"10 to 20": 1, "20 to 50": 1}},
    )
    markup = Markup((await get(retriever)).text)
    shown = [each for each in markup.of("input") if each.get("type") != "hidden"]
    labelled = {each.get("for") for each in markup.of("label")}
    assert sorted(each["name"] for each in shown) == ["max", "min", "q"]
    assert "q" in labelled
    assert [each["alt"] for each in markup.of("img")] == [""]
    ids = [each["id"] for _, each in markup.tags if "id" in each]
    assert len(ids) == len(set(ids))


async def test_paging_links_the_pages_around_and_the_ends():
    retriever = FakeRetriever(tuple(hit(n) for n in range(1, 25)), total=500)
    markup = Markup((await get(retriever, "/shop/?q=mug&page=5")).text)
    pages = [each["href"] for each in markup.of("a") if each.get("aria-label")]
    assert pages == [
        "?q=mug",
        "?q=mug&page=4",
        "?q=mug&page=5",
        "?q=mug&page=6",
        "?q=mug&page=21",
    ]
    (current,) = [each for each in markup.of("a") if each.get("aria-current") == "page"]
    assert current["aria-label"] == "Page 5"


async def test_what_was_understood_is_told_and_can_be_refused():
    plan = QueryPlan(
        original_text="mug under 20",
        text="mug",
        filters=(RangeFilter(field="price", less_than=20.0),),
        boosts=(
            Boost(
                filter=TermFilter(field="category", values=("Dresses",)), weight=0.3, reason="kind"
            ),
            Boost(filter=TermFilter(field="id", values=("D-1",)), weight=9.0, reason="passes"),
            Boost(filter=TermFilter(field="colour", values=("red",)), weight=0.5, reason="red"),
            Boost(filter=TextFilter(phrases=("lace",)), weight=-0.5, reason="no lace"),
        ),
        suggestion="mugs",
    )

    class Understood(FakeRetriever):
        async def search(self, index, request):
            response = await super().search(index, request)
            object.__setattr__(response, "plan", plan)
            return response

    retriever = Understood((hit(1),), {"currency": {"USD": 1}})
    markup = Markup((await get(retriever, "/shop/?q=mug+under+20")).text)
    words = " ".join(markup.words)
    assert "Price: Under $20" in words
    assert "We searched for “mug”." in words
    assert "These come first: Colour: red" in " ".join(words.split())
    assert "D-1" not in words  # which products they are is no wish
    assert "Dresses" not in words
    assert "These come last: “lace” in the text" in " ".join(words.split())
    links = [each["href"] for each in markup.of("a")]
    assert "?q=mug+under+20&exact=1" in links
    assert "?q=mugs" in links


async def test_nothing_found_says_what_to_do_and_leads_out_of_the_filters():
    answer = await get(FakeRetriever(), "/shop/?q=zzz&filter=brand%3DHP")
    markup = Markup(answer.text)
    words = " ".join(markup.words)
    assert answer.status_code == 200
    assert "Nothing found for “zzz”" in words
    assert "?q=zzz" in [each["href"] for each in markup.of("a")]


async def test_reduced_strength_is_told_without_its_cause():
    retriever = FakeRetriever((hit(1),), degraded=("without dense: http://10.0.0.1 broke",))
    answer = await get(retriever, "/shop/?q=mug")
    assert "reduced strength" in answer.text
    assert "Search by meaning is resting." in answer.text
    assert "10.0.0.1" not in answer.text


@pytest.mark.parametrize(
    ("failure", "status", "heading"),
    [
        (SearchEngineUnavailableError("http://10.0.0.1 is gone"), 503, "Search is not available"),
        (SearchEngineTimeoutError("10.0.0.1 is slow"), 504, "The search took too long"),
        (SearchEngineOverloadedError("full"), 429, "Many people are searching"),
    ],
)
async def test_a_failure_is_a_page_that_keeps_the_cause_to_the_operator(failure, status, heading):
    answer = await get(FakeRetriever(failure=failure))
    assert answer.status_code == status
    assert heading in answer.text
    assert "10.0.0.1" not in answer.text
    assert "content-security-policy" in answer.headers
    assert ("retry-after" in answer.headers) == (status in (429, 503))


@pytest.mark.parametrize("query", ["page=x", "filter=nonsense", "sort=sideways"])
async def test_an_address_that_cannot_be_is_a_page_that_says_what_is_wrong(query):
    answer = await get(FakeRetriever((hit(1),)), f"/shop/?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[2][:4] in answer.text or "page" in answer.text


async def test_an_unknown_index_is_not_found():
    assert (await get(FakeRetriever(), "/shop/?index=secret")).status_code == 404


async def test_a_head_request_is_answered_as_the_page_would_be():
    answer = await get(FakeRetriever((hit(1),)), method="HEAD")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_the_page_needs_the_role_search():
    assert (await get(FakeRetriever(), roles=(Role.EVENTS,))).status_code == 403


async def test_the_page_is_zipped_for_those_who_take_it():
    answer = await get(FakeRetriever((hit(1),)), **{"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "Product 1" in answer.text


async def test_the_shop_s_name_and_pictures_are_the_shop_s():
    section = QueryProxySettings(page_title="Corner & Co", page_image_base="https://cdn.example/a/")
    answer = await get(FakeRetriever((hit(1, image_url="b.jpg"),)), section=section)
    assert "Corner &amp; Co" in answer.text
    assert Markup(answer.text).of("img")[0]["src"] == "https://cdn.example/a/b.jpg"


@pytest.mark.parametrize(
    ("name", "kind"), [("shop.css", "text/css; charset=utf-8"), ("icon.svg", "image/svg+xml")]
)
async def test_the_files_of_the_page_may_be_kept(name, kind):
    answer = await get(FakeRetriever(), f"/shop/static/{name}")
    assert answer.headers["content-type"] == kind
    assert "max-age" in answer.headers["cache-control"]


@pytest.mark.parametrize("name", ["other.css", "..%2F__init__.py", "%2e%2e"])
async def test_other_files_are_not_given(name):
    assert (await get(FakeRetriever(), f"/shop/static/{name}")).status_code == 404


def test_the_style_sheet_is_small_and_fetches_nothing():
    style = files("query_proxy").joinpath("static/shop.css").read_bytes()
    assert len(gzip.compress(style)) < 6_000
    assert b"url(" not in style
    assert b"@import" not in style
