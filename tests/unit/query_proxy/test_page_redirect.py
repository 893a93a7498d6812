"""Browsers are led to the page; clients of OpenSearch are not."""

import pytest

from query_proxy.incoming_request import IncomingRequest
from query_proxy.search_page.redirect import is_browser_at_root, send_to_page

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def request(path: str, accept: str | None, method: str = "GET") -> IncomingRequest:
    headers = [] if accept is None else [(b"accept", accept.encode())]
    scope = {
        "method": method,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
    }
    return IncomingRequest(scope, None)


@pytest.mark.parametrize("path", ["/", "/shop"])
def test_a_browser_at_the_root_is_led_on(path):
    assert is_browser_at_root(request(path, BROWSER))


@pytest.mark.parametrize(
    ("path", "accept", "method"),
    [
        ("/", None, "GET"),
        ("/", "*/*", "GET"),
        ("/", "application/json", "GET"),
        ("/", BROWSER, "POST"),
        ("/products", BROWSER, "GET"),
        ("/shop/_search", BROWSER, "GET"),
    ],
)
def test_clients_of_opensearch_are_not(path, accept, method):
    assert not is_browser_at_root(request(path, accept, method))


async def test_the_address_is_relative_so_that_it_holds_behind_another_server():
    sent = []

    async def send(message):
        sent.append(message)

    await send_to_page(send)
    assert sent[0]["status"] == 302
    assert (b"location", b"shop/") in sent[0]["headers"]
