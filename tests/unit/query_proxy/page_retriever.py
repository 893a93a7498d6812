"""Answers the page's searches without a node, and remembers what it was asked."""

from dataclasses import dataclass, field, replace
from typing import Any

from retrieval import SearchRequest, SearchResponse, UnknownName
from search_core import (
    Contribution,
    Facet,
    FacetValue,
    Hit,
    LegScore,
    QueryPlan,
    ShopkeeperError,
)


def hit(rank: int, **document: Any) -> Hit:
    """Return a hit that two legs found."""
    return Hit(
        product_id=f"p{rank}",
        rank=rank,
        fused_score=1.0 / rank,
        legs=(
            LegScore(leg="all_terms", rank=rank, score=9.0),
            LegScore(leg="dense", rank=rank, score=0.5),
        ),
        contributions=(
            Contribution(leg="all_terms", weight=1.0, value=0.6 / rank),
            Contribution(leg="dense", weight=1.0, value=0.4 / rank),
        ),
        document={"title": f"Product {rank}", "price": 10.0 * rank, "currency": "USD", **document},
        explanation=(f"Rank {rank} in numbers.",),
    )


@dataclass
class FakeRetriever:
    """Gives its hits to any search, and as facets what it is told."""

    hits: tuple[Hit, ...] = ()
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    total: int | None = None
    plan: QueryPlan | None = None
    degraded: tuple[str, ...] = ()
    unknown_names: tuple[UnknownName, ...] = ()
    failure: ShopkeeperError | None = None
    count_failure: ShopkeeperError | None = None
    asked: list[SearchRequest] = field(default_factory=list)

    async def search(self, index: str, request: SearchRequest) -> SearchResponse:
        """Answer as it was told to."""
        self.asked.append(request)
        counting = request.size == 1
        failure = self.count_failure if counting else self.failure
        if failure is not None:
            raise failure
        total = len(self.hits) if self.total is None else self.total
        plan = (
            request.plan if self.plan is None else replace(self.plan, filters=request.plan.filters)
        )
        return SearchResponse(
            hits=() if counting else self.hits,
            total=total,
            facets=tuple(self._facet(each) for each in request.facets),
            plan=plan,
            generation=f"{index}-1",
            degraded=self.degraded,
            unknown_names=self.unknown_names,
        )

    def _facet(self, name: str) -> Facet:
        counts = self.facets.get(name, {}).items()
        return Facet(field=name, values=tuple(FacetValue(value=v, count=c) for v, c in counts))
