"""Peak memory of a reindex, index size and search time, at two sizes of a synthetic catalogue.

    python -m benchmarks.indexer_memory --url URL [--rows 20000 1000000] [--no-vectors]

Each size is written as JSON Lines and indexed by the installed command in a process of its own,
whose peak resident set the operating system reports. The flat line is what counts: memory must not
grow with the catalogue. Then 300 searches of three words each are timed, from plan to hits, one
after the other. With nine nouns and nine phrases in all, every word is in a ninth of the products
or more: harder than any shop's queries.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from artifacts import ArtifactStore, default_cache_dir
from encoders import encoder_for_model_id
from retrieval import Retriever, SearchRequest
from search_core import EncoderIdentity, QueryPlan, TextEncoder
from search_core.settings import EncoderSettings, RetrievalSettings, SearchEngineSettings
from search_engine import Searcher, connect, connect_async

ALIAS = "benchmark-memory"
NOUNS = ("dress", "laptop", "cable", "kettle", "boots", "lamp", "backpack", "headphones", "desk")
WORDS = ("red", "blue", "wireless", "16 GB", "cotton", "steel", "for women", "2 m", "waterproof")


def write_catalogue(path: Path, rows: int) -> None:
    choose = random.Random(7)
    with path.open("w", encoding="utf-8") as lines:
        for number in range(rows):
            noun = choose.choice(NOUNS)
            product = {
                "id": f"p{number}",
                "title": f"{choose.choice(WORDS)} {noun} {choose.choice(WORDS)} {number}",
                "description": " ".join(choose.choices(WORDS, k=20)),
                "brand": f"Brand {number % 500}",
                "price": round(choose.uniform(1, 900), 2),
                "category": ["Department " + noun[0], noun],
                "attributes": {f"attribute {number % 50}": choose.choice(WORDS), "pieces": number},
            }
            lines.write(json.dumps(product) + "\n")


def peak_of(path: Path, url: str, folder: Path, extra: list[str]) -> tuple[float, float, str]:
    """Return peak MB and seconds of a reindex in a process of its own, and its last line."""
    environment = {
        **os.environ,
        "SHOPKEEPER_SEARCH_ENGINE__URL": url,
        "SHOPKEEPER_LOCAL_STACK__CACHE_DIR": str(folder),
    }
    command = [
        *(sys.executable, "-m", "shopkeeper.command_line", "reindex", str(path)),
        # The small size comes after the large one of an earlier run.
        *("--index", ALIAS, "--allow-shrink"),
    ]
    code = (
        "import resource, subprocess, sys;"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, text=True);"
        "peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss;"
        "print(done.stdout.strip().splitlines()[-1] if done.stdout else '');"
        "print(peak); sys.exit(done.returncode)"
    )
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *command, *extra],
        env=environment, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    last, peak = done.stdout.strip().splitlines()[-2:]
    return int(peak) / 1024, time.perf_counter() - started, last


async def search_times(url: str) -> list[float]:
    """Return the seconds of each search, without the query's encoding where there are vectors."""
    choose = random.Random(11)
    queries = [
        f"{choose.choice(WORDS)} {choose.choice(NOUNS)} {choose.choice(WORDS)}" for _ in range(300)
    ]
    store = ArtifactStore(default_cache_dir())
    encoders: dict[str, TextEncoder] = {}

    def encoder_for(identity: EncoderIdentity) -> TextEncoder:
        if identity.model_id not in encoders:
            settings = EncoderSettings()
            encoders[identity.model_id] = encoder_for_model_id(identity.model_id, settings, store)
        return encoders[identity.model_id]

    searcher = Searcher(connect_async(SearchEngineSettings(url=url)))
    retriever = Retriever(searcher, RetrievalSettings(deadline_ms=60_000), encoder_for)
    seconds = []
    for place, text in enumerate([*queries[:30], *queries]):
        answer = await retriever.search(ALIAS, SearchRequest(plan=QueryPlan.plain(text)))
        if place >= 30:  # the first warm up
            seconds.append((answer.timings.total_ms - answer.timings.encode_ms) / 1000)
    await searcher.close()
    return seconds


def index_bytes(url: str) -> int:
    client = connect(SearchEngineSettings(url=url))
    (stats,) = client.indices.stats(index=ALIAS, metric="store")["indices"].values()
    return stats["primaries"]["store"]["size_in_bytes"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--rows", type=int, nargs=2, default=(20_000, 1_000_000))
    parser.add_argument("--no-vectors", action="store_true")
    arguments = parser.parse_args()
    extra = ["--no-vectors"] if arguments.no_vectors else []
    peaks, medians = [], []
    with tempfile.TemporaryDirectory() as folder:
        for rows in arguments.rows:
            path = Path(folder) / f"{rows}.jsonl"
            write_catalogue(path, rows)
            peak, seconds, last = peak_of(path, arguments.url, Path(folder) / "cache", extra)
            peaks.append(peak)
            p50, p95 = np.percentile(asyncio.run(search_times(arguments.url)), [50, 95]) * 1000
            medians.append(p50)
            size = index_bytes(arguments.url) / rows
            print(
                f"{rows:>9,} rows: peak {peak:6.0f} MB, {seconds:7.1f} s,"
                f" {size:5.0f} bytes a product, search p50 {p50:6.1f} ms p95 {p95:6.1f} ms   {last}"
            )
            path.unlink()
    print(f"peak memory: ratio {peaks[1] / peaks[0]:.2f}")
    print(f"search p50: ratio {medians[1] / medians[0]:.2f}")


if __name__ == "__main__":
    main()
