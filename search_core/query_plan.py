"""What a shopper's words mean: the text to match, the filters, and how it was decided."""

from dataclasses import dataclass, field


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


Filter = TermFilter | RangeFilter


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
    filters: tuple[Filter, ...] = ()
    log: tuple[PlanStep, ...] = field(default=())

    @classmethod
    def plain(cls, text: str, filters: tuple[Filter, ...] = ()) -> "QueryPlan":
        """Return the plan that takes the shopper's words as they are."""
        return cls(original_text=text, text=" ".join(text.split()), filters=filters)
