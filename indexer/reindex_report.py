"""What a reindex did."""

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.catalog_run import RunReport
from indexer.generation_checks import CheckResult


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexReport(RunReport):
    """What a run did."""

    published: bool
    replaced: str | None
    """The generation that was live before; it is kept for a rollback."""
    deleted: tuple[str, ...]
    """Generations that were deleted: unfinished ones before, old ones after."""
    resumed_at_row: int
    """Rows that an earlier run had written."""
    schema_inferred: bool
    languages: Mapping[str, float]
    encoder: str | None
    checks: tuple[CheckResult, ...]
    products_per_second: float
