"""Finds products that are near another: by its vector, or by its words where it has none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opensearchpy import AsyncOpenSearch
from opensearchpy import exceptions as foreign

from search_core import Filter, IndexNotFoundError
from search_core.settings import VectorCompression
from search_engine.connection import translated_errors
from search_engine.filter_query import filter_clauses
from search_engine.index_body import DERIVED_FIELDS, VECTOR_FIELD
from search_engine.search_values import StoredProduct
from search_engine.vector_storage import cosine_of_score

_LIKE_FIELDS = ("title", "product_type.text", "brand.text", "category_text", "attributes_text")
_WITHOUT = {"excludes": [*DERIVED_FIELDS]}


@dataclass(frozen=True, slots=True, kw_only=True)
class NearProduct:
    """A product near another."""

    product: StoredProduct
    cosine: float | None
    """Of the two vectors, -1 to 1; `None`: found by words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearAnswer:
    """The product that was asked for, and those near it."""

    product: StoredProduct
    near: tuple[NearProduct, ...]
    """Nearest first."""
    generation: str
    by_vector: bool


class SimilarSearch:
    """Finds similar products. One instance an event loop."""

    def __init__(self, client: AsyncOpenSearch) -> None:
        """Take the connection; it is closed by its owner."""
        self._client = client

    async def near(
        self,
        index: str,
        product_id: str,
        *,
        filters: Sequence[Filter],
        candidates: int,
        headers: Mapping[str, str],
        timeout_seconds: float,
    ) -> NearAnswer | None:
        """Return the products nearest to one, without itself and its variants.

        Args:
            index: alias or generation.
            product_id: of the product.
            filters: that the others have to pass.
            candidates: how many at most.
            headers: sent to OpenSearch.
            timeout_seconds: for each of the two requests.

        Returns:
            `None`: there is no such product.

        Raises:
            IndexNotFoundError: there is no such index.
            FilterError: a value that its field cannot have.
            SearchEngineError: OpenSearch does not answer as it should.
        """
        clauses = filter_clauses(filters)
        asked = await self._search(
            index, {"size": 1, "query": {"term": {"id": product_id}}}, headers, timeout_seconds
        )
        if not asked:
            return None
        source = dict(asked[0]["_source"])
        vector = source.pop(VECTOR_FIELD, None)
        group = source.get("variant_group", product_id)
        body = _near_body(
            _by_words(asked[0]) if vector is None else None,
            vector,
            clauses,
            _others(product_id, group),
            candidates,
        )
        hits = await self._search(index, body, headers, timeout_seconds)
        return NearAnswer(
            product=StoredProduct(product_id=product_id, document=source),
            near=tuple(_near(hit, vector) for hit in hits),
            generation=str(asked[0]["_index"]),
            by_vector=vector is not None,
        )

    async def _search(
        self,
        index: str,
        body: Mapping[str, Any],
        headers: Mapping[str, str],
        timeout_seconds: float,
    ) -> list[dict[str, Any]]:
        with translated_errors():
            try:
                answer = await self._client.search(
                    index=index,
                    body=body,
                    params={"request_timeout": timeout_seconds},
                    headers=dict(headers),
                )
            except foreign.NotFoundError as error:
                raise IndexNotFoundError(
                    f"there is no index {index}", remedy="`shopkeeper index list` shows those"
                ) from error
        return list(answer["hits"]["hits"])


def _others(product_id: str, group: str) -> list[dict[str, Any]]:
    return [{"term": {"id": product_id}}, {"term": {"variant_group": group}}]


def _by_words(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "more_like_this": {
            "fields": list(_LIKE_FIELDS),
            "like": [{"_index": asked["_index"], "_id": asked["_id"]}],
            "min_term_freq": 1,
            "min_doc_freq": 2,
            "max_query_terms": 25,
            "minimum_should_match": "20%",
        }
    }


def _near_body(
    words: dict[str, Any] | None,
    vector: list[float] | None,
    filters: list[dict[str, Any]],
    excluded: list[dict[str, Any]],
    candidates: int,
) -> dict[str, Any]:
    kept = {"bool": {"filter": filters, "must_not": excluded}}
    query: dict[str, Any] = (
        {"knn": {VECTOR_FIELD: {"vector": vector, "k": candidates, "filter": kept}}}
        if words is None
        else {"bool": {"must": [words], **kept["bool"]}}
    )
    return {
        "size": candidates,
        "query": query,
        "collapse": {"field": "variant_group"},
        "_source": _WITHOUT,
        "track_total_hits": False,
    }


def _near(hit: Mapping[str, Any], vector: Sequence[float] | None) -> NearProduct:
    stored = StoredProduct(
        product_id=hit["_source"]["id"], document=hit["_source"], score=hit["_score"]
    )
    if vector is None:
        return NearProduct(product=stored, cosine=None)
    product = cosine_of_score(hit["_score"], VectorCompression.NONE, len(vector))
    # All vectors are stored with one length, 1 or, as bytes, another: that of the one asked for.
    return NearProduct(product=stored, cosine=product / sum(each * each for each in vector))
