"""`shopkeeper ablate`: what each stage is worth, in relevance and in milliseconds."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shopkeeper.judgment_options import JudgmentReader, judgment_options

if TYPE_CHECKING:
    from shopkeeper.ablation_session import AblationResult

_EXAMPLES = """\b
Examples:
  shopkeeper ablate judgments.csv
  shopkeeper ablate judgments.csv --config new.toml --measure nDCG@10 --measure R@100 --json
  shopkeeper ablate judgments.csv --set reranker.kind=onnx     (the reranker is a stage too)
"""


@click.command(epilog=_EXAMPLES)
@click.argument("judgments", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--index", default="products", show_default=True, help="Alias or generation.")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings file of the whole search.  [default: shopkeeper.toml, if there is one]",
)
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="SETTING=VALUE",
    help="Change of the whole search; repeatable.",
)
@click.option(
    "--measure",
    "measures",
    multiple=True,
    metavar="MEASURE",
    help="As ir-measures writes it; repeatable, the first decides.  [default: evaluation.measures]",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@judgment_options
def ablate(
    judgments: Path,
    index: str,
    config: Path | None,
    overrides: tuple[str, ...],
    measures: tuple[str, ...],
    as_json: bool,
    reader: JudgmentReader,
) -> None:
    """Switch each stage off in turn and say what is lost on JUDGMENTS without it.

    A stage is every setting of the search that is on (true), and what else can be left out: the
    reranker, rules, business signals, the floor of the k-NN leg. Stages depend on each other: what
    two of them are worth together is not the sum.
    """
    from shopkeeper.evaluate_extra import evaluate_extra

    with evaluate_extra():
        from shopkeeper.ablation_session import AblationRequest, ablate_stages
    from shopkeeper.console import emit_json, progress

    request = AblationRequest(
        judgments=reader.read(judgments).checked(),
        index=index,
        config=config,
        overrides=overrides,
        measures=measures,
    )
    with progress() as listener:
        result = ablate_stages(request, listener)
    emit_json(_as_json(result)) if as_json else _print(result)


def _print(result: "AblationResult") -> None:
    from shopkeeper.console import out, table

    whole = result.whole
    measure = whole.measures[0]
    confidence = f"{result.stages[0].comparison.confidence:.0%}"
    table(
        f"What each stage adds to {measure} ({whole.mean(measure):.4f} with all of them)",
        ("stage", "worth", f"{confidence} interval", "p, Holm", "ms", "verdict", "without"),
        [
            (
                stage.setting,
                f"{stage.worth:+.4f}",
                f"{stage.interval.low:+.4f} to {stage.interval.high:+.4f}",
                f"{stage.comparison.deciding.adjusted_p_value:.4f}",
                "–" if stage.milliseconds is None else f"{stage.milliseconds:+.1f}",
                stage.verdict,
                f"{stage.comparison.deciding.candidate_mean:.4f}",
            )
            for stage in result.stages
        ],
    )
    table(
        "What is left of every measure",
        ("measure", "whole", *(f"without {stage.setting}" for stage in result.stages)),
        [
            (
                each.name,
                f"{whole.mean(each):.4f}",
                *(f"{stage.comparison.candidate.mean(each):.4f}" for stage in result.stages),
            )
            for each in whole.measures
        ],
    )
    if whole.latency is not None:
        out(f"A page of the whole search takes {whole.latency.p50_ms:.0f} ms (median).")


def _as_json(result: "AblationResult") -> dict[str, Any]:
    whole = result.whole
    return {
        "whole": {each.name: whole.mean(each) for each in whole.measures},
        "latency": whole.latency,
        "stages": [
            {
                "setting": stage.setting,
                "worth": stage.worth,
                "interval": [stage.interval.low, stage.interval.high],
                "adjusted_p_value": stage.comparison.deciding.adjusted_p_value,
                "milliseconds": stage.milliseconds,
                "verdict": stage.verdict,
                "without": {
                    each.name: stage.comparison.candidate.mean(each) for each in whole.measures
                },
            }
            for stage in result.stages
        ],
    }
