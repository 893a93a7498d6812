"""Searches and explanations of the JSON API."""

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from query_proxy.behaviour.search_recorder import SearchRecorder
from query_proxy.circuit_breaker import CircuitBreaker
from query_proxy.json_api.shop_models import (
    ExplainQuery,
    ShopContribution,
    ShopExplanation,
    ShopLeg,
    ShopMixed,
    ShopPlan,
    ShopPlanStep,
    ShopQuery,
    ShopResult,
    ShopWarning,
)
from query_proxy.planner import Planner
from retrieval import (
    NameCheck,
    RankedResult,
    Retriever,
    SearchRequest,
    SearchResponse,
    parse_filter,
    parse_sort,
)
from search_core import IndexNotFoundError


class ShopSearch:
    """Answers the JSON API from a retriever."""

    def __init__(
        self,
        retriever: Retriever,
        planner: Planner,
        breaker: CircuitBreaker,
        indices: Sequence[str],
        recorder: SearchRecorder | None = None,
        names: NameCheck | None = None,
    ) -> None:
        """Keep what is needed.

        Args:
            retriever: ranks and fetches.
            planner: understands the words of a query.
            breaker: of OpenSearch.
            indices: those that are served; the first is the default.
            recorder: keeps searches that ask for it; `None`: none is kept.
            names: knows those of the attributes; `None`: none is looked at.
        """
        self._names = names
        self._recorder = recorder
        self._retriever = retriever
        self._breaker = breaker
        self._planner = planner
        self._indices = indices

    async def search(self, query: ShopQuery, headers: dict[str, str]) -> ShopResult:
        """Answer a search.

        Args:
            query: of the caller.
            headers: sent to OpenSearch with every step.

        Raises:
            ShopkeeperError: as `Retriever.search`.
        """
        result = ShopResult.of(await self.answer(query, headers), query)
        if query.ubi is None or self._recorder is None:
            return result
        shown = [hit.id for hit in result.hits]
        told = self._recorder.record(query.ubi, (self.index(query.index),), query.q, shown)
        return result if told is None else result.model_copy(update={"ext": {"ubi": told}})

    async def answer(self, query: ShopQuery, headers: dict[str, str]) -> SearchResponse:
        """Answer a search with all that retrieval tells.

        Args:
            query: of the caller.
            headers: sent to OpenSearch with every step.

        Raises:
            ShopkeeperError: as `Retriever.search`.
        """
        started = perf_counter()
        index = self.index(query.index)
        filters = tuple(map(parse_filter, query.filter))
        sort = parse_sort(query.sort)
        # The plan asks OpenSearch too, where the index is not known yet.
        with self._breaker.guarded():
            request = SearchRequest(
                plan=await self._planner.plan(index, query.q, filters),
                offset=(query.page - 1) * query.size,
                size=query.size,
                facets=query.facet,
                sort=sort,
                collapse_variants=query.collapse,
                explain=query.explain,
                headers=headers,
            )
            response = await self._retriever.search(index, request)
        if self._names is None:
            return response
        unknown = await self._names.unknown(
            index,
            filters=response.plan.filters,  # those of the shop's rules too
            facets=response.facets,
            hits=response.hits,
            found=response.total > 0,
            headers=headers,
            timeout_seconds=self._seconds_left(started),
        )
        return replace(response, unknown_names=unknown)

    async def ask(self, index: str, request: SearchRequest) -> SearchResponse:
        """Answer a request that is planned already.

        Raises:
            ShopkeeperError: as `Retriever.search`.
        """
        with self._breaker.guarded():
            return await self._retriever.search(index, request)

    async def explain(self, query: ExplainQuery, headers: dict[str, str]) -> ShopExplanation:
        """Say why a product stands where it does, or that no leg proposed it.

        Raises:
            ShopkeeperError: as `Retriever.ranking`.
        """
        started = perf_counter()
        index = self.index(query.index)
        filters = tuple(map(parse_filter, query.filter))
        with self._breaker.guarded():
            plan = await self._planner.plan(index, query.q, filters)
            request = SearchRequest(plan=plan, headers=headers)
            ranked = await self._retriever.ranking(index, request)
        explanation = _explanation(query.id, ranked)
        if self._names is None:
            return explanation
        unknown = await self._names.unknown(
            index,
            filters=filters,
            found=bool(ranked.candidates),
            headers=headers,
            timeout_seconds=self._seconds_left(started),
        )
        return explanation.model_copy(update={"warnings": tuple(map(ShopWarning.of, unknown))})

    def _seconds_left(self, started: float) -> float:
        return self._retriever.deadline_seconds - (perf_counter() - started)

    def index(self, asked: str | None) -> str:
        """Return the index that is meant.

        Args:
            asked: what the caller says; `None`: the first there is.

        Raises:
            IndexNotFoundError: it is none of those that are served.
        """
        return served_index(asked, self._indices)


def served_index(asked: str | None, indices: Sequence[str]) -> str:
    """Return the index that is meant.

    Args:
        asked: what the caller says; `None`: the first there is.
        indices: those that are served.

    Raises:
        IndexNotFoundError: it is none of them.
    """
    index = indices[0] if asked is None and indices else asked or ""
    if index not in indices:
        raise IndexNotFoundError(
            f"there is no index {index!r} here",
            remedy="query_proxy.indices names those there are",
        )
    return index


def _explanation(product_id: str, ranked: RankedResult) -> ShopExplanation:
    ids = [each.product_id for each in ranked.candidates]
    position = ids.index(product_id) if product_id in ids else None
    if position is None:
        sentences: tuple[str, ...] = (
            f"No leg has it among its best: {len(ids)} products were proposed.",
        )
    else:
        sentences = ranked.explanation(position)
    plan = ranked.plan
    return ShopExplanation(
        id=product_id,
        found=position is not None,
        rank=None if position is None else position + 1,
        fused_score=None if position is None else ranked.candidates[position].fused_score,
        legs=tuple(map(ShopLeg.of, ranked.ranking.legs_of(product_id))),
        contributions=tuple(map(ShopContribution.of, ranked.ranking.contributions_of(product_id))),
        mixed=ShopMixed.of(ranked.mixed[product_id]) if product_id in ranked.mixed else None,
        explanation=sentences,
        plan=ShopPlan(
            original_text=plan.original_text,
            text=plan.text,
            suggestion=plan.suggestion,
            intent=plan.intent,
            log=tuple(
                ShopPlanStep(rewriter=each.rewriter, message=each.message) for each in plan.log
            ),
        ),
    )
