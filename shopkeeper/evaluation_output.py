"""What `shopkeeper evaluate` prints: tables, plain words, or JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from evaluation import (
    ClassMean,
    Comparison,
    Evaluation,
    GateVerdict,
    Judgments,
    MeasureDifference,
    MovedHit,
    QueryDifference,
    class_means,
)
from shopkeeper.console import counted, note, out, table
from shopkeeper.evaluation_session import EvaluationResult

_SHOWN_QUERIES = 5
_SHOWN_HITS = 4
_TIE = 1e-9
_TITLE_CHARS = 48


def print_result(result: EvaluationResult) -> None:
    """Print measures, comparisons, the verdict, and what a reader has to know."""
    _print_measures(result.evaluations)
    if not result.comparisons:
        _print_classes(result.evaluations[0], class_means(result.evaluations[0]))
    for comparison in result.comparisons:
        _print_comparison(comparison)
    for line in _left_out(result.evaluations[0]):
        note(line)
    for line in result.notes:
        note(line)
    if result.verdict is not None:
        _print_verdict(result.verdict)


def result_as_json(result: EvaluationResult) -> dict[str, Any]:
    """Return the result as plain values; the keys are stable."""
    first = result.evaluations[0]
    return {
        "judgments": _judgments(first.judgments),
        "queries": [query.text for query in first.queries],
        "left_out": [query.text for query in first.left_out],
        "systems": [_system(evaluation) for evaluation in result.evaluations],
        "comparisons": [_comparison(comparison) for comparison in result.comparisons],
        "gate": None if result.verdict is None else _verdict(result.verdict),
        "notes": list(result.notes),
    }


def _print_measures(evaluations: Sequence[Evaluation]) -> None:
    rows = [
        (measure.name, *(f"{evaluation.mean(measure):.4f}" for evaluation in evaluations))
        for measure in evaluations[0].measures
    ]
    for label, share in (("page, median", "p50_ms"), ("page, 95 of 100 within", "p95_ms")):
        if any(evaluation.latency for evaluation in evaluations):
            rows.append((label, *(_milliseconds(each, share) for each in evaluations)))
    queries = len(evaluations[0].queries)
    title = f"Means over {counted(queries, 'query')}"
    columns = ("measure", *(evaluation.name for evaluation in evaluations))
    table(title, columns, rows, one_of_several=True)


def _print_classes(evaluation: Evaluation, classes: Sequence[ClassMean]) -> None:
    if classes:
        table(
            f"{evaluation.measures[0]} by kind of query",
            ("kind", "class", "queries", "mean"),
            [
                (each.dimension.value, each.name, str(each.queries), f"{each.mean:.4f}")
                for each in classes
            ],
            one_of_several=True,
        )


def _milliseconds(evaluation: Evaluation, share: str) -> str:
    if evaluation.latency is None:
        return "–"
    return f"{getattr(evaluation.latency, share):.0f} ms"


def _print_comparison(comparison: Comparison) -> None:
    table(
        f"{comparison.candidate.name} against {comparison.baseline.name}",
        (
            "measure",
            "difference",
            f"{comparison.confidence:.0%} interval",
            "p",
            "p, Holm",
            "better",
            "worse",
            "equal",
        ),
        [_difference_row(difference) for difference in comparison.measures],
        one_of_several=True,
    )
    _print_extremes(comparison)
    if comparison.classes:
        _print_differences_by_class(comparison)


def _print_extremes(comparison: Comparison) -> None:
    better = [each for each in comparison.queries if each.difference > _TIE]
    worse = [each for each in reversed(comparison.queries) if each.difference < -_TIE]
    for title, queries in (("Most improved", better), ("Most hurt", worse)):
        if queries:
            table(
                f"{title} by {comparison.measure}",
                ("query", "difference", "what moved (grade: rank before → after)"),
                [_query_row(query) for query in queries[:_SHOWN_QUERIES]],
                one_of_several=True,
            )


def _print_differences_by_class(comparison: Comparison) -> None:
    table(
        f"{comparison.measure} by kind of query",
        ("kind", "class", "queries", "baseline", "candidate", "difference"),
        [
            (
                each.dimension.value,
                each.name,
                str(each.queries),
                f"{each.baseline_mean:.4f}",
                f"{each.candidate_mean:.4f}",
                f"{each.difference:+.4f}",
            )
            for each in comparison.classes
        ],
        one_of_several=True,
    )


def _difference_row(found: MeasureDifference) -> tuple[str, ...]:
    return (
        found.measure.name,
        f"{found.difference:+.4f}",
        f"{found.interval.low:+.4f} to {found.interval.high:+.4f}",
        f"{found.p_value:.4f}",
        f"{found.adjusted_p_value:.4f}",
        str(found.wins),
        str(found.losses),
        str(found.ties),
    )


def _query_row(found: QueryDifference) -> tuple[str, str, str]:
    moved = "; ".join(moved_text(hit) for hit in found.moved[:_SHOWN_HITS])
    more = len(found.moved) - _SHOWN_HITS
    query = " ".join((found.query.text, *found.query.filters))
    return query, f"{found.difference:+.4f}", moved + (f"; {more} more" if more > 0 else "")


def moved_text(moved: MovedHit) -> str:
    """Return a moved hit in a few words."""
    title = " ".join(moved.hit.title.split())
    short = title if len(title) <= _TITLE_CHARS else f"{title[:_TITLE_CHARS]}…"
    grade = "?" if moved.grade is None else str(moved.grade)
    before = "–" if moved.rank_before is None else str(moved.rank_before)
    after = "–" if moved.rank_after is None else str(moved.rank_after)
    return f"{short or moved.hit.product_id} ({grade}: {before} → {after})"


def _left_out(evaluation: Evaluation) -> list[str]:
    lines = []
    if evaluation.left_out:
        named = ", ".join(repr(query.text) for query in evaluation.left_out)
        lines.append(
            "left out, since no judged product is relevant: "
            f"{counted(len(evaluation.left_out), 'query')} ({named})"
        )
    return lines


def _print_verdict(verdict: GateVerdict) -> None:
    for check in verdict.checks:
        out(f"{'pass' if check.passed else 'FAIL'}  {check.name}: {check.reason}")
    out(f"gate: {'passed' if verdict.passed else 'not passed'}")


def _judgments(judgments: Judgments) -> dict[str, int]:
    return {"queries": len(judgments.queries), "judgments": len(judgments)}


def _system(evaluation: Evaluation) -> dict[str, Any]:
    run = evaluation.run
    return {
        "name": evaluation.name,
        "measures": {measure.name: evaluation.mean(measure) for measure in evaluation.measures},
        "per_query": {
            measure.name: {
                query.text: evaluation.values[measure][query.key] for query in evaluation.queries
            }
            for measure in evaluation.measures
        },
        "latency": None if evaluation.latency is None else asdict(evaluation.latency),
        "depth": run.depth,
        "measured_at": None if run.measured_at is None else run.measured_at.isoformat(),
        "from_cache": run.from_cache,
        "degraded": dict(run.degraded()),
        "without_hits": [query.text for query in evaluation.without_hits()],
        "classes": [asdict(found) for found in class_means(evaluation)],
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "baseline": comparison.baseline.name,
        "candidate": comparison.candidate.name,
        "measure": comparison.measure.name,
        "confidence": comparison.confidence,
        "measures": [
            {**asdict(found), "measure": found.measure.name} for found in comparison.measures
        ],
        "queries": [
            {
                "query": found.query.text,
                "filters": list(found.query.filters),
                "baseline": found.baseline_value,
                "candidate": found.candidate_value,
                "difference": found.difference,
                "moved": [asdict(moved) for moved in found.moved],
            }
            for found in comparison.queries
        ],
        "classes": [asdict(found) for found in comparison.classes],
    }


def _verdict(verdict: GateVerdict) -> dict[str, Any]:
    return {
        "passed": verdict.passed,
        "lower_bound": verdict.lower_bound,
        "checks": [asdict(check) for check in verdict.checks],
    }
