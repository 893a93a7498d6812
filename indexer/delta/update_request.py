"""What an update is asked to do, what it works with, and what it did."""

from collections.abc import Callable
from dataclasses import dataclass

from indexer.catalog_run import CatalogRequest, RunReport, RunTools
from indexer.delta.live_generation import EncoderOf


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRequest(CatalogRequest):
    """Which catalogue the live generation is to be like; schema and language have to be its own."""

    dry_run: bool = False
    """Count what would change; write nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateTools(RunTools):
    """What changes to the live generation work with."""

    encoder_of: EncoderOf
    learn: Callable[[str], None] = lambda _: None
    """Learns a generation's words and names anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateReport(RunReport):
    """What an update did, or would do."""

    dry_run: bool
    unchanged: int
    changed: int
    """Written anew: something other than live fields differed."""
    live: int
    """Price, currency, availability, rating or popularity differed: only those were written."""
    added: int
    deleted: int
    """Products that the catalogue no longer has."""
    learned: bool
    """The catalogue's words and names were learned anew."""
