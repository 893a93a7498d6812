"""What the proxy answers. Fields that a later version adds are ignored."""

import base64
import struct
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

Product = dict[str, Any]
"""The fields of a product, as it was indexed: `id`, `title`, `price` and so on."""


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)


class SearchHit(_Answer):
    """One product of a result."""

    id: str
    rank: int
    """In the whole result, from 1."""
    fused_score: float | None = None
    exact_code: bool = False
    product: Product
    explanation: tuple[str, ...] = ()
    """Sentences; empty unless asked for."""


class FacetValueCount(_Answer):
    """A value and how many products of the result have it."""

    value: str
    count: int


class FacetCounts(_Answer):
    """The most frequent values of a field or attribute."""

    field: str
    values: tuple[FacetValueCount, ...]


class AskedWarning(_Answer):
    """Something asked for that can hardly be meant. The rest was answered."""

    type: str
    """`unknown_attribute`: a filter or facet names what no product has."""
    reason: str
    name: str = ""
    """As it was asked for."""
    near: tuple[str, ...] = ()
    """Names that look alike, the most alike first."""


class SearchResult(_Answer):
    """One page of a result."""

    hits: tuple[SearchHit, ...]
    total: int
    page: int
    size: int
    facets: tuple[FacetCounts, ...] = ()
    generation: str
    degraded: tuple[str, ...] = ()
    """What did not work and was done without."""
    warnings: tuple[AskedWarning, ...] = ()
    took_ms: float | None = None
    """For the whole answer, in the proxy."""
    timings_ms: dict[str, float] = {}
    """Where that went, by step."""
    plan: dict[str, Any] = {}
    """How the query was understood."""
    ext: dict[str, Any] | None = None

    @property
    def query_id(self) -> str | None:
        """What events about this result refer to; `None`: the search is not kept."""
        return None if self.ext is None else self.ext.get("ubi", {}).get("query_id")


class Explanation(_Answer):
    """Why a product stands where it does for a search."""

    id: str
    found: bool
    rank: int | None = None
    fused_score: float | None = None
    explanation: tuple[str, ...] = ()
    warnings: tuple[AskedWarning, ...] = ()


class Suggestion(_Answer):
    """What a shopper may be about to type."""

    text: str
    kind: str
    products: int | None = None


class Suggestions(_Answer):
    """Suggestions, and the first products for what was typed."""

    suggestions: tuple[Suggestion, ...]
    products: tuple[Product, ...]
    degraded: tuple[str, ...] = ()
    took_ms: float | None = None


class SimilarProduct(_Answer):
    """A product similar to another."""

    id: str
    rank: int
    score: float
    cosine: float | None = None
    same_kind: bool | None = None
    price_ratio: float | None = None
    product: Product


class SimilarProducts(_Answer):
    """Products similar to one."""

    id: str
    method: str
    hits: tuple[SimilarProduct, ...]
    degraded: tuple[str, ...] = ()
    warnings: tuple[AskedWarning, ...] = ()
    took_ms: float | None = None


class RefusedEvent(_Answer):
    """An event that was not taken."""

    place: int
    """In the request, from 0."""
    type: str
    """A stable code: docs/errors.md lists them."""
    reason: str


class EventsTaken(_Answer):
    """What became of reported events."""

    accepted: int
    refused: tuple[RefusedEvent, ...] = ()


class RerankedDocument(_Answer):
    """A text with its score."""

    index: int
    """Its place in the request, from 0."""
    relevance_score: float
    """From 0 to 1."""


class Reranking(_Answer):
    """Texts, best first."""

    model: str
    results: tuple[RerankedDocument, ...]


def _numbers(value: object) -> object:
    if not isinstance(value, str):
        return value
    raw = base64.b64decode(value)
    return struct.unpack(f"<{len(raw) // 4}f", raw)


class _Embedding(_Answer):
    index: int
    embedding: Annotated[tuple[float, ...], BeforeValidator(_numbers)]


class Embeddings(_Answer):
    """Vectors of texts."""

    data: tuple[_Embedding, ...]
    model: str

    @property
    def vectors(self) -> tuple[tuple[float, ...], ...]:
        """The vectors, in the order of the texts; each has length 1."""
        return tuple(each.embedding for each in sorted(self.data, key=lambda each: each.index))
