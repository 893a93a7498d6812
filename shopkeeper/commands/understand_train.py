"""`shopkeeper understand train` and `shopkeeper understand evaluate`: the shop's own model."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from query_understanding import Intent, IntentReport
    from search_core.settings import Settings
    from shopkeeper.intent_training_session import IntentTrainingOutcome

_EXAMPLES = """\b
Examples:
  shopkeeper understand train --index products
  shopkeeper understand train --queries labelled.csv --index products
  shopkeeper understand train --queries labelled.csv --dry-run --json
  shopkeeper understand evaluate labelled.csv --index products

Exit status: 0 done (train: installed, or passed with --dry-run), 1 the gate is not passed, 2 wrong
usage, configuration or labels, 3 OpenSearch does not answer.
"""
_FILE = click.Path(path_type=Path, dir_okay=False)
_index_option = click.option(
    "--index", default="products", show_default=True, help="Alias or generation."
)


@click.command(epilog=_EXAMPLES)
@_index_option
@click.option(
    "--queries",
    "labels_path",
    type=_FILE,
    help="The shop's own queries, a CSV file with the columns query and intent.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Of the examples and of the order in which they are learned from.",
)
@click.option("--dry-run", is_flag=True, help="Train and measure, but install nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@settings_options
def train(
    index: str,
    labels_path: Path | None,
    seed: int,
    dry_run: bool,
    as_json: bool,
    settings: "Settings",
) -> None:
    """Train the model of intents on this shop, and install it if it is better.

    It learns from queries made of the catalogue and, with --queries, from the shop's own. The new
    model takes the present one's place only where it is better with confidence on queries that it
    did not learn from.
    """
    from shopkeeper.evaluate_extra import evaluate_extra

    with evaluate_extra():
        from shopkeeper.intent_training_session import IntentTrainingRequest, train_intent_model
    from query_understanding import read_intent_labels
    from shopkeeper.console import emit_json, progress

    request = IntentTrainingRequest(
        index=index,
        labels=[] if labels_path is None else read_intent_labels(labels_path),
        seed=seed,
        install=not dry_run,
    )
    with progress() as listener:
        outcome = train_intent_model(request, settings, listener)
    emit_json(outcome) if as_json else _print_outcome(outcome)
    if not outcome.passed:
        sys.exit(1)


@click.command(epilog=_EXAMPLES)
@click.argument("queries", type=_FILE)
@_index_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@settings_options
def evaluate(queries: Path, index: str, as_json: bool, settings: "Settings") -> None:
    """Measure the present model of intents on labelled QUERIES (CSV: query, intent)."""
    from query_understanding import (
        CatalogueSource,
        intent_model,
        labelled_queries,
        measure_intents,
        read_intent_labels,
    )
    from shopkeeper.composition import search_engine_client, trained_folder
    from shopkeeper.console import emit_json

    labels = read_intent_labels(queries)
    lexicon = CatalogueSource(search_engine_client(settings)).catalogue(index).lexicon
    model = intent_model(trained_folder(settings))
    report = measure_intents(model, labelled_queries(labels, lexicon))
    emit_json(report) if as_json else _print_report(report)


def _print_outcome(outcome: "IntentTrainingOutcome") -> None:
    from shopkeeper.console import note, out, table

    note(f"tested on {outcome.candidate.queries:,} queries: {outcome.tested_on}")
    table(
        "Intents",
        ("model", "right", "calibration error", "not named"),
        [
            _row(name, report)
            for name, report in (("present", outcome.present), ("candidate", outcome.candidate))
        ],
    )
    out(
        f"gain {outcome.gain:+.4f} nats a query, with confidence more than "
        f"{outcome.gain_lower_bound:+.4f}: {outcome.reason}"
    )
    if outcome.installed is not None:
        out(f"installed {outcome.installed}; processes that start from now on use it")


def _print_report(report: "IntentReport") -> None:
    from shopkeeper.console import table

    table(
        "Intents", ("queries", "right", "calibration error", "not named"),
        [_row(f"{report.queries:,}", report)],
    )  # fmt: skip
    guessed = sorted({guess for guesses in report.confusion.values() for guess in guesses})
    table(
        "True intent (rows) and guessed intent",
        ("", *(each.value for each in guessed)),
        [_confusion_row(intent, report.confusion[intent], guessed) for intent in report.confusion],
    )


def _row(name: str, report: "IntentReport") -> tuple[str, ...]:
    return (
        name,
        f"{report.accuracy:.3f}",
        f"{report.calibration_error:.3f}",
        f"{report.unknown:.1%}",
    )


def _confusion_row(
    intent: "Intent", guesses: "Mapping[Intent, int]", columns: "list[Intent]"
) -> tuple[str, ...]:
    return (intent.value, *(str(guesses.get(each, 0)) for each in columns))
