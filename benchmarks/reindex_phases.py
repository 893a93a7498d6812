"""One reindex, with the peak memory and the seconds of each of its phases, as JSON.

    python -m benchmarks.reindex_phases CATALOGUE --url URL --alias NAME --cache FOLDER

What `shopkeeper reindex` does, by the same composition. Linux keeps the largest resident set of a
process and lets it be reset, which tells the phases apart (proc(5), `clear_refs`).
"""

import argparse
import dataclasses
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

import orjson

from artifacts import ArtifactStore, default_cache_dir
from encoders import create_text_encoder
from indexer import ReindexRequest, reindex
from search_core import TextEncoder
from search_core.settings import Settings
from shopkeeper.composition import reindex_tools

_TOLD_EVERY_SECONDS = 30.0
_BEGUN_BY = {"writing": "read, tag, encode, write", "merging and checking": "merge and check"}
"""Task that the indexer tells of → the phase that begins with it."""


class Phases:
    """A progress listener that begins a phase when writing or finishing does."""

    def __init__(self) -> None:
        self.peaks_mb: dict[str, float] = {}
        self.seconds: dict[str, float] = {}
        self._lock = Lock()
        self._products = 0
        self._told = 0.0
        self._name = "prepare"
        self._began = time.perf_counter()
        _reset_peak()

    def begin(self, name: str) -> None:
        """End the phase under way and begin another."""
        now = time.perf_counter()
        self.peaks_mb[self._name] = _peak_mb()
        self.seconds[self._name] = now - self._began
        print(f"{self._name}: {self.peaks_mb[self._name]:.0f} MB", file=sys.stderr, flush=True)
        self._name, self._began = name, now
        _reset_peak()

    def start(self, task: str, total: int | None, unit: str) -> None:  # noqa: ARG002 - the port
        """Begin the phase of a task that has one."""
        if task in _BEGUN_BY:
            self.begin(_BEGUN_BY[task])

    def advance(self, task: str, amount: int) -> None:
        """Tell now and then how far writing is."""
        if task != "writing":
            return
        with self._lock:
            self._products += amount
            now = time.perf_counter()
            if now - self._told > _TOLD_EVERY_SECONDS:
                self._told = now
                seconds, peak = now - self._began, _peak_mb()
                told = f"{self._products:,} after {seconds:.0f} s, {peak:.0f} MB"
                print(told, file=sys.stderr, flush=True)

    def finish(self, task: str) -> None:
        """Nothing: a phase lasts until the next begins."""


def _peak_mb() -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(peak) / 1024


def _reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--url", required=True)
    parser.add_argument("--alias", required=True)
    parser.add_argument("--cache", type=Path, required=True, help="folder for vectors")
    parser.add_argument("--compression", default="none", help="search_engine.vector_compression")
    parser.add_argument("--description-chars", type=int, default=120)
    parser.add_argument("--no-vectors", action="store_true")
    arguments = parser.parse_args()
    settings = Settings(
        search_engine={"url": arguments.url, "vector_compression": arguments.compression},
        indexer={"passage_description_chars": arguments.description_chars},
    )
    phases = Phases()
    tools = reindex_tools(settings, phases, vectors=not arguments.no_vectors)

    def learn(generation: str) -> None:
        phases.begin("learn")
        tools.before_publishing(generation)
        phases.begin("put live")

    def encoder_for(languages: Mapping[str, float]) -> TextEncoder:
        # The model is the user's own copy; vectors of an earlier run would hide the encoding.
        store = ArtifactStore(default_cache_dir())
        return create_text_encoder(settings.encoders, languages, store, arguments.cache)

    measured = dataclasses.replace(tools, before_publishing=learn)
    if not arguments.no_vectors:
        measured = dataclasses.replace(measured, encoder_for=encoder_for)
    report = reindex(
        # The small size comes after the large one of an earlier run.
        ReindexRequest(catalog=arguments.catalogue, alias=arguments.alias, allow_shrink=True),
        measured,
    )
    phases.begin("end")
    answer = {
        "documents": report.documents,
        "encoded": report.encoded,
        "seconds": phases.seconds,
        "peaks_mb": phases.peaks_mb,
    }
    print(orjson.dumps(answer).decode())


if __name__ == "__main__":
    main()
