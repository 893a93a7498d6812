"""What goes in and out of suggestions and similar products."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from query_proxy.json_api.shop_models import ShopWarning

_LONGEST_TYPED = 200
_MOST_SUGGESTIONS = 20
_MOST_PRODUCTS = 10
_MOST_SIMILAR = 100
_MOST_FILTERS = 50

Text = Annotated[str, Field(max_length=1_000)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class SuggestQuery(_Model):
    """What a shopper has typed so far."""

    q: Annotated[str, Field(max_length=_LONGEST_TYPED)] = ""
    """The letters so far; empty gives the most popular suggestions."""
    index: Annotated[str, Field(max_length=255)] | None = None
    """One of the configured indices; by default the first."""
    size: Annotated[int, Field(ge=1, le=_MOST_SUGGESTIONS)] = 8
    """Suggestions at most."""
    products: Annotated[int, Field(ge=0, le=_MOST_PRODUCTS)] = 3
    """Products at most; 0 leaves them out."""


class ShopSuggestion(_Model):
    """What the shopper may be about to type."""

    text: str
    kind: str
    """`query`, `type`, `brand`, `brand_type`, `phrase`, or `continuation`: the typed words with the
    last one completed."""
    products: int | None
    """That have it; `null`: not counted, but there are some."""


class ShopSuggestions(_Model):
    """Suggestions and the first products for what was typed."""

    suggestions: tuple[ShopSuggestion, ...]
    products: tuple[dict[str, Any], ...]
    """`id`, `title`, `price` and what else a line of a list shows."""
    degraded: tuple[str, ...]
    """What there was to do without."""
    took_ms: float


class SimilarQuery(_Model):
    """Which products similar to one are wanted."""

    index: Annotated[str, Field(max_length=255)] | None = None
    """One of the configured indices; by default the first."""
    filter: Annotated[tuple[Text, ...], Field(max_length=_MOST_FILTERS)] = ()
    """As for a search."""
    size: Annotated[int, Field(ge=1, le=_MOST_SIMILAR)] = 10
    """Products at most."""


class SimilarHit(_Model):
    """A product similar to another."""

    id: str
    rank: int
    """From 1."""
    score: float
    """The sum of its parts, comparable within one answer only."""
    cosine: float | None
    """Of the two vectors; `null`: found by words."""
    same_kind: bool | None
    """Whether product type, or narrowest category, is the same; `null`: one has none."""
    price_ratio: float | None
    """Its price over the other's; `null`: one has none, or the currencies differ."""
    product: dict[str, Any]


class SimilarResult(_Model):
    """Products similar to one."""

    id: str
    method: str
    """`vector`, or `words` where the product has no vector."""
    hits: tuple[SimilarHit, ...]
    generation: str
    degraded: tuple[str, ...]
    warnings: tuple[ShopWarning, ...]
    """What was asked for that can hardly be meant."""
    took_ms: float
