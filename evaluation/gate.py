"""The gate: whether a candidate may take the baseline's place."""

from collections.abc import Mapping
from dataclasses import dataclass

from evaluation.comparison import ClassDifference, Comparison, query_differences
from evaluation.run import Latency
from evaluation.significance import lower_bound
from search_core.settings import EvaluationSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCheck:
    """One condition, and whether it holds."""

    name: str
    passed: bool
    reason: str
    """A plain sentence with the figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateVerdict:
    """Whether the candidate passes, and why."""

    passed: bool
    """Every check does."""
    checks: tuple[GateCheck, ...]
    lower_bound: float
    """What the mean difference exceeds with the stated confidence."""
    comparison: Comparison


def decide(comparison: Comparison, settings: EvaluationSettings) -> GateVerdict:
    """Judge a candidate by the margin, the classes of queries, its latency and its health.

    Args:
        comparison: of candidate and baseline.
        settings: margin, confidence, class limit, latency budget.
    """
    bound = lower_bound(
        query_differences(comparison.baseline, comparison.candidate, comparison.measure),
        confidence=settings.confidence,
        resamples=settings.resamples,
        seed=settings.seed,
    )
    checks = (
        _wins(comparison, bound, settings),
        _hurts_no_class(comparison, settings),
        *_latency(comparison, settings),
        *_healthy(comparison),
    )
    return GateVerdict(
        passed=all(check.passed for check in checks),
        checks=checks,
        lower_bound=bound,
        comparison=comparison,
    )


def _wins(comparison: Comparison, bound: float, settings: EvaluationSettings) -> GateCheck:
    found = comparison.deciding
    passed = bound > settings.margin
    verdict = "wins" if passed else "does not win"
    by = f" by more than {settings.margin:.4f}" if settings.margin else ""
    return GateCheck(
        name="margin",
        passed=passed,
        reason=(
            f"{comparison.candidate.name} {verdict}{by}: mean {comparison.measure} is "
            f"{found.candidate_mean:.4f} against {found.baseline_mean:.4f}, a difference of "
            f"{found.difference:+.4f} over {len(comparison.queries)} queries, with "
            f"{settings.confidence:.0%} confidence above {bound:+.4f} "
            f"({found.wins} better, {found.losses} worse, {found.ties} equal)"
        ),
    )


def _hurts_no_class(comparison: Comparison, settings: EvaluationSettings) -> GateCheck:
    large = [each for each in comparison.classes if each.queries >= settings.class_queries]
    small = len(comparison.classes) - len(large)
    hurt = [each for each in large if each.difference < -settings.class_limit]
    unjudged = (
        f"; {small} classes of fewer than {settings.class_queries} queries decide nothing"
        if small
        else ""
    )
    if hurt:
        named = ", ".join(_class_text(each) for each in hurt)
        reason = f"queries get worse by more than {settings.class_limit:.4f}: {named}{unjudged}"
    else:
        reason = f"no class of queries loses more than {settings.class_limit:.4f}{unjudged}"
    return GateCheck(name="classes", passed=not hurt, reason=reason)


def _class_text(difference: ClassDifference) -> str:
    return (
        f"{difference.dimension} {difference.name!r} {difference.difference:+.4f} "
        f"({difference.queries} queries)"
    )


def _latency(comparison: Comparison, settings: EvaluationSettings) -> tuple[GateCheck, ...]:
    budget = settings.latency_budget_ms
    if budget is None:
        return ()
    latency: Latency | None = comparison.candidate.latency
    if latency is None:
        reason = "the candidate's latency is not known, so it cannot be within the budget"
        return (GateCheck(name="latency", passed=False, reason=reason),)
    passed = latency.p95_ms <= budget
    return (
        GateCheck(
            name="latency",
            passed=passed,
            reason=(
                f"95 of 100 pages come within {latency.p95_ms:.0f} ms, which is "
                f"{'within' if passed else 'over'} the budget of {budget:.0f} ms"
            ),
        ),
    )


def _healthy(comparison: Comparison) -> tuple[GateCheck, ...]:
    """Refuse figures of a configuration that did not run as configured."""
    checks = []
    for evaluation in (comparison.baseline, comparison.candidate):
        reasons: Mapping[str, int] = evaluation.run.degraded()
        if reasons:
            listed = ", ".join(f"{reason} ({count} queries)" for reason, count in reasons.items())
            checks.append(
                GateCheck(
                    name="health",
                    passed=False,
                    reason=f"{evaluation.name} did not answer as configured: {listed}",
                )
            )
    return tuple(checks)
