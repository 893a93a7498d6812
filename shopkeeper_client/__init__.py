"""A typed client of the JSON API of `shopkeeper serve`, for shops written in Python.

It needs nothing of Shopkeeper but this package, httpx and pydantic.
"""

from shopkeeper_client.answers import (
    AskedWarning,
    Embeddings,
    EventsTaken,
    Explanation,
    FacetCounts,
    FacetValueCount,
    Product,
    RefusedEvent,
    RerankedDocument,
    Reranking,
    SearchHit,
    SearchResult,
    SimilarProduct,
    SimilarProducts,
    Suggestion,
    Suggestions,
)
from shopkeeper_client.async_client import AsyncShopClient
from shopkeeper_client.client import ShopClient
from shopkeeper_client.errors import ShopError, ShopUnreachableError

__all__ = [
    "AskedWarning",
    "AsyncShopClient",
    "Embeddings",
    "EventsTaken",
    "Explanation",
    "FacetCounts",
    "FacetValueCount",
    "Product",
    "RefusedEvent",
    "RerankedDocument",
    "Reranking",
    "SearchHit",
    "SearchResult",
    "ShopClient",
    "ShopError",
    "ShopUnreachableError",
    "SimilarProduct",
    "SimilarProducts",
    "Suggestion",
    "Suggestions",
]
