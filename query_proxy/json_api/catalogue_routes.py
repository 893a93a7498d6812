"""`/shop/suggest` and `/shop/similar/{id}`."""

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
from query_proxy.route_services import handed_on, service
from search_core.settings import Role

ProductId = Annotated[str, Path(min_length=1, max_length=512)]


CATALOGUE_ROUTER = APIRouter(dependencies=[needs(Role.SEARCH)], responses=ERRORS)
"""Suggestions and similar products; a `ShopCatalogue` answers."""


@CATALOGUE_ROUTER.get(
    "/shop/suggest", summary="Suggest while a shopper types", response_model=ShopSuggestions
)
async def suggest(query: Annotated[SuggestQuery, Query()], request: Request) -> Response:
    """Return what a shopper may be about to type."""
    return _json(await service(request, ShopCatalogue).suggest(query, handed_on(request)))


# An id may have a slash, encoded or not.
@CATALOGUE_ROUTER.get(
    "/shop/similar/{product_id:path}",
    summary="Products similar to one",
    response_model=SimilarResult,
)
async def similar(
    product_id: ProductId, query: Annotated[SimilarQuery, Query()], request: Request
) -> Response:
    """Return the products nearest to one by its stored vector."""
    catalogue = service(request, ShopCatalogue)
    return _json(await catalogue.similar(product_id, query, handed_on(request)))


def _json(answer: BaseModel) -> Response:
    return Response(answer.model_dump_json(), media_type="application/json")
