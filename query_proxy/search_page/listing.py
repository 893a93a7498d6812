"""The searches that one view of the search page takes."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace

from query_proxy.json_api.shop_models import ShopQuery
from query_proxy.json_api.shop_search import ShopSearch
from query_proxy.search_page.address import PageAddress
from query_proxy.search_page.attributes import PRODUCT_FIELDS, frequent_attributes
from retrieval import SearchRequest, SearchResponse, parse_sort
from search_core import Facet, Filter, Hit, QueryPlan, SearchEngineError

_logger = logging.getLogger(__name__)

_FACETS = ("category", "available", "currency", "price", "brand")
_DRILLED_DOWN = "category"
"""Chosen step by step: a chosen category shows what is below it, not the others."""
_MOST_COUNTS = 4
"""Further searches for one view. Fields beyond show only their chosen values."""
_POPULAR = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What was found for a view of the page."""

    response: SearchResponse
    facets: Mapping[str, Facet]
    """By field, in the order shown. A filtered field counts what else could be chosen there."""
    popular: tuple[Hit, ...] = ()
    """What else the shop has; only when nothing was found."""
    degraded: tuple[str, ...] = ()


class PageListing:
    """Searches for the search page, which shows one product of each group of variants."""

    def __init__(self, understood: ShopSearch, verbatim: ShopSearch, *, counts_from: int) -> None:
        """Keep what is needed.

        Args:
            understood: searches for what a shopper's words are taken to mean.
            verbatim: searches for the words as they are typed.
            counts_from: a position below the rerank window: counting needs no reranking.
        """
        self._understood = understood
        self._verbatim = verbatim
        self._counts_from = counts_from

    async def find(self, address: PageAddress, headers: dict[str, str]) -> Listing:
        """Find what an address asks for.

        Raises:
            ShopkeeperError: as `Retriever.search`.
        """
        service = self._verbatim if address.verbatim else self._understood
        query = address.query.model_copy(
            update={"facet": _FACETS, "explain": True, "collapse": True}
        )
        response = await service.answer(query, headers)
        if not response.hits:
            return Listing(
                response=response,
                facets={each.field: each for each in response.facets},
                popular=await self._popular(query, headers) if query.page == 1 else (),
                degraded=response.degraded,
            )
        index = service.index(query.index)
        counted, failed = await self._counted(index, address, response, headers)
        facets = {each.field: each for each in response.facets}
        facets.update(counted)
        return Listing(response=response, facets=facets, degraded=(*response.degraded, *failed))

    async def _counted(
        self,
        index: str,
        address: PageAddress,
        response: SearchResponse,
        headers: dict[str, str],
    ) -> tuple[dict[str, Facet], tuple[str, ...]]:
        """Count the attributes, and for each filtered field what leaving its filter would give."""
        filtered = [each for each in address.filtered_fields if each != _DRILLED_DOWN]
        lifted = sorted(each for each in filtered if each in _FACETS or each not in PRODUCT_FIELDS)
        attributes = (
            *frequent_attributes(response.hits),
            *(each for each in lifted if each not in PRODUCT_FIELDS),
        )
        asked = [tuple(dict.fromkeys(attributes))] if attributes else []
        plans = [response.plan for _ in asked]
        for each in lifted[:_MOST_COUNTS]:
            asked.append((each,))
            plans.append(_lifted(response.plan, address, each))
        answers = await asyncio.gather(
            *(
                self._count(index, plan, fields, address.query, headers)
                for plan, fields in zip(plans, asked, strict=True)
            )
        )
        facets = {facet.field: facet for answer in answers if answer for facet in answer}
        return facets, ("without counts",) if any(answer is None for answer in answers) else ()

    async def _count(
        self,
        index: str,
        plan: QueryPlan,
        fields: tuple[str, ...],
        query: ShopQuery,
        headers: dict[str, str],
    ) -> tuple[Facet, ...] | None:
        """Return counts, or `None` when OpenSearch did not give them: the products are there."""
        request = SearchRequest(
            plan=plan,
            offset=self._counts_from,
            size=1,
            facets=fields,
            collapse_variants=True,
            sort=parse_sort(query.sort),
            headers=headers,
        )
        try:
            return (await self._verbatim.ask(index, request)).facets
        except SearchEngineError as error:
            _logger.warning("counts_missing fields=%s: %s", ",".join(fields), error.message)
            return None

    async def _popular(self, query: ShopQuery, headers: dict[str, str]) -> tuple[Hit, ...]:
        everything = ShopQuery(index=query.index, size=_POPULAR, collapse=True)
        try:
            return (await self._verbatim.answer(everything, headers)).hits
        except SearchEngineError as error:
            _logger.warning("popular_missing: %s", error.message)
            return ()


def _lifted(plan: QueryPlan, address: PageAddress, field: str) -> QueryPlan:
    gone: set[Filter] = {
        each for _, each in address.filters if getattr(each, "field", None) == field
    }
    return replace(plan, filters=tuple(each for each in plan.filters if each not in gone))
