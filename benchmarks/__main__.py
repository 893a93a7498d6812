"""Runs the benchmarks that need nothing but a local node and the sample shop.

    make bench

The others take a catalogue: see the head of each module in this folder.
"""

import subprocess
import sys

from search_core.settings import LocalStackSettings
from shopkeeper.local_stack import start_node
from shopkeeper.sample_shop import judgments_path, products_path


def main() -> None:
    url = start_node(LocalStackSettings()).url
    python = (sys.executable, "-m")
    alias = "benchmark-indexing"
    for command in (
        (*python, "benchmarks.command_start"),
        (*python, "benchmarks.encoding", str(products_path())),
        (*python, "benchmarks.indexing", str(products_path()), "--url", url),
        (
            *(*python, "benchmarks.retrieval", "--index", alias, "--url", url),
            *("--queries", str(judgments_path())),
        ),
    ):
        print(f"\n$ {' '.join(command[1:])}", flush=True)
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
