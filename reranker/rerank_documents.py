"""Reranking any texts, in the shape that Cohere's and Jina's clients send and expect.

The HTTP route is one call of `rerank_documents`; what it answers is what those clients read:
`results`, best first, each with the `index` in the request and a `relevance_score` from 0 to 1.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from reranker.reranker import NotReranked, Reranker
from search_core import (
    RerankerLanguageError,
    RerankerOverloadedError,
    RerankerUnavailableError,
)

_MOST_DOCUMENTS = 1_000
_LONGEST_DOCUMENT = 100_000
_LONGEST_QUERY = 10_000


class RerankRequest(BaseModel):
    """What a client sends. Fields that are not known are ignored: each vendor has its own."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    model: str | None = None
    """Accepted, since clients insist on sending one; the reranker that is set answers."""
    query: Annotated[str, Field(min_length=1, max_length=_LONGEST_QUERY)]
    rank_fields: tuple[str, ...] = ("text",)
    """Of documents that are objects, the fields to read, in this order."""
    documents: Annotated[tuple[str, ...], Field(min_length=1, max_length=_MOST_DOCUMENTS)]
    """Texts, or objects with texts."""
    top_n: Annotated[int, Field(ge=1)] | None = None
    """How many results are wanted; unset: all."""
    return_documents: bool = False
    """Whether each result carries its text."""

    @field_validator("documents", mode="before")
    @classmethod
    def _as_texts(cls, documents: object, info: ValidationInfo) -> object:
        if not isinstance(documents, list | tuple):
            return documents
        fields = info.data.get("rank_fields", ("text",))
        return tuple(_text(place, each, fields) for place, each in enumerate(documents))


@dataclass(frozen=True, slots=True, kw_only=True)
class RerankResult:
    """One document with its score."""

    index: int
    """Its place in the request, from 0."""
    relevance_score: float
    """From 0 to 1: the logistic function of the logit."""
    document: str | None = None
    """The text, where it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RerankAnswer:
    """The documents, best first; equal ones in the order of the request."""

    model: str
    results: tuple[RerankResult, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the body that the clients expect."""
        return {
            "model": self.model,
            "results": [
                {"index": each.index, "relevance_score": each.relevance_score}
                | ({} if each.document is None else {"document": {"text": each.document}})
                for each in self.results
            ],
        }


async def rerank_documents(
    reranker: Reranker, request: RerankRequest, *, timeout_seconds: float
) -> RerankAnswer:
    """Score and order documents.

    Unlike a search, which keeps its order when there are no scores, this has nothing else to give,
    so that it fails.

    Args:
        reranker: scores them.
        request: query and documents.
        timeout_seconds: the time there is.

    Raises:
        RerankerOverloadedError: too much waits already.
        RerankerUnavailableError: there are no scores.
        RerankerLanguageError: the query, or most documents, are in a language that the model does
            not read.
    """
    outcome = await reranker.rerank(
        request.query, request.documents, language=None, timeout_seconds=timeout_seconds
    )
    if isinstance(outcome, NotReranked) and outcome.unreadable:
        raise RerankerLanguageError(
            f"the documents were not scored: {outcome.reason}",
            remedy="train or name a model of that language in [reranker.models]: "
            "docs/reranker_training.md#other-languages",
        )
    if isinstance(outcome, NotReranked):
        kind = RerankerOverloadedError if outcome.overloaded else RerankerUnavailableError
        raise kind(
            f"the documents were not scored: {outcome.reason}",
            remedy="set `reranker.kind`, or look at `shopkeeper status`",
        )
    order = sorted(range(len(outcome.scores)), key=lambda place: (-outcome.scores[place], place))
    return RerankAnswer(
        model=outcome.model_id,
        results=tuple(
            RerankResult(
                index=place,
                relevance_score=logistic(outcome.scores[place]),
                document=request.documents[place] if request.return_documents else None,
            )
            for place in order[: request.top_n]
        ),
    )


def logistic(logit: float) -> float:
    """Return `1 / (1 + exp(-logit))`, without overflow."""
    if logit >= 0:
        return 1.0 / (1.0 + math.exp(-logit))
    power = math.exp(logit)
    return power / (1.0 + power)


def _text(place: int, document: object, fields: Sequence[str]) -> str:
    text = document
    if isinstance(document, dict):
        found = [document[name] for name in fields if isinstance(document.get(name), str)]
        text = " ".join(found) if found else None
    if not isinstance(text, str):
        wanted = " or ".join(f"`{name}`" for name in fields)
        raise ValueError(f"documents[{place}] is neither a text nor an object with {wanted}")  # noqa: TRY004 - pydantic's protocol
    if len(text) > _LONGEST_DOCUMENT:
        raise ValueError(f"documents[{place}] has more than {_LONGEST_DOCUMENT} characters")
    return text
