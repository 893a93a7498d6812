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
    exact: bool = False
    """The values are written as the catalogue writes them, case included: many of them cost no more
    than one."""


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
    also: tuple["RangeFilter", ...] = ()
    """The same range of other attributes, in their units: a product passes by any of them."""


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
class Relaxation:
    """The text with some words left out: searched where the words find next to nothing."""

    text: str
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegFactor:
    """By how much a query's class changes the weight of a leg."""

    leg: str
    """`all_terms`, `some_terms` or `dense`."""
    factor: float
    """1 leaves the weight as the settings have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordLanguage:
    """One word of the text, and its language."""

    word: str
    language: str | None
    """ISO 639-1; `None`: a number or a code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryShare:
    """How likely the query is about one kind of product."""

    field: str
    """`product_type` or `category`."""
    name: str
    """As products are filtered by it."""
    share: float
    """Probability, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedEntity:
    """Words of the text that are the name of something in the catalogue."""

    words: str
    """As they stand in the text."""
    field: str
    """`brand`, `product_type`, `category`, or the name of an attribute."""
    value: str
    """As products are filtered by it."""


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
    dense_text: str | None = None
    """What the k-NN leg looks for; `None`: the text. A word that no product has means nothing to a
    model either, so that its likeliest correction stands in there."""
    language: str | None = None
    """ISO 639-1 of the text; `None`: not determined."""
    variants: tuple[str, ...] = ()
    """Other wordings of the text: a product that matches one of them matches."""
    filters: tuple[Filter, ...] = ()
    """What the shopper asked for in so many words; never given up."""
    inferred_filters: tuple[InferredFilter, ...] = ()
    """What the text was understood to ask for."""
    boosts: tuple[Boost, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    """What may be searched instead where that finds too little, the fullest text first."""
    leg_factors: tuple[LegFactor, ...] = ()
    """For queries of a class that one leg answers better; empty: the weights are as they are."""
    suggestion: str | None = None
    """Did you mean: a text that was not sure enough to be searched instead."""
    intent: str | None = None
    """What the shopper is after: `buy`, `inform`, `navigate`, `identifier`, `support`,
    `out_of_catalogue` or `unknown`; `None`: not determined. It never holds up a search."""
    intent_confidence: float | None = None
    """Probability of the likeliest intent, 0 to 1; `None`: not determined."""
    category: str | None = None
    """The narrowest category that is likelier than all others together; `None`: there is none."""
    categories: tuple[CategoryShare, ...] = ()
    """Kinds of product that the query may be about, likeliest first. What is left to 1 are other
    kinds, and products of which the catalogue does not say what they are."""
    entities: tuple[NamedEntity, ...] = ()
    """What the words name, from left to right. It changes nothing that is searched."""
    word_languages: tuple[WordLanguage, ...] = ()
    """Of each word of the text, in order; empty: not determined."""
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
