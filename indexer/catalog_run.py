"""What reindexing and updating have in common: what is asked, what it works with, what it did."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.enrichment import MoreGenerators, no_more_generators
from indexer.rejects_file import RejectsFile
from indexer.run_lease import RunLease
from search_core import ProgressListener
from search_core.settings import IndexerSettings
from search_engine import BulkStatistics, OpenSearch, RunRecordStore


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogRequest:
    """Which catalogue an alias is to hold."""

    catalog: Path
    """A file; `-` is standard input."""
    alias: str
    schema: Path | None = None
    """catalog.toml; `None`: found out, or the live generation's own."""
    language: str | None = None
    """ISO 639-1 of every product; `None`: found out, or the live generation's own."""
    rejects: Path | None = None
    """Where rows that were set aside are written."""
    max_rejects: int | None = None
    """Goes before `indexer.max_rejects`."""
    allow_shrink: bool = False
    """Go on however many products the catalogue no longer has."""

    def rejects_file(self, settings: IndexerSettings) -> RejectsFile:
        """Return where rejects go, and how many may."""
        limit = settings.max_rejects if self.max_rejects is None else self.max_rejects
        return RejectsFile(self.rejects, limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTools:
    """What a run works with; built by the composition root."""

    client: OpenSearch
    settings: IndexerSettings
    progress: ProgressListener
    more_tags: MoreGenerators = no_more_generators
    """Makes generators of tags besides the rules of `indexer.tags`."""
    lease: Callable[[RunRecordStore], RunLease] = RunLease
    clock: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What a run did, or would do."""

    alias: str
    generation: str
    rows: int
    products: int
    """Rows that are products; those refused by OpenSearch included."""
    documents: int
    """Products in the generation afterwards; of a dry run, before it."""
    rejects: Mapping[str, int]
    """By reason, most frequent first."""
    first_rejects: tuple[str, ...]
    """What is wrong with the first of them, and where they are."""
    left_out: Mapping[str, int]
    """By field, values that could not be read; their products were indexed without. Of an update,
    those of changed products."""
    warnings: tuple[str, ...]
    encoded: int
    """Passages that the model computed."""
    from_cache: int
    writing: BulkStatistics
    seconds: float
