"""`shopkeeper tune`: look for better settings, and prove them on held-out queries."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shopkeeper.judgment_options import JudgmentReader, judgment_options

if TYPE_CHECKING:
    from shopkeeper.tuning_session import TuningSession

_EXAMPLES = """\b
Examples:
  shopkeeper tune judgments.csv
  shopkeeper tune judgments.csv --space fusion --trials 50 --report tuning.html
  shopkeeper tune judgments.csv --only dense_weight --only boosts.title
  shopkeeper tune judgments.csv --space reranking --set reranker.kind=onnx
  shopkeeper tune judgments.csv --study tuning.log     (run again to go on after Ctrl-C)

The settings file is written only when the tuned setting beats the present one on queries that it
was not tuned on; --write-anyway writes it in any case.
"""
_NEW_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(epilog=_EXAMPLES)
@click.argument("judgments", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--index", default="products", show_default=True, help="Alias or generation.")
@click.option(
    "--space",
    type=click.Choice(["fusion", "fields", "reranking", "all"]),
    default="all",
    show_default=True,
    help="fusion: weights, method and rank constant; fields: boosts and minimum_should_match; "
    "reranking: the cross-encoder's weight and window; all: fusion, fields, candidates, and "
    "reranking where a reranker is set.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="PART",
    help="Tune only settings with this in their name; repeatable.",
)
@click.option("--measure", help="What is to be high.  [default: the first of evaluation.measures]")
@click.option(
    "--trials",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="Settings tried in each search: one a fold, and one over all queries.",
)
@click.option(
    "--folds",
    type=click.IntRange(min=2),
    default=5,
    show_default=True,
    help="Parts of the queries, each held out once.",
)
@click.option("--seed", type=click.IntRange(min=0), default=7, show_default=True, help="Of chance.")
@click.option("--study", type=_NEW_FILE, help="File that keeps the trials, to go on after a stop.")
@click.option(
    "--output",
    type=_NEW_FILE,
    default="tuned.toml",
    show_default=True,
    help="Settings file that is written when tuning is proven.",
)
@click.option("--write-anyway", is_flag=True, help="Write it even if nothing is proven.")
@click.option("--report", type=_NEW_FILE, help="Write a report as one HTML file.")
@click.option("--config", type=_NEW_FILE, help="Settings file of the present setting.")
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="SETTING=VALUE",
    help="Change of the present setting, e.g. fusion.method=min_max; repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@judgment_options
def tune(
    judgments: Path,
    index: str,
    space: str,
    only: tuple[str, ...],
    measure: str | None,
    trials: int,
    folds: int,
    seed: int,
    study: Path | None,
    output: Path,
    write_anyway: bool,
    report: Path | None,
    config: Path | None,
    overrides: tuple[str, ...],
    as_json: bool,
    reader: JudgmentReader,
) -> None:
    """Look for settings with which JUDGMENTS are answered better than now.

    The search is repeated without each part of the queries and measured on that part, so that the
    figure printed as held out is what tuning is worth on queries it never saw.
    """
    from shopkeeper.evaluate_extra import evaluate_extra

    with evaluate_extra():
        from evaluation import TuningSpace
        from shopkeeper.tuning_session import TuningRequest, tune_settings
    from shopkeeper.console import emit_json, note, progress

    request = TuningRequest(
        judgments=reader.read(judgments).checked(),
        index=index,
        config=config,
        overrides=overrides,
        space=TuningSpace(space),
        only=only,
        measure=measure,
        trials=trials,
        folds=folds,
        seed=seed,
        study=study,
        curves=report is not None,
    )
    with progress() as listener:
        session = tune_settings(request, listener)
    emit_json(_as_json(session)) if as_json else _print(session)
    if session.leaves_reranker_out:
        note(f"--space {space} ranks without the reranker that is set; reranking and all use it")
    if report is not None:
        _write_report(session, report)
    if session.outcome.is_better or (write_anyway and session.outcome.changes):
        _write_settings(session, output)
    else:
        note(f"{output} was not written")


def _print(session: "TuningSession") -> None:
    from evaluation import tuning_sentences
    from shopkeeper.console import note, out, table

    outcome = session.outcome
    if outcome.changes:
        rows = [
            (name, str(outcome.present[name]), str(value))
            for name, value in outcome.changes.items()
        ]
        table("Best setting on all queries", ("setting", "now", "tuned"), rows)
    table(
        f"{outcome.measure} by fold",
        ("fold", "queries", "tuned, in sample", "tuned, held out", "now, held out"),
        [
            (
                str(number),
                f"{fold.train_queries} + {fold.held_out_queries}",
                f"{fold.in_sample:.4f}",
                f"{fold.held_out:.4f}",
                f"{fold.present_held_out:.4f}",
            )
            for number, fold in enumerate(outcome.folds, start=1)
        ],
    )
    for sentence in tuning_sentences(outcome):
        out(sentence)
    if outcome.resumed:
        note(f"{outcome.resumed} of {outcome.trials} trials were taken up from an earlier run")


def _as_json(session: "TuningSession") -> dict[str, Any]:
    from evaluation import tuning_sentences

    outcome = session.outcome
    held_out = outcome.held_out.deciding
    return {
        "measure": outcome.measure.name,
        "index": session.generation,
        "reranked": session.reranked,
        "is_better": outcome.is_better,
        "present": dict(outcome.present),
        "changes": dict(outcome.changes),
        "in_sample": {
            "present": outcome.in_sample.deciding.baseline_mean,
            "tuned": outcome.in_sample.deciding.candidate_mean,
        },
        "held_out": {
            "present": held_out.baseline_mean,
            "tuned": held_out.candidate_mean,
            "difference": held_out.difference,
            "interval": [held_out.interval.low, held_out.interval.high],
            "confidence": outcome.held_out.confidence,
            "p_value": held_out.p_value,
        },
        "folds": outcome.folds,
        "trials": outcome.trials,
        "resumed": outcome.resumed,
        "sentences": list(tuning_sentences(outcome)),
    }


def _write_report(session: "TuningSession", path: Path) -> None:
    from evaluation import ReportExtras, tuning_sentences, write_report
    from shopkeeper.console import note

    held_out = session.outcome.held_out
    write_report(
        path,
        [held_out.baseline, held_out.candidate],
        [held_out],
        made_at=datetime.now(UTC),
        title="Tuning",
        extras=ReportExtras(curves=session.curves, notes=tuning_sentences(session.outcome)),
    )
    note(f"wrote {path}")


def _write_settings(session: "TuningSession", path: Path) -> None:
    from shopkeeper.console import note
    from shopkeeper.settings_file import write_settings

    outcome = session.outcome
    found = outcome.held_out.deciding
    comment = (
        f"Written by shopkeeper tune on {datetime.now(UTC):%Y-%m-%d} for {session.generation}.",
        f"{outcome.measure} on held-out queries: {found.candidate_mean:.4f}, before "
        f"{found.baseline_mean:.4f}"
        + ("." if outcome.is_better else "; the difference is not proven."),
    )
    write_settings(path, session.base, {**session.overrides, **outcome.changes}, comment)
    note(f"wrote {path}: try it with `shopkeeper evaluate JUDGMENTS --config {path}`")
