"""`/v1/embeddings` and `/v1/models`."""

from fastapi import APIRouter, Response

from query_proxy.json_api.embedding_models import EmbeddingAnswer, EmbeddingRequest, ModelList
from query_proxy.json_api.shop_routes import ERRORS, needs
from query_proxy.json_api.text_embeddings import TextEmbeddings
from search_core.settings import Role

EMBEDDINGS_PATH, MODELS_PATH = "/v1/embeddings", "/v1/models"


def embedding_router(service: TextEmbeddings) -> APIRouter:
    """Return the routes of vectors.

    Args:
        service: answers them.
    """
    router = APIRouter(dependencies=[needs(Role.SEARCH)], responses=ERRORS)

    @router.post(
        EMBEDDINGS_PATH, summary="Vectors of texts, as OpenAI's API", response_model=EmbeddingAnswer
    )
    async def embeddings(request: EmbeddingRequest) -> Response:
        answer = await service.encode(request)
        return Response(answer.model_dump_json(), media_type="application/json")

    @router.get(MODELS_PATH, summary="Models that /v1/embeddings knows", response_model=ModelList)
    async def models() -> Response:
        answer = await service.models()
        return Response(answer.model_dump_json(), media_type="application/json")

    return router
