"""`shopkeeper reranker train`, `export` and `gate`: a cross-encoder of one's own."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shopkeeper.judgment_options import JudgmentReader, judgment_options
from shopkeeper.language_option import language_option
from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from search_core.settings import Settings

_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
_NEW_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command(
    epilog="""\b
Examples:
  shopkeeper reranker train models/mine
  shopkeeper reranker train models/mine --index products --set reranker.training.layers=4
  shopkeeper reranker train models/mine --judgments judgments.csv --no-catalogue"""
)
@click.argument("target", type=_NEW_FOLDER)
@click.option("--index", default="products", show_default=True, help="Alias or generation.")
@click.option(
    "--judgments",
    type=_FILE,
    help="Grades to learn from, of people or from clicks (`shopkeeper judgments from-events`).",
)
@click.option(
    "--catalogue/--no-catalogue",
    default=True,
    show_default=True,
    help="Whether queries are made from the catalogue.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@judgment_options
@settings_options
def train(
    target: Path,
    index: str,
    judgments: Path | None,
    catalogue: bool,
    as_json: bool,
    reader: JudgmentReader,
    settings: "Settings",
) -> None:
    """Train a cross-encoder on the catalogue of an index, and write it to the folder TARGET.

    Queries are made from product types, categories, tags, brands, attributes and titles; what
    competes for each comes from the present search. No judgments are needed; they can be added. A
    training that was cut off goes on where it was when the command is given again. Needs the extra
    `train`; [reranker.training] has the settings.
    """
    from shopkeeper.evaluate_extra import evaluate_extra

    if judgments is None and not catalogue:
        raise click.UsageError("there is nothing to learn from: give --judgments, or --catalogue")
    with evaluate_extra():
        from shopkeeper.reranker_training import TrainingRequest, train_reranker
    from shopkeeper.console import emit_json, out, progress

    request = TrainingRequest(
        index=index,
        target=target,
        judgments=None if judgments is None else reader.read(judgments).checked(),
        from_catalogue=catalogue,
    )
    with progress() as listener:
        trained = train_reranker(request, settings, listener)
    if as_json:
        emit_json(trained)
        return
    out(
        f"trained on {trained.train_groups} queries; nDCG@10 of {trained.held_out_groups} held-out "
        f"ones, by their own targets: {trained.ndcg_before:.4f} before, {trained.ndcg_after:.4f} "
        "after"
    )
    out(f"next: shopkeeper reranker export {target} {target}-onnx")


@click.command(
    epilog="""\b
Examples:
  shopkeeper reranker export models/mine models/mine-onnx
  shopkeeper reranker export models/mine models/mine-onnx --calibrate 300
  shopkeeper reranker export models/mine models/mine-onnx --precision fp16"""
)
@click.argument("model", type=_FOLDER)
@click.argument("target", type=_NEW_FOLDER)
@click.option(
    "--precision",
    type=click.Choice(["int8", "fp16", "fp32"]),
    default="int8",
    show_default=True,
    help="What weights are stored in: int8 for a CPU, fp16 for a GPU.",
)
@click.option(
    "--calibrate",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="PAIRS",
    help="For int8 of a BERT: fix the scales of activations on so many training pairs, so that a "
    "score never depends on the pairs beside it; 0: measure them as the model runs.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@settings_options
def export(
    model: Path,
    target: Path,
    precision: str,
    calibrate: int,
    as_json: bool,
    settings: "Settings",
) -> None:
    """Write a trained MODEL as ONNX to the folder TARGET, and check that its scores are the same.

    Scores are compared on the queries that training held out. What differs by more than is
    tolerated (.001 between PyTorch and ONNX in fp32; then a correlation with PyTorch below .98 in
    int8, .9999 in fp16) is not written.
    """
    from reranker.training import (
        Precision,
        export_cross_encoder,
        held_out_pairs,
        training_pairs,
    )
    from shopkeeper.console import emit_json, out

    training = settings.reranker.training
    exported = export_cross_encoder(
        model,
        target,
        held_out_pairs(model, training),
        precision=Precision(precision),
        calibration=training_pairs(model, training, calibrate) if calibrate else (),
    )
    if as_json:
        emit_json(exported)
        return
    out(
        f"{target}: {exported.size_bytes / 1e6:.1f} MB; on {exported.compared_pairs} pairs the "
        f"logits' correlation with the trained model is {exported.correlation:.4f}"
    )
    out(f"next: shopkeeper reranker gate {target} JUDGMENTS")


@click.command(
    epilog="""\b
Examples:
  shopkeeper reranker gate models/mine-onnx judgments.csv
  shopkeeper reranker gate models/mine-onnx judgments.csv --publish
  shopkeeper reranker gate models/chinese-onnx judgments.csv --for zh

Exit status: 0 passed, 1 not passed, 2 wrong usage or judgments, 3 OpenSearch does not answer."""
)
@click.argument("exported", type=_FOLDER)
@click.argument("judgments", type=_FILE)
@click.option("--index", default="products", show_default=True, help="Alias or generation.")
@click.option("--config", "config", type=_FILE, help="Settings of the search it has to beat.")
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="SETTING=VALUE",
    help="Settings of the candidate besides its model, e.g. reranker.weight=0.5; repeatable.",
)
@click.option("--publish", is_flag=True, help="Put the model live in Triton if it passes.")
@language_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@judgment_options
def gate(
    exported: Path,
    judgments: Path,
    index: str,
    config: Path | None,
    overrides: tuple[str, ...],
    publish: bool,
    language: str | None,
    as_json: bool,
    reader: JudgmentReader,
) -> None:
    """Let an EXPORTED model rerank, and say whether search wins by it on JUDGMENTS.

    The search as configured is the baseline; the candidate is the same with this model. It has to
    win by evaluation.margin, and no class of queries, no language either, may lose more than
    evaluation.class_limit. Queries that the model was trained on, and others for the same kind of
    product, are left out. With --for it reads the queries of that language, which alone are judged.
    """
    from shopkeeper.evaluate_extra import evaluate_extra

    with evaluate_extra():
        from shopkeeper.evaluation_output import print_result, result_as_json
        from shopkeeper.reranker_gate import GateRequest, gate_reranker
    from shopkeeper.console import emit_json, note, progress

    request = GateRequest(
        exported=exported,
        judgments=reader.read(judgments).checked(),
        index=index,
        config=config,
        overrides=overrides,
        publish=publish,
        language=language,
    )
    with progress() as listener:
        outcome = gate_reranker(request, listener)
    if as_json:
        emit_json({**result_as_json(outcome.result), "published": outcome.published})
    else:
        print_result(outcome.result)
        if outcome.published is not None:
            note(f"{outcome.published.model} version {outcome.published.version} is published")
    if outcome.result.verdict is None or not outcome.result.verdict.passed:
        sys.exit(1)
