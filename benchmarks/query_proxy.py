"""What the proxy adds: to a search that passes through, and to the bare `_msearch` of the legs.

    python -m benchmarks.query_proxy --index ALIAS --url URL --queries FILE [--rounds 5]
    python -m benchmarks.query_proxy … --connections 16 --seconds 10

The proxy runs as `shopkeeper serve` in a process of its own. The ways take turns query by query on
one connection each, so that other work on the machine touches all of them alike.

The bare `_msearch` sends the very bodies that the proxy sends for the same search, with the same
vector, which fetch ids and scores only, and reads the answer without looking into it; neither has
it compressed. "kept by the node" is the same from OpenSearch's request cache, into which the proxy
puts queries that come again. "with documents" is what a client can use: the bare `_msearch`, then
one request for the first ten documents. Three proxies are measured: one that remembers nothing; one
that remembers hits, as for a new query whose products others have seen; and one that remembers
vectors and plans too, as for words that were typed lately. A fourth only passes through. The 10th
percentiles are nearest to what an idle machine takes where others work; steadier than either is the
processor time of a proxy for each search, user and system together.
With `--connections`, the throughput of plain searches is measured too, directly and passed through.
"""

import argparse
import asyncio
import contextlib
import itertools
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import numpy as np
import orjson
import psutil

from artifacts import ArtifactStore, default_cache_dir
from benchmarks.retrieval import queries_of
from encoders import encoder_for_model_id
from retrieval import Retriever, SearchRequest
from search_core.settings import (
    EncoderSettings,
    RetrievalSettings,
    SearchEngineSettings,
    Settings,
)
from search_engine import Searcher, connect_async, documents_query
from shopkeeper.composition import query_understanding

JSON = {"content-type": "application/json"}
NDJSON = {"content-type": "application/x-ndjson"}
UNCOMPRESSED = {"accept-encoding": "identity"}
NUMPY = orjson.OPT_SERIALIZE_NUMPY


NO_HITS = {"SHOPKEEPER_QUERY_PROXY__REMEMBERED_BYTES": "0"}
NO_QUERIES = {
    "SHOPKEEPER_RETRIEVAL__REMEMBERED_VECTORS": "0",
    "SHOPKEEPER_RETRIEVAL__RECURRING_QUERIES": "0",
    "SHOPKEEPER_QUERY_UNDERSTANDING__REMEMBERED_PLANS": "0",
}
WAYS = {
    "nothing remembered": NO_HITS | NO_QUERIES,
    "hits remembered": NO_QUERIES,
    "asked before": {},
}
PASSED = "passed through"
KEPT = "bare, kept by the node"


class SentLegs(Searcher):
    """Keeps the bodies of the first `_msearch` of a search: its legs, as they are sent."""

    def __init__(self, client) -> None:
        super().__init__(client)
        self.bodies: list[dict] = []

    async def _msearch(self, index, bodies, preference, timeout_seconds, **options):
        header = {"index": index, "preference": preference}
        self.bodies = self.bodies or [line for body in bodies for line in (header, body)]
        return await super()._msearch(index, bodies, preference, timeout_seconds, **options)


@dataclass(frozen=True)
class Served:
    """A proxy in a process of its own."""

    url: str
    process: psutil.Process

    def processor_ms(self) -> float:
        """Return what it has used so far."""
        times = self.process.cpu_times()
        return (times.user + times.system) * 1000


@dataclass(frozen=True)
class Sent:
    """What a client without the proxy sends for a query."""

    legs: bytes
    """An `_msearch`."""
    documents: bytes
    """A search for the first ten documents."""

    def from_request_cache(self) -> bytes:
        """Return the `_msearch`, with its answer to be kept by the node."""
        header, _, rest = self.legs.partition(b"\n")
        kept = orjson.dumps({**orjson.loads(header), "request_cache": True})
        # The header is the same before each body.
        return b"\n".join([kept, rest.replace(header, kept)])


@contextlib.contextmanager
def serving(
    arguments: argparse.Namespace, generation: str, forgetting: dict[str, str] | None = None
) -> Iterator[Served]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "shopkeeper.command_line", "serve", "--port", str(port)]
    environment = {
        **os.environ,
        "SHOPKEEPER_SEARCH_ENGINE__URL": arguments.url,
        "SHOPKEEPER_QUERY_PROXY__INDICES": arguments.index,
        "SHOPKEEPER_QUERY_PROXY__OPEN_INDICES": generation,
        "SHOPKEEPER_RETRIEVAL__CANDIDATES": str(arguments.candidates),
        **(forgetting or {}),
    }
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield Served(f"http://127.0.0.1:{port}", psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait(30)


async def until_ready(session: aiohttp.ClientSession, proxy: str) -> None:
    while True:
        with contextlib.suppress(aiohttp.ClientError):
            async with session.get(f"{proxy}/shop/ready") as answer:
                if answer.status == 200:
                    return
        await asyncio.sleep(0.2)


def plain_search(text: str) -> bytes:
    fields = ["title^3", "brand.text", "description"]
    return orjson.dumps(
        {
            "query": {"multi_match": {"query": text, "fields": fields}},
            "_source": ["title", "brand", "price"],
        }
    )


async def timed(session: aiohttp.ClientSession, url: str, body: bytes, headers: dict) -> float:
    started = time.perf_counter()
    async with session.post(url, data=body, headers=headers) as answer:
        await answer.read()
        assert answer.status == 200, (url, answer.status)
    return (time.perf_counter() - started) * 1000


async def sent_requests(arguments: argparse.Namespace, encoder) -> dict[str, Sent]:
    engine = SearchEngineSettings(url=arguments.url)
    settings = RetrievalSettings(candidates=arguments.candidates, deadline_ms=30_000)
    understanding = query_understanding(Settings(search_engine=engine))
    searcher = SentLegs(connect_async(engine))
    retriever = Retriever(searcher, settings, lambda _: encoder)
    requests = {}
    for text in queries_of(arguments.queries):
        searcher.bodies = []
        request = SearchRequest(plan=await understanding.plan(arguments.index, text))
        ranked = await retriever.ranking(arguments.index, request)
        legs = [*(orjson.dumps(line, option=NUMPY) for line in searcher.bodies), b""]
        ids = [each.product_id for each in ranked.page(0, 10)]
        shown = {**orjson.loads(plain_search(text)), "query": documents_query(ids)}
        requests[text] = Sent(b"\n".join(legs), orjson.dumps(shown))
    understanding.close()
    await searcher.close()
    return requests


async def latencies(
    arguments: argparse.Namespace, proxies: dict[str, Served], generation: str, encoder
) -> None:
    requests = await sent_requests(arguments, encoder)
    times: dict[str, list[float]] = {}
    node, passing = arguments.url, proxies[PASSED].url
    used: dict[str, float] = {}
    async with aiohttp.ClientSession(headers=UNCOMPRESSED) as session:
        for proxy in proxies.values():
            await until_ready(session, proxy.url)
        for round_number in range(arguments.rounds + 1):
            if round_number == 1:
                used = {way: proxy.processor_ms() for way, proxy in proxies.items()}
            for text, sent in requests.items():
                plain = plain_search(text)
                started = time.perf_counter()
                encoder.encode_query(text)
                row = {"encode": (time.perf_counter() - started) * 1000}
                for name, address, body, headers in (
                    ("direct", f"{node}/{generation}/_search", plain, JSON),
                    (PASSED, f"{passing}/{generation}/_search", plain, JSON),
                    ("bare _msearch", f"{node}/_msearch", sent.legs, NDJSON),
                    (KEPT, f"{node}/_msearch", sent.from_request_cache(), NDJSON),
                    ("documents", f"{node}/{arguments.index}/_search", sent.documents, JSON),
                    *(
                        (
                            f"hybrid, {way}",
                            f"{proxies[way].url}/{arguments.index}/_search",
                            plain,
                            JSON,
                        )
                        for way in WAYS
                    ),
                ):
                    row[name] = await timed(session, address, body, headers)
                row["with documents"] = row["bare _msearch"] + row.pop("documents")
                if round_number:  # the first warms up
                    for name, value in row.items():
                        times.setdefault(name, []).append(value)
    report(arguments, times)
    for way, proxy in proxies.items():
        each = (proxy.processor_ms() - used[way]) / len(times["encode"])
        print(f"processor time of the proxy, {way}: {each:.2f} ms a search")


def report(arguments: argparse.Namespace, times: dict[str, list[float]]) -> None:
    searches = len(times["encode"])
    print(f"{arguments.candidates} candidates a leg, {searches} searches each, ms")
    at = {10: {}, 50: {}}
    for name, each in times.items():
        at[10][name], at[50][name], p95 = np.percentile(each, [10, 50, 95])
        print(f"{name:26} p10 {at[10][name]:6.2f}   p50 {at[50][name]:6.2f}   p95 {p95:6.2f}")
    print(f"passed through - direct: {at[50][PASSED] - at[50]['direct']:.2f} ms")
    for way, bare in itertools.product(WAYS, ("bare _msearch", KEPT, "with documents")):
        ratios = ", ".join(
            f"p{share} {found[f'hybrid, {way}'] / found[bare]:.2f} "
            f"(with encoding {found[f'hybrid, {way}'] / (found[bare] + found['encode']):.2f})"
            for share, found in at.items()
        )
        print(f"hybrid, {way} / {bare}: {ratios}")


async def throughput(arguments: argparse.Namespace, url: str) -> float:
    queries = [plain_search(text) for text in queries_of(arguments.queries)]
    ended = time.perf_counter() + arguments.seconds
    answered = 0

    async def ask(first: int) -> None:
        nonlocal answered
        place = first
        while time.perf_counter() < ended:
            await timed(session, url, queries[place % len(queries)], JSON)
            answered += 1
            place += arguments.connections

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(ask(each) for each in range(arguments.connections)))
    return answered / arguments.seconds


async def measure(arguments: argparse.Namespace) -> None:
    searcher = Searcher(connect_async(SearchEngineSettings(url=arguments.url)))
    generation = await searcher.generation(arguments.index, 30)
    await searcher.close()
    store = ArtifactStore(default_cache_dir())
    encoder = encoder_for_model_id(
        generation.description.encoder.model_id, EncoderSettings(), store
    )
    with contextlib.ExitStack() as stack:
        proxies = {
            way: stack.enter_context(serving(arguments, generation.name, forgetting))
            for way, forgetting in (*WAYS.items(), (PASSED, {}))
        }
        await latencies(arguments, proxies, generation.name, encoder)
        if arguments.connections:
            direct = await throughput(arguments, f"{arguments.url}/{generation.name}/_search")
            passing = f"{proxies[PASSED].url}/{generation.name}/_search"
            passed = await throughput(arguments, passing)
            print(
                f"{arguments.connections} connections: direct {direct:.0f}/s, passed through "
                f"{passed:.0f}/s ({passed / direct:.2f} of direct)"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--candidates", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=0)
    parser.add_argument("--seconds", type=int, default=10)
    asyncio.run(measure(parser.parse_args()))


if __name__ == "__main__":
    main()
