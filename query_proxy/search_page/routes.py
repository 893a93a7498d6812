"""The search page: server-rendered, with one script that suggests while a shopper types."""

import logging

from fastapi import APIRouter, Request, Response

from query_proxy.error_responses import http_status, log_refusal
from query_proxy.json_api.shop_models import ShopQuery
from query_proxy.json_api.shop_routes import needs
from query_proxy.page_rendering import PageRendering, add_static_files
from query_proxy.route_services import handed_on, service
from query_proxy.search_page.address import PageAddress
from query_proxy.search_page.language import chosen_texts
from query_proxy.search_page.listing import PageListing
from query_proxy.search_page.texts import PageTexts
from query_proxy.search_page.view import language_links, page_view
from search_core import ShopkeeperError
from search_core.settings import QueryProxySettings, Role

_logger = logging.getLogger(__name__)

PAGE_PATH = "/shop/"
_SERVER_ERROR = 500


class SearchPage:
    """Answers requests for the page."""

    def __init__(self, listing: PageListing, settings: QueryProxySettings) -> None:
        self._listing = listing
        self._settings = settings
        self._rendering = PageRendering()

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
        return await self._rendering.answer(
            "page.html.j2", filled, texts, request, 200, scripts=True
        )

    async def _failure(
        self, error: ShopkeeperError, texts: PageTexts, request: Request
    ) -> Response:
        status = http_status(error)
        log_refusal(_logger, "page_failed", error)
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
        return await self._rendering.answer("failure.html.j2", filled, texts, request, status)


PAGE_ROUTER = APIRouter(dependencies=[needs(Role.SEARCH)], include_in_schema=False)
"""The page and what it looks like; a `SearchPage` answers."""

add_static_files(PAGE_ROUTER, f"{PAGE_PATH}static/")


@PAGE_ROUTER.api_route(PAGE_PATH, methods=["GET", "HEAD"])
async def shop(request: Request) -> Response:
    """Return the page."""
    return await service(request, SearchPage).answer(request, handed_on(request))
