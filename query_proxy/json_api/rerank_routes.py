"""`POST /v1/rerank` and `/v2/rerank`, in the shape of Cohere's and Jina's clients."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict

from query_proxy.json_api.shop_routes import ERRORS, needs
from query_proxy.route_services import service
from reranker import NoopReranker, Reranker, RerankRequest, rerank_documents
from search_core import units
from search_core.settings import Role

_JINA_PATH, _COHERE_PATH = "/v1/rerank", "/v2/rerank"
RERANK_PATHS = frozenset({_JINA_PATH, _COHERE_PATH})
"""The first is Jina's and that of Cohere's older clients, the second of Cohere's newer ones."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReranking:
    """Answers `/v1/rerank` and `/v2/rerank`."""

    reranker: Reranker | None
    """The one of the searches, whose cache and circuit breaker it shares; `None`: none is set, and
    every request is told so."""
    timeout_seconds: float
    """Longest time for a request."""
    observe_seconds: Callable[[float], None]
    """Told how long scoring took."""

    async def rerank(self, request: RerankRequest) -> RerankReply:
        """Return the documents of a request in their order for its query.

        Raises:
            RerankerError: they cannot be scored.
        """
        started = perf_counter()
        answer = await rerank_documents(
            self.reranker or NoopReranker(), request, timeout_seconds=self.timeout_seconds
        )
        self.observe_seconds(perf_counter() - started)
        words = sum(len(units(text)) for text in (request.query, *request.documents))
        return RerankReply(
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


RERANK_ROUTER = APIRouter(dependencies=[needs(Role.SEARCH)], responses=ERRORS)
"""The order of texts for a query; a `TextReranking` answers."""


@RERANK_ROUTER.post(
    _COHERE_PATH, summary="Rerank texts, as Cohere's API v2", response_model=RerankReply
)
@RERANK_ROUTER.post(
    _JINA_PATH, summary="Rerank texts, as Cohere's and Jina's API", response_model=RerankReply
)
async def rerank(asked: RerankRequest, request: Request) -> Response:
    """Return the documents in their order for the query."""
    reply = await service(request, TextReranking).rerank(asked)
    return Response(reply.model_dump_json(exclude_none=True), media_type="application/json")
