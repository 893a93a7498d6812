"""`/v1/embeddings` and `/v1/models`."""

from fastapi import APIRouter, Request, Response

from query_proxy.json_api.embedding_models import EmbeddingAnswer, EmbeddingRequest, ModelList
from query_proxy.json_api.shop_routes import ERRORS, needs
from query_proxy.json_api.text_embeddings import TextEmbeddings
from query_proxy.route_services import service
from search_core.settings import Role

EMBEDDINGS_PATH, MODELS_PATH = "/v1/embeddings", "/v1/models"


EMBEDDING_ROUTER = APIRouter(dependencies=[needs(Role.SEARCH)], responses=ERRORS)
"""Vectors of texts; a `TextEmbeddings` answers."""


@EMBEDDING_ROUTER.post(
    EMBEDDINGS_PATH, summary="Vectors of texts, as OpenAI's API", response_model=EmbeddingAnswer
)
async def embeddings(asked: EmbeddingRequest, request: Request) -> Response:
    """Return a vector of each text, of length 1."""
    answer = await service(request, TextEmbeddings).encode(asked)
    return Response(answer.model_dump_json(), media_type="application/json")


@EMBEDDING_ROUTER.get(
    MODELS_PATH, summary="Models that /v1/embeddings knows", response_model=ModelList
)
async def models(request: Request) -> Response:
    """Return the names that `model` may have."""
    answer = await service(request, TextEmbeddings).models()
    return Response(answer.model_dump_json(), media_type="application/json")
