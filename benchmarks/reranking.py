"""What the reranker is worth, and what it costs.

    python -m benchmarks.reranking relevance --index ALIAS --url URL --judgments FILE
    python -m benchmarks.reranking speed [--triton HOST:PORT] [--pairs 50] [--clients 8]
        [--threads 2] [--turns 3] [--rounds 10] [--index ALIAS --url URL --judgments FILE]

`relevance` measures fusion alone and mixed with the cross-encoder, over a grid of windows and
weights, and then honestly: window and weight are chosen on four fifths of the queries and measured
on the last fifth, in turn. `speed` times windows in this process and, where an address is given,
through Triton, alone and with several clients at once, and says how much else the machine did: one
made-up window, or those of the judged queries, whose passages are as long as a shop's are.
"""

import argparse
import asyncio
import itertools
import random
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np

from artifacts import ArtifactStore, default_cache_dir
from benchmarks.reranking_windows import LoadMeter, Window, judged_windows
from evaluation import (
    Answer,
    Evaluation,
    Judgments,
    MeasuredSystem,
    measure_run,
    parse_measures,
    read_judgments,
    run_queries,
)
from reranker import NotReranked, Reranker, create_reranker
from retrieval import Retriever, SearchRequest, WindowReranking
from search_core import QueryPlan
from search_core.settings import RerankerSettings, Settings
from search_engine import Searcher, connect_async
from shopkeeper.composition import encoder_provider

WINDOWS = (20, 30, 50, 100)
WEIGHTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1.0)
MEASURES = parse_measures(("nDCG@10", "Judged@10", "R@100"))
FOLDS = 5
SEEDS = (0, 1, 2)
RESAMPLES = 9_999
PATIENCE_MS = 600_000
Evaluated = dict[tuple[int, float], Evaluation]


async def measured(retriever: Retriever, index: str, judgments: Judgments, name: str) -> Evaluation:
    async def answer(query, depth):
        request = SearchRequest(plan=QueryPlan.plain(query.text), size=depth)
        response = await retriever.search(index, request)
        return Answer(
            product_ids=tuple(hit.product_id for hit in response.hits), degraded=response.degraded
        )

    system = MeasuredSystem(name=name, answer=answer)
    run = await run_queries(system, judgments.queries, depth=1000)
    if run.degraded():
        raise SystemExit(f"{name} was measured without {run.degraded()}")
    return measure_run(run, judgments, MEASURES)


async def relevance(arguments: argparse.Namespace) -> None:
    judgments = read_judgments(arguments.judgments).checked()
    settings = Settings.model_validate(
        {
            "search_engine": {"url": arguments.url},
            "retrieval": {"deadline_ms": PATIENCE_MS},
            "reranker": {
                "kind": "onnx",
                "timeout_ms": PATIENCE_MS,
                "cross_encoder": arguments.cross_encoder,
                "passage_fields": arguments.passage.split(","),
                "threads": arguments.threads,
            },
        }
    )
    searcher = Searcher(connect_async(settings.search_engine))
    provider = encoder_provider(settings)
    reranker = create_reranker(settings.reranker, ArtifactStore(default_cache_dir()))
    baseline = await measured(
        Retriever(searcher, settings.retrieval, provider), arguments.index, judgments, "fusion"
    )
    print(row("fusion alone", baseline), flush=True)
    grid: Evaluated = {}
    # Widest first: the scores of narrower windows are then known already.
    for window, weight in itertools.product(sorted(WINDOWS, reverse=True), WEIGHTS):
        section = settings.reranker.model_copy(update={"rerank_window": window, "weight": weight})
        retriever = Retriever(
            searcher, settings.retrieval, provider, reranking=WindowReranking(reranker, section)
        )
        name = f"window {window:3}, weight {weight:.1f}"
        grid[window, weight] = await measured(retriever, arguments.index, judgments, name)
        print(row(name, grid[window, weight]), flush=True)
    await reranker.close()
    await searcher.close()
    for seed in SEEDS:
        print(cross_validated(baseline, grid, seed))


def row(name: str, evaluation: Evaluation) -> str:
    means = "  ".join(f"{each.name} {evaluation.mean(each):.4f}" for each in evaluation.measures)
    return f"{name:24} {means}"


def cross_validated(baseline: Evaluation, grid: Evaluated, seed: int) -> str:
    """Return the held-out means, and the difference to the baseline with its 95 % interval."""
    deciding = MEASURES[0]
    keys = [query.key for query in baseline.queries]
    random.Random(seed).shuffle(keys)
    chosen, held_out = [], []
    for fold in range(FOLDS):
        test = keys[fold::FOLDS]
        train = [key for key in keys if key not in set(test)]

        def score(setting: tuple[int, float], train: list[str] = train) -> float:
            return float(np.mean([grid[setting].values[deciding][key] for key in train]))

        best = max(grid, key=score)
        chosen.append(best)
        held_out += [(key, best) for key in test]
    means = "  ".join(
        f"{each.name} {np.mean([grid[best].values[each][key] for key, best in held_out]):.4f}"
        for each in MEASURES
    )
    differences = np.array(
        [grid[s].values[deciding][key] - baseline.values[deciding][key] for key, s in held_out]
    )
    draws = np.random.default_rng(seed).choice(differences, (RESAMPLES, len(differences)))
    low, high = np.percentile(draws.mean(axis=1), [2.5, 97.5])
    return (
        f"cross-validated, seed {seed}  {means}  difference {differences.mean():+.4f} "
        f"[{low:+.4f}, {high:+.4f}], chosen {chosen}"
    )


def made_up_pairs(count: int) -> tuple[str, list[str]]:
    choose = random.Random(1)
    words = ("black", "wireless", "printer", "16 GB", "cotton", "summer dress", "for", "women")
    texts = [" ".join(choose.choices(words, k=choose.randint(20, 45))) for _ in range(count)]
    return "wireless printer for women", texts


async def timed(call: Callable[[], Awaitable[object]], clients: int, rounds: int) -> list[float]:
    """Return how long each call took, while so many clients call without a pause."""

    async def client() -> list[float]:
        times = []
        for _ in range(rounds):
            started = time.perf_counter()
            await call()
            times.append(time.perf_counter() - started)
        return times

    return [
        each
        for times in await asyncio.gather(*(client() for _ in range(clients)))
        for each in times
    ]


async def speed(arguments: argparse.Namespace) -> None:
    windows = await asked_windows(arguments)
    common = {"timeout_ms": PATIENCE_MS, "cached_scores": 0, "threads": arguments.threads}
    store = ArtifactStore(default_cache_dir())
    ways: dict[str, Reranker] = {
        "in this process": create_reranker(
            RerankerSettings(kind="onnx", cross_encoder=arguments.cross_encoder, **common), store
        )
    }
    if arguments.triton:
        ways["through Triton"] = create_reranker(
            RerankerSettings(kind="triton", url=arguments.triton, **common), store
        )
    pairs = len(windows[0][1])
    print(f"{len(windows)} windows of {pairs} pairs, {arguments.threads or 'all'} threads")
    for clients in (1, arguments.clients):
        await compared(ways, windows, clients, arguments)
    for reranker in ways.values():
        await reranker.close()


async def compared(
    ways: dict[str, Reranker], windows: list[Window], clients: int, arguments: argparse.Namespace
) -> None:
    """Time the ways in turn, so that other work on the machine hurts all alike, and print."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    rates: dict[str, list[float]] = {name: [] for name in ways}
    meter = LoadMeter()
    for _ in range(arguments.turns):
        for name, reranker in ways.items():
            found, rate = await paced(reranker, windows, clients, arguments.rounds)
            times[name] += found
            rates[name].append(rate)
    for name in ways:
        p50, p95 = np.percentile(times[name], [50, 95]) * 1000
        print(
            f"{clients} at once, {name:16} {np.median(rates[name]):7.0f} pairs/s   least "
            f"{min(times[name]) * 1000:6.1f} ms   p50 {p50:7.1f} ms   p95 {p95:7.1f} ms   "
            f"p95/p50 {p95 / p50:.2f}"
        )
    if len(ways) > 1:
        ratios = np.divide(rates["through Triton"], rates["in this process"])
        print(f"{clients} at once: Triton / in this process = {np.median(ratios):.2f}")
    print(f"    {meter.read()}" + (" (Triton's work is other work)" * (len(ways) > 1)), flush=True)


async def asked_windows(arguments: argparse.Namespace) -> list[Window]:
    """Return made-up windows, or those of the judged queries where judgments are given."""
    if arguments.judgments is None:
        query, passages = made_up_pairs(arguments.pairs)
        return [(query, tuple(passages))]
    settings = Settings.model_validate(
        {"search_engine": {"url": arguments.url}, "retrieval": {"deadline_ms": PATIENCE_MS}}
    )
    section = RerankerSettings(
        rerank_window=arguments.pairs, passage_fields=arguments.passage.split(",")
    )
    judgments = read_judgments(arguments.judgments).checked()
    windows = await judged_windows(arguments.index, judgments, settings, section)
    if not windows:
        raise SystemExit(f"no judged query has a window of {arguments.pairs}")
    return windows


async def paced(
    reranker: Reranker, windows: list[Window], clients: int, rounds: int
) -> tuple[list[float], float]:
    """Return the seconds of each call, and the pairs a second in all."""
    asked = itertools.cycle(windows)

    async def call() -> None:
        query, passages = next(asked)
        outcome = await reranker.rerank(
            query, passages, language="en", timeout_seconds=PATIENCE_MS / 1000
        )
        if isinstance(outcome, NotReranked):
            raise SystemExit(f"not scored: {outcome.reason}")

    await call()
    started = time.perf_counter()
    times = await timed(call, clients, rounds)
    return times, len(times) * len(windows[0][1]) / (time.perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("relevance", "speed"))
    parser.add_argument("--index")
    parser.add_argument("--url")
    parser.add_argument("--judgments", type=Path)
    parser.add_argument("--cross-encoder", default=RerankerSettings().cross_encoder)
    parser.add_argument("--passage", default=",".join(RerankerSettings().passage_fields))
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--triton")
    parser.add_argument("--pairs", type=int, default=50)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    asyncio.run(relevance(arguments) if arguments.what == "relevance" else speed(arguments))


if __name__ == "__main__":
    main()
