"""What a caller asks of retrieval, and what it gets."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from retrieval.unknown_names import UnknownName
from search_core import Facet, Hit, PageError, QueryPlan
from search_core.settings import RetrievalSettings
from search_engine import NativeFilter, Sort

DEEPEST = 10_000
"""Results that can be paged through: OpenSearch's own limit (`index.max_result_window`)."""
LARGEST_PAGE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """A plan, and which part of its result is wanted.

    Raises:
        PageError: a page outside of what can be shown.
    """

    plan: QueryPlan
    offset: int = 0
    size: int = 10
    facets: tuple[str, ...] = ()
    """Product fields or names of attributes."""
    sort: Sort | None = None
    """`None`: by relevance."""
    collapse_variants: bool | None = None
    """`None`: as the settings say."""
    explain: bool = False
    native_filters: tuple[NativeFilter, ...] = ()
    """Further filters, as an OpenSearch client wrote them."""
    settings: RetrievalSettings | None = None
    """Instead of the retriever's own, for this request; `None`: its own."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Sent to OpenSearch with every step: the caller's credentials and request id."""

    def __post_init__(self) -> None:
        if self.offset < 0 or not 0 < self.size <= LARGEST_PAGE:
            raise PageError(
                f"offset {self.offset} and size {self.size} are no page",
                remedy=f"the offset starts at 0 and a page has 1 to {LARGEST_PAGE} products",
            )
        if self.offset + self.size > DEEPEST:
            raise PageError(
                f"results {self.offset + 1} to {self.offset + self.size} are too deep",
                remedy=f"only the first {DEEPEST:,} can be paged through; narrow the query",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Where the time went, in milliseconds."""

    encode_ms: float = 0.0
    legs_ms: float = 0.0
    fusion_ms: float = 0.0
    rerank_ms: float = 0.0
    page_ms: float = 0.0
    total_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResponse:
    """One page of a result."""

    hits: tuple[Hit, ...]
    total: int
    """Products in the whole result (variant groups, when collapsed)."""
    facets: tuple[Facet, ...]
    plan: QueryPlan
    generation: str
    """The physical index that answered."""
    degraded: tuple[str, ...] = ()
    """What did not work and was done without; empty when all is well."""
    unknown_names: tuple[UnknownName, ...] = ()
    """Names in filters and facets that no product has, where a `NameCheck` looked."""
    timings: Timings = field(default_factory=Timings)
