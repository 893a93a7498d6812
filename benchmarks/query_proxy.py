"""What the proxy adds: to a search that passes through, and to the bare `_msearch` of the legs.

    python -m benchmarks.query_proxy --index ALIAS --url URL --queries FILE [--rounds 5]
    python -m benchmarks.query_proxy … --connections 16 --seconds 10

The proxy runs as `shopkeeper serve` in a process of its own. The ways take turns query by query on
one connection each, so that other work on the machine touches all of them alike. "asked
before": the query's vector is remembered, as for words that shoppers type often. With
`--connections`, the throughput of plain searches is measured too, directly and passed through.
"""

import argparse
import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import numpy as np
import orjson

from artifacts import ArtifactStore, default_cache_dir
from benchmarks.retrieval import bare_bodies, queries_of
from encoders import encoder_for_model_id
from search_core.settings import EncoderSettings, RetrievalSettings, SearchEngineSettings
from search_engine import Searcher, connect_async

JSON = {"content-type": "application/json"}
NDJSON = {"content-type": "application/x-ndjson"}


@contextlib.contextmanager
def serving(
    arguments: argparse.Namespace, generation: str, *, remembering: bool = True
) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "shopkeeper.command_line", "serve", "--port", str(port)]
    environment = {
        **os.environ,
        "SHOPKEEPER_SEARCH_ENGINE__URL": arguments.url,
        "SHOPKEEPER_QUERY_PROXY__INDICES": arguments.index,
        "SHOPKEEPER_QUERY_PROXY__OPEN_INDICES": generation,
        "SHOPKEEPER_RETRIEVAL__CANDIDATES": str(arguments.candidates),
    }
    if not remembering:
        environment["SHOPKEEPER_RETRIEVAL__REMEMBERED_VECTORS"] = "0"
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}"
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


async def latencies(
    arguments: argparse.Namespace, proxy: str, forgetful: str, generation: str, encoder
) -> None:
    settings = RetrievalSettings(candidates=arguments.candidates)
    times: dict[str, list[float]] = {
        name: []
        for name in (
            *("direct", "passed through", "encode", "bare _msearch"),
            *("hybrid", "hybrid, asked before"),
        )
    }
    async with aiohttp.ClientSession() as session:
        await until_ready(session, proxy)
        await until_ready(session, forgetful)
        for round_number in range(arguments.rounds + 1):
            for text in queries_of(arguments.queries):
                plain = plain_search(text)
                started = time.perf_counter()
                vector = encoder.encode_query(text)
                encode = (time.perf_counter() - started) * 1000
                lines = bare_bodies(arguments.index, text, vector, settings)
                legs = b"\n".join([*(orjson.dumps(line) for line in lines), b""])
                row = {
                    "direct": await timed(
                        session, f"{arguments.url}/{generation}/_search", plain, JSON
                    ),
                    "passed through": await timed(
                        session, f"{proxy}/{generation}/_search", plain, JSON
                    ),
                    "encode": encode,
                    "bare _msearch": await timed(
                        session, f"{arguments.url}/_msearch", legs, NDJSON
                    ),
                    "hybrid": await timed(
                        session, f"{forgetful}/{arguments.index}/_search", plain, JSON
                    ),
                    "hybrid, asked before": await timed(
                        session, f"{proxy}/{arguments.index}/_search", plain, JSON
                    ),
                }
                if round_number:  # the first warms up
                    for name, value in row.items():
                        times[name].append(value)
    print(f"{arguments.candidates} candidates a leg, {len(times['hybrid'])} searches each, ms")
    medians = {}
    for name, each in times.items():
        medians[name], p95 = np.percentile(each, [50, 95])
        print(f"{name:20} p50 {medians[name]:6.2f}   p95 {p95:6.2f}")
    print(f"passed through - direct: {medians['passed through'] - medians['direct']:.2f} ms")
    for name in ("hybrid", "hybrid, asked before"):
        print(f"{name} / bare _msearch: {medians[name] / medians['bare _msearch']:.2f}")
    both = medians["bare _msearch"] + medians["encode"]
    print(f"hybrid / (bare _msearch + encode): {medians['hybrid'] / both:.2f}")


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
    with (
        serving(arguments, generation.name) as proxy,
        serving(arguments, generation.name, remembering=False) as forgetful,
    ):
        await latencies(arguments, proxy, forgetful, generation.name, encoder)
        if arguments.connections:
            direct = await throughput(arguments, f"{arguments.url}/{generation.name}/_search")
            passed = await throughput(arguments, f"{proxy}/{generation.name}/_search")
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
