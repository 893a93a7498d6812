"""Asks the legs, and asks again with less where the words and filters leave too little."""

from dataclasses import dataclass, replace

from retrieval.deadline import Deadline
from retrieval.filter_softening import FEW_MATCHES, applied_filters, softened
from retrieval.fusion import leg_weights
from retrieval.query_vector import QueryVectors
from search_core import Filter, QueryPlan, Relaxation
from search_core.settings import RetrievalSettings
from search_engine import (
    Generation,
    Leg,
    LegCandidates,
    LegResult,
    LegsAnswer,
    LegsQuery,
    NativeFilter,
    Searcher,
    TextMatch,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegSource:
    """Where the legs of a request are asked, and how."""

    searcher: Searcher
    settings: RetrievalSettings
    vectors: QueryVectors
    index: str
    generation: Generation
    deadline: Deadline
    preference: str
    """Keeps equal queries on the same shard copies."""
    comes_again: bool = False
    """Whether the same was asked lately."""
    groups: bool = True
    """Whether the result is collapsed, which needs the candidates' variant groups."""


class LegSearch:
    """The legs of one request. What had to be changed to find something is in its plan."""

    def __init__(
        self, source: LegSource, plan: QueryPlan, native_filters: tuple[NativeFilter, ...]
    ) -> None:
        self._source = source
        self._settings = settings = source.settings
        self._deadline = source.deadline
        self._native_filters = native_filters
        self.plan = plan
        self.filters: tuple[Filter | NativeFilter, ...] = (
            *applied_filters(plan),
            *native_filters,
        )
        self.match = TextMatch.of(plan.text, settings, variants=plan.variants)
        self.degraded: tuple[str, ...] = ()
        """What did not work."""
        self.encode_seconds = 0.0
        self.legs_seconds = 0.0

    async def answer(self) -> LegsAnswer:
        """Ask once, and again only where that found too little."""
        query = await self._query()
        started = self._deadline.now()
        answer = await self._ask(query)
        if self.plan.inferred_filters and _matches(answer) < FEW_MATCHES:
            query, answer = await self._without_inferred(query, answer)
        if self.plan.relaxations and _found_by_words(answer) < self._settings.relax_below:
            answer = await self._relaxed(query, answer)
        by_words = self._settings.all_terms or self._settings.some_terms
        if self._settings.zero_result_fallback and by_words and not _found(answer):
            answer = await self._fallback(query)
        self.legs_seconds = self._deadline.now() - started
        self.degraded += tuple(
            f"without {leg.value}: {result.failure}"
            for leg, result in answer.results.items()
            if result.failure is not None
        )
        return answer

    async def _query(self) -> LegsQuery:
        started = self._deadline.now()
        encoder = self._source.generation.description.encoder if self._settings.dense else None
        meant = self.plan.dense_text or self.plan.text
        vector, failure = await self._source.vectors.vector(meant, encoder)
        if failure is not None:
            self.degraded += (failure,)
        self.encode_seconds = self._deadline.now() - started
        weights = leg_weights(self._settings.fusion, self.plan.leg_factors)
        wanted = {
            Leg.ALL_TERMS: self._settings.all_terms,
            Leg.SOME_TERMS: self._settings.some_terms,
            Leg.DENSE: vector is not None,
        }
        return LegsQuery(
            legs=tuple(leg for leg, on in wanted.items() if on and weights[leg] > 0),
            match=self.match,
            vector=vector,
            vector_compression=self._source.generation.description.vector_compression,
            filters=self.filters,
            boosts=tuple(each.filter for each in self.plan.boosts),
            candidates=self._settings.candidates,
            groups=self._source.groups,
            comes_again=self._source.comes_again,
        )

    async def _without_inferred(
        self, query: LegsQuery, answer: LegsAnswer
    ) -> tuple[LegsQuery, LegsAnswer]:
        """Turn what the text was understood to ask for into boosts, where it leaves nothing."""
        passing = _with_every_word(answer)
        plan = softened(self.plan, passing.ids)
        wider = replace(
            query,
            filters=(*plan.filters, *self._native_filters),
            boosts=tuple(each.filter for each in plan.boosts),
        )
        without = await self._ask(wider)
        if _matches(without) <= _matches(answer) and _found(answer):
            return query, answer
        self.plan, self.filters = plan, wider.filters
        added = range(len(query.boosts), len(wider.boosts))
        return wider, _keeping(passing, without, answer, tuple(added))

    async def _relaxed(self, query: LegsQuery, answer: LegsAnswer) -> LegsAnswer:
        """Leave words out, the least informative first, until some product has all the others."""
        if Leg.ALL_TERMS not in query.legs:
            return answer
        for relaxation in self.plan.relaxations:
            variants = (*query.match.variants, relaxation.text)
            match = replace(query.match, variants=variants)
            relaxed = await self._ask(replace(query, legs=(Leg.ALL_TERMS,), match=match))
            if _matches(relaxed) > _matches(answer):
                self.match = match
                self.plan = _saying(self.plan, relaxation)
                return replace(answer, results={**answer.results, **relaxed.results},
                               versions={**answer.versions, **relaxed.versions})  # fmt: skip
        return answer

    async def _fallback(self, query: LegsQuery) -> LegsAnswer:
        """Accept near words, since an empty page sells nothing."""
        fuzzy = replace(query, legs=(Leg.SOME_TERMS,), match=replace(self.match, fuzzy=True))
        answer = await self._ask(fuzzy)
        if _found(answer):
            self.plan = self.plan.logged(
                "zero_result_fallback",
                "Nothing matched the words as typed, so similar words were accepted.",
            )
        return answer

    async def _ask(self, query: LegsQuery) -> LegsAnswer:
        if not query.legs:
            return LegsAnswer(results={}, generation=None)
        return await self._source.searcher.legs(
            self._source.index,
            query,
            preference=self._source.preference,
            timeout_seconds=self._deadline.seconds_left(),
        )


def _with_every_word(answer: LegsAnswer) -> LegCandidates:
    result = answer.results.get(Leg.ALL_TERMS)
    return LegCandidates.of(() if result is None else result.candidates)


def _keeping(
    passing: LegCandidates, wider: LegsAnswer, narrow: LegsAnswer, boosts: tuple[int, ...]
) -> LegsAnswer:
    """Return a wider answer with the products of a narrow one that its BM25 legs leave out.

    They have every word too, but others score more: they go behind these, with the boosts that all
    of them pass.
    """
    results = dict(wider.results)
    for leg in (Leg.ALL_TERMS, Leg.SOME_TERMS):
        if leg in wider.results and leg in narrow.results:
            found = LegCandidates.of(narrow.results[leg].candidates)
            results[leg] = _joined(wider.results[leg], found, passing, boosts)
    if all(results[leg] is each for leg, each in wider.results.items()):
        return wider
    return replace(wider, results=results, versions={**narrow.versions, **wider.versions})


def _joined(
    wider: LegResult, narrow: LegCandidates, passing: LegCandidates, boosts: tuple[int, ...]
) -> LegResult:
    if wider.failure is not None:
        return wider
    found = LegCandidates.of(wider.candidates)
    left_out = set(passing.ids).difference(found.ids)
    scores = [row for row in zip(narrow.ids, narrow.scores, strict=True) if row[0] in left_out]
    if not scores:
        return wider
    ids = [product_id for product_id, _ in scores]
    joined = LegCandidates(
        [*found.ids, *ids],
        [*found.scores, *(score for _, score in scores)],
        groups={**passing.groups, **found.groups},
        exact_codes=found.exact_codes.union(passing.exact_codes.intersection(ids)),
        boosts={**{each: (*passing.boosts.get(each, ()), *boosts) for each in ids}, **found.boosts},
    )
    # Totals are counted to one more than a leg is asked for: what joins it must not make a cut one
    # look complete. Pages then have the rest counted exactly.
    total = None if wider.total is None else wider.total + len(ids)
    return replace(wider, candidates=joined, total=total)


def _saying(plan: QueryPlan, relaxation: Relaxation) -> QueryPlan:
    left_out = ", ".join(repr(each) for each in relaxation.left_out)
    return plan.logged(
        "relaxation",
        f"Hardly any product has enough of the words, so {left_out} need not be there: products "
        f"with {relaxation.text!r} count as well.",
    )


def _matches(answer: LegsAnswer) -> int:
    """Count the products that have the words: k-NN always finds the nearest, however far."""
    all_terms = answer.results.get(Leg.ALL_TERMS)
    if all_terms is not None and all_terms.failure is None:
        return len(all_terms.candidates)
    by_words = [result for leg, result in answer.results.items() if leg is not Leg.DENSE]
    counted = by_words or list(answer.results.values())
    return max((len(result.candidates) for result in counted), default=0)


def _found_by_words(answer: LegsAnswer) -> int:
    """Count the products that the BM25 legs found, whether by all words or by some."""
    return max(
        (len(result.candidates) for leg, result in answer.results.items() if leg is not Leg.DENSE),
        default=0,
    )


def _found(answer: LegsAnswer) -> bool:
    return any(result.candidates for result in answer.results.values())
