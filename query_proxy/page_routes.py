"""The search page: server-rendered, without scripts."""

import asyncio
import gzip
import hashlib
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from query_proxy.error_responses import http_status
from query_proxy.page_address import PageAddress
from query_proxy.page_language import chosen_texts
from query_proxy.page_listing import PageListing
from query_proxy.page_texts import PageTexts
from query_proxy.page_view import language_links, page_view
from query_proxy.shop_models import ShopQuery
from query_proxy.shop_routes import needs
from search_core import ShopkeeperError
from search_core.settings import QueryProxySettings, Role

_logger = logging.getLogger(__name__)

PAGE_PATH = "/shop/"
_SECURITY = {
    # No script at all, and no inline style: what a catalogue or a query smuggles in cannot run.
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' http: https:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_STATIC = {"shop.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
_SERVER_ERROR = 500


class SearchPage:
    """Answers requests for the page."""

    def __init__(self, listing: PageListing, settings: QueryProxySettings) -> None:
        self._listing = listing
        self._settings = settings
        self._templates = Environment(
            loader=PackageLoader("query_proxy"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["look"] = _digest(_static_files())

    async def answer(self, request: Request, headers: dict[str, str]) -> Response:
        """Answer with the page, or with one that says why there is none.

        Args:
            request: of a browser.
            headers: sent to OpenSearch with every step.
        """
        parameters = request.query_params.multi_items()
        accepted = request.headers.get("accept-language")
        texts = chosen_texts(dict(parameters).get("lang"), accepted)
        try:
            address = PageAddress.read(parameters)
            listing = await self._listing.find(address, headers)
        except ShopkeeperError as error:
            return await self._failure(error, texts, request)
        section = self._settings
        view = page_view(address, listing, texts, section.page_title, section.page_image_base)
        filled = {
            "view": view,
            "texts": texts,
            "shop_name": view.shop_name,
            "languages": view.languages,
            "address": address,
        }
        return await self._html("page.html.j2", filled, texts, request, 200)

    async def _failure(
        self, error: ShopkeeperError, texts: PageTexts, request: Request
    ) -> Response:
        status = http_status(error)
        _logger.info("page_failed code=%s: %s", error.code, error.message)
        heading, advice = texts.failures.get(status, texts.failures[0])
        address = PageAddress(query=ShopQuery())
        filled = {
            "texts": texts,
            "shop_name": self._settings.page_title,
            "languages": language_links(address, texts),
            "address": address,
            "heading": heading,
            "advice": advice,
            # What a shopper's own address did is told; what goes on behind the page is not.
            "message": error.message if status < _SERVER_ERROR else "",
        }
        return await self._html("failure.html.j2", filled, texts, request, status)

    async def _html(
        self,
        name: str,
        filled: Mapping[str, Any],
        texts: PageTexts,
        request: Request,
        status: int,
    ) -> Response:
        zipped = "gzip" in request.headers.get("accept-encoding", "")
        body = await asyncio.to_thread(self._rendered, name, filled, zipped=zipped)
        headers = {
            **_SECURITY,
            "content-language": texts.tag,
            "vary": "accept-language, accept-encoding",
            "cache-control": "private, no-cache",
        }
        if zipped:
            headers["content-encoding"] = "gzip"
        if status in (429, 503):
            headers["retry-after"] = "5"
        return Response(body, status, headers, media_type="text/html; charset=utf-8")

    def _rendered(self, name: str, filled: Mapping[str, Any], *, zipped: bool) -> bytes:
        body = self._templates.get_template(name).render(filled).encode()
        return gzip.compress(body, 5, mtime=0) if zipped else body


def page_router(page: SearchPage, passed_on: Callable[[Request], dict[str, str]]) -> APIRouter:
    """Return the routes of the page and of what it looks like.

    Args:
        page: answers.
        passed_on: gives the headers of a request that go on to OpenSearch.
    """
    router = APIRouter(dependencies=[needs(Role.SEARCH)], include_in_schema=False)
    files = _static_files()

    @router.api_route(PAGE_PATH, methods=["GET", "HEAD"])
    async def shop(request: Request) -> Response:
        return await page.answer(request, passed_on(request))

    @router.get("/shop/static/{name}")
    async def static(name: str) -> Response:
        if name not in files:
            return Response("There is no such file.", 404, _SECURITY, media_type="text/plain")
        headers = {**_SECURITY, "cache-control": "public, max-age=604800, immutable"}
        return Response(files[name], 200, headers, media_type=_STATIC[name])

    return router


def _static_files() -> dict[str, bytes]:
    folder = Path(__file__).with_name("static")
    return {name: (folder / name).read_bytes() for name in _STATIC}


def _digest(files: Mapping[str, bytes]) -> str:
    """Return what stands in the addresses of the files, so that changed ones are fetched anew."""
    return hashlib.blake2b(b"".join(files.values()), digest_size=6).hexdigest()
