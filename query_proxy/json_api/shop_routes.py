"""The routes of the JSON API, under `/shop/`, and their OpenAPI document.

A further part of the API is a router of its own, handed to `shop_application` with what it answers
with; `needs(role)` guards its routes.
"""

import logging
from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from query_proxy.error_responses import (
    COMPRESSION_LEVEL,
    ZIPPED_FROM_BYTES,
    error_body,
    http_status,
    log_refusal,
)
from query_proxy.guards.access import Caller
from query_proxy.json_api.shop_models import (
    ExplainQuery,
    PostedShopQuery,
    ShopError,
    ShopExplanation,
    ShopQuery,
    ShopResult,
)
from query_proxy.json_api.shop_search import ShopSearch
from query_proxy.route_services import handed_on, provide, service
from search_core import ForbiddenError, MalformedRequestError, ShopkeeperError
from search_core.settings import Role

_logger = logging.getLogger(__name__)

ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ShopError, "description": "The request cannot be read, or asks for too much."},
    401: {"model": ShopError, "description": "No valid key or password."},
    403: {"model": ShopError, "description": "The caller has not the role for it."},
    404: {"model": ShopError, "description": "There is no such index or product."},
    413: {"model": ShopError, "description": "The body is too large."},
    429: {"model": ShopError, "description": "Too many requests; `Retry-After` says when again."},
    503: {"model": ShopError, "description": "OpenSearch cannot be reached."},
    504: {"model": ShopError, "description": "OpenSearch did not answer in time."},
}


def needs(role: Role) -> Any:  # noqa: ANN401 - what FastAPI declares
    """Return a dependency that refuses callers without a role."""

    def check(request: Request) -> None:
        caller: Caller = request.scope["shopkeeper.caller"]
        if not caller.may(role):
            raise ForbiddenError(
                f"{caller.name} has not the role {role}",
                remedy=f"query_proxy.callers.{caller.name}.roles gives it",
            )

    return Depends(check)


SEARCH_ROUTER = APIRouter(dependencies=[needs(Role.SEARCH)], responses=ERRORS)
"""Searches and explanations; a `ShopSearch` answers."""


@SEARCH_ROUTER.get("/shop/search", summary="Search", response_model=ShopResult)
async def search(query: Annotated[ShopQuery, Query()], request: Request) -> Response:
    """Return one page of products."""
    return _json(await service(request, ShopSearch).search(query, handed_on(request)))


@SEARCH_ROUTER.post("/shop/search", summary="Search, asked in a body", response_model=ShopResult)
async def search_posted(query: PostedShopQuery, request: Request) -> Response:
    """Return one page of products."""
    return _json(await service(request, ShopSearch).search(query, handed_on(request)))


@SEARCH_ROUTER.get("/shop/explain", summary="Explain a rank", response_model=ShopExplanation)
async def explain(query: Annotated[ExplainQuery, Query()], request: Request) -> Response:
    """Say why a product stands where it does, or that no leg proposed it."""
    return _json(await service(request, ShopSearch).explain(query, handed_on(request)))


@SEARCH_ROUTER.post(
    "/shop/explain", summary="Explain a rank, asked in a body", response_model=ShopExplanation
)
async def explain_posted(query: ExplainQuery, request: Request) -> Response:
    """Say why a product stands where it does, or that no leg proposed it."""
    return _json(await service(request, ShopSearch).explain(query, handed_on(request)))


def shop_application(
    routers: Sequence[APIRouter], services: Sequence[object], version: str
) -> FastAPI:
    """Return the JSON API.

    Args:
        routers: its routes.
        services: what they answer with.
        version: of Shopkeeper, for the OpenAPI document.
    """
    application = FastAPI(
        title="Shopkeeper",
        version=version,
        description="Product search: hybrid, filtered, faceted, explained.",
        openapi_url="/shop/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    provide(application, services)
    for router in routers:
        application.include_router(router)
    application.add_exception_handler(ShopkeeperError, _told)
    application.add_exception_handler(RequestValidationError, _malformed)
    application.add_exception_handler(HTTPException, _no_route)
    application.add_middleware(
        GZipMiddleware, minimum_size=ZIPPED_FROM_BYTES, compresslevel=COMPRESSION_LEVEL
    )
    application.openapi = lambda: _openapi(application)  # type: ignore[method-assign]
    return application


def _json(answer: BaseModel) -> Response:
    return Response(answer.model_dump_json(), media_type="application/json")


def _error(error: ShopkeeperError) -> Response:
    return Response(
        orjson.dumps(error_body(error)),
        status_code=http_status(error),
        media_type="application/json",
        headers={"retry-after": "1"} if http_status(error) in (429, 503) else None,
    )


async def _told(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, ShopkeeperError)  # noqa: S101 - what it is registered for
    log_refusal(_logger, "refused", error)
    return _error(error)


async def _malformed(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what it is registered for
    problems = [
        f"{'.'.join(str(part) for part in each['loc'][1:]) or 'the body'}: {each['msg']}"
        for each in error.errors()
    ]
    return _error(
        MalformedRequestError("; ".join(problems), remedy="/shop/openapi.json describes requests")
    )


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what it is registered for
    reason = f"{request.method} {request.url.path}: {error.detail}"
    cause = {"type": "no_route", "reason": reason, "remedy": "/shop/openapi.json lists the routes"}
    body = {"error": {"root_cause": [cause], **cause}, "status": error.status_code}
    return Response(
        orjson.dumps(body),
        status_code=error.status_code,
        media_type="application/json",
        headers=error.headers,
    )


def _openapi(application: FastAPI) -> dict[str, Any]:
    """Return the document, without the answer 422 that this API never gives."""
    if application.openapi_schema is None:
        document = get_openapi(
            title=application.title,
            version=application.version,
            description=application.description,
            routes=application.routes,
        )
        for path in document["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
        for name in ("HTTPValidationError", "ValidationError"):
            document["components"]["schemas"].pop(name, None)
        application.openapi_schema = document
    return application.openapi_schema
