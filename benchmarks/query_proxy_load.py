"""The proxy under load by vegeta: latency, throughput, a constant rate of searches, memory.

    python -m benchmarks.query_proxy_load --index ALIAS --url URL --queries FILE [--only NAME]

vegeta (`go install github.com/tsenart/vegeta/v12@v12.13.0`) sends the requests from a process of
its own, so that the figures are not those of a client in Python. The proxy runs as `shopkeeper
serve`. Each comparison with the node itself takes turns with it, in short rounds, so that other
work on the machine touches both alike; medians of the rounds are compared.

    latency     one connection: what the proxy adds to a search that passes through
    hybrid      one connection: hybrid searches against the bare `_msearch` of their legs
    throughput  16 connections: share of the node's own
    rate        the highest rate, up to 200/s, at which the node answers the bare `_msearch` of the
                same searches, and the proxy the hybrid searches; the latter for a minute.
                Taken: all answered, and p99 under ten times p50
    memory      100,000 requests: resident memory of the proxy on the way
"""

import argparse
import asyncio
import base64
import json
import shutil
import statistics
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import psutil

from artifacts import ArtifactStore, default_cache_dir
from benchmarks.query_proxy import Served, plain_search, sent_requests, serving, until_ready
from benchmarks.retrieval import queries_of
from encoders import encoder_for_model_id
from search_core.settings import EncoderSettings, SearchEngineSettings
from search_engine import Generation, Searcher, connect_async

MEGABYTE = 1024 * 1024
LOWEST_RATE = 5
NEXT_RATE = 0.8
"""Of a rate that was not taken, the one that is tried next."""


def attack(
    targets: Path, *, rate: int, workers: int, seconds: float = 0, timeout: int = 30
) -> dict:
    """Send requests and return vegeta's report; times in nanoseconds.

    Args:
        targets: one a line, as JSON; taken in turn.
        rate: requests a second; 0: as many as the workers can.
        workers: connections at once.
        seconds: how long.
        timeout: of each request, seconds.
    """
    limit = ["-max-workers", str(workers)] if rate == 0 else []
    results = subprocess.run(
        [
            *("vegeta", "attack", "-format=json", "-keepalive=true", f"-targets={targets}"),
            *(f"-rate={rate}", f"-workers={workers}", f"-timeout={timeout}s"),
            *(f"-duration={seconds}s", *limit),
        ],
        check=True,
        capture_output=True,
    )
    report = subprocess.run(
        ["vegeta", "report", "-type=json"], input=results.stdout, check=True, capture_output=True
    )
    return json.loads(report.stdout)


def milliseconds(report: dict, name: str) -> float:
    return report["latencies"][name] / 1e6


def told(report: dict) -> str:
    codes = ", ".join(f"{count}×{code}" for code, count in sorted(report["status_codes"].items()))
    return (
        f"{report['throughput']:.0f}/s answered; p50 {milliseconds(report, '50th'):.1f}, "
        f"p95 {milliseconds(report, '95th'):.1f}, p99 {milliseconds(report, '99th'):.1f}, "
        f"max {milliseconds(report, 'max'):.0f} ms; {codes}"
    )


class Targets:
    """Files of requests for vegeta, the same ones for each address."""

    def __init__(self, folder: Path, queries: list[str], encoding: str = "identity") -> None:
        self._folder = folder
        self._queries = queries
        self._encoding = encoding

    def of(self, base: str, index: str) -> Path:
        """Return the file of an address, written."""
        file = self._folder / f"{index}-{base.rpartition(':')[2]}-{self._encoding}.jsonl"
        lines = [
            target(f"{base}/{index}/_search", plain_search(text), encoding=self._encoding)
            for text in self._queries
        ]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return file

    def bare(self, base: str, legs: Iterable[bytes]) -> Path:
        """Return the file of the bare `_msearch`es of the node, written."""
        file = self._folder / f"bare-{self._encoding}.jsonl"
        lines = [
            target(f"{base}/_msearch", body, "application/x-ndjson", encoding=self._encoding)
            for body in legs
        ]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return file


def target(url: str, body: bytes, content_type: str = "application/json", *, encoding: str) -> str:
    return json.dumps(
        {
            "method": "POST",
            "url": url,
            "header": {"Content-Type": [content_type], "Accept-Encoding": [encoding]},
            "body": base64.b64encode(body).decode(),
        }
    )


@contextmanager
def watched_memory(process: psutil.Process) -> Iterator[list[float]]:
    """Collect the resident memory of a process once a second, in megabytes."""
    sizes: list[float] = []
    ended = threading.Event()

    def sample() -> None:
        while not ended.is_set():
            sizes.append(process.memory_info().rss / MEGABYTE)
            ended.wait(1.0)

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield sizes
    finally:
        ended.set()
        thread.join()


def measure_latency(direct: Path, passed: Path, rounds: int, seconds: float) -> None:
    found: dict[Path, list[float]] = {direct: [], passed: []}
    for _ in range(rounds):
        for targets, medians in found.items():
            report = attack(targets, rate=0, workers=1, seconds=seconds)
            medians.append(milliseconds(report, "50th"))
    ours, bare = (statistics.median(found[each]) for each in (passed, direct))
    print(
        f"latency: direct {bare:.2f} ms, passed through {ours:.2f} ms at the median "
        f"({ours - bare:+.2f} ms, one connection, {rounds} rounds of {seconds:g} s each)"
    )


def measure_hybrid(bare: Path, hybrid: Path, encoding: str, rounds: int, seconds: float) -> None:
    found: dict[Path, list[dict]] = {bare: [], hybrid: []}
    for _ in range(rounds):
        for targets, reports in found.items():
            reports.append(attack(targets, rate=0, workers=1, seconds=seconds))
    for percentile in ("50th", "95th"):
        node, ours = (
            statistics.median(milliseconds(report, percentile) for report in found[each])
            for each in (bare, hybrid)
        )
        print(
            f"hybrid, {encoding}, {percentile} percentile: bare _msearch {node:.2f} ms, "
            f"through the proxy {ours:.2f} ms ({ours / node:.2f} of it, one connection, "
            f"{rounds} rounds of {seconds:g} s each, the same queries again and again)"
        )


def measure_throughput(direct: Path, passed: Path, rounds: int, seconds: float) -> None:
    found: dict[Path, list[float]] = {direct: [], passed: []}
    for _ in range(rounds):
        for targets, rates in found.items():
            rates.append(attack(targets, rate=0, workers=16, seconds=seconds)["throughput"])
    ours, bare = (statistics.median(found[each]) for each in (passed, direct))
    print(
        f"throughput: direct {bare:.0f}/s, passed through {ours:.0f}/s "
        f"({ours / bare:.2f} of direct, 16 connections)"
    )


def is_taken(report: dict) -> bool:
    """Say whether all was answered, and nobody waited much longer than most."""
    ratio = milliseconds(report, "99th") / milliseconds(report, "50th")
    return report["success"] == 1.0 and ratio < 10


def highest_rate(targets: Path, rate: float, seconds: float) -> float:
    """Return the highest rate that is taken, in steps of a fifth from `rate` down; 0: none is."""
    while rate >= LOWEST_RATE:
        if is_taken(attack(targets, rate=round(rate), workers=16, seconds=seconds)):
            return rate
        rate *= NEXT_RATE
    return 0.0


def measure_rate(
    bare: Path, hybrid: Path, *, rate: int, probe_seconds: float, seconds: float
) -> None:
    node = highest_rate(bare, rate, probe_seconds)
    ours = highest_rate(hybrid, rate, probe_seconds)
    print(
        f"rate, probed for {probe_seconds:g} s each: the node takes {node:.0f} bare _msearch/s, "
        f"the proxy {ours:.0f} hybrid searches/s ({ours / node if node else 0:.2f} of that)"
    )
    while ours >= LOWEST_RATE:
        report = attack(hybrid, rate=round(ours), workers=16, seconds=seconds)
        ratio = milliseconds(report, "99th") / milliseconds(report, "50th")
        print(f"rate: {ours:.0f}/s for {seconds:g} s: {told(report)}; p99 / p50 {ratio:.1f}")
        if is_taken(report):
            return
        ours *= NEXT_RATE


def measure_memory(targets: dict[str, Path], process: psutil.Process, requests: int) -> None:
    for name, file in targets.items():
        with watched_memory(process) as sizes:
            sent = 0
            marks: list[tuple[int, float]] = [(0, process.memory_info().rss / MEGABYTE)]
            while sent < requests:
                report = attack(file, rate=0, workers=8, seconds=20)
                sent += report["requests"]
                marks.append((sent, process.memory_info().rss / MEGABYTE))
        steps = marks[:: max(1, len(marks) // 10)]
        print(
            f"memory, {name}: {', '.join(f'{done:,}: {size:.0f} MB' for done, size in steps)}; "
            f"highest {max(sizes):.0f} MB"
        )


async def described(arguments: argparse.Namespace) -> Generation:
    searcher = Searcher(connect_async(SearchEngineSettings(url=arguments.url)))
    generation = await searcher.generation(arguments.index, 30)
    await searcher.close()
    return generation


def bare_legs(arguments: argparse.Namespace, generation: Generation) -> list[bytes]:
    model_id = generation.description.encoder.model_id
    store = ArtifactStore(default_cache_dir())
    encoder = encoder_for_model_id(model_id, EncoderSettings(), store)
    requests = asyncio.run(sent_requests(arguments, encoder))
    return [sent.legs for sent in requests.values()]


async def ready(proxy: str) -> None:
    async with aiohttp.ClientSession() as session:
        await until_ready(session, proxy)


def measured(arguments: argparse.Namespace, generation: Generation, served: Served) -> None:
    """Take the measurements that were asked for, in the order of the head of this module."""

    def wanted(*names: str) -> bool:
        return arguments.only is None or arguments.only in names

    with tempfile.TemporaryDirectory() as folder:
        queries = queries_of(arguments.queries)
        targets = Targets(Path(folder), queries)
        direct = targets.of(arguments.url, generation.name)
        passed = targets.of(served.url, generation.name)
        hybrid = targets.of(served.url, arguments.index)
        attack(hybrid, rate=0, workers=2, seconds=3)  # warms up
        turns = (arguments.rounds, arguments.seconds)
        if wanted("latency"):
            measure_latency(direct, passed, *turns)
        if wanted("hybrid", "rate"):
            legs = bare_legs(arguments, generation)
            bare = targets.bare(arguments.url, legs)
        if wanted("hybrid"):
            # Compressing the legs' long answers costs the node more than the proxy's short ones.
            measure_hybrid(bare, hybrid, "identity", *turns)
            zipped = Targets(Path(folder), queries, "gzip")
            bare_zipped = zipped.bare(arguments.url, legs)
            hybrid_zipped = zipped.of(served.url, arguments.index)
            measure_hybrid(bare_zipped, hybrid_zipped, "gzip", *turns)
        if wanted("throughput"):
            measure_throughput(direct, passed, *turns)
        if wanted("rate"):
            probe, whole = arguments.probe_seconds, arguments.rate_seconds
            measure_rate(bare, hybrid, rate=arguments.rate, probe_seconds=probe, seconds=whole)
        if wanted("memory"):
            ways = {"passed through": passed, "hybrid": hybrid}
            measure_memory(ways, served.process, arguments.requests // 2)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--index", required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--candidates", type=int, default=200)
    parser.add_argument("--only", choices=["latency", "hybrid", "throughput", "rate", "memory"])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--probe-seconds", type=float, default=10)
    parser.add_argument("--rate-seconds", type=float, default=60)
    parser.add_argument("--requests", type=int, default=100_000)
    arguments = parser.parse_args()
    if shutil.which("vegeta") is None:
        parser.error("vegeta is not installed; the head of this module says how")
    generation = asyncio.run(described(arguments))
    with serving(arguments, generation.name) as served:
        asyncio.run(ready(served.url))
        measured(arguments, generation, served)


if __name__ == "__main__":
    main()
