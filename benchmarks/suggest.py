"""Measures suggestions: how fast they come, and how much of a query is typed before it comes up.

    python -m benchmarks.suggest PROXY QUERIES.csv --index INDEX --engine URL

PROXY is the address of `shopkeeper serve`; the queries are the first column of a judgment file. The
engine's own `_count` is timed between the requests: what a machine under load does to both is in
the ratio. From the root of the repository, as a module.
"""

import argparse
import csv
import random
import time
from collections.abc import Callable
from pathlib import Path

import requests

PREFIXES = 300
SHARES = (0.1, 0.25, 0.5, 0.95)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("proxy")
    parser.add_argument("queries", type=Path)
    parser.add_argument("--index", required=True)
    parser.add_argument("--engine", default="http://127.0.0.1:9200")
    given = parser.parse_args()
    with given.queries.open(encoding="utf-8", newline="") as file:
        queries = sorted({row[0] for row in list(csv.reader(file))[1:]})
    speed(given.proxy, given.index, given.engine, queries)
    typed(given.proxy, given.index, queries)


def speed(proxy: str, index: str, engine: str, queries: list[str]) -> None:
    prefixes = [query[:n] for query in queries for n in range(2, min(len(query), 12) + 1)]
    random.Random(1).shuffle(prefixes)
    ours, engines = requests.Session(), requests.Session()
    times: dict[str, list[float]] = {}

    def timed(name: str, send: Callable[[], requests.Response]) -> None:
        started = time.perf_counter()
        send().raise_for_status()
        times.setdefault(name, []).append((time.perf_counter() - started) * 1000)

    for prefix in prefixes[:PREFIXES]:
        asked = {"q": prefix, "index": index}
        timed("_count of the engine", lambda: engines.get(f"{engine}/{index}/_count"))
        for products in (0, 3):
            parameters = {**asked, "products": products}
            timed(
                f"suggest, {products} products",
                lambda given=parameters: ours.get(f"{proxy}/shop/suggest", params=given),
            )
        timed("search", lambda given=asked: ours.get(f"{proxy}/shop/search", params=given))
    for name, taken in times.items():
        taken.sort()
        told = "  ".join(
            f"p{share * 100:.0f} {taken[int(share * len(taken))]:.1f}" for share in SHARES
        )
        print(f"{name:24} {told} ms")


def typed(proxy: str, index: str, queries: list[str]) -> None:
    session = requests.Session()
    letters = came = 0
    for query in queries:
        for n in range(1, len(query)):
            asked = {"q": query[:n], "index": index, "products": 0}
            found = session.get(f"{proxy}/shop/suggest", params=asked).json()["suggestions"]
            if any(each["text"].casefold() == query.casefold() for each in found):
                letters, came = letters + n, came + 1
                break
        else:
            letters += len(query)
    share = letters / sum(map(len, queries))
    print(f"{came} of {len(queries)} queries came up before they were typed out; "
          f"{share:.0%} of the letters had to be typed")  # fmt: skip


if __name__ == "__main__":
    main()
