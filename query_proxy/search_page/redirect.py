"""Leads browsers from the proxy's root to the search page."""

from query_proxy.incoming_request import IncomingRequest, Send

_ROOTS = ("/", "/shop")
_ADDRESS = b"shop/"
"""Relative, so that it holds behind a path of another server, too."""


def is_browser_at_root(request: IncomingRequest) -> bool:
    """Say whether a browser opens the proxy itself: clients of OpenSearch do not ask for HTML."""
    if request.method not in ("GET", "HEAD") or request.raw_path not in _ROOTS:
        return False
    return "text/html" in (request.header("accept") or "").lower()


async def send_to_page(send: Send) -> None:
    """Answer with the address of the page."""
    headers = [(b"location", _ADDRESS), (b"vary", b"accept"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 302, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
