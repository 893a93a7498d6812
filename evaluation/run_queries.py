"""Asks a system all judged queries, one after the other."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from evaluation.judgments import JudgedQuery
from evaluation.run import Answer, MeasuredSystem, Run
from evaluation.run_cache import RunCache
from search_core import MeasuredSystemError, ProgressListener, ShopkeeperError, SilentProgress


def _now() -> datetime:
    return datetime.now(UTC)


async def run_queries(
    system: MeasuredSystem,
    queries: Sequence[JudgedQuery],
    *,
    depth: int,
    cache: RunCache | None = None,
    progress: ProgressListener | None = None,
    now: Callable[[], datetime] = _now,
) -> Run:
    """Return a system's answers, from the cache where it has them.

    Queries are asked one at a time, so that the latencies are those of a system at rest.

    Args:
        system: what is asked.
        queries: in the order in which they are asked.
        depth: hits asked for each.
        cache: `None`: every query is asked.
        progress: told of each query.
        now: the clock of `measured_at`.

    Raises:
        MeasuredSystemError: a query was not answered.
    """
    known = None if cache is None else cache.get(system, queries, depth)
    if known is not None:
        return known
    listener = progress or SilentProgress()
    task = f"searching: {system.name}"
    answers: dict[str, Answer] = {}
    listener.start(task, len(queries), "queries")
    try:
        for query in queries:
            answers[query.key] = await _answer(system, query, depth)
            listener.advance(task, 1)
    finally:
        listener.finish(task)
    run = Run(name=system.name, answers=answers, depth=depth, measured_at=now())
    if cache is not None:
        cache.put(system, queries, depth, run)
    return run


async def _answer(system: MeasuredSystem, query: JudgedQuery, depth: int) -> Answer:
    try:
        answer = await system.answer(query, depth)
    except ShopkeeperError as error:
        raise MeasuredSystemError(
            f"{system.name} did not answer {query.text!r}: {error.message}", remedy=error.remedy
        ) from error
    # A system that gives a product twice shows it twice, but it can be found only once.
    return replace(answer, product_ids=tuple(dict.fromkeys(answer.product_ids))[:depth])
