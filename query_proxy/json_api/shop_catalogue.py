"""Suggestions and similar products of the JSON API."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from time import perf_counter

from query_proxy.circuit_breaker import CircuitBreaker
from query_proxy.json_api.catalogue_models import (
    ShopSuggestion,
    ShopSuggestions,
    SimilarQuery,
    SimilarResult,
    SuggestQuery,
)
from query_proxy.json_api.shop_models import ShopWarning
from query_proxy.json_api.shop_search import served_index
from query_proxy.json_api.similar_products import similar_hits
from retrieval import NameCheck, parse_filter
from search_core import ProductNotFoundError, suggestion_key
from search_core.settings import Settings
from search_engine import (
    AttributeNames,
    SimilarSearch,
    Suggestion,
    SuggestionAnswer,
    SuggestionSearch,
    connect_async,
)

Headers = dict[str, str]

_CANDIDATES = 5
"""Near products looked at for each that is wanted, so that kind and price have a choice."""
_MOST_CANDIDATES = 200
_CONTINUATIONS = 5
"""Completed last words that are tried with the words before them."""
_NOT_LEARNED = "no suggestions are learned for this index: run `shopkeeper suggest learn`"
_NO_VECTOR = "the product has no vector: found by its words"


class ShopCatalogue:
    """Answers about the catalogue, without ranking by a query."""

    def __init__(
        self,
        suggestions: SuggestionSearch,
        similar: SimilarSearch,
        names: NameCheck,
        breaker: CircuitBreaker,
        indices: Sequence[str],
        deadline_ms: float,
    ) -> None:
        """Keep what is needed.

        Args:
            suggestions: looks suggestions up.
            similar: finds what is near a product.
            names: knows those of the attributes.
            breaker: of OpenSearch.
            indices: those that are served; the first is the default.
            deadline_ms: for each request to OpenSearch.
        """
        self._suggestions = suggestions
        self._similar = similar
        self._names = names
        self._breaker = breaker
        self._indices = indices
        self._seconds = deadline_ms / 1000

    @property
    def names(self) -> NameCheck:
        """Which names in filters and facets no product has."""
        return self._names

    async def suggest(self, query: SuggestQuery, headers: Headers) -> ShopSuggestions:
        """Return what the shopper may be about to type.

        Raises:
            IndexNotFoundError: there is no such index.
            SearchEngineError: OpenSearch does not answer as it should.
        """
        started = perf_counter()
        index = served_index(query.index, self._indices)
        key = suggestion_key(query.q)
        with self._breaker.guarded():
            answer = await self._complete(index, key, query, headers)
            found = [_shown(each) for each in answer.suggestions]
            if answer.learned and len(found) < query.size and " " in key.strip():
                taken = {suggestion_key(each.text).strip() for each in found}
                found += await self._continuations(index, key, taken, headers)
        return ShopSuggestions(
            suggestions=tuple(found[: query.size]),
            products=tuple(dict(each.document) for each in answer.products),
            degraded=() if answer.learned else (_NOT_LEARNED,),
            took_ms=(perf_counter() - started) * 1000,
        )

    async def _complete(
        self, index: str, key: str, query: SuggestQuery, headers: Headers
    ) -> SuggestionAnswer:
        return await self._suggestions.complete(
            index,
            key,
            query.q,
            size=query.size,
            products=query.products,
            headers=headers,
            timeout_seconds=self._seconds,
        )

    async def _continuations(
        self, index: str, key: str, taken: set[str], headers: Headers
    ) -> list[ShopSuggestion]:
        """Return the typed words with the last one completed, as far as there are products."""
        before, _, last = key.rpartition(" ")
        if not last:
            return []
        answer = await self._suggestions.complete(
            index,
            last,
            last,
            size=_CONTINUATIONS,
            products=0,
            headers=headers,
            timeout_seconds=self._seconds,
        )
        texts = [f"{before} {suggestion_key(each.text).strip()}" for each in answer.suggestions]
        fresh = [text for text in dict.fromkeys(texts) if text not in taken]
        with_hits = await self._suggestions.with_hits(
            index, fresh, headers=headers, timeout_seconds=self._seconds
        )
        return [ShopSuggestion(text=each, kind="continuation", products=None) for each in with_hits]

    async def similar(
        self, product_id: str, query: SimilarQuery, headers: Headers
    ) -> SimilarResult:
        """Return products similar to one.

        Raises:
            IndexNotFoundError: there is no such index.
            ProductNotFoundError: there is no such product.
            FilterError: a filter that cannot be understood.
            SearchEngineError: OpenSearch does not answer as it should.
        """
        started = perf_counter()
        index = served_index(query.index, self._indices)
        filters = tuple(map(parse_filter, query.filter))
        with self._breaker.guarded():
            answer = await self._similar.near(
                index,
                product_id,
                filters=filters,
                candidates=min(query.size * _CANDIDATES, _MOST_CANDIDATES),
                headers=headers,
                timeout_seconds=self._seconds,
            )
        if answer is None:
            raise ProductNotFoundError(
                f"there is no product {product_id!r} in {index}",
                remedy="the id is the catalogue's own; `/shop/search` finds products",
            )
        unknown = await self._names.unknown(
            index,
            filters=filters,
            found=bool(answer.near),
            headers=headers,
            timeout_seconds=self._seconds - (perf_counter() - started),
        )
        return SimilarResult(
            id=product_id,
            method="vector" if answer.by_vector else "words",
            hits=similar_hits(answer, query.size),
            generation=answer.generation,
            degraded=() if answer.by_vector else (_NO_VECTOR,),
            warnings=tuple(map(ShopWarning.of, unknown)),
            took_ms=(perf_counter() - started) * 1000,
        )


@asynccontextmanager
async def opened_catalogue(
    settings: Settings, breaker: CircuitBreaker
) -> AsyncIterator[ShopCatalogue]:
    """Hold a connection open while the block runs."""
    client = connect_async(settings.search_engine)
    try:
        yield ShopCatalogue(
            SuggestionSearch(client),
            SimilarSearch(client),
            NameCheck(AttributeNames(client), settings.retrieval.deadline_ms / 1000),
            breaker,
            settings.query_proxy.indices,
            settings.retrieval.deadline_ms,
        )
    finally:
        await client.close()


async def suggestions_for(
    settings: Settings, index: str, text: str, *, size: int, products: int
) -> ShopSuggestions:
    """Return what is suggested for typed text, without a server.

    Args:
        settings: all of them.
        index: alias or generation.
        text: the letters so far.
        size: suggestions at most.
        products: products at most.

    Raises:
        IndexNotFoundError: there is no such index.
        SearchEngineError: OpenSearch does not answer as it should.
    """
    served = settings.query_proxy.model_copy(update={"indices": (index,)})
    section = settings.query_proxy
    breaker = CircuitBreaker(
        section.breaker_failures, section.breaker_seconds, perf_counter, lambda _: None
    )
    changed = settings.model_copy(update={"query_proxy": served})
    async with opened_catalogue(changed, breaker) as catalogue:
        return await catalogue.suggest(SuggestQuery(q=text, size=size, products=products), {})


def _shown(entry: Suggestion) -> ShopSuggestion:
    return ShopSuggestion(text=entry.text, kind=entry.kind.value, products=entry.products or None)
