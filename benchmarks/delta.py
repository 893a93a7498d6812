"""What an update costs, against the first run of the same catalogue.

    python -m benchmarks.delta CATALOGUE --url URL [--share 0.01] [--patches 5000]

The catalogue is indexed with an empty cache of vectors; then every hundredth product gets another
title, and the live generation is updated. The same again with other prices only, and with nothing
changed. Last, a feed of patches, plain and with versions, and of deletions that are taken back.
Times include learning the catalogue's words where a run does so; not the start of Python.
"""

import argparse
import gzip
import io
import json
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from artifacts import ArtifactStore, default_cache_dir
from encoders import create_text_encoder, passage_encoder_for_model_id
from indexer import (
    FeedRequest,
    ReindexRequest,
    ReindexTools,
    UpdateRequest,
    UpdateTools,
    apply_changes,
    reindex,
    update_index,
)
from query_understanding import learn_catalogue
from search_core import SilentProgress
from search_core.settings import EncoderSettings, IndexerSettings, SearchEngineSettings
from search_engine import connect

ALIAS = "benchmark-delta"
Row = dict[str, object]


def read_rows(path: Path) -> list[Row]:
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    return [json.loads(line) for line in content.splitlines() if line.strip()]


def write_rows(path: Path, rows: Iterable[Row]) -> Path:
    with path.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def timed(work: Callable[[], object]) -> tuple[float, object]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


class Shop:
    """The runs that are measured, each with the same settings."""

    def __init__(self, url: str, cache: Path) -> None:
        self._engine = SearchEngineSettings(url=url, timeout_seconds=120)
        self._client = connect(self._engine)
        self._store = ArtifactStore(default_cache_dir())
        self._cache = cache

    def first(self, catalogue: Path) -> object:
        """Index into a new generation."""
        tools = ReindexTools(
            client=self._client,
            engine=self._engine,
            settings=IndexerSettings(),
            encoder_for=lambda languages: create_text_encoder(
                EncoderSettings(), languages, self._store, self._cache
            ),
            progress=SilentProgress(),
            before_publishing=self._learn,
        )
        return reindex(ReindexRequest(catalog=catalogue, alias=ALIAS), tools)

    def update(self, catalogue: Path) -> object:
        """Update the live generation."""
        return update_index(UpdateRequest(catalog=catalogue, alias=ALIAS), self._tools())

    def feed(self, rows: Sequence[Row], version_field: str | None = None) -> object:
        """Apply changes, as fast as they are taken."""
        content = "".join(json.dumps(row) + "\n" for row in rows).encode()
        request = FeedRequest(
            alias=ALIAS,
            changes=io.BufferedReader(io.BytesIO(content)),
            version_field=version_field,
        )
        return apply_changes(request, self._tools())

    def segments(self) -> str:
        """Say in what state the index is."""
        stats = self._client.indices.stats(index=ALIAS, metric="segments,docs,store")
        primaries = stats["_all"]["primaries"]
        return (
            f"{primaries['segments']['count']} segments, {primaries['docs']['deleted']:,} deleted "
            f"documents, {primaries['store']['size_in_bytes'] / 1e6:.0f} MB"
        )

    def delete(self) -> None:
        """Leave nothing behind."""
        options = {"expand_wildcards": "all", "ignore_unavailable": "true"}
        self._client.indices.delete(index=f"{ALIAS}-*", params=options)

    def _learn(self, generation: str) -> None:
        learn_catalogue(self._client, generation)

    def _tools(self) -> UpdateTools:
        return UpdateTools(
            client=self._client,
            settings=IndexerSettings(),
            encoder_of=lambda identity: passage_encoder_for_model_id(
                identity.model_id, EncoderSettings(), self._store, self._cache
            ),
            progress=SilentProgress(),
            learn=self._learn,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("catalogue", type=Path, help="JSON Lines with the fields id, title, price")
    parser.add_argument("--url", required=True)
    parser.add_argument("--share", type=float, default=0.01)
    parser.add_argument("--patches", type=int, default=5_000)
    arguments = parser.parse_args()
    rows = read_rows(arguments.catalogue)
    every = round(1 / arguments.share)
    texts = [
        {**row, "title": f"{row['title']} Mk II"} if place % every == 0 else row
        for place, row in enumerate(rows)
    ]
    prices = [
        {**row, "price": 4_200 + place} if place % every == 1 else row
        for place, row in enumerate(texts)
    ]
    ids = [row["id"] for row in rows[: arguments.patches]]
    patches: list[Row] = [{"op": "patch", "id": i, "price": 100 + n} for n, i in enumerate(ids)]
    versioned: list[Row] = [{**row, "v": n} for n, row in enumerate(patches)]
    upserts: list[Row] = [{"op": "upsert", **row} for row in rows[: arguments.patches]]
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(arguments.url, Path(folder) / "cache")
        base = write_rows(Path(folder) / "base.jsonl", rows)
        try:
            first, _ = timed(lambda: shop.first(base))
            print(f"{'first run, empty cache':34} {first:7.1f} s   {shop.segments()}", flush=True)
            for name, changed in (
                ("nothing changed", rows),
                (f"{arguments.share:.0%} of the titles changed", texts),
                (f"{arguments.share:.0%} of the prices changed", prices),
            ):
                catalogue = write_rows(Path(folder) / "changed.jsonl", changed)
                seconds, report = timed(lambda catalogue=catalogue: shop.update(catalogue))
                share = seconds / first
                print(f"{'update, ' + name:34} {seconds:7.1f} s   {share:6.1%} of the first run")
                print(f"    {report}", flush=True)
            for name, feed, version in (
                ("patches", patches, None),
                ("patches with versions", versioned, "v"),
                ("upserts with cached vectors", upserts, None),
            ):
                seconds, _ = timed(lambda feed=feed, version=version: shop.feed(feed, version))
                rate = len(feed) / seconds
                print(f"{'feed, ' + name:34} {seconds:7.1f} s   {rate:,.0f} changes/s")
                print(f"    {shop.segments()}", flush=True)
        finally:
            shop.delete()


if __name__ == "__main__":
    main()
