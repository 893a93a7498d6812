"""What a reindex is asked to do, and what it works with."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.enrichment import MoreGenerators, Tagger, no_more_generators
from indexer.pipeline import Preparation
from indexer.run_lease import RunLease
from search_core import EncoderIdentity, ProgressListener, TextEncoder
from search_core.settings import IndexerSettings, SearchEngineSettings, VectorCompression
from search_engine import OpenSearch, RunRecordStore

PreparationFor = Callable[[EncoderIdentity | None, Tagger, VectorCompression], Preparation]
"""Makes what tags and encodes the products of a run, from its encoder (`None`: no vectors), tagger
and way of storing vectors.

Raises `RunnerError` when it cannot work.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexRequest:
    """What is to be indexed, and how."""

    catalog: Path
    """A file; `-` is standard input."""
    alias: str
    schema: Path | None = None
    """catalog.toml; `None`: the schema is found out."""
    language: str | None = None
    """ISO 639-1 of every product; `None`: found out."""
    rejects: Path | None = None
    """Where rows that were set aside are written."""
    max_rejects: int | None = None
    """Goes before `indexer.max_rejects`."""
    resume: bool = False
    swap: bool = True
    allow_shrink: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexTools:
    """What a run works with; built by the composition root."""

    client: OpenSearch
    engine: SearchEngineSettings
    settings: IndexerSettings
    encoder_for: Callable[[Mapping[str, float]], TextEncoder | None]
    """Languages and their shares → encoder; `None`: an index without vectors."""
    progress: ProgressListener
    more_tags: MoreGenerators = no_more_generators
    """Makes generators of tags besides the rules of `indexer.tags`."""
    preparation_for: PreparationFor | None = None
    """Where products are tagged and encoded; `None`: by threads of this process."""
    before_publishing: Callable[[str], None] = lambda _: None
    """Called with the name of a complete generation that has passed its checks."""
    lease: Callable[[RunRecordStore], RunLease] = RunLease
    clock: Callable[[], float] = time.monotonic
