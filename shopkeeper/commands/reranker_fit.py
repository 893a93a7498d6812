"""`shopkeeper reranker fit`: learn how the rerank window is mixed."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shopkeeper.judgment_options import JudgmentReader, judgment_options
from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from search_core.settings import Settings
    from shopkeeper.mixing_session import FitSession

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(
    epilog="""\b
Examples:
  shopkeeper reranker fit judgments.csv --set reranker.kind=onnx
  shopkeeper reranker fit judgments.csv --method trees --output mixing.json
  shopkeeper reranker fit judgments.csv --measure "nDCG(judged_only=True)@10"

The file is written only when it beats the present order on queries that it was not learned from;
--write-anyway writes it in any case. reranker.mixing_model puts it to use."""
)
@click.argument("judgments", type=_FILE)
@click.option("--index", default="products", show_default=True, help="Alias or generation.")
@click.option(
    "--method",
    type=click.Choice(["linear", "trees"]),
    default="linear",
    show_default=True,
    help="linear: weights of features; trees: LambdaMART on top of the present weights (needs the "
    "extra `ltr`).",
)
@click.option(
    "--unjudged",
    type=click.FloatRange(min=0, max=1),
    default=0.3,
    show_default=True,
    help="How much a product that nobody rated counts as a bad one; 0: it teaches nothing.",
)
@click.option("--measure", help="What decides.  [default: the first of evaluation.measures]")
@click.option(
    "--folds",
    type=click.IntRange(min=2),
    default=5,
    show_default=True,
    help="Parts of the queries, each held out once.",
)
@click.option("--seed", type=click.IntRange(min=0), default=7, show_default=True, help="Of chance.")
@click.option(
    "--output",
    type=_FILE,
    default="mixing.json",
    show_default=True,
    help="File that is written when learning is proven.",
)
@click.option("--write-anyway", is_flag=True, help="Write it even if nothing is proven.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@judgment_options
@settings_options
def fit(
    judgments: Path,
    index: str,
    method: str,
    unjudged: float,
    measure: str | None,
    folds: int,
    seed: int,
    output: Path,
    write_anyway: bool,
    as_json: bool,
    reader: JudgmentReader,
    settings: "Settings",
) -> None:
    """Learn from JUDGMENTS how fusion, cross-encoder and what is known of a product are mixed.

    The present search is asked once, and its rerank windows are put in another order. What is
    printed is measured on queries that were held out; how cautiously to learn is chosen without
    them. Works without a cross-encoder too, from the legs and the catalogue alone.
    """
    from shopkeeper.evaluate_extra import evaluate_extra

    with evaluate_extra():
        from shopkeeper.mixing_session import FitRequest, MixingMethod, fit_mixing
    from shopkeeper.console import emit_json, note, progress

    request = FitRequest(
        judgments=reader.read(judgments).checked(),
        index=index,
        method=MixingMethod(method),
        unjudged=unjudged,
        measure=measure,
        folds=folds,
        seed=seed,
    )
    if not output.resolve().parent.is_dir():
        raise click.BadParameter(
            f"{output.parent} is no folder", param_hint="'--output'"
        )  # before minutes of scoring, not after
    with progress() as listener:
        session = fit_mixing(request, settings, listener)
    written = session.outcome.is_better or (write_anyway and session.outcome.chosen is not None)
    if written:
        _write(session, output)
    emit_json(_as_json(session, written=written)) if as_json else _print(session)
    if session.unread:
        note(f"{session.unread} queries keep their order: their windows are not read")
    if written:
        note(f"wrote {output}: use it with reranker.mixing_model={output}")
    else:
        note(f"{output} was not written")


def _print(session: "FitSession") -> None:
    from evaluation import learning_sentences
    from shopkeeper.console import out, table

    outcome = session.outcome
    table(
        f"{outcome.measure} by fold",
        ("fold", "queries", "learned as cautiously as", "learned, held out", "now, held out"),
        [
            (
                str(number),
                f"{fold.train_queries} + {fold.held_out_queries}",
                "not at all" if fold.chosen is None else f"{fold.chosen:g}",
                f"{fold.held_out:.4f}",
                f"{fold.present_held_out:.4f}",
            )
            for number, fold in enumerate(outcome.folds, start=1)
        ],
    )
    if outcome.chosen is not None:
        table(
            "Learned from all queries",
            ("feature", "weight"),
            [(name, f"{weight:+.3f}") for name, weight in session.model.weights.items()],
        )
        if session.model.trees:
            out(f"and {len(session.model.trees)} trees, which correct the weighted sum")
    for sentence in learning_sentences(outcome):
        out(sentence)


def _as_json(session: "FitSession", *, written: bool) -> dict[str, Any]:
    from evaluation import learning_sentences

    outcome = session.outcome
    return {
        "index": session.generation,
        "measure": outcome.measure.name,
        "is_better": outcome.is_better,
        "written": written,
        "chosen": outcome.chosen,
        "weights": dict(session.model.weights),
        "trees": len(session.model.trees),
        "unread": session.unread,
        "held_out": {
            each.measure.name: {
                "present": each.baseline_mean,
                "learned": each.candidate_mean,
                "difference": each.difference,
                "interval": [each.interval.low, each.interval.high],
                "p_value": each.p_value,
            }
            for each in outcome.held_out.measures
        },
        "confidence": outcome.held_out.confidence,
        "folds": outcome.folds,
        "sentences": list(learning_sentences(outcome)),
    }


def _write(session: "FitSession", path: Path) -> None:
    from reranker.mixing import write_mixing_model

    found = session.outcome.held_out.deciding
    note = (
        f"Written by shopkeeper reranker fit on {datetime.now(UTC):%Y-%m-%d} for "
        f"{session.generation}. {session.outcome.measure} on held-out queries: "
        f"{found.candidate_mean:.4f}, before {found.baseline_mean:.4f}"
        + ("." if session.outcome.is_better else "; the difference is not proven.")
    )
    write_mixing_model(session.model, path, note)
