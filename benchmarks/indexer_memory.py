"""Peak memory of a reindex by phase, index size and search time, at sizes of a synthetic catalogue.

    python -m benchmarks.indexer_memory --url URL [--rows 20000 1000000] [--no-vectors]

Each size is written as JSON Lines (`synthetic_catalogue`) and indexed in a process of its own
(`reindex_phases`). The flat line is what counts: memory must not grow with the catalogue. Then the
sizes are searched in turns (`search_times`). Vectors of an earlier run are not used. Indices are
left behind, as `benchmark-memory-ROWS`.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from benchmarks.search_times import search_times
from benchmarks.synthetic_catalogue import SyntheticCatalogue
from search_core.settings import SearchEngineSettings
from search_engine import connect


def alias_of(rows: int) -> str:
    return f"benchmark-memory-{rows}"


def reindexed(catalogue: Path, rows: int, arguments: argparse.Namespace) -> dict[str, Any]:
    """Index a catalogue in a process of its own and return its report."""
    command = [
        *(sys.executable, "-m", "benchmarks.reindex_phases", str(catalogue)),
        *("--url", arguments.url, "--alias", alias_of(rows)),
        *("--cache", str(catalogue.parent / "cache"), "--compression", arguments.compression),
        *("--description-chars", str(arguments.description_chars)),
        *(["--no-vectors"] if arguments.no_vectors else []),
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    report: dict[str, Any] = orjson.loads(done.stdout)
    return report


def index_bytes(url: str, alias: str) -> int:
    client = connect(SearchEngineSettings(url=url))
    (stats,) = client.indices.stats(index=alias, metric="store")["indices"].values()
    return int(stats["primaries"]["store"]["size_in_bytes"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--rows", type=int, nargs="+", default=(20_000, 1_000_000))
    parser.add_argument("--no-vectors", action="store_true")
    parser.add_argument("--compression", default="none", help="search_engine.vector_compression")
    parser.add_argument(
        "--description-chars", type=int, default=120, help="indexer.passage_description_chars"
    )
    arguments = parser.parse_args()
    peaks = []
    for rows in arguments.rows:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "catalogue.jsonl"
            SyntheticCatalogue().write(path, rows)
            report = reindexed(path, rows, arguments)
        peaks.append(max(report["peaks_mb"].values()))
        size = index_bytes(arguments.url, alias_of(rows)) / rows
        print(f"{rows:>9,} rows: peak {peaks[-1]:.0f} MB, {size:.0f} bytes a product")
        for phase, peak in report["peaks_mb"].items():
            print(f"          {phase}: {peak:.0f} MB, {report['seconds'][phase]:.1f} s")
    print(f"peak memory: to the first {[round(peak / peaks[0], 2) for peak in peaks]}")
    aliases = [alias_of(rows) for rows in arguments.rows]
    times = asyncio.run(search_times(arguments.url, aliases))
    for each in times:
        print(each)
    medians = [float(np.median(each.pages)) for each in times]
    print(f"search p50: to the first {[round(median / medians[0], 2) for median in medians]}")


if __name__ == "__main__":
    main()
