"""One request under way: legs → fusion → page."""

import hashlib
from dataclasses import replace

from retrieval.deadline import Deadline
from retrieval.explanation import explain_fused, explain_slice
from retrieval.fusion import FusedCandidate, FusedRanking, leg_weights
from retrieval.query_vector import EncoderProvider, query_vector
from retrieval.search_request import SearchRequest, SearchResponse, Timings
from search_core import Hit, PlanStep, QueryPlan
from search_core.settings import RetrievalSettings
from search_engine import (
    Generation,
    Leg,
    LegsAnswer,
    LegsQuery,
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
        encoder_for: EncoderProvider | None,
        index: str,
        request: SearchRequest,
        generation: Generation,
        deadline: Deadline,
    ) -> None:
        self._searcher = searcher
        self._settings = settings
        self._encoder_for = encoder_for if settings.dense else None
        self._index = index
        self._request = request
        self._plan = request.plan
        self._generation = generation
        self._deadline = deadline
        self._degraded: list[str] = []
        self._timings = Timings()
        collapse = request.collapse_variants
        self._collapse = self._settings.collapse_variants if collapse is None else collapse
        self._match = TextMatch(
            text=self._plan.text,
            all_terms_boosts=self._settings.all_terms_boosts.model_dump(),
            some_terms_boosts=self._settings.some_terms_boosts.model_dump(),
            minimum_should_match=self._settings.minimum_should_match,
        )
        self._preference = _preference(self._plan)

    async def fused(self) -> SearchResponse:
        """Answer by relevance."""
        answer = await self._legs()
        started = self._deadline.now()
        ranking = FusedRanking(answer.results, self._settings.fusion)
        members = tuple(each.product_id for each in ranking.candidates)
        candidates = ranking.collapsed() if self._collapse else ranking.candidates
        self._note(fusion_ms=self._deadline.now() - started)

        all_terms = answer.results.get(Leg.ALL_TERMS)
        matches = all_terms is not None and all_terms.failure is None
        more = all_terms is not None and (all_terms.total or 0) > len(all_terms.candidates)
        shown = candidates[self._request.offset : self._request.offset + self._request.size]
        query = PageQuery(
            result_set=self._result_set(members, matches=matches),
            ids=tuple(each.product_id for each in shown),
            rest=self._rest(candidates, len(shown)) if more else None,
            facets=self._request.facets,
            count=more,
        )
        page = await self._page(query)
        total = len(candidates) if page.total is None or not more else page.total
        following = (*candidates[self._request.offset + 1 :][: len(shown)], None)
        hits = [
            self._fused_hit(rank, candidate, after, ranking, page)
            for rank, (candidate, after) in enumerate(
                zip(shown, following, strict=False), start=self._request.offset + 1
            )
            if candidate.product_id in page.documents
        ]
        rest_rank = max(self._request.offset, len(candidates)) + 1
        hits += self._slice_hits(page.rest, rest_rank, sorted_by=None)
        return self._response(hits, total, page, answer.generation)

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
            ranking = FusedRanking(answer.results, self._settings.fusion)
            members = tuple(each.product_id for each in ranking.candidates)
            page = await self._page(
                PageQuery(
                    result_set=self._result_set(members, matches=False),
                    rest=part,
                    facets=self._request.facets,
                    count=True,
                )
            )
        hits = self._slice_hits(page.rest, self._request.offset + 1, sorted_by=sort.field.value)
        return self._response(hits, page.total or 0, page, page.generation)

    async def _legs(self) -> LegsAnswer:
        started = self._deadline.now()
        vector, failure = await query_vector(
            self._plan.text, self._generation.description.encoder, self._encoder_for
        )
        if failure is not None:
            self._degraded.append(failure)
        self._note(encode_ms=self._deadline.now() - started)

        weights = leg_weights(self._settings.fusion)
        wanted = {
            Leg.ALL_TERMS: self._settings.all_terms,
            Leg.SOME_TERMS: self._settings.some_terms,
            Leg.DENSE: vector is not None,
        }
        query = LegsQuery(
            legs=tuple(leg for leg, on in wanted.items() if on and weights[leg] > 0),
            match=self._match,
            vector=vector,
            filters=self._plan.filters,
            candidates=self._settings.candidates,
        )
        started = self._deadline.now()
        answer = await self._ask(query)
        by_words = self._settings.all_terms or self._settings.some_terms
        if self._settings.zero_result_fallback and by_words and not _found(answer):
            answer = await self._fallback(query)
        self._note(legs_ms=self._deadline.now() - started)
        self._degraded += [
            f"without {leg.value}: {result.failure}"
            for leg, result in answer.results.items()
            if result.failure is not None
        ]
        return answer

    async def _ask(self, query: LegsQuery) -> LegsAnswer:
        if not query.legs:
            return LegsAnswer(results={}, generation=None)
        return await self._searcher.legs(
            self._index,
            query,
            preference=self._preference,
            timeout_seconds=self._deadline.seconds_left(),
        )

    async def _fallback(self, query: LegsQuery) -> LegsAnswer:
        """Accept near words, since an empty page sells nothing."""
        fuzzy = replace(query, legs=(Leg.SOME_TERMS,), match=replace(self._match, fuzzy=True))
        answer = await self._ask(fuzzy)
        if _found(answer):
            step = PlanStep(
                rewriter="zero_result_fallback",
                message="Nothing matched the words as typed, so similar words were accepted.",
            )
            self._plan = replace(self._plan, log=(*self._plan.log, step))
        return answer

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

    def _result_set(self, members: tuple[str, ...], *, matches: bool) -> ResultSet:
        return ResultSet(
            matches=matches,
            match=self._match,
            filters=self._plan.filters,
            candidate_ids=members,
            collapse=self._collapse,
        )

    def _rest(self, candidates: tuple[FusedCandidate, ...], shown: int) -> Slice | None:
        """Return what a page needs beyond the fused candidates, or `None`."""
        missing = self._request.size - shown
        if missing <= 0:
            return None
        return Slice(
            offset=max(0, self._request.offset - len(candidates)),
            size=missing,
            excluded_ids=() if self._collapse else tuple(each.product_id for each in candidates),
            excluded_groups=(
                tuple(each.variant_group for each in candidates) if self._collapse else ()
            ),
        )

    def _fused_hit(
        self,
        rank: int,
        candidate: FusedCandidate,
        after: FusedCandidate | None,
        ranking: FusedRanking,
        page: PageAnswer,
    ) -> Hit:
        product_id = candidate.product_id
        explanation: tuple[str, ...] = ()
        if self._request.explain:
            explanation = explain_fused(
                candidate, after, ranking, self._plan, self._settings.fusion
            )
        return Hit(
            product_id=product_id,
            rank=rank,
            fused_score=candidate.fused_score,
            legs=ranking.legs_of(product_id),
            contributions=ranking.contributions_of(product_id),
            exact_code=candidate.exact_code,
            document=page.documents[product_id].document,
            explanation=explanation,
        )

    def _slice_hits(
        self, products: tuple[StoredProduct, ...], first_rank: int, *, sorted_by: str | None
    ) -> list[Hit]:
        return [
            Hit(
                product_id=product.product_id,
                rank=rank,
                fused_score=None,
                document=product.document,
                explanation=explain_slice(product.score, sorted_by, self._plan)
                if self._request.explain
                else (),
            )
            for rank, product in enumerate(products, start=first_rank)
        ]

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


def _found(answer: LegsAnswer) -> bool:
    return any(result.candidates for result in answer.results.values())


def _preference(plan: QueryPlan) -> str:
    """Return what keeps equal queries on the same shard copies, so that their pages agree."""
    key = repr((plan.text, plan.filters)).encode()
    return f"query-{hashlib.blake2b(key, digest_size=8).hexdigest()}"
