"""The options by which a command takes how is measured, and when a change may pass."""

import functools
from collections.abc import Callable
from typing import Any

import click


def measuring_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add options of `[evaluation]` to a command.

    It gets those that were given as `measuring`: full setting name → value.
    """

    @click.option(
        "--measure",
        "measures",
        multiple=True,
        metavar="MEASURE",
        help="As ir-measures writes it: nDCG@10, RR, P(rel=2)@5, ERR@20; repeatable, the first "
        "decides.  [default: evaluation.measures]",
    )
    @click.option(
        "--depth", type=int, help="Hits asked for each query.  [default: evaluation.depth]"
    )
    @click.option(
        "--margin", type=float, help="What it has to win by.  [default: evaluation.margin]"
    )
    @click.option(
        "--confidence", type=float, help="Of intervals and gate.  [default: evaluation.confidence]"
    )
    @click.option(
        "--class-limit",
        type=float,
        help="Loss allowed on a class of queries.  [default: evaluation.class_limit]",
    )
    @click.option(
        "--latency-budget-ms",
        type=float,
        help="For 95 of 100 first pages.  [default: evaluation.latency_budget_ms]",
    )
    @click.option("--no-cache", is_flag=True, help="Ask every query, even if nothing has changed.")
    @functools.wraps(command)
    def with_measuring(
        *args: Any,  # noqa: ANN401 - passed through
        measures: tuple[str, ...],
        depth: int | None,
        margin: float | None,
        confidence: float | None,
        class_limit: float | None,
        latency_budget_ms: float | None,
        no_cache: bool,
        **options: Any,  # noqa: ANN401 - passed through
    ) -> Any:  # noqa: ANN401 - passed through
        chosen = {
            "evaluation.measures": measures or None,
            "evaluation.depth": depth,
            "evaluation.margin": margin,
            "evaluation.confidence": confidence,
            "evaluation.class_limit": class_limit,
            "evaluation.latency_budget_ms": latency_budget_ms,
            "evaluation.cache": False if no_cache else None,
        }
        given = {name: value for name, value in chosen.items() if value is not None}
        return command(*args, measuring=given, **options)

    return with_measuring
