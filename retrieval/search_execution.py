"""One request under way: legs → fusion → page."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from retrieval.deadline import Deadline
from retrieval.dense_floor import above_floor
from retrieval.filter_softening import applied_filters
from retrieval.fusion import FusedRanking
from retrieval.leg_search import LegSearch, LegSource
from retrieval.page_hits import fused_hit, slice_hits
from retrieval.ranked_result import RankedResult
from retrieval.recurring_queries import QueryMemory
from retrieval.search_request import SearchRequest, SearchResponse, Timings
from retrieval.window_reranking import WindowReranking
from search_core import Filter, Hit, QueryPlan
from search_core.settings import RetrievalSettings
from search_engine import (
    DocumentVersion,
    Generation,
    Leg,
    LegsAnswer,
    NativeFilter,
    PageAnswer,
    PageQuery,
    ResultSet,
    Searcher,
    Slice,
    Sort,
    SortField,
    StoredProduct,
    TextMatch,
)

_BROWSING = Sort(field=SortField.POPULARITY, descending=True)
"""The order of a result without a text, unless another is asked for."""


class SearchExecution:
    """The state of one request under way: legs → fusion → page."""

    def __init__(
        self,
        searcher: Searcher,
        settings: RetrievalSettings,
        memory: QueryMemory,
        index: str,
        request: SearchRequest,
        generation: Generation,
        deadline: Deadline,
        reranking: WindowReranking | None = None,
    ) -> None:
        self._searcher = searcher
        self._settings = settings
        self._memory = memory
        self._index = index
        self._request = request
        self._plan = request.plan
        self._generation = generation
        self._deadline = deadline
        self._reranking = reranking
        self._degraded: list[str] = []
        self._timings = Timings()
        collapse = request.collapse_variants
        self._collapse = self._settings.collapse_variants if collapse is None else collapse
        self._filters: tuple[Filter | NativeFilter, ...] = (
            *applied_filters(self._plan),
            *request.native_filters,
        )
        self._match = TextMatch.of(self._plan.text, self._settings, variants=self._plan.variants)
        self._preference = _preference(self._plan, request.native_filters)

    @property
    def is_ordered(self) -> bool:
        """Whether the result is sorted by a field: when asked to, or browsing."""
        return self._request.sort is not None or not self._plan.text

    async def fused(self) -> SearchResponse:
        """Answer by relevance."""
        ranked = await self.ranked()
        offset, size = self._request.offset, self._request.size
        shown = ranked.page(offset, size)
        query = PageQuery(
            result_set=ranked.result_set,
            ids=tuple(each.product_id for each in shown if each.product_id not in ranked.documents),
            rest=ranked.rest(offset, size),
            facets=self._request.facets,
            count=ranked.more,
            versions=ranked.versions,
        )
        page = await self._page(query)
        page = replace(page, documents={**ranked.documents, **page.documents})
        count = len(ranked.candidates)
        total = count if page.total is None or not ranked.more else page.total
        hits = [
            fused_hit(position, ranked, page, explain=self._request.explain)
            for position, candidate in enumerate(shown, start=offset)
            if candidate.product_id in page.documents
        ]
        hits += self._slice_hits(page.rest, max(offset, count) + 1)
        return self._response(hits, total, page, ranked.generation)

    async def ranked(self) -> RankedResult:
        """Rank the candidates and rerank the best, without fetching what a page shows of them."""
        ranked = await self._fused_order()
        if self._reranking is None or not self._reranking.concerns(self._request.offset):
            return ranked
        ranked = await self._reranking.reordered(
            ranked, partial(self._documents, ranked.versions), self._deadline
        )
        self._degraded = list(ranked.degraded)
        self._note(rerank_ms=ranked.timings.rerank_ms / 1000)
        return replace(ranked, timings=self._timings)

    async def _fused_order(self) -> RankedResult:
        answer = await self._legs()
        started = self._deadline.now()
        ranking = self._ranking(answer)
        members = tuple(ranking.candidates.ids)
        candidates = ranking.collapsed() if self._collapse else ranking.candidates
        self._note(fusion_ms=self._deadline.now() - started)
        all_terms = answer.results.get(Leg.ALL_TERMS)
        matches = all_terms is not None and all_terms.failure is None
        return RankedResult(
            ranking=ranking,
            candidates=candidates,
            result_set=self._result_set(members, matches=matches),
            more=all_terms is not None and (all_terms.total or 0) > len(all_terms.candidates),
            plan=self._plan,
            fusion=self._settings.fusion,
            generation=answer.generation or self._generation.name,
            versions=answer.versions,
            coverage=answer.coverage,
            preference=self._preference,
            degraded=tuple(self._degraded),
            timings=self._timings,
        )

    async def ordered(self) -> SearchResponse:
        """Answer sorted by a field: the matches of all terms, or the candidates when none match."""
        sort = self._request.sort or _BROWSING
        part = Slice(offset=self._request.offset, size=self._request.size, sort=sort)
        page = await self._page(
            PageQuery(
                result_set=self._result_set((), matches=True),
                rest=part,
                facets=self._request.facets,
                count=True,
            )
        )
        if not page.total and self._plan.text:
            answer = await self._legs()
            ranking = self._ranking(answer)
            members = tuple(ranking.candidates.ids)
            page = await self._page(
                PageQuery(
                    result_set=self._result_set(members, matches=False),
                    rest=part,
                    facets=self._request.facets,
                    count=True,
                )
            )
        hits = self._slice_hits(page.rest, self._request.offset + 1, sort.field.value)
        return self._response(hits, page.total or 0, page, page.generation)

    async def _legs(self) -> LegsAnswer:
        source = LegSource(
            searcher=self._searcher,
            settings=self._settings,
            vectors=self._memory.vectors,
            index=self._index,
            generation=self._generation,
            deadline=self._deadline,
            preference=self._preference,
            comes_again=self._memory.recurring.comes_again(self._preference),
            groups=self._collapse,
        )
        legs = LegSearch(source, self._plan, self._request.native_filters)
        answer = await legs.answer()
        self._plan, self._filters, self._match = legs.plan, legs.filters, legs.match
        self._degraded += legs.degraded
        self._note(encode_ms=legs.encode_seconds, legs_ms=legs.legs_seconds)
        return answer

    def _ranking(self, answer: LegsAnswer) -> FusedRanking:
        results = dict(answer.results)
        if Leg.DENSE in results:
            results[Leg.DENSE] = above_floor(results[Leg.DENSE], self._settings.dense_floor)
        return FusedRanking(
            results, self._settings.fusion, self._plan.boosts, self._plan.leg_factors
        )

    async def _page(self, query: PageQuery) -> PageAnswer:
        started = self._deadline.now()
        page = await self._searcher.page(
            self._index,
            query,
            preference=self._preference,
            timeout_seconds=self._deadline.seconds_left(),
        )
        self._note(page_ms=self._deadline.now() - started)
        return page

    async def _documents(
        self, versions: Mapping[str, DocumentVersion], ids: tuple[str, ...]
    ) -> Mapping[str, StoredProduct]:
        everything = self._result_set((), matches=True)
        page = await self._page(PageQuery(result_set=everything, ids=ids, versions=versions))
        return page.documents

    def _result_set(self, members: tuple[str, ...], *, matches: bool) -> ResultSet:
        return ResultSet(
            matches=matches,
            match=self._match,
            filters=self._filters,
            candidate_ids=members,
            collapse=self._collapse,
        )

    def _slice_hits(
        self, products: tuple[StoredProduct, ...], first_rank: int, sorted_by: str | None = None
    ) -> list[Hit]:
        plan = self._plan if self._request.explain else None
        return slice_hits(products, first_rank, sorted_by, explained_by=plan)

    def _response(
        self, hits: list[Hit], total: int, page: PageAnswer, generation: str | None
    ) -> SearchResponse:
        self._note(total_ms=self._deadline.elapsed())
        return SearchResponse(
            hits=tuple(hits),
            total=total,
            facets=page.facets,
            plan=self._plan,
            generation=generation or self._generation.name,
            degraded=tuple(self._degraded),
            timings=self._timings,
        )

    def _note(self, **seconds: float) -> None:
        """Add seconds to timings, which are in milliseconds."""
        added = {
            name: getattr(self._timings, name) + value * 1000 for name, value in seconds.items()
        }
        self._timings = replace(self._timings, **added)


def _preference(plan: QueryPlan, native_filters: tuple[NativeFilter, ...]) -> str:
    """Return what keeps equal queries on the same shard copies, so that their pages agree."""
    asked = (plan.text, plan.variants, plan.filters, plan.inferred_filters, native_filters)
    key = repr(asked).encode()
    return f"query-{hashlib.blake2b(key, digest_size=8).hexdigest()}"
