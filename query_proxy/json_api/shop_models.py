"""What goes in and out of the JSON API."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from query_proxy.behaviour.ubi_request import UbiRequest
from query_proxy.error_responses import told_failure
from retrieval import SearchResponse, UnknownName
from search_core import Contribution, Hit, LegScore, MixedScore

_LARGEST_PAGE = 100
_DEEPEST_PAGE = 1_000
_LONGEST_TEXT = 1_000
_LONGEST_QUERY = 10_000
"""What is pasted by mistake is answered too; the first 1,000 characters are read."""
_MOST_FILTERS = 50

Text = Annotated[str, Field(max_length=_LONGEST_TEXT)]
QueryText = Annotated[str, Field(max_length=_LONGEST_QUERY)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class ShopQuery(_Model):
    """A search, as a shop asks it."""

    q: QueryText = ""
    """What the shopper typed, of which the first 1,000 characters are read; empty lists everything
    that the filters keep."""
    index: Annotated[str, Field(max_length=255)] | None = None
    """One of the configured indices; by default the first."""
    filter: Annotated[tuple[Text, ...], Field(max_length=_MOST_FILTERS)] = ()
    """`brand=HP`, `colour=red|blue`, `price<500`, `available!=true`."""
    facet: Annotated[tuple[Text, ...], Field(max_length=_MOST_FILTERS)] = ()
    """Product fields or attributes whose values are counted."""
    sort: Text = "relevance"
    """`relevance`, `newest`, `cheapest`, or a field with `:asc` or `:desc`."""
    size: Annotated[int, Field(ge=1, le=_LARGEST_PAGE)] = 10
    """Products on a page."""
    page: Annotated[int, Field(ge=1, le=_DEEPEST_PAGE)] = 1
    """Page, from 1."""
    collapse: bool | None = None
    """Show one product of each group of variants; by default as the settings say."""
    explain: bool = False
    """Say why each hit stands where it does."""

    query_id: Annotated[str, Field(max_length=100)] | None = None
    """Keep this search under this id, to which events refer; by default one is made."""
    client_id: Annotated[str, Field(max_length=100)] | None = None
    """Keep this search as one of this browser, device or account; stored as a pseudonym."""

    @property
    def ubi(self) -> UbiRequest | None:
        """What of the search is to be kept; `None`: nothing."""
        if self.query_id is None and self.client_id is None:
            return None
        return UbiRequest(query_id=self.query_id, client_id=self.client_id)


class ShopSearchExt(_Model):
    """What plugins of OpenSearch read in a search."""

    ubi: UbiRequest = UbiRequest()
    """Keep this search, as User Behavior Insights does."""


class PostedShopQuery(ShopQuery):
    """A search, as a shop asks it in a body."""

    ext: ShopSearchExt | None = None
    """As for a search of OpenSearch; instead of `query_id` and `client_id`."""

    @property
    def ubi(self) -> UbiRequest | None:
        """What of the search is to be kept; `None`: nothing."""
        return super().ubi if self.ext is None else self.ext.ubi


class ExplainQuery(_Model):
    """Why a product stands where it does for a search, or is not found."""

    q: Annotated[QueryText, Field(min_length=1)]
    """What the shopper typed."""
    id: Annotated[str, Field(min_length=1, max_length=512)]
    """The product."""
    index: Annotated[str, Field(max_length=255)] | None = None
    """One of the configured indices; by default the first."""
    filter: Annotated[tuple[Text, ...], Field(max_length=_MOST_FILTERS)] = ()
    """As for a search."""


class ShopLeg(_Model):
    """Where one leg ranked a product."""

    leg: str
    rank: int
    score: float
    """On the leg's own scale: BM25, or the cosine."""

    @classmethod
    def of(cls, score: LegScore) -> "ShopLeg":
        """Return what the API shows of a leg's score."""
        return cls(leg=score.leg, rank=score.rank, score=score.score)


class ShopContribution(_Model):
    """What a leg, or a boost, added to a fused score."""

    leg: str
    weight: float
    value: float

    @classmethod
    def of(cls, contribution: Contribution) -> "ShopContribution":
        """Return what the API shows of a contribution."""
        return cls(leg=contribution.leg, weight=contribution.weight, value=contribution.value)


class ShopMixed(_Model):
    """What a product of the rerank window is ordered by."""

    value: float
    """The sum of the parts."""
    rerank_score: float | None
    """The cross-encoder's logit; `null`: it did not read the product."""
    cross_encoder: str | None = None
    """Name and content of the model that gave the logit; `null`: none did."""
    fused_rank: int
    """Where fusion had it, from 1."""
    parts: tuple[ShopContribution, ...]
    """What fusion, cross-encoder and signals added, or each feature of a learned mixing."""

    @classmethod
    def of(cls, mixed: MixedScore) -> "ShopMixed":
        """Return what the API shows of a mixed score."""
        return cls(
            value=mixed.value,
            rerank_score=mixed.rerank_score,
            cross_encoder=mixed.cross_encoder or None,
            fused_rank=mixed.fused_rank,
            parts=tuple(map(ShopContribution.of, mixed.parts)),
        )


class ShopHit(_Model):
    """One product of a result."""

    id: str
    rank: int
    """In the whole result, from 1."""
    fused_score: float | None
    """`null`: fusion did not rank this product; it follows in BM25's order, or a sort's."""
    exact_code: bool
    """The query is one of the product's codes."""
    legs: tuple[ShopLeg, ...]
    contributions: tuple[ShopContribution, ...]
    mixed: ShopMixed | None = None
    """`null`: it lies outside of the rerank window, or nothing was reranked."""
    product: dict[str, Any]
    """The product's fields."""
    explanation: tuple[str, ...]
    """Sentences; empty unless asked for."""

    @classmethod
    def of(cls, hit: Hit) -> "ShopHit":
        """Return what the API shows of a hit."""
        return cls(
            id=hit.product_id,
            rank=hit.rank,
            fused_score=hit.fused_score,
            exact_code=hit.exact_code,
            legs=tuple(map(ShopLeg.of, hit.legs)),
            contributions=tuple(map(ShopContribution.of, hit.contributions)),
            mixed=None if hit.mixed is None else ShopMixed.of(hit.mixed),
            product=dict(hit.document),
            explanation=hit.explanation,
        )


class ShopFacetValue(_Model):
    """A value and how many products of the result have it."""

    value: str
    count: int


class ShopFacet(_Model):
    """The most frequent values of a field or attribute."""

    field: str
    values: tuple[ShopFacetValue, ...]


class ShopPlanStep(_Model):
    """What a rewriter did to the query, and why."""

    rewriter: str
    message: str


class ShopPlan(_Model):
    """How the query was understood."""

    original_text: str
    text: str
    suggestion: str | None
    """Did you mean."""
    intent: str | None
    log: tuple[ShopPlanStep, ...]


class ShopWarning(_Model):
    """Something asked for that can hardly be meant. The rest was answered."""

    type: Literal["unknown_attribute"] = "unknown_attribute"
    """A stable code. `unknown_attribute`: a filter or facet names what no product has."""
    reason: str
    name: str
    """As it was asked for."""
    near: tuple[str, ...]
    """Names that look alike, the most alike first; there may be none."""

    @classmethod
    def of(cls, unknown: UnknownName) -> "ShopWarning":
        """Return what the API tells of a name that no product has."""
        return cls(reason=unknown.sentence, name=unknown.name, near=unknown.near)


class ShopTimings(_Model):
    """Where the time went, in milliseconds."""

    encode: float
    legs: float
    fusion: float
    rerank: float
    page: float
    total: float


class ShopResult(_Model):
    """One page of a result."""

    hits: tuple[ShopHit, ...]
    total: int
    """Products in the whole result (groups, when collapsed)."""
    page: int
    size: int
    facets: tuple[ShopFacet, ...]
    plan: ShopPlan
    generation: str
    """The physical index that answered."""
    degraded: tuple[str, ...]
    """What did not work and was done without."""
    warnings: tuple[ShopWarning, ...]
    """What was asked for that can hardly be meant."""
    took_ms: float
    """For the whole answer."""
    timings_ms: ShopTimings
    ext: dict[str, Any] | None = None
    """`ubi.query_id`, to which events refer; `null`: the search is not kept."""

    @classmethod
    def of(cls, response: SearchResponse, query: ShopQuery) -> "ShopResult":
        """Return what the API shows of a response."""
        plan, times = response.plan, response.timings
        return cls(
            hits=tuple(map(ShopHit.of, response.hits)),
            total=response.total,
            page=query.page,
            size=query.size,
            facets=tuple(
                ShopFacet(
                    field=facet.field,
                    values=tuple(
                        ShopFacetValue(value=each.value, count=each.count) for each in facet.values
                    ),
                )
                for facet in response.facets
            ),
            plan=ShopPlan(
                original_text=plan.original_text,
                text=plan.text,
                suggestion=plan.suggestion,
                intent=plan.intent,
                log=tuple(
                    ShopPlanStep(rewriter=each.rewriter, message=each.message) for each in plan.log
                ),
            ),
            generation=response.generation,
            degraded=tuple(map(told_failure, response.degraded)),
            warnings=tuple(map(ShopWarning.of, response.unknown_names)),
            took_ms=times.total_ms,
            timings_ms=ShopTimings(
                encode=times.encode_ms,
                legs=times.legs_ms,
                fusion=times.fusion_ms,
                rerank=times.rerank_ms,
                page=times.page_ms,
                total=times.total_ms,
            ),
        )


class ShopExplanation(_Model):
    """Why a product stands where it does for a search."""

    id: str
    found: bool
    """Whether a leg proposed it. Products that none proposed can still be on a later page."""
    rank: int | None
    """From 1; `null` when not found."""
    fused_score: float | None
    legs: tuple[ShopLeg, ...]
    contributions: tuple[ShopContribution, ...]
    mixed: ShopMixed | None = None
    """`null`: it lies outside of the rerank window, or nothing was reranked."""
    explanation: tuple[str, ...]
    plan: ShopPlan
    warnings: tuple[ShopWarning, ...] = ()
    """What was asked for that can hardly be meant: a filter may be why nothing was proposed."""


class ShopError(BaseModel):
    """An error, in the shape of OpenSearch's own."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    error: dict[str, Any]
    """`type` (a stable code), `reason`, `remedy` where there is one, `root_cause`."""
    status: int
