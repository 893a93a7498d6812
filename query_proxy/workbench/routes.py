"""The workbench: server-rendered, without scripts, for those who look after search."""

import asyncio
import logging
from collections.abc import Sequence
from urllib.parse import parse_qsl, quote, urlsplit

from fastapi import APIRouter, Request, Response

from query_proxy.error_responses import http_status, log_refusal, told_error
from query_proxy.json_api.shop_routes import needs
from query_proxy.page_rendering import PageRendering, add_static_files
from query_proxy.route_services import handed_on, service
from query_proxy.search_page.language import TEXTS, chosen_texts
from query_proxy.search_page.view import Link
from query_proxy.workbench.address import WorkbenchAddress
from query_proxy.workbench.comparison import Comparison, Workbench
from query_proxy.workbench.rating_list import GRADES, RatingList
from query_proxy.workbench.texts import WORKBENCH_TEXTS
from query_proxy.workbench.view import columns, unknown_filters
from search_core import (
    ForbiddenError,
    IndexNotFoundError,
    MalformedRequestError,
    ShopkeeperError,
)
from search_core.settings import QueryProxySettings, Role

_logger = logging.getLogger(__name__)

WORKBENCH_PATH = "/shop/workbench/"
_LONGEST_ID = 512


class WorkbenchPage:
    """Answers requests for the workbench."""

    def __init__(self, workbench: Workbench, settings: QueryProxySettings) -> None:
        self._workbench = workbench
        self._settings = settings
        self._rendering = PageRendering()
        file = settings.workbench_judgments
        self._ratings = None if file is None else RatingList(file)

    async def answer(self, request: Request, headers: dict[str, str]) -> Response:
        """Answer with the page; what goes wrong is told on it.

        Args:
            request: of a browser.
            headers: sent to OpenSearch with every step.
        """
        parameters = request.query_params.multi_items()
        found: Comparison | None = None
        failure: ShopkeeperError | None = None
        grades: dict[str, int] = {}
        address = WorkbenchAddress(language=dict(parameters).get("lang") or None)
        try:
            address = WorkbenchAddress.read(parameters)
            if address.q or address.filters:
                found = await self._workbench.compare(self._index(address), address, headers)
            if self._ratings is not None:
                grades = self._ratings.grades(address.q, address.filters)
        except ShopkeeperError as error:
            failure = error
            log_refusal(_logger, "workbench_failed", error)
        return await self._page(request, address, found, grades, failure)

    async def rate(self, request: Request, product_id: str, grade: int) -> Response:
        """Add a rating to the list, and lead back to where it was given.

        Raises:
            ForbiddenError: another site sent it, or there is no list.
            JudgmentsError: the list cannot be added to.
        """
        _require_same_site(request)
        if self._ratings is None:
            raise ForbiddenError(
                "there is no list of ratings",
                remedy="query_proxy.workbench_judgments names its file",
            )
        address = WorkbenchAddress.read(request.query_params.multi_items())
        await asyncio.to_thread(self._ratings.rate, address.q, address.filters, product_id, grade)
        back = f"./{address.url.removeprefix('./')}#rate-{quote(product_id, safe='')}"
        return Response(status_code=303, headers={"location": back})

    async def _page(
        self,
        request: Request,
        address: WorkbenchAddress,
        found: Comparison | None,
        grades: dict[str, int],
        failure: ShopkeeperError | None,
    ) -> Response:
        texts = chosen_texts(address.language, request.headers.get("accept-language"))
        own = WORKBENCH_TEXTS[texts.language]
        tried = None if found is None else found.failure
        filled = {
            "texts": texts,
            "own": own,
            "shop_name": self._settings.page_title,
            "address": address,
            "languages": _language_links(address, texts.language),
            "indices": self._settings.indices,
            "columns": () if found is None else columns(found, grades, texts, own),
            "compared": found is not None and found.changed is not None,
            "moved": 0 if found is None else found.moved,
            "unknown": () if found is None else unknown_filters(found, address, texts),
            "failure": None if failure is None else told_error(failure),
            "tried": None if tried is None else told_error(tried),
            "grades": GRADES,
            "can_rate": self._ratings is not None,
            "has_page": self._settings.page,
        }
        status = 200 if failure is None else http_status(failure)
        return await self._rendering.answer("workbench.html.j2", filled, texts, request, status)

    def _index(self, address: WorkbenchAddress) -> str:
        indices: Sequence[str] = self._settings.indices
        index = address.index or (indices[0] if indices else "")
        if index not in indices:
            raise IndexNotFoundError(
                f"there is no index {index!r} here",
                remedy="query_proxy.indices names those there are",
            )
        return index


WORKBENCH_ROUTER = APIRouter(dependencies=[needs(Role.WORKBENCH)], include_in_schema=False)
"""The workbench; a `WorkbenchPage` answers."""

add_static_files(WORKBENCH_ROUTER, f"{WORKBENCH_PATH}static/")


@WORKBENCH_ROUTER.api_route(WORKBENCH_PATH, methods=["GET", "HEAD"])
async def workbench(request: Request) -> Response:
    """Return the page."""
    return await service(request, WorkbenchPage).answer(request, handed_on(request))


@WORKBENCH_ROUTER.post(f"{WORKBENCH_PATH}rate")
async def rate(request: Request) -> Response:
    """Add a rating, and lead back to where it was given."""
    return await service(request, WorkbenchPage).rate(request, *_rating(await request.body()))


def _rating(form: bytes) -> tuple[str, int]:
    """Return product id and grade of a sent form.

    Raises:
        MalformedRequestError: it has none.
    """
    sent = dict(parse_qsl(form.decode(errors="replace")))
    product_id, grade = sent.get("product", ""), sent.get("grade", "")
    if not product_id or len(product_id) > _LONGEST_ID or grade not in map(str, GRADES):
        raise MalformedRequestError(
            "a rating needs a product and a grade", remedy="send product=ID&grade=0 to 3"
        )
    return product_id, int(grade)


def _language_links(address: WorkbenchAddress, current: str) -> tuple[Link, ...]:
    return tuple(
        Link(
            text=each.own_name,
            url=address.in_language(each.language).url,
            current=each.language == current,
            tag=each.tag,
        )
        for each in TEXTS.values()
    )


def _require_same_site(request: Request) -> None:
    """Refuse a form that another site's page sent with the password that a browser remembers.

    Raises:
        ForbiddenError: it is one, as the browser says.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    alien = site not in (None, "same-origin", "none")
    if site is None and origin is not None:
        alien = urlsplit(origin).netloc != request.headers.get("host")
    if alien:
        raise ForbiddenError("another site's page sent this rating")
