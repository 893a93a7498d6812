"""One call of `shopkeeper ablate`: the search as it is, and without each of its stages."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evaluation import (
    Evaluation,
    JudgedQuery,
    Judgments,
    MeasuredSystem,
    Run,
    StageWorth,
    ablate,
    measure_run,
    parse_measures,
    run_queries,
    stage_switches,
)
from search_core import ConfigurationError, ProgressListener
from search_core.settings import RerankerKind, Settings
from shopkeeper.configuration import load_settings
from shopkeeper.evaluated_systems import open_systems, run_cache
from shopkeeper.setting_overrides import resolved_overrides

_PAGE = 10
_TIMING = "timing"
_RERANKER = "reranker.kind"
_WHOLE = ""
"""Stands for the whole search among the switches."""
_ANEW = "anew"
"""Stands for the whole search that remembers no rerank scores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AblationRequest:
    """Which search is taken apart, against what."""

    judgments: Judgments
    index: str
    config: Path | None
    overrides: tuple[str, ...]
    """`SETTING=VALUE` of the whole search, names may be shortened."""
    measures: tuple[str, ...]
    """Empty: `evaluation.measures`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AblationResult:
    """What came out."""

    whole: Evaluation
    stages: tuple[StageWorth, ...]
    """The one that is worth most first."""


def ablate_stages(request: AblationRequest, progress: ProgressListener) -> AblationResult:
    """Measure the search as it is, and with each stage that is on switched off in turn.

    Raises:
        ConfigurationError: settings or measures that are wrong, or no stage is on.
        EvaluationError: a query was not answered.
        SearchEngineError: OpenSearch cannot be reached.
    """
    overrides = resolved_overrides(request.overrides)
    whole = load_settings(request.config, overrides)
    switches = stage_switches(whole)
    if not switches:
        raise ConfigurationError(
            "no stage is switched on, so there is nothing to switch off",
            remedy="set a switch such as retrieval.dense to true",
        )
    without = {
        switch: load_settings(request.config, {**overrides, switch: off})
        for switch, off in switches.items()
    }
    runs = asyncio.run(_runs(request, whole, without, progress))
    remembering = runs[_WHOLE]
    if _ANEW in runs:
        runs[_WHOLE] = runs.pop(_ANEW)
    measures = parse_measures(request.measures or whole.evaluation.measures)
    evaluations = {
        name: measure_run(run, request.judgments, measures) for name, run in runs.items()
    }
    everything = evaluations.pop(_WHOLE)
    # Scoring takes far longer than any other stage and varies by more: the others are compared
    # where scores are remembered on both sides, and the reranker alone where they are not.
    timed_against = {switch: remembering for switch in without if switch != _RERANKER}
    return AblationResult(
        whole=everything,
        stages=ablate(everything, evaluations, whole.evaluation, timed_against),
    )


async def _runs(
    request: AblationRequest,
    whole: Settings,
    without: Mapping[str, Settings],
    progress: ProgressListener,
) -> dict[str, Run]:
    """Return the runs by switch, with that of the whole search.

    Rankings may come from the cache; the milliseconds are measured now, for all systems at the same
    time. With a reranker, the whole search is there a second time, with the times it takes when
    scores have to be computed.
    """
    reranks = whole.reranker.kind is not RerankerKind.NONE
    queries = request.judgments.queries
    cache = run_cache(whole)
    async with open_systems(request.index, progress) as systems:
        measured = {
            switch: await systems.configured(
                f"without {switch}" if switch else "whole search", settings
            )
            for switch, settings in {_WHOLE: whole, **without}.items()
        }
        runs = {
            switch: await run_queries(
                system, queries, depth=whole.evaluation.depth, cache=cache, progress=progress
            )
            for switch, system in measured.items()
        }
        if reranks:
            measured[_ANEW] = await systems.configured("whole search", _forgetting(whole))
            runs[_ANEW] = runs[_WHOLE]
        times = await _times(measured, queries, progress, warmed=reranks)
    return {switch: _timed(run, times[switch]) for switch, run in runs.items()}


def _forgetting(settings: Settings) -> Settings:
    """Return settings under which rerank scores are computed whenever they are wanted."""
    section = settings.reranker.model_copy(update={"cached_scores": 0})
    return settings.model_copy(update={"reranker": section})


def _timed(run: Run, times: Mapping[str, float]) -> Run:
    """Return a run with these times, by query's key, instead of its own."""
    answers = {
        key: replace(answer, latency_ms=times.get(key)) for key, answer in run.answers.items()
    }
    return replace(run, answers=answers)


async def _times(
    systems: Mapping[str, MeasuredSystem],
    queries: Sequence[JudgedQuery],
    progress: ProgressListener,
    *,
    warmed: bool,
) -> dict[str, dict[str, float]]:
    """Time every query on every system, query by query.

    What else the machine does then slows all systems down alike; and each system is the first to
    ask a query as often as the others, so that none lives on caches that another has warmed.

    Args:
        systems: by switch.
        queries: that are asked.
        progress: told of them.
        warmed: ask once before it counts, so that each system that remembers rerank scores has
            them: rankings that came from the cache of runs have scored nothing.
    """
    order = list(systems)
    times: dict[str, dict[str, float]] = {switch: {} for switch in order}
    progress.start(_TIMING, len(queries), "queries")
    try:
        for place, query in enumerate(queries):
            first = place % len(order)
            for switch in (*order[first:], *order[:first]):
                if warmed and switch != _ANEW:
                    await systems[switch].answer(query, _PAGE)
                answer = await systems[switch].answer(query, _PAGE)
                if answer.latency_ms is not None:
                    times[switch][query.key] = answer.latency_ms
            progress.advance(_TIMING, 1)
    finally:
        progress.finish(_TIMING)
    return times
