"""One call of `shopkeeper evaluate`: which systems, their runs, what they are worth."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from evaluation import (
    Comparison,
    Evaluation,
    GateVerdict,
    Judgments,
    MeasuredSystem,
    Run,
    compare,
    decide,
    measure_run,
    parse_measures,
    read_run_file,
    run_queries,
)
from search_core import ConfigurationError, ProgressListener, SilentProgress
from search_core.settings import Settings
from shopkeeper.configuration import load_settings
from shopkeeper.console import counted
from shopkeeper.evaluated_systems import EvaluatedSystems, open_systems, run_cache
from shopkeeper.setting_overrides import resolved_overrides

_NOT_OF_THE_SYSTEM = ("evaluation.", "indexer.", "local_stack.", "query_proxy.", "search_engine.")
"""Settings that change no ranking of an index that is there; all others make another system."""
_SETTINGS_ENDING = ".toml"
_TEMPLATE_ENDING = ".json"
DEFAULT_NAME = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRequest:
    """What is measured, against what."""

    judgments: Judgments
    index: str = "products"
    files: tuple[Path, ...] = ()
    """Settings (.toml), query templates (.json) or TREC runs (anything else), in order: the first
    is the baseline."""
    overrides: tuple[str, ...] = ()
    """`SETTING=VALUE`, names may be shortened: on top of the first settings file they make one more
    system; those that are not about the system count for all."""
    flags: Mapping[str, object] = field(default_factory=dict)
    """Full setting name → value: how is measured, for all systems."""
    endpoints: tuple[str, ...] = ()
    """Addresses with `{query}`."""
    ids_path: str = "hits[].id"
    query_texts: Mapping[str, str] = field(default_factory=dict)
    """Texts of the query ids in run files."""
    gate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationResult:
    """What came out."""

    evaluations: tuple[Evaluation, ...]
    """The first is the baseline."""
    comparisons: tuple[Comparison, ...]
    """Of the others with it."""
    verdict: GateVerdict | None
    notes: tuple[str, ...]
    """What a reader has to know to trust the figures."""


def evaluate_systems(
    request: EvaluationRequest, progress: ProgressListener | None = None
) -> EvaluationResult:
    """Run all systems over the judged queries, measure and compare them.

    Raises:
        ConfigurationError: settings, templates or addresses that are wrong; a gate without exactly
            two systems.
        EvaluationError: judgments, measures or run files that cannot be used, or a system that does
            not answer.
        SearchEngineError: OpenSearch cannot be reached.
    """
    variant, common = _partitioned(request)
    configurations = _configurations(request, variant, common)
    evaluation = next(iter(configurations.values()), None) or load_settings(None, common)
    names = _names(request.files)
    session = _Session(request, configurations, evaluation, progress or SilentProgress())
    _check_number(request, names, configurations)
    settings = evaluation.evaluation
    # A misspelt measure is told before anything is asked.
    measures = parse_measures(settings.measures)
    runs = asyncio.run(session.runs(names))
    evaluations = tuple(measure_run(run, request.judgments, measures) for run in runs)
    comparisons = compare(evaluations[0], evaluations[1:], settings)
    return EvaluationResult(
        evaluations=evaluations,
        comparisons=comparisons,
        verdict=decide(comparisons[0], settings) if request.gate else None,
        notes=(*session.notes, *_run_notes(evaluations)),
    )


class _Session:
    """Makes the systems in order and asks them."""

    def __init__(
        self,
        request: EvaluationRequest,
        configurations: Mapping[str, Settings],
        common: Settings,
        progress: ProgressListener,
    ) -> None:
        self._request = request
        self._configurations = configurations
        self._common = common
        self._progress = progress
        self.notes: list[str] = []

    async def runs(self, names: Mapping[str, Path]) -> list[Run]:
        async with open_systems(self._request.index, self._progress) as systems:
            await self._note_unknown_products(systems, names)
            runs = [await self._file_run(systems, name, path) for name, path in names.items()]
            runs += [
                await self._asked(await systems.configured(name, settings))
                for name, settings in self._configurations.items()
                if name not in names
            ]
            for url in self._request.endpoints:
                endpoint = await systems.endpoint(urlsplit(url).netloc, url, self._request.ids_path)
                runs.append(await self._asked(endpoint))
        return runs

    async def _file_run(self, systems: EvaluatedSystems, name: str, path: Path) -> Run:
        if name in self._configurations:
            return await self._asked(await systems.configured(name, self._configurations[name]))
        if path.suffix == _TEMPLATE_ENDING:
            return await self._asked(await systems.templated(name, self._common, path))
        found = read_run_file(
            path,
            self._request.judgments.queries,
            name=name,
            query_texts=self._request.query_texts,
        )
        if found.missing:
            self.notes.append(
                f"{name}: no hits for {counted(len(found.missing), 'judged query')}, counted as 0"
            )
        if found.not_judged:
            self.notes.append(f"{name}: {counted(found.not_judged, 'query')} not judged")
        return found.run

    async def _asked(self, system: MeasuredSystem) -> Run:
        settings = self._common
        # A latency measured at another time, beside other work, decides nothing.
        timed = self._request.gate and settings.evaluation.latency_budget_ms is not None
        return await run_queries(
            system,
            self._request.judgments.queries,
            depth=settings.evaluation.depth,
            cache=None if timed else run_cache(settings),
            progress=self._progress,
        )

    async def _note_unknown_products(
        self, systems: EvaluatedSystems, names: Mapping[str, Path]
    ) -> None:
        asks_index = self._configurations or any(
            path.suffix == _TEMPLATE_ENDING for path in names.values()
        )
        if not asks_index:
            return
        judged = self._request.judgments.product_ids()
        known = await systems.known_products(self._common, judged)
        unknown = self._request.judgments.unknown_products(known)
        if unknown:
            self.notes.append(
                f"{len(unknown)} of {len(judged)} judged products are not in "
                f"{self._request.index}, among them {', '.join(sorted(unknown)[:3])}; they stand "
                f"behind {sum(unknown.values())} judgments and can never be found"
            )


def _partitioned(request: EvaluationRequest) -> tuple[dict[str, str], dict[str, object]]:
    """Return the settings that make one more system, and those that count for all."""
    resolved = resolved_overrides(request.overrides)
    common = {name: each for name, each in resolved.items() if name.startswith(_NOT_OF_THE_SYSTEM)}
    variant = {name: each for name, each in resolved.items() if name not in common}
    return variant, {**common, **request.flags}


def _configurations(
    request: EvaluationRequest, variant: Mapping[str, str], common: Mapping[str, object]
) -> dict[str, Settings]:
    """Load the settings of every system that is one of ours, by the system's name."""
    found = {
        name: load_settings(path, common)
        for name, path in _names(request.files).items()
        if path.suffix == _SETTINGS_ENDING
    }
    others = bool(request.files or request.endpoints)
    first = next(iter(found), None)
    if first is None and (variant or not others):
        first = DEFAULT_NAME
        found[first] = load_settings(None, common)
    if variant and first is not None:
        path = _names(request.files).get(first)
        changes = ", ".join(
            f"{name.removeprefix('retrieval.')}={value}" for name, value in variant.items()
        )
        found[f"{first} with {changes}"] = load_settings(path, {**common, **variant})
    return found


def _names(files: Sequence[Path]) -> dict[str, Path]:
    """Name systems by their files: as short as keeps them apart."""
    stems = [path.stem for path in files]
    names = {path.stem if stems.count(path.stem) == 1 else str(path): path for path in files}
    if len(names) < len(files):
        raise ConfigurationError("a file is named twice", remedy="compare different ones")
    return names


def _check_number(
    request: EvaluationRequest, names: Mapping[str, Path], configurations: Mapping[str, Settings]
) -> None:
    systems = len({*names, *configurations}) + len(request.endpoints)
    if request.gate and systems != 2:
        raise ConfigurationError(
            f"the gate decides between two systems, but the number named is {systems}",
            remedy="give --baseline and --candidate, or --baseline and --set",
        )


def _run_notes(evaluations: Sequence[Evaluation]) -> list[str]:
    notes = []
    for evaluation in evaluations:
        run = evaluation.run
        if run.from_cache and isinstance(run.measured_at, datetime):
            notes.append(
                f"{run.name}: the answers of {run.measured_at:%Y-%m-%d %H:%M} UTC were reused, "
                "since configuration, index and queries are the same (--no-cache asks anew)"
            )
        notes += [
            f"{run.name}: {counted(count, 'query')} answered {reason}"
            for reason, count in run.degraded().items()
        ]
    return notes
