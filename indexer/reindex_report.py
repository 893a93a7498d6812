"""What a reindex did."""

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.generation_checks import CheckResult
from search_engine import BulkStatistics


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexReport:
    """What a run did."""

    alias: str
    generation: str
    published: bool
    replaced: str | None
    """The generation that was live before; it is kept for a rollback."""
    deleted: tuple[str, ...]
    """Generations that were deleted: unfinished ones before, old ones after."""
    rows: int
    products: int
    """Rows that became products; those refused by OpenSearch included."""
    documents: int
    """Products in the generation."""
    rejects: Mapping[str, int]
    """By reason, most frequent first."""
    left_out: Mapping[str, int]
    """By field, values that could not be read; their products were indexed without."""
    resumed_at_row: int
    """Rows that an earlier run had written."""
    encoded: int
    """Passages that the model computed."""
    from_cache: int
    schema_inferred: bool
    languages: Mapping[str, float]
    encoder: str | None
    warnings: tuple[str, ...]
    checks: tuple[CheckResult, ...]
    writing: BulkStatistics
    seconds: float
    products_per_second: float
