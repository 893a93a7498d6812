"""Looks suggestions up, with the products that the same letters find."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from opensearchpy import AsyncOpenSearch

from search_core import IndexNotFoundError
from search_engine.connection import translated_errors
from search_engine.lexical_query import TEXT_FIELDS
from search_engine.search_values import StoredProduct
from search_engine.suggestion_index import (
    COMPLETION_FIELD,
    WEIGHT_FIELD,
    Suggestion,
    SuggestionKind,
    suggestions_index,
)

_LOOK_AGAIN_SECONDS = 30.0
"""How soon a new generation's suggestions are used; products come from it at once."""
_PRODUCT_FIELDS = (
    "id", "title", "brand", "product_type", "price", "currency", "image_url", "url", "available",
)  # fmt: skip
_TYPED_FIELDS = ("title^3", "brand.text^2", "product_type.text^2", "codes_text")
_SOURCE = ["text", "kind", "products", "shoppers"]
_SHORTEST_FUZZY = 4
"""Letters from which misspelt ones are looked for: shorter words are a letter apart from many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionAnswer:
    """What the typed letters may become."""

    suggestions: tuple[Suggestion, ...]
    """Those that begin as typed, by weight; then those that nearly do."""
    products: tuple[StoredProduct, ...]
    learned: bool
    """`False`: the generation has no suggestions, so that there are only products."""


class SuggestionSearch:
    """Looks suggestions up. One instance an event loop."""

    def __init__(self, client: AsyncOpenSearch, clock: Callable[[], float] = monotonic) -> None:
        """Take the connection.

        Args:
            client: closed by its owner.
            clock: seconds.
        """
        self._client = client
        self._clock = clock
        self._generations: dict[str, tuple[str, float]] = {}

    async def complete(
        self,
        index: str,
        key: str,
        text: str,
        *,
        size: int,
        products: int,
        headers: Mapping[str, str],
        timeout_seconds: float,
    ) -> SuggestionAnswer:
        """Return what typed text may become.

        Args:
            index: alias or generation.
            key: the text, folded as the suggestions' keys are. Empty: the most popular.
            text: as it was typed.
            size: suggestions at most.
            products: products at most.
            headers: sent to OpenSearch.
            timeout_seconds: the time that is left.

        Raises:
            IndexNotFoundError: there is no such index.
            SearchEngineError: OpenSearch does not answer as it should.
        """
        generation = await self._generation(index, headers, timeout_seconds)
        lines: list[dict[str, Any]] = [
            {"index": suggestions_index(generation)},
            _completion_body(key, size),
        ]
        if products and text.strip():
            lines += [{"index": index}, _products_body(text, products)]
        answers = await self._ask(lines, headers, timeout_seconds)
        learned = "error" not in answers[0]
        if not learned:
            self._generations.pop(index, None)
        found = answers[1] if len(answers) > 1 else {}
        return SuggestionAnswer(
            suggestions=_suggestions(answers[0], size) if learned else (),
            products=tuple(
                StoredProduct(product_id=hit["_source"]["id"], document=hit["_source"])
                for hit in found.get("hits", {}).get("hits", ())
            ),
            learned=learned,
        )

    async def with_hits(
        self,
        index: str,
        texts: Sequence[str],
        *,
        headers: Mapping[str, str],
        timeout_seconds: float,
    ) -> tuple[str, ...]:
        """Return those texts of which some product has every word.

        Raises:
            SearchEngineError: OpenSearch does not answer as it should.
        """
        lines = [line for text in texts for line in ({"index": index}, _any_hit_body(text))]
        answers = await self._ask(lines, headers, timeout_seconds) if lines else []
        return tuple(
            text
            for text, answer in zip(texts, answers, strict=True)
            if answer.get("hits", {}).get("hits")
        )

    async def _generation(
        self, index: str, headers: Mapping[str, str], timeout_seconds: float
    ) -> str:
        known = self._generations.get(index)
        if known is not None and self._clock() - known[1] < _LOOK_AGAIN_SECONDS:
            return known[0]
        with translated_errors():
            found = await self._client.indices.get_alias(
                index=index,
                params={"request_timeout": timeout_seconds, "ignore": 404},
                headers=dict(headers),
            )
        names = [name for name in found if name not in ("error", "status")]
        if len(names) != 1:
            raise IndexNotFoundError(
                f"{index} stands for {len(names)} indices, but suggestions need exactly one",
                remedy="`shopkeeper index list` shows what there is",
            )
        self._generations[index] = (names[0], self._clock())
        return str(names[0])

    async def _ask(
        self, lines: list[dict[str, Any]], headers: Mapping[str, str], timeout_seconds: float
    ) -> list[dict[str, Any]]:
        with translated_errors():
            answer = await self._client.msearch(
                body=lines, params={"request_timeout": timeout_seconds}, headers=dict(headers)
            )
        return list(answer["responses"])


def _completion_body(key: str, size: int) -> dict[str, Any]:
    if not key.strip():
        return {"size": size, "_source": _SOURCE, "sort": [{WEIGHT_FIELD: "desc"}, {"_doc": "asc"}]}
    # A suggestion can be found by several of its words, hence more than are wanted.
    wanted = {"field": COMPLETION_FIELD, "size": 2 * size}
    suggest: dict[str, Any] = {"exact": {"prefix": key, "completion": wanted}}
    if len(key.strip()) >= _SHORTEST_FUZZY:
        fuzzy = {"fuzziness": "AUTO", "prefix_length": 1, "unicode_aware": True}
        suggest["near"] = {"prefix": key, "completion": {**wanted, "fuzzy": fuzzy}}
    return {"size": 0, "_source": _SOURCE, "suggest": suggest}


def _products_body(text: str, size: int) -> dict[str, Any]:
    return {
        "size": size,
        "query": {
            "multi_match": {
                "query": text,
                "type": "bool_prefix",
                "operator": "and",
                "fields": list(_TYPED_FIELDS),
            }
        },
        "collapse": {"field": "variant_group"},
        "_source": list(_PRODUCT_FIELDS),
        "track_total_hits": False,
    }


def _any_hit_body(text: str) -> dict[str, Any]:
    return {
        "size": 1,
        "query": {
            "multi_match": {
                "query": text,
                "type": "cross_fields",
                "operator": "and",
                "fields": list(TEXT_FIELDS),
            }
        },
        "_source": False,
        "terminate_after": 1,
        "track_total_hits": False,
    }


def _suggestions(answer: dict[str, Any], size: int) -> tuple[Suggestion, ...]:
    found: dict[str, Suggestion] = {}
    for source in _sources(answer):
        found.setdefault(
            source["text"],
            Suggestion(
                text=source["text"],
                kind=SuggestionKind(source["kind"]),
                products=source["products"],
                shoppers=source["shoppers"],
            ),
        )
    return tuple(found.values())[:size]


def _sources(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in ("exact", "near"):
        for entry in answer.get("suggest", {}).get(name, ()):
            yield from (option["_source"] for option in entry["options"])
    yield from (hit["_source"] for hit in answer["hits"]["hits"])
