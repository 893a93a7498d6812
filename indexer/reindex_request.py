"""What a reindex is asked to do, and what it works with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from indexer.catalog_run import CatalogRequest, RunTools
from indexer.enrichment import Tagger
from indexer.pipeline import Preparation
from search_core import EncoderIdentity, TextEncoder
from search_core.settings import SearchEngineSettings, VectorCompression

PreparationFor = Callable[[EncoderIdentity | None, Tagger, VectorCompression], Preparation]
"""Makes what tags and encodes the products of a run, from its encoder (`None`: no vectors), tagger
and way of storing vectors.

Raises `RunnerError` when it cannot work.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexRequest(CatalogRequest):
    """What is to be indexed, and how."""

    resume: bool = False
    swap: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexTools(RunTools):
    """What a reindex works with."""

    engine: SearchEngineSettings
    encoder_for: Callable[[Mapping[str, float]], TextEncoder | None]
    """Languages and their shares → encoder; `None`: an index without vectors."""
    preparation_for: PreparationFor | None = None
    """Where products are tagged and encoded; `None`: by threads of this process."""
    before_publishing: Callable[[str], None] = lambda _: None
    """Called with the name of a complete generation that has passed its checks."""
