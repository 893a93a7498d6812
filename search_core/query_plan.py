"""What a shopper's words mean: the text to match, the filters, and how it was decided."""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class TermFilter:
    """Keeps products whose field or attribute has one of the values (or none, when negated)."""

    field: str
    """A product field (`brand`, `category`, `product_type`, `language`, `available`, …), else the
    name of an attribute."""
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeFilter:
    """Keeps products whose number lies in a range. Bounds that are `None` are open."""

    field: str
    """`price`, `rating`, `popularity`, `released` (ISO date as text is converted by the parser),
    else the name of a numeric attribute."""
    greater_than: float | None = None
    at_least: float | None = None
    less_than: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFilter:
    """Keeps products that mention one of the phrases (or none, when negated).

    Looked for in title, product type and attributes: a description mentions too much.
    """

    phrases: tuple[str, ...]
    negated: bool = False


Filter = TermFilter | RangeFilter | TextFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class Boost:
    """Moves the products that a filter keeps up, or down, without excluding any other."""

    filter: Filter
    weight: float
    """As a share of the product's own fused score: 0.5 adds half of it. Negative: moves down."""
    reason: str
    """What the shopper reads: `is a notebook`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InferredFilter:
    """A filter that nobody asked for in so many words: it gives way when it empties the result."""

    filter: Filter
    weight: float
    """Of the boost that it turns into."""
    reason: str
    """What in the query it was read from."""

    def as_boost(self) -> Boost:
        """Return the boost that stands in when the filter leaves nothing."""
        return Boost(filter=self.filter, weight=self.weight, reason=self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One entry of a plan's log: which rewriter did what, and why."""

    rewriter: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryPlan:
    """The outcome of query understanding, and all that retrieval knows about the query."""

    original_text: str
    """Exactly what the shopper typed."""
    text: str
    """What the legs match. Empty: every product matches (browsing)."""
    language: str | None = None
    """ISO 639-1 of the text; `None`: not determined."""
    variants: tuple[str, ...] = ()
    """Other wordings of the text: a product that matches one of them matches."""
    filters: tuple[Filter, ...] = ()
    """What the shopper asked for in so many words; never given up."""
    inferred_filters: tuple[InferredFilter, ...] = ()
    """What the text was understood to ask for."""
    boosts: tuple[Boost, ...] = ()
    suggestion: str | None = None
    """Did you mean: a text that was not sure enough to be searched instead."""
    intent: str | None = None
    """What the shopper is after; `None`: not determined."""
    decorations: tuple[str, ...] = ()
    """What rules hand to the shop's page, e.g. `REDIRECT /returns`; retrieval ignores them."""
    log: tuple[PlanStep, ...] = field(default=())

    def logged(self, rewriter: str, message: str) -> "QueryPlan":
        """Return the plan with one more entry in its log."""
        return replace(self, log=(*self.log, PlanStep(rewriter=rewriter, message=message)))

    @classmethod
    def plain(cls, text: str, filters: tuple[Filter, ...] = ()) -> "QueryPlan":
        """Return the plan that takes the shopper's words as they are."""
        return cls(original_text=text, text=" ".join(text.split()), filters=filters)
