"""`/shop/suggest` and `/shop/similar/{id}`."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel

from query_proxy.json_api.catalogue_models import (
    ShopSuggestions,
    SimilarQuery,
    SimilarResult,
    SuggestQuery,
)
from query_proxy.json_api.shop_catalogue import ShopCatalogue
from query_proxy.json_api.shop_routes import ERRORS, needs
from search_core.settings import Role

ProductId = Annotated[str, Path(min_length=1, max_length=512)]


def catalogue_router(
    service: ShopCatalogue, passed_on: Callable[[Request], dict[str, str]]
) -> APIRouter:
    """Return the routes of suggestions and similar products.

    Args:
        service: answers them.
        passed_on: gives the headers of a request that go on to OpenSearch.
    """
    router = APIRouter(dependencies=[needs(Role.SEARCH)], responses=ERRORS)

    @router.get(
        "/shop/suggest", summary="Suggest while a shopper types", response_model=ShopSuggestions
    )
    async def suggest(query: Annotated[SuggestQuery, Query()], request: Request) -> Response:
        return _json(await service.suggest(query, passed_on(request)))

    # An id may have a slash, encoded or not.
    @router.get(
        "/shop/similar/{product_id:path}",
        summary="Products similar to one",
        response_model=SimilarResult,
    )
    async def similar(
        product_id: ProductId, query: Annotated[SimilarQuery, Query()], request: Request
    ) -> Response:
        return _json(await service.similar(product_id, query, passed_on(request)))

    return router


def _json(answer: BaseModel) -> Response:
    return Response(answer.model_dump_json(), media_type="application/json")
