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
from search_core.settings import Settings
from shopkeeper.configuration import load_settings
from shopkeeper.evaluated_systems import open_systems, run_cache
from shopkeeper.setting_overrides import resolved_overrides

_PAGE = 10
_TIMING = "timing"


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
        switch: load_settings(request.config, {**overrides, switch: False}) for switch in switches
    }
    runs = asyncio.run(_runs(request, whole, without, progress))
    measures = parse_measures(request.measures or whole.evaluation.measures)
    evaluations = {
        name: measure_run(run, request.judgments, measures) for name, run in runs.items()
    }
    everything = evaluations.pop("")
    return AblationResult(
        whole=everything, stages=ablate(everything, evaluations, whole.evaluation)
    )


async def _runs(
    request: AblationRequest,
    whole: Settings,
    without: Mapping[str, Settings],
    progress: ProgressListener,
) -> dict[str, Run]:
    """Return the runs by switch, that of the whole search under an empty name.

    Rankings may come from the cache; the milliseconds are measured now, for all systems at the same
    time.
    """
    queries = request.judgments.queries
    cache = run_cache(whole)
    async with open_systems(request.index, progress) as systems:
        measured = {
            switch: await systems.configured(
                f"without {switch}" if switch else "whole search", settings
            )
            for switch, settings in {"": whole, **without}.items()
        }
        runs = {
            switch: await run_queries(
                system, queries, depth=whole.evaluation.depth, cache=cache, progress=progress
            )
            for switch, system in measured.items()
        }
        times = await _times(measured, queries, progress)
    return {
        switch: replace(
            run,
            answers={
                key: replace(answer, latency_ms=times[switch].get(key))
                for key, answer in run.answers.items()
            },
        )
        for switch, run in runs.items()
    }


async def _times(
    systems: Mapping[str, MeasuredSystem],
    queries: Sequence[JudgedQuery],
    progress: ProgressListener,
) -> dict[str, dict[str, float]]:
    """Time every query on every system, query by query.

    What else the machine does then slows all systems down alike; and each system is the first to
    ask a query as often as the others, so that none lives on caches that another has warmed.
    """
    order = list(systems)
    times: dict[str, dict[str, float]] = {switch: {} for switch in order}
    progress.start(_TIMING, len(queries), "queries")
    try:
        for place, query in enumerate(queries):
            first = place % len(order)
            for switch in (*order[first:], *order[:first]):
                answer = await systems[switch].answer(query, _PAGE)
                if answer.latency_ms is not None:
                    times[switch][query.key] = answer.latency_ms
            progress.advance(_TIMING, 1)
    finally:
        progress.finish(_TIMING)
    return times
