"""What each stage is worth: the whole search against the search without it."""

import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel

from evaluation.comparison import Comparison, compare
from evaluation.measures import Evaluation
from evaluation.run import Run
from evaluation.significance import Interval
from search_core.settings import EvaluationSettings, RerankerKind, Settings

_OFF: Mapping[str, str | float | None] = {
    "query_understanding.rules": None,
    "retrieval.dense_floor": 0.0,
    "reranker.kind": RerankerKind.NONE.value,
    "reranker.business.popularity_weight": 0.0,
    "reranker.business.available_weight": 0.0,
    "reranker.business.signals": "",
    "reranker.mixing_model": None,
}
"""Stages whose setting is not true or false, and the value that leaves each out."""


class Verdict(StrEnum):
    """What may be said of a stage."""

    HELPS = "helps"
    HURTS = "hurts"
    NOT_PROVEN = "not proven"
    """The interval includes no effect at all, or chance explains the difference."""
    IDLE = "changes no ranking"
    """Of the judged queries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageWorth:
    """One stage, by what is lost without it."""

    setting: str
    """The setting that switches it off, by its dotted name."""
    comparison: Comparison
    """The whole search (baseline) against the search without the stage (candidate)."""
    milliseconds: float | None
    """What the stage adds to a page: the median over the queries; `None`: not measured."""

    @property
    def worth(self) -> float:
        """What the stage adds to the deciding measure."""
        return _negative(self.comparison.deciding.difference)

    @property
    def interval(self) -> Interval:
        """Where the worth lies."""
        without = self.comparison.deciding.interval
        return Interval(low=_negative(without.high), high=_negative(without.low))

    @property
    def verdict(self) -> Verdict:
        """What may be said of the stage with the comparison's confidence."""
        if not _moves(self.comparison.baseline, self.comparison.candidate):
            return Verdict.IDLE
        by_chance = self.comparison.deciding.adjusted_p_value >= 1 - self.comparison.confidence
        if by_chance or self.interval.low <= 0 <= self.interval.high:
            return Verdict.NOT_PROVEN
        return Verdict.HELPS if self.worth > 0 else Verdict.HURTS


def stage_switches(settings: Settings) -> dict[str, bool | str | float | None]:
    """Return the stages that are on, by dotted name of a setting, and the value that is off.

    Every setting of a query's way that is true is a switch, so that a new stage is found by itself.
    Other kinds of settings are known by name: a reranker, a file of rules, weights of business
    signals, the floor of the k-NN leg.
    """
    return {
        name: off
        for section in _passed_sections(settings)
        for name, off in _switches_on(getattr(settings, section), section)
    }


def ablate(
    whole: Evaluation,
    without: Mapping[str, Evaluation],
    settings: EvaluationSettings,
    timed_against: Mapping[str, Run] | None = None,
) -> tuple[StageWorth, ...]:
    """Compare the whole search with the search without each stage.

    Args:
        whole: everything on.
        without: switch → the search with that one off, of the same judgments and measures.
        settings: confidence, resamples, seed.
        timed_against: switch → a run of the whole search whose times are compared with, where the
            times of `whole` would not be fair.

    Returns:
        The stage that is worth most first. The p-values are corrected for the number of stages that
        change any ranking: a switch that changes none makes no claim.
    """
    moving = {name: each for name, each in without.items() if _moves(whole, each)}
    comparisons = dict(zip(moving, compare(whole, list(moving.values()), settings), strict=True))
    for name, each in without.items():
        if name not in moving:
            (comparisons[name],) = compare(whole, [each], settings)
    worths = [
        StageWorth(
            setting=name,
            comparison=comparison,
            milliseconds=_milliseconds(
                (timed_against or {}).get(name, whole.run), comparison.candidate.run
            ),
        )
        for name, comparison in comparisons.items()
    ]
    return tuple(sorted(worths, key=lambda each: (-each.worth, each.setting)))


def _moves(whole: Evaluation, without: Evaluation) -> bool:
    """Say whether any judged query is ranked otherwise."""
    return any(whole.run.ranking(query) != without.run.ranking(query) for query in whole.queries)


def _negative(value: float) -> float:
    """Return the opposite, without the minus that IEEE numbers give to zero."""
    return 0.0 - value


def _passed_sections(settings: Settings) -> tuple[str, ...]:
    """Return the sections of what a query passes: not those about indexing, serving, measuring."""
    on = {
        "query_understanding": settings.query_understanding.enabled,
        "retrieval": True,
        "reranker": settings.reranker.reorders,
    }
    return tuple(section for section, passed in on.items() if passed)


def _switches_on(section: object, prefix: str) -> Iterator[tuple[str, bool | str | float | None]]:
    if not isinstance(section, BaseModel):
        return
    for key in type(section).model_fields:
        name, value = f"{prefix}.{key}", getattr(section, key)
        if value is True:
            yield name, False
        elif name in _OFF and value and value != _OFF[name]:
            yield name, _OFF[name]
        else:
            yield from _switches_on(value, name)


def _milliseconds(whole: Run, without: Run) -> float | None:
    """Return the median of the queries' own differences: queries differ more than stages do."""
    differences = [
        answer.latency_ms - other.latency_ms
        for key, answer in whole.answers.items()
        if (other := without.answers.get(key)) is not None
        and answer.latency_ms is not None
        and other.latency_ms is not None
    ]
    return statistics.median(differences) if differences else None
