"""A search from plan to hits, against the bare `_msearch` of the same legs plus the encoding.

    python -m benchmarks.retrieval --index ALIAS --url URL --queries FILE [--rounds 5]

Two bare round trips are measured with opensearch-py's asynchronous client as it comes: one sends
the very leg bodies of the search, which fetch ids and scores only; the other fetches each
candidate's document with it, as a client does that makes hits of one `_msearch`. A search adds
fusion, the documents of its page, and hits. It is measured with nothing remembered, where every
page is a second round trip; with documents remembered, as they are for a new query whose products
others have seen; and with the query's vector remembered too, as for a query that was asked before.
The ways take turns query by query.
"""

import argparse
import asyncio
import csv
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from opensearchpy import AsyncOpenSearch

from artifacts import ArtifactStore, default_cache_dir
from encoders import encoder_for_model_id
from retrieval import Retriever, SearchRequest
from search_core import QueryPlan
from search_core.settings import EncoderSettings, RetrievalSettings, SearchEngineSettings
from search_engine import DocumentMemory, Leg, LegsQuery, Searcher, TextMatch, connect_async
from search_engine.search_bodies import leg_body

NO_QUERIES = {"remembered_vectors": 0, "recurring_queries": 0}
ENCODE, BARE = "encode", ("bare _msearch", "bare with documents")


def queries_of(path: Path) -> list[str]:
    """Return the distinct queries of a judgment list, or the lines of a text file."""
    with path.open(encoding="utf-8") as lines:
        if path.suffix == ".csv":
            return list(dict.fromkeys(row["query"] for row in csv.DictReader(lines)))
        return [line.strip() for line in lines if line.strip()]


def bare_bodies(index: str, text: str, vector, settings: RetrievalSettings) -> list[dict]:
    match = TextMatch.of(text, settings)
    query = LegsQuery(
        legs=tuple(Leg), match=match, vector=vector, filters=(), candidates=settings.candidates
    )
    return [line for leg in Leg for line in ({"index": index}, leg_body(leg, query))]


def with_documents(bodies: list[dict]) -> list[dict]:
    """Return the same bodies, fetching documents instead of ids."""
    ids_only = ("_source", "stored_fields", "docvalue_fields")
    return [
        {
            **{name: value for name, value in body.items() if name not in ids_only},
            "_source": {"excludes": ["vector"]},
        }
        if "query" in body
        else body
        for body in bodies
    ]


class Times:
    """Seconds of each way, taken turn by turn."""

    def __init__(self, names: Iterable[str]) -> None:
        self.of: dict[str, list[float]] = {name: [] for name in names}
        self.kept = True
        """Whether what is measured counts; the first round warms up."""

    @contextmanager
    def taken(self, name: str) -> Iterator[None]:
        """Measure a block."""
        began = time.perf_counter()
        yield
        if self.kept:
            self.of[name].append(time.perf_counter() - began)

    def tell(self, ways: Iterable[str]) -> None:
        """Print all of them, and how long the ways take beside the bare round trips."""
        for name, each in self.of.items():
            p50, p95 = np.percentile(each, [50, 95]) * 1000
            print(f"{name:21} p50 {p50:6.2f}   p95 {p95:6.2f}")
        for way in ways:
            for name in BARE:
                parts = np.array(self.of[ENCODE]) + np.array(self.of[name])
                ratio = np.median(self.of[way]) / np.median(parts)
                print(f"{way} / ({name} + encode): {ratio:.2f}")


async def measure(arguments: argparse.Namespace) -> None:
    settings = RetrievalSettings(candidates=arguments.candidates, deadline_ms=30_000)
    forgetful = settings.model_copy(update=NO_QUERIES)
    engine = SearchEngineSettings(url=arguments.url)
    searcher = Searcher(connect_async(engine))
    remembering = Searcher(connect_async(engine), memory=DocumentMemory(settings.remembered_bytes))
    bare = AsyncOpenSearch(arguments.url)
    generation = await searcher.generation(arguments.index, 30)
    model_id = generation.description.encoder.model_id
    store = ArtifactStore(default_cache_dir())
    encoder = encoder_for_model_id(model_id, EncoderSettings(), store)
    ways = {
        "nothing remembered": Retriever(searcher, forgetful, lambda _: encoder),
        "documents remembered": Retriever(remembering, forgetful, lambda _: encoder),
        "all remembered": Retriever(remembering, settings, lambda _: encoder),
    }
    times = Times((ENCODE, *BARE, *ways))
    for round_number in range(arguments.rounds + 1):
        times.kept = round_number > 0
        for text in queries_of(arguments.queries):
            with times.taken(ENCODE):
                vector = encoder.encode_query(text)
            bodies = bare_bodies(arguments.index, text, vector, settings)
            for name, asked in zip(BARE, (bodies, with_documents(bodies)), strict=True):
                with times.taken(name):
                    await bare.msearch(body=asked)
            for name, retriever in ways.items():
                with times.taken(name):
                    request = SearchRequest(plan=QueryPlan.plain(text))
                    await retriever.search(arguments.index, request)
    for each in (bare, searcher, remembering):
        await each.close()
    print(f"{arguments.candidates} candidates a leg, {len(times.of[ENCODE])} searches each, ms")
    times.tell(ways)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--candidates", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    asyncio.run(measure(parser.parse_args()))


if __name__ == "__main__":
    main()
