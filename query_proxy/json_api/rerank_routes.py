"""`POST /v1/rerank`, in the shape that Cohere's and Jina's clients send and read."""

from collections.abc import Callable
from time import perf_counter
from uuid import uuid4

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from query_proxy.json_api.shop_routes import ERRORS, needs
from reranker import NoopReranker, Reranker, RerankRequest, rerank_documents
from search_core import units
from search_core.settings import Role

RERANK_PATH = "/v1/rerank"


class RerankedText(BaseModel):
    """A document that was asked back."""

    text: str


class RerankReplyResult(BaseModel):
    """One document with its score."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    index: int
    """Its place in the request, from 0."""
    relevance_score: float
    """From 0 to 1."""
    document: RerankedText | None = None
    """With `return_documents`."""


class RerankUsage(BaseModel):
    """What was read, in words: the model's own tokens are somewhat more."""

    total_tokens: int


class RerankBilledUnits(BaseModel):
    """What Cohere's clients count by."""

    search_units: int = 1


class RerankMeta(BaseModel):
    """What Cohere's clients look at."""

    billed_units: RerankBilledUnits = RerankBilledUnits()


class RerankReply(BaseModel):
    """The documents, best first."""

    id: str
    model: str
    results: list[RerankReplyResult]
    usage: RerankUsage
    meta: RerankMeta = RerankMeta()


def rerank_router(
    reranker: Reranker | None, timeout_seconds: float, observe_seconds: Callable[[float], None]
) -> APIRouter:
    """Return the route of reranking.

    Args:
        reranker: the one of the searches, whose cache and circuit breaker it shares; `None`: none
            is set, and every request is told so.
        timeout_seconds: longest time for a request.
        observe_seconds: told how long scoring took.
    """
    router = APIRouter(dependencies=[needs(Role.SEARCH)], responses=ERRORS)
    scoring = reranker or NoopReranker()

    @router.post(
        RERANK_PATH, summary="Rerank texts, as Cohere's and Jina's API", response_model=RerankReply
    )
    async def rerank(request: RerankRequest) -> Response:
        started = perf_counter()
        answer = await rerank_documents(scoring, request, timeout_seconds=timeout_seconds)
        observe_seconds(perf_counter() - started)
        words = sum(len(units(text)) for text in (request.query, *request.documents))
        reply = RerankReply(
            id=uuid4().hex,
            model=answer.model,
            results=[
                RerankReplyResult(
                    index=each.index,
                    relevance_score=each.relevance_score,
                    document=None if each.document is None else RerankedText(text=each.document),
                )
                for each in answer.results
            ],
            usage=RerankUsage(total_tokens=words),
        )
        return Response(reply.model_dump_json(exclude_none=True), media_type="application/json")

    return router
