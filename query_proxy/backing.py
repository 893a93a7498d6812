"""One state of the settings, and what a worker searches with under it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from query_proxy.planner import PlainPlanner, Planner
from retrieval import EncoderProvider, Retriever
from search_core.settings import Settings

OpenRetriever = Callable[[], AbstractAsyncContextManager[Retriever]]
"""Opens a retriever inside the event loop, and closes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searching:
    """What answers a query: its words are planned, then ranked."""

    retriever: Retriever
    planner: Planner


class OpenVariant(Protocol):
    """Opens a search with other settings or rules beside the one that serves, to compare both."""

    def __call__(
        self, settings: Settings, rules: str | None
    ) -> AbstractAsyncContextManager[Searching]:
        """Open it inside the event loop.

        Args:
            settings: all of them.
            rules: in Querqy's syntax, instead of those of the file; `None`: the file's.

        Raises:
            RulesError: lines that cannot be read; they are named.
            ConfigurationError: settings that cannot be had.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """One state of the settings, and what a worker searches with under it."""

    settings: Settings
    """All of them; `search_engine.url` is where OpenSearch is."""
    open_retriever: OpenRetriever
    planner: Planner = field(default_factory=PlainPlanner)
    """Understands queries; by default words are taken as they are."""
    encoder_for: EncoderProvider | None = None
    """Gives the encoder of an index; `None`: `/v1/embeddings` has no model."""
    open_variant: OpenVariant | None = None
    """`None`: the workbench compares nothing."""


class BackingSource(Protocol):
    """Where a running worker gets the settings from once more."""

    def load(self) -> Backing:
        """Read the settings as they are now, and build on them. May take a while.

        Raises:
            ShopkeeperError: they cannot be used.
        """
        ...

    def files(self) -> Sequence[Path]:
        """Return the files that the settings last read came from, those missing included."""
        ...
