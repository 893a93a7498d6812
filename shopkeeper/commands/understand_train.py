"""`shopkeeper understand train` and `shopkeeper understand evaluate`: the shop's own models."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

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
  shopkeeper understand train --method transformer --queries labelled.csv --index products
  shopkeeper understand train --what categories --events ubi.ndjson.gz --index products
  shopkeeper understand evaluate labelled.csv --index products

Exit status: 0 done (train: installed, or passed with --dry-run), 1 the gate is not passed, 2 wrong
usage, configuration or labels, 3 OpenSearch does not answer.
"""
_INTENT_EPOCHS, _CATEGORY_EPOCHS = 3, 8
"""Made-up queries repeat their patterns; titles are as different as products."""
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
    help="Which model is trained.",
)
@click.option(
    "--method",
    type=click.Choice(("regression", "transformer")),
    help="A regression on words, or a small transformer (extra `train`).  [default: regression for "
    "intents, transformer for categories, which know no other]",
)
@click.option(
    "--judgments",
    "judgments_path",
    type=_FILE,
    help="For categories: graded queries. Without them and --events titles alone teach.",
)
@click.option(
    "--events",
    multiple=True,
    type=_FILE,
    help="For categories: UBI queries and events (.ndjson), whose clicks say what a query is "
    "about; repeatable.",
)
@click.option(
    "--start",
    default="",
    help="For transformers: named encoder or cross-encoder, multilingual-e5-small, or Hugging Face "
    "folder, that training starts from.  [default: the named encoder that reads the language of "
    "the texts]",
)
@click.option(
    "--layers",
    type=click.IntRange(min=1),
    help="For transformers: layers that are kept of a start that is no named encoder, evenly "
    "spread.  [default: 6; of multilingual-e5-small all]",
)
@click.option(
    "--epochs",
    type=click.IntRange(min=0),
    help="For transformers: passes over the examples at most; 0: only the head is fitted.  "
    "[default: 3 for intents, 8 for categories]",
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
    method: str | None,
    judgments_path: Path | None,
    events: tuple[Path, ...],
    start: str,
    layers: int | None,
    epochs: int | None,
    seed: int,
    dry_run: bool,
    as_json: bool,
    settings: "Settings",
) -> None:
    """Train the model of intents, or of categories, on this shop, and install it if it is better.

    Intents are learned from queries made of the catalogue and, with --queries, from the shop's own.
    Categories are learned from titles cut to query length and, with --judgments or --events, from
    queries whose best products are known. The new model takes the present one's place only where it
    is better with confidence on what it did not learn from.
    """
    from shopkeeper.console import emit_json, progress

    if what == "categories" and labels_path is not None:
        raise click.UsageError("--queries are labelled with intents; categories take --judgments")
    if what == "intents" and (judgments_path is not None or events):
        raise click.UsageError(
            "--judgments and --events are for categories; intents take --queries"
        )
    if what == "categories" and method == "regression":
        raise click.UsageError("categories are told by a transformer, or by words that are counted "
                               "at every reindex: --method is for intents")  # fmt: skip
    learned = _Learned(index=index, labels=labels_path, judgments=judgments_path, events=events)
    trained = _Transformer(start=start, layers=layers, epochs=epochs)
    with progress() as listener:
        run = _Run(seed=seed, install=not dry_run, settings=settings, listener=listener)
        outcome: CategoryTrainingOutcome | IntentTrainingOutcome
        if what == "categories":
            outcome = _trained_categories(learned, trained, run)
        else:
            outcome = _trained_intents(learned, trained if method == "transformer" else None, run)
    emit_json(outcome) if as_json else _print_outcome(what, outcome)
    if not outcome.passed:
        sys.exit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Learned:
    """What is learned from."""

    index: str
    labels: Path | None
    judgments: Path | None
    events: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Transformer:
    """What training starts from, and how long it goes on."""

    start: str
    layers: int | None
    epochs: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """How the whole is done."""

    seed: int
    install: bool
    settings: "Settings"
    listener: "ProgressListener"


def _trained_intents(
    learned: _Learned, transformer: _Transformer | None, run: _Run
) -> "IntentTrainingOutcome":
    from query_understanding import read_intent_labels
    from query_understanding.classifier_training import ClassifierTraining
    from shopkeeper.evaluate_extra import evaluate_extra

    with evaluate_extra():
        from shopkeeper.intent_training_session import IntentTrainingRequest, train_intent_model
        from shopkeeper.intent_transformer_session import IntentStart, train_intent_transformer
    request = IntentTrainingRequest(
        index=learned.index,
        labels=[] if learned.labels is None else read_intent_labels(learned.labels),
        seed=run.seed,
        install=run.install,
    )
    if transformer is None:
        return train_intent_model(request, run.settings, run.listener)
    epochs = _INTENT_EPOCHS if transformer.epochs is None else transformer.epochs
    return train_intent_transformer(
        request,
        IntentStart(name=transformer.start, layers=transformer.layers),
        ClassifierTraining(epochs=epochs, seed=run.seed),
        run.settings,
        run.listener,
    )


def _trained_categories(
    learned: _Learned, transformer: _Transformer, run: _Run
) -> "CategoryTrainingOutcome":
    from query_understanding.classifier_training import ClassifierTraining
    from shopkeeper.evaluate_extra import evaluate_extra

    with evaluate_extra():
        from evaluation import read_judgments
        from shopkeeper.category_training_session import (
            CategoryTrainingRequest,
            train_category_model,
        )
        from shopkeeper.click_judgments import judgments_from_clicks
    graded = [] if learned.judgments is None else [read_judgments(learned.judgments).checked()]
    if learned.events:
        graded.append(judgments_from_clicks(learned.events, run.listener))
    epochs = _CATEGORY_EPOCHS if transformer.epochs is None else transformer.epochs
    request = CategoryTrainingRequest(
        index=learned.index,
        start=transformer.start,
        layers=transformer.layers,
        install=run.install,
        judgments=graded,
        training=ClassifierTraining(epochs=epochs, seed=run.seed),
    )
    return train_category_model(request, run.settings, run.listener)


@click.command(epilog=_EXAMPLES)
@click.argument("queries", type=_FILE)
@_index_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@settings_options
def evaluate(queries: Path, index: str, as_json: bool, settings: "Settings") -> None:
    """Measure the present model of intents on labelled QUERIES (CSV: query, intent)."""
    from query_understanding import (
        CatalogueSource,
        intent_teller,
        labelled_queries,
        measure_intents,
        read_intent_labels,
    )
    from shopkeeper.composition import search_engine_client, trained_folder
    from shopkeeper.console import emit_json

    labels = read_intent_labels(queries)
    lexicon = CatalogueSource(search_engine_client(settings)).catalogue(index).lexicon
    model = intent_teller(trained_folder(settings))
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
    if outcome.share is not None:
        out(f"the transformer counts {outcome.share:.0%}, what needs none the rest")
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
