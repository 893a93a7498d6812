"""What an update is asked to do, what it works with, and what it did."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.delta.live_generation import EncoderOf
from indexer.enrichment import MoreGenerators, no_more_generators
from indexer.run_lease import RunLease
from search_core import ProgressListener
from search_core.settings import IndexerSettings
from search_engine import BulkStatistics, OpenSearch, RunRecordStore


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRequest:
    """Which catalogue the live generation is to be like."""

    catalog: Path
    """A file; `-` is standard input."""
    alias: str
    schema: Path | None = None
    """catalog.toml, which has to be the generation's; `None`: the generation's own."""
    language: str | None = None
    """ISO 639-1 of every product, which has to be the generation's; `None`: the generation's."""
    rejects: Path | None = None
    """Where rows that were set aside are written."""
    max_rejects: int | None = None
    """Goes before `indexer.max_rejects`."""
    allow_shrink: bool = False
    """Delete however many products the catalogue no longer has."""
    dry_run: bool = False
    """Count what would change; write nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateTools:
    """What changes to the live generation work with; built by the composition root."""

    client: OpenSearch
    settings: IndexerSettings
    encoder_of: EncoderOf
    progress: ProgressListener
    more_tags: MoreGenerators = no_more_generators
    """Makes generators of tags besides the rules of `indexer.tags`."""
    learn: Callable[[str], None] = lambda _: None
    """Learns a generation's words and names anew."""
    lease: Callable[[RunRecordStore], RunLease] = RunLease
    clock: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateReport:
    """What an update did, or would do."""

    alias: str
    generation: str
    dry_run: bool
    rows: int
    products: int
    """Rows that are products; those refused by OpenSearch included."""
    unchanged: int
    changed: int
    """Written anew: something other than live fields differed."""
    live: int
    """Price, currency, availability, rating or popularity differed: only those were written."""
    added: int
    deleted: int
    """Products that the catalogue no longer has."""
    documents: int
    """Products in the generation afterwards; of a dry run, before it."""
    rejects: Mapping[str, int]
    """By reason, most frequent first."""
    left_out: Mapping[str, int]
    """By field, values of changed products that could not be read."""
    encoded: int
    """Passages that the model computed."""
    from_cache: int
    learned: bool
    """The catalogue's words and names were learned anew."""
    writing: BulkStatistics
    seconds: float
