"""Reindexes in small steps, for tests: in this process, or in one that can be killed.

`python -m indexer.testing URL ALIAS CATALOGUE` is that other process.
"""

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from encoders.testing import HashingTextEncoder
from indexer.reindex import reindex
from indexer.reindex_report import ReindexReport
from indexer.reindex_request import ReindexRequest, ReindexTools
from indexer.run_lease import RunLease
from search_core import SilentProgress, TextEncoder
from search_core.settings import IndexerSettings, SearchEngineSettings
from search_engine import connect

_KINDS = ("Lamp", "Chair", "Kettle", "Rug", "Mirror", "Desk", "Vase", "Clock", "Shelf", "Bowl")
_COLOURS = ("red", "blue", "green", "black", "white", "yellow", "grey")


def product_rows(count: int) -> list[dict[str, object]]:
    """Return catalogue rows with the ids `p0`, `p1`, … and titles that differ."""
    return [
        {
            "id": f"p{number}",
            "title": f"{_COLOURS[number % 7].title()} {_KINDS[number % 10]} model {number}",
            "description": f"A {_COLOURS[number % 7]} {_KINDS[number % 10].lower()} for any room.",
            "price": 10 + number % 90,
        }
        for number in range(count)
    ]


def _hashing_encoder(languages: Mapping[str, float]) -> TextEncoder | None:
    del languages
    return HashingTextEncoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialShop:
    """A catalogue and an alias on a real node, with settings that give many small steps."""

    url: str
    alias: str
    catalogue: Path
    encoder_for: Callable[[Mapping[str, float]], TextEncoder | None] = _hashing_encoder
    settings: IndexerSettings = field(
        default_factory=lambda: IndexerSettings(
            chunk_products=40, bulk_bytes=20_000, bulk_threads=2
        )
    )
    heartbeat_seconds: float = 0.05

    def through(self, url: str) -> "TrialShop":
        """Return the same shop behind another address."""
        return replace(self, url=url)

    def request(self) -> ReindexRequest:
        """Return a plain request, to be changed with `dataclasses.replace`."""
        return ReindexRequest(catalog=self.catalogue, alias=self.alias)

    def reindex(self, request: ReindexRequest | None = None) -> ReindexReport:
        """Run a reindex in this process."""
        engine = SearchEngineSettings(url=self.url, timeout_seconds=60)
        client = connect(engine)
        tools = ReindexTools(
            client=client,
            engine=engine,
            settings=self.settings,
            encoder_for=self.encoder_for,
            progress=SilentProgress(),
            lease=partial(RunLease, interval_seconds=self.heartbeat_seconds),
        )
        try:
            return reindex(request or self.request(), tools)
        finally:
            client.close()

    def process(self) -> "subprocess.Popen[str]":
        """Start a plain reindex in a process of its own, with the default encoder and settings."""
        return subprocess.Popen(  # noqa: S603 - this module, with the test's own arguments
            [sys.executable, "-m", __name__, self.url, self.alias, str(self.catalogue)],
            stderr=subprocess.PIPE,
            text=True,
        )


if __name__ == "__main__":
    _url, _alias, _catalogue = sys.argv[1:]
    TrialShop(url=_url, alias=_alias, catalogue=Path(_catalogue)).reindex()
