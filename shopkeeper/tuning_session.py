"""One call of `shopkeeper tune`: what is moved, on which index, and the outcome's curves."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evaluation import (
    Judgments,
    Setting,
    TuningOptions,
    TuningOutcome,
    TuningSpace,
    WeightCurve,
    parse_measures,
    reranks,
    tunables,
    tune,
    weight_curve,
)
from search_core import ConfigurationError, ProgressListener
from search_core.settings import RerankerKind, Settings
from shopkeeper.configuration import SETTINGS_FILE, load_settings
from shopkeeper.setting_overrides import resolved_overrides
from shopkeeper.tuned_runs import TunedRuns, open_tuned_runs, present_values

_FUSION_CURVES: Mapping[str, tuple[float, ...]] = {
    "retrieval.fusion.dense_weight": (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0),
    "retrieval.fusion.some_terms_weight": (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0),
}
_RERANKING_CURVES: Mapping[str, tuple[float, ...]] = {
    "reranker.weight": (0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
}
_WINDOW = "reranker.rerank_window"


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningRequest:
    """What is tuned, against what."""

    judgments: Judgments
    index: str
    config: Path | None
    overrides: tuple[str, ...]
    """`SETTING=VALUE`, names may be shortened: part of the present setting."""
    space: TuningSpace
    only: tuple[str, ...]
    """Parts of names: the others stay as they are."""
    measure: str | None
    """`None`: the first of `evaluation.measures`."""
    trials: int
    folds: int
    seed: int
    study: Path | None
    curves: bool
    """Whether the report's weight curves are wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningSession:
    """What came out."""

    outcome: TuningOutcome
    curves: tuple[WeightCurve, ...]
    generation: str
    """The physical index that was searched."""
    base: Path | None
    """The settings file that the present setting is from."""
    overrides: Setting
    """Full name → value of the request's own overrides."""
    reranked: bool
    """Whether rankings were reranked; `False`: they end with fusion, whatever the settings say."""
    leaves_reranker_out: bool
    """Whether a reranker is set that this tuning did not use."""


def tune_settings(request: TuningRequest, progress: ProgressListener) -> TuningSession:
    """Search for a better setting and prove it on held-out queries.

    Raises:
        ConfigurationError: settings that are wrong, or a measure that is none.
        EvaluationError: too few queries, or a query that is not answered.
        SearchEngineError: OpenSearch cannot be reached.
        RerankerError: the reranker is tuned and does not answer.
    """
    overrides = resolved_overrides(request.overrides)
    settings = _tunable_settings(request, overrides)
    present = present_values(settings)
    space = tunables(request.space, present, request.only)
    measures = parse_measures([request.measure or settings.evaluation.measures[0], "Judged@10"])
    queries = request.judgments.measurable()
    judgments = request.judgments.only(queries)
    reranked = reranks(request.space, present)
    with open_tuned_runs(settings, request.index, queries, progress, reranked=reranked) as runs:
        if reranked:
            runs.score_window(int(present[_WINDOW]), progress)
        outcome = tune(
            runs.run_with,
            judgments,
            measures,
            space,
            present,
            settings.evaluation,
            _options(request, runs.identity),
            progress,
        )
        curves = _curves(runs, judgments, outcome, settings, present, request, reranked=reranked)
        generation = runs.generation
    base = request.config or (SETTINGS_FILE if SETTINGS_FILE.exists() else None)
    return TuningSession(
        outcome=outcome,
        curves=curves,
        generation=generation,
        base=base,
        overrides=overrides,
        reranked=reranked,
        leaves_reranker_out=settings.reranker.kind is not RerankerKind.NONE and not reranked,
    )


def _tunable_settings(request: TuningRequest, overrides: Setting) -> Settings:
    settings = load_settings(request.config, overrides)
    if not (settings.retrieval.all_terms or settings.retrieval.some_terms):
        raise ConfigurationError(
            "both BM25 legs are off, so that there is nothing to fuse or boost",
            remedy="switch on retrieval.all_terms or retrieval.some_terms",
        )
    return settings


def _options(request: TuningRequest, identity: str) -> TuningOptions:
    return TuningOptions(
        trials=request.trials,
        folds=request.folds,
        seed=request.seed,
        storage=request.study,
        identity=identity,
    )


def _curves(
    runs: TunedRuns,
    judgments: Judgments,
    outcome: TuningOutcome,
    settings: Settings,
    present: Setting,
    request: TuningRequest,
    *,
    reranked: bool,
) -> tuple[WeightCurve, ...]:
    """Measure the weights one by one, all else as it is now."""
    wanted: dict[str, tuple[float, ...]] = {}
    if request.curves and request.space is not TuningSpace.RERANKING:
        wanted |= _FUSION_CURVES
    if request.curves and reranked:
        wanted |= _RERANKING_CURVES
    return tuple(
        weight_curve(
            runs.run_with,
            judgments,
            outcome.measure,
            name,
            float(present[name]),
            values,
            settings.evaluation,
        )
        for name, values in wanted.items()
    )
