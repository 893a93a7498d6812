"""Peak memory of a reindex, at two sizes of a synthetic catalogue.

    python -m benchmarks.indexer_memory --url URL [--rows 20000 1000000] [--no-vectors]

Each size is written as JSON Lines and indexed by the installed command in a process of its own,
whose peak resident set the operating system reports. The flat line is what counts: memory must not
grow with the catalogue.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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
        *("--index", "benchmark-memory", "--allow-shrink"),
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--rows", type=int, nargs=2, default=(20_000, 1_000_000))
    parser.add_argument("--no-vectors", action="store_true")
    arguments = parser.parse_args()
    extra = ["--no-vectors"] if arguments.no_vectors else []
    peaks = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in arguments.rows:
            path = Path(folder) / f"{rows}.jsonl"
            write_catalogue(path, rows)
            peak, seconds, last = peak_of(path, arguments.url, Path(folder) / "cache", extra)
            peaks.append(peak)
            print(f"{rows:>9,} rows: peak {peak:6.0f} MB, {seconds:7.1f} s   {last}")
            path.unlink()
    print(f"ratio {peaks[1] / peaks[0]:.2f}; page size {resource.getpagesize()} bytes")


if __name__ == "__main__":
    main()
