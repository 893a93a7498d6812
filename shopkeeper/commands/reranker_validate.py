"""`shopkeeper reranker validate`: what training on judgments is worth, before a model is made."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shopkeeper.judgment_options import JudgmentReader, judgment_options
from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from search_core.settings import Settings
    from shopkeeper.judged_training import JudgedTraining

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command(
    epilog="""\b
Examples:
  shopkeeper reranker validate judgments.csv --set reranker.training.layers=12 \\
      --set reranker.training.frozen_layers=8
  shopkeeper reranker validate judgments.csv --set reranker.training.start=models/mine \\
      --set reranker.training.frozen_layers=3 --set reranker.weight=0.3"""
)
@click.argument("judgments", type=_FILE)
@click.option("--index", default="products", show_default=True, help="Alias or generation.")
@click.option(
    "--folds",
    type=click.IntRange(min=2),
    default=5,
    show_default=True,
    help="Parts of the queries, each held out once. Queries for the same kind of product stay "
    "together.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@judgment_options
@settings_options
def validate(
    judgments: Path,
    index: str,
    folds: int,
    as_json: bool,
    reader: JudgmentReader,
    settings: "Settings",
) -> None:
    """Measure what a cross-encoder trained on JUDGMENTS is worth on queries that it never saw.

    Trains --folds models as `train --judgments JUDGMENTS --no-catalogue` does, each without one
    part of the queries, and puts the present search's windows of that part in order with it. The
    same is measured of the start as it is. No model is kept. Needs the extra `train`, and
    reranker.training.frozen_layers, whose states are computed once for all folds.
    """
    from shopkeeper.evaluate_extra import evaluate_extra

    with evaluate_extra():
        from shopkeeper.judged_training import validate_training
    from shopkeeper.console import emit_json, progress

    judged = reader.read(judgments).checked()
    with progress() as listener:
        found = validate_training(judged, index, folds, settings, listener)
    emit_json(_as_json(found)) if as_json else _print(found)


def _print(found: "JudgedTraining") -> None:
    from shopkeeper.console import note, out, table

    for comparison in found.comparisons:
        confidence = f"{comparison.confidence:.0%} interval"
        table(
            f"{comparison.candidate.name}, on queries held out",
            ("measure", "without", "with", "difference", confidence, "p"),
            [
                (
                    str(each.measure),
                    f"{each.baseline_mean:.4f}",
                    f"{each.candidate_mean:.4f}",
                    f"{each.difference:+.4f}",
                    f"{each.interval.low:+.4f} to {each.interval.high:+.4f}",
                    f"{each.p_value:.3f}",
                )
                for each in comparison.measures
            ],
            one_of_several=True,
        )
    out(found.verdict)
    if found.unread:
        note(f"{found.unread} of {found.queries} queries keep their order: they are not read")


def _as_json(found: "JudgedTraining") -> dict[str, Any]:
    return {
        "queries": found.queries,
        "unread": found.unread,
        "is_better": found.is_better,
        "verdict": found.verdict,
        "systems": {
            comparison.candidate.name: {
                each.measure.name: {
                    "without": each.baseline_mean,
                    "with": each.candidate_mean,
                    "difference": each.difference,
                    "interval": [each.interval.low, each.interval.high],
                    "p_value": each.p_value,
                }
                for each in comparison.measures
            }
            for comparison in found.comparisons
        },
    }
