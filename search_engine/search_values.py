"""What retrieval asks of OpenSearch, and what it gets back, without a request body in sight."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from search_core import Facet, Filter
from search_core.settings import RetrievalSettings, VectorCompression
from search_engine.index_body import IndexDescription

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Leg(StrEnum):
    """The retrieval sources."""

    ALL_TERMS = "all_terms"
    """BM25, every term has to match."""
    SOME_TERMS = "some_terms"
    """BM25, some terms have to match."""
    DENSE = "dense"
    """k-NN over the vectors."""


class SortField(StrEnum):
    """What a result can be sorted by, other than relevance."""

    PRICE = "price"
    RATING = "rating"
    POPULARITY = "popularity"
    RELEASED = "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """An order by one field; products without a value come last, equal ones by id."""

    field: SortField
    descending: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeFilter:
    """A filter in OpenSearch's own query language, as a client wrote it. It may not be valid."""

    clause: str
    """One query clause as JSON: text, so that equal filters are equal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """The physical index behind the searched name, and what it says about itself."""

    name: str
    description: IndexDescription


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMatch:
    """The text of a query and how its BM25 legs look at it."""

    text: str
    all_terms_boosts: Mapping[str, float]
    some_terms_boosts: Mapping[str, float]
    minimum_should_match: str
    variants: tuple[str, ...] = ()
    """Other wordings; a product that matches one of them matches."""
    fuzzy: bool = False
    """The leg of some terms accepts one, and words that differ by a letter or two."""
    running_text_boost: float = 0.0
    """What all terms in title and description together add in the leg of some terms."""

    @classmethod
    def of(cls, text: str, settings: RetrievalSettings, *, variants: tuple[str, ...] = ()) -> Self:
        """Return how a text is looked for under these settings."""
        return cls(
            text=text,
            variants=variants,
            all_terms_boosts=settings.all_terms_boosts.model_dump(),
            some_terms_boosts=settings.some_terms_boosts.model_dump(),
            minimum_should_match=settings.minimum_should_match,
            running_text_boost=settings.running_text_boost,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LegsQuery:
    """Everything that the legs need. Filters apply inside each."""

    legs: tuple[Leg, ...]
    match: TextMatch
    vector: "NDArray[np.float32] | None"
    """float32, `(dimension,)`; needed by the dense leg."""
    filters: tuple[Filter | NativeFilter, ...]
    candidates: int
    vector_compression: VectorCompression = VectorCompression.NONE
    """Of the searched index."""
    boosts: tuple[Filter, ...] = ()
    """Each candidate says which of them it passes; none is excluded."""
    comes_again: bool = False
    """Whether OpenSearch is to keep the answer in its request cache, where it stays until a refresh
    shows a change of the index."""
    groups: bool = True
    """Whether candidates say their variant group. Only collapsing needs it, and reading it for
    every candidate is a tenth of the whole `_msearch` (ADR 0035)."""


class Candidate(NamedTuple):
    """A product that a leg proposes.

    A tuple, not a dataclass: a frozen dataclass takes four times as long to make.
    """

    product_id: str
    score: float
    variant_group: str
    """The product's own id where it has none, or where groups were not asked for."""
    exact_code: bool = False
    """The query is one of the product's codes."""
    boosts: tuple[int, ...] = ()
    """Places in `LegsQuery.boosts` of the filters that the product passes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegResult:
    """What one leg found."""

    leg: Leg
    candidates: Sequence[Candidate]
    """Score descending, then product id ascending; from OpenSearch they are `LegCandidates`."""
    total: int | None
    """Matches of the leg, counted to one beyond the candidates that were asked for: whether there
    are more of them. How many more, the page counts. `None` for legs whose matches have no end."""
    took_ms: float
    failure: str | None = None
    """Why the leg has no candidates although it was asked; `None`: it answered."""


DocumentVersion = tuple[str, int, int]
"""Physical index, `_seq_no`, `_primary_term`: no two writes of one product share them. Writes of
products on different shards may: each shard counts by itself.

Source: OpenSearch's optimistic concurrency control.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of an index answered."""

    shards: Mapping[str, Any]
    """`_shards`, as OpenSearch says it."""
    timed_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LegsAnswer:
    """The answer of one `_msearch`."""

    results: Mapping[Leg, LegResult]
    generation: str | None
    """The physical index that answered; `None` when nothing was found."""
    versions: Mapping[str, DocumentVersion] = field(default_factory=dict)
    """By product id, the state in which a candidate was seen; where it is not known, missing."""
    coverage: Coverage | None = None
    """Of the leg that reached the fewest shards; `None`: it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSet:
    """Which products a result comprises: all matches of all terms, and some others by id."""

    matches: bool = True
    """Whether the matches of all terms belong to it; otherwise only the candidates do."""
    match: TextMatch
    filters: tuple[Filter | NativeFilter, ...]
    candidate_ids: tuple[str, ...] = ()
    collapse: bool = False
    """One product a variant group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A part of a result that OpenSearch orders: by BM25, or by a field."""

    offset: int
    size: int
    sort: Sort | None = None
    excluded_ids: tuple[str, ...] = ()
    excluded_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageQuery:
    """What is needed to show a page, asked in one `_msearch`."""

    result_set: ResultSet
    ids: tuple[str, ...] = ()
    """Products whose documents are wanted."""
    versions: Mapping[str, DocumentVersion] = field(default_factory=dict)
    """By product id, the wanted state: a document remembered in it need not be fetched."""
    rest: Slice | None = None
    """Further products of the result set, in OpenSearch's order."""
    facets: tuple[str, ...] = ()
    count: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredProduct:
    """A product as OpenSearch keeps it."""

    product_id: str
    document: Mapping[str, Any]
    """The stored fields without the vector."""
    score: float | None = None
    """BM25 in a slice ordered by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAnswer:
    """The answer to a `PageQuery`."""

    documents: Mapping[str, StoredProduct]
    """By product id; a product that is gone meanwhile is missing."""
    rest: tuple[StoredProduct, ...]
    facets: tuple[Facet, ...]
    total: int | None
    """Products (or groups, when collapsed) in the result set; `None` when not asked for."""
    generation: str | None = None
