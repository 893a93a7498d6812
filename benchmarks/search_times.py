"""How long searches of indices made by `indexer_memory` take, one after the other.

    python -m benchmarks.search_times INDEX [INDEX ...] --url URL [--queries 300]

Each query is asked of every index before the next one, so that other work on the machine slows all
alike. It is timed from plan to hits, without the query's encoding, which does not depend on the
index: a page of ten, and the same page with facets. No query is asked twice, no document is
remembered, and thirty others warm up: what is in memory is what OpenSearch and the operating
system keep there.
"""

import argparse
import asyncio
from dataclasses import dataclass

import numpy as np

from artifacts import ArtifactStore, default_cache_dir
from benchmarks.synthetic_catalogue import SyntheticCatalogue
from encoders import encoder_for_model_id
from retrieval import Retriever, SearchRequest
from search_core import EncoderIdentity, QueryPlan, TextEncoder
from search_core.settings import EncoderSettings, RetrievalSettings, SearchEngineSettings
from search_engine import Searcher, connect_async

_WARM_UP = 30
_FACETS = ("brand", "price", "colour")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchTimes:
    """Of one index, in milliseconds, in the order of the queries."""

    index: str
    pages: list[float]
    with_facets: list[float]
    totals: list[int]

    def __str__(self) -> str:
        page, faceted = (
            "p50 {:6.1f} ms p95 {:6.1f} ms".format(*np.percentile(times, [50, 95]))
            for times in (self.pages, self.with_facets)
        )
        found = "{:,.0f} products at the median, {:,.0f} at p95".format(
            *np.percentile(self.totals, [50, 95])
        )
        return f"{self.index}: page {page}; with facets {faceted}; {found}"


async def search_times(url: str, indices: list[str], queries: int = 300) -> list[SearchTimes]:
    """Time the same queries in each index."""
    encoders: dict[str, TextEncoder] = {}

    def encoder_for(identity: EncoderIdentity) -> TextEncoder:
        if identity.model_id not in encoders:
            encoders[identity.model_id] = encoder_for_model_id(
                identity.model_id, EncoderSettings(), ArtifactStore(default_cache_dir())
            )
        return encoders[identity.model_id]

    times = [SearchTimes(index=each, pages=[], with_facets=[], totals=[]) for each in indices]
    searcher = Searcher(connect_async(SearchEngineSettings(url=url)))
    retriever = Retriever(
        searcher, RetrievalSettings(deadline_ms=60_000, recurring_queries=0), encoder_for
    )
    for place, text in enumerate(SyntheticCatalogue().queries(queries + _WARM_UP)):
        for each in times:
            for facets, milliseconds in (((), each.pages), (_FACETS, each.with_facets)):
                request = SearchRequest(plan=QueryPlan.plain(text), facets=facets)
                answer = await retriever.search(each.index, request)
                if answer.degraded:
                    raise SystemExit(f"{text}: {answer.degraded}")
                if place >= _WARM_UP:
                    milliseconds.append(answer.timings.total_ms - answer.timings.encode_ms)
            each.totals.append(answer.total)
    await searcher.close()
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("indices", nargs="+", metavar="INDEX")
    parser.add_argument("--url", required=True)
    parser.add_argument("--queries", type=int, default=300)
    arguments = parser.parse_args()
    times = asyncio.run(search_times(arguments.url, arguments.indices, arguments.queries))
    for each in times:
        print(each)
    medians = [np.median(each.pages) for each in times]
    print(f"page p50 to the first: {[round(float(m / medians[0]), 2) for m in medians]}")


if __name__ == "__main__":
    main()
