"""Measures query understanding: its speed, and main products first.

    python -m benchmarks.query_understanding speed
    python -m benchmarks.query_understanding accessories INDEX

`speed` needs nothing; the other searches an index that `shopkeeper reindex` has made. From the root
of the repository, as a module: the script has the package's name.
"""

import argparse
import asyncio
import random
import time
from collections.abc import Awaitable, Callable

import psutil

from benchmarks.query_noise import with_typing_error
from query_understanding import (
    CatalogueSource,
    KnownCatalogue,
    QueryUnderstanding,
    create_chain,
    learn_lexicon,
)
from query_understanding.lexicon.lexicon_codec import decode_lexicon, encode_lexicon
from retrieval import Retriever, SearchRequest
from search_core import Hit, QueryPlan
from search_core.settings import QueryUnderstandingSettings, Settings
from shopkeeper.composition import open_retriever, search_engine_client
from shopkeeper.configuration import load_settings

PATIENT = QueryUnderstandingSettings(budget_ms=60_000, unit_budget_ms=60_000)
WORDS = 100_000
ATTRIBUTES = 5_000
LETTERS = "etaoinshrdlu" * 3 + "cmfwypvbgkqjxz"
Ask = Callable[[str], Awaitable[tuple[Hit, ...]]]


def made_up_lexicon_bytes() -> bytes:
    choose = random.Random(1)
    words: set[str] = set()
    while len(words) < WORDS:
        words.add("".join(choose.choices(LETTERS, k=choose.randint(3, 12))))
    pool = sorted(words)
    documents = [
        {
            "title": " ".join(pool[start : start + 10]),
            "brand": pool[start],
            "product_type": pool[start % 1_000],
            "price": float(start % 900),
            "language": "en",
            "attributes": [
                {"name": f"attribute {(start // 10 + n) % ATTRIBUTES}", "value": pool[start + n]}
                for n in range(5)
            ],
        }
        for start in range(0, WORDS, 10)
    ]
    return encode_lexicon(learn_lexicon(documents))


def speed() -> None:
    data = made_up_lexicon_bytes()
    process = psutil.Process()
    before = process.memory_info().rss
    started = time.process_time()
    catalogue = KnownCatalogue(decode_lexicon(data))
    catalogue.warm_up()
    chain = create_chain(PATIENT)
    chain.warm_up(catalogue)
    loading = time.process_time() - started
    memory = (process.memory_info().rss - before) / 1e6
    choose = random.Random(2)
    known = sorted(catalogue.lexicon.words)
    times = []
    for place in range(2_000):
        words = choose.sample(known, choose.randint(1, 5))
        if place % 3 == 0:  # every third query has a typing error
            words[0] = with_typing_error(words[0], choose)
        text = f"{' '.join(words)}{' under 500' if place % 5 == 0 else ''}"
        started = time.process_time()
        chain.run(QueryPlan.plain(text), catalogue)
        times.append((time.process_time() - started) * 1000)
    times.sort()
    print(f"{WORDS:,} words, {ATTRIBUTES:,} attributes: lexicon of {len(data) / 1e6:.1f} MB")
    print(f"loads in {loading:.2f} s of processor time, takes {memory:.0f} MB")
    print(f"chain p50 {times[1000]:.2f} ms, p99 {times[1980]:.2f} ms, most {times[-1]:.2f} ms")


async def accessories(index: str, settings: Settings) -> None:
    """Search each kind's name: its products should stand above those that only carry the name."""
    catalogues = CatalogueSource(search_engine_client(settings))
    lexicon = catalogues.catalogue(index).lexicon
    names = [
        kind.name
        for kind in lexicon.kinds
        if kind.field == "product_type" and kind.count >= 3 and len(kind.name.split()) <= 2
    ]
    async with open_retriever(settings) as retriever:
        await retriever.warm_up(index)
        for label, ask in zip(
            ("plain", "understood"), askers(retriever, index, settings), strict=True
        ):
            good = 0
            for name in names:
                right = [hit.document.get("product_type") == name for hit in (await ask(name))[:5]]
                good += right == sorted(right, reverse=True) and any(right)
            print(
                f"{label}: main products first in {good} of {len(names)} ({good / len(names):.0%})"
            )


def askers(retriever: Retriever, index: str, settings: Settings) -> tuple[Ask, Ask]:
    catalogues = CatalogueSource(search_engine_client(settings))
    understanding = QueryUnderstanding(create_chain(PATIENT), catalogues)

    async def found(plan: QueryPlan) -> tuple[Hit, ...]:
        return (await retriever.search(index, SearchRequest(plan=plan, size=300))).hits

    async def plain(text: str) -> tuple[Hit, ...]:
        return await found(QueryPlan.plain(text))

    async def understood(text: str) -> tuple[Hit, ...]:
        return await found(await understanding.plan(index, text))

    return plain, understood


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("speed", "accessories"))
    parser.add_argument("index", nargs="?", default="products")
    options = parser.parse_args()
    settings = load_settings(None, {"retrieval.deadline_ms": "60000"})
    if options.what == "speed":
        speed()
    else:
        asyncio.run(accessories(options.index, settings))


if __name__ == "__main__":
    main()
