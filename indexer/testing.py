"""Reindexes in small steps, for tests: in this process, or in one that can be killed.

`python -m indexer.testing URL ALIAS CATALOGUE [--update]` is that other process.
"""

import io
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from encoders.testing import HashingTextEncoder
from indexer.delta.feed import FeedRequest, apply_changes
from indexer.delta.feed_position import FeedPosition
from indexer.delta.update import update_index
from indexer.delta.update_request import UpdateReport, UpdateRequest, UpdateTools
from indexer.reindex import reindex
from indexer.reindex_report import ReindexReport
from indexer.reindex_request import ReindexRequest, ReindexTools
from indexer.run_lease import RunLease
from search_core import EncoderIdentity, SilentProgress, TextEncoder
from search_core.settings import IndexerSettings, SearchEngineSettings
from search_engine import OpenSearch, connect

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


def _learn_nothing(generation: str) -> None:
    del generation


def _encoder_of(identity: EncoderIdentity) -> TextEncoder:
    return HashingTextEncoder(identity.dimension, identity.model_id)


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
    encoder_of: Callable[[EncoderIdentity], TextEncoder] = _encoder_of
    learn: Callable[[str], None] = _learn_nothing

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

    def update_request(self) -> UpdateRequest:
        """Return a plain request for an update, to be changed with `dataclasses.replace`."""
        return UpdateRequest(catalog=self.catalogue, alias=self.alias)

    def update_tools(self, client: OpenSearch) -> UpdateTools:
        """Return what changes to the live generation work with."""
        return UpdateTools(
            client=client,
            settings=self.settings,
            encoder_of=self.encoder_of,
            progress=SilentProgress(),
            learn=self.learn,
            lease=partial(RunLease, interval_seconds=self.heartbeat_seconds),
        )

    def update(self, request: UpdateRequest | None = None) -> UpdateReport:
        """Run an update in this process."""
        client = connect(SearchEngineSettings(url=self.url, timeout_seconds=60))
        try:
            return update_index(request or self.update_request(), self.update_tools(client))
        finally:
            client.close()

    def apply(self, changes: bytes, **options: Any) -> FeedPosition:  # noqa: ANN401 - as they are
        """Apply a feed of changes in this process.

        Args:
            changes: JSON Lines or CSV.
            options: of `FeedRequest`.
        """
        client = connect(SearchEngineSettings(url=self.url, timeout_seconds=60))
        stream = io.BufferedReader(io.BytesIO(changes))
        request = FeedRequest(alias=self.alias, changes=stream, **options)
        try:
            return apply_changes(request, self.update_tools(client))
        finally:
            client.close()

    def process(self, *flags: str) -> "subprocess.Popen[str]":
        """Start a plain reindex, or with `--update` an update, in a process of its own.

        It has the default encoder and settings.
        """
        return subprocess.Popen(  # noqa: S603 - this module, with the test's own arguments
            [sys.executable, "-m", __name__, self.url, self.alias, str(self.catalogue), *flags],
            stderr=subprocess.PIPE,
            text=True,
        )


def run_to_the_end(shop: TrialShop, *, update: bool, resume: bool = False) -> None:
    """Reindex or update: what a process of its own is started with, so that it can be killed."""
    if update:
        shop.update()
    else:
        shop.reindex(replace(shop.request(), resume=resume))


if __name__ == "__main__":
    _url, _alias, _catalogue, *_flags = sys.argv[1:]
    _shop = TrialShop(url=_url, alias=_alias, catalogue=Path(_catalogue))
    if "--update" in _flags:
        _shop.update()
    else:
        _shop.reindex()
