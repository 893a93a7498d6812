"""`shopkeeper understand train` and `shopkeeper understand evaluate`: the shop's own models."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from query_understanding import Intent, IntentReport
    from query_understanding.category_training import CategoryReport
    from search_core import ProgressListener
    from search_core.settings import Settings
    from shopkeeper.category_training_session import CategoryTrainingOutcome
    from shopkeeper.intent_training_session import IntentTrainingOutcome

_EXAMPLES = """\b
Examples:
  shopkeeper understand train --index products
  shopkeeper understand train --queries labelled.csv --index products
  shopkeeper understand train --queries labelled.csv --dry-run --json
  shopkeeper understand train --what categories --index products
  shopkeeper understand train --what categories --judgments from_clicks.csv --layers 6
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
    help="For intents: the shop's own queries, a CSV file with the columns query and intent.",
)
@click.option(
    "--what",
    type=click.Choice(("intents", "categories")),
    default="intents",
    show_default=True,
    help="Which model is trained. Categories: a small transformer (extra `train`).",
)
@click.option(
    "--judgments",
    "judgments_path",
    type=_FILE,
    help="For categories: graded queries, of people or from clicks (`shopkeeper judgments "
    "from-events`). Without: titles alone teach.",
)
@click.option(
    "--start",
    default="",
    help="For categories: named cross-encoder or Hugging Face folder that training starts from.  "
    "[default: reranker.training.start]",
)
@click.option(
    "--layers",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="For categories: layers of the start that are kept, evenly spread.",
)
@click.option(
    "--epochs",
    type=click.IntRange(min=1),
    default=40,
    show_default=True,
    help="For categories: passes over the examples at most.",
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
    what: str,
    judgments_path: Path | None,
    start: str,
    layers: int,
    epochs: int,
    seed: int,
    dry_run: bool,
    as_json: bool,
    settings: "Settings",
) -> None:
    """Train the model of intents, or of categories, on this shop, and install it if it is better.

    Intents are learned from queries made of the catalogue and, with --queries, from the shop's own.
    Categories are learned from titles cut to query length and, with --judgments, from queries whose
    best products are known. The new model takes the present one's place only where it is better
    with confidence on what it did not learn from.
    """
    from shopkeeper.console import emit_json, progress

    if what == "categories" and labels_path is not None:
        raise click.UsageError("--queries are labelled with intents; categories take --judgments")
    if what == "intents" and judgments_path is not None:
        raise click.UsageError("--judgments are for categories; intents take --queries")
    with progress() as listener:
        outcome: CategoryTrainingOutcome | IntentTrainingOutcome
        if what == "intents":
            outcome = _trained_intents(index, labels_path, seed, dry_run, settings, listener)
        else:
            options = {"index": index, "start": start, "layers": layers, "install": not dry_run}
            outcome = _trained_categories(options, judgments_path, epochs, seed, settings, listener)
    emit_json(outcome) if as_json else _print_outcome(what, outcome)
    if not outcome.passed:
        sys.exit(1)


def _trained_intents(
    index: str,
    labels_path: Path | None,
    seed: int,
    dry_run: bool,
    settings: "Settings",
    listener: "ProgressListener",
) -> "IntentTrainingOutcome":
    from query_understanding import read_intent_labels
    from shopkeeper.evaluate_extra import evaluate_extra

    with evaluate_extra():
        from shopkeeper.intent_training_session import IntentTrainingRequest, train_intent_model
    request = IntentTrainingRequest(
        index=index,
        labels=[] if labels_path is None else read_intent_labels(labels_path),
        seed=seed,
        install=not dry_run,
    )
    return train_intent_model(request, settings, listener)


def _trained_categories(
    options: dict[str, Any],
    judgments_path: Path | None,
    epochs: int,
    seed: int,
    settings: "Settings",
    listener: "ProgressListener",
) -> "CategoryTrainingOutcome":
    from query_understanding.category_training import CategoryTraining
    from shopkeeper.evaluate_extra import evaluate_extra

    with evaluate_extra():
        from evaluation import read_judgments
        from shopkeeper.category_training_session import (
            CategoryTrainingRequest,
            train_category_model,
        )
    request = CategoryTrainingRequest(
        **options,
        judgments=None if judgments_path is None else read_judgments(judgments_path).checked(),
        training=CategoryTraining(epochs=epochs, seed=seed),
    )
    return train_category_model(request, settings, listener)


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


def _print_outcome(what: str, outcome: "CategoryTrainingOutcome | IntentTrainingOutcome") -> None:
    from shopkeeper.console import counted, note, out, table

    note(f"tested on {counted(outcome.candidate.queries, 'query')}: {outcome.tested_on}")
    columns = ("model", "right", "calibration error", "not named")
    table(
        what.capitalize(),
        columns if what == "intents" else columns[:-1],
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


def _row(name: str, report: "CategoryReport | IntentReport") -> tuple[str, ...]:
    told = (name, f"{report.accuracy:.3f}", f"{report.calibration_error:.3f}")
    unknown = getattr(report, "unknown", None)
    return told if unknown is None else (*told, f"{unknown:.1%}")


def _confusion_row(
    intent: "Intent", guesses: "Mapping[Intent, int]", columns: "list[Intent]"
) -> tuple[str, ...]:
    return (intent.value, *(str(guesses.get(each, 0)) for each in columns))
