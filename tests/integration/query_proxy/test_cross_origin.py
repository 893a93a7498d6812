"""Pages of other addresses that call the JSON API."""

import pytest
import requests

from search_core.settings import CallerSettings

SHOP = "https://shop.example"
KEY = "a-key-for-a-shop-page"


@pytest.fixture
def guarded(start_proxy, index):
    with start_proxy(
        indices=(index,),
        allowed_origins=(SHOP,),
        callers={"page": CallerSettings(key=KEY, roles=("search",), requests_per_second=0.5)},
    ) as url:
        yield url


def preflight(url, origin, path="/shop/search"):
    headers = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,x-api-key",
    }
    return requests.options(url + path, headers=headers, timeout=30)


def test_a_browser_is_told_beforehand_that_a_page_may_search(guarded):
    answer = preflight(guarded, SHOP)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == SHOP
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "x-api-key" in answer.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in answer.headers


def test_pages_of_other_origins_are_not_let_in(guarded):
    answer = preflight(guarded, "https://elsewhere.example")
    assert answer.status_code == 400
    assert "access-control-allow-origin" not in answer.headers


def test_answers_and_refusals_can_be_read_by_the_page(guarded):
    def asked(key):
        headers = {"origin": SHOP, "x-api-key": key}
        return requests.get(f"{guarded}/shop/search?q=case", headers=headers, timeout=30)

    answers = [asked(KEY), asked(KEY), asked("another-key-than-that")]
    assert [each.status_code for each in answers] == [200, 429, 401]
    assert {each.headers["access-control-allow-origin"] for each in answers} == {SHOP}
    assert answers[1].headers["retry-after"] == "1"


def test_opensearchs_own_paths_are_not_opened_by_it(guarded, index):
    answer = preflight(guarded, SHOP, f"/{index}/_search")
    assert answer.status_code in (401, 403)
    assert "access-control-allow-origin" not in answer.headers


def test_without_the_setting_no_page_of_another_address_may_read(proxy):
    headers = {"origin": SHOP}
    answer = requests.get(f"{proxy}/shop/search?q=case", headers=headers, timeout=30)
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers
