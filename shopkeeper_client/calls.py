"""The calls of the API, as both clients send them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel

from shopkeeper_client.answers import (
    Embeddings,
    EventsTaken,
    Explanation,
    Reranking,
    SearchResult,
    SimilarProducts,
    Suggestions,
)
from shopkeeper_client.errors import ShopError

AnswerT = TypeVar("AnswerT", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[AnswerT]):
    """One request, and what its answer is read as."""

    method: str
    path: str
    answer: type[AnswerT]
    body: Any = None
    params: Mapping[str, Any] | None = None

    def read(self, response: httpx.Response) -> AnswerT:
        """Read the answer.

        Raises:
            ShopError: it is an error.
        """
        if response.is_success:
            return self.answer.model_validate_json(response.content)
        try:
            body = response.json()
        except ValueError:
            body = None
        raise ShopError.of(response.status_code, body)


def headers(key: str | None) -> dict[str, str]:
    """Return the headers of every request."""
    return {} if key is None else {"x-api-key": key}


def search(q: str, options: Mapping[str, Any]) -> Call[SearchResult]:
    """Return the call of a search."""
    body = {"q": q, **_given(options)}
    return Call(method="POST", path="/shop/search", answer=SearchResult, body=body)


def explain(q: str, product_id: str, options: Mapping[str, Any]) -> Call[Explanation]:
    """Return the call of an explanation."""
    body = {"q": q, "id": product_id, **_given(options)}
    return Call(method="POST", path="/shop/explain", answer=Explanation, body=body)


def suggest(q: str, options: Mapping[str, Any]) -> Call[Suggestions]:
    """Return the call of suggestions."""
    params = {"q": q, **_given(options)}
    return Call(method="GET", path="/shop/suggest", answer=Suggestions, params=params)


def similar(product_id: str, options: Mapping[str, Any]) -> Call[SimilarProducts]:
    """Return the call of similar products."""
    path = f"/shop/similar/{quote(product_id, safe='')}"
    return Call(method="GET", path=path, answer=SimilarProducts, params=_given(options))


def events(given: Sequence[Mapping[str, Any]]) -> Call[EventsTaken]:
    """Return the call that reports events."""
    return Call(method="POST", path="/shop/events", answer=EventsTaken, body=list(given))


def embeddings(texts: Sequence[str], model: str, input_type: str) -> Call[Embeddings]:
    """Return the call for vectors."""
    body = {
        "input": list(texts), "model": model, "input_type": input_type, "encoding_format": "base64",
    }  # fmt: skip
    return Call(method="POST", path="/v1/embeddings", answer=Embeddings, body=body)


def rerank(query: str, documents: Sequence[str], options: Mapping[str, Any]) -> Call[Reranking]:
    """Return the call that orders texts."""
    body = {"query": query, "documents": list(documents), **_given(options)}
    return Call(method="POST", path="/v1/rerank", answer=Reranking, body=body)


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that are set: others are the proxy's to choose."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in options.items()
        if value not in (None, ())
    }
