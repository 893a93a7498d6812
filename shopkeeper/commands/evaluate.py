"""`shopkeeper evaluate`: measure, compare and gate configurations on judgments."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shopkeeper.judgment_options import JudgmentReader, judgment_options
from shopkeeper.measuring_options import measuring_options

if TYPE_CHECKING:
    from shopkeeper.evaluation_session import EvaluationResult

_EXAMPLES = """\b
Examples:
  shopkeeper evaluate judgments.csv
  shopkeeper evaluate judgments.csv --set fusion.dense_weight=2
  shopkeeper evaluate judgments.csv --config a.toml --config b.toml --report out.html
  shopkeeper evaluate judgments.csv --run present.trec --config a.toml --json
  shopkeeper evaluate judgments.csv --gate --baseline a.toml --candidate b.toml \\
      --margin 0.005 --latency-budget-ms 80

Exit status: 0 done (with --gate: passed), 1 the gate is not passed, 2 wrong usage, configuration
or judgments, 3 OpenSearch or another system does not answer.
"""
_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command(epilog=_EXAMPLES)
@click.argument("judgments", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--index", default="products", show_default=True, help="Alias or generation.")
@click.option("--config", "configs", type=_FILE, multiple=True, help="Settings file; repeatable.")
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="SETTING=VALUE",
    help="Changes to the first settings file (or the default settings) that make one more system, "
    "e.g. fusion.dense_weight=2; repeatable, all together one system.",
)
@click.option(
    "--run",
    "runs",
    type=_FILE,
    multiple=True,
    help="Ranking of another system as a TREC run file; repeatable.",
)
@click.option(
    "--template",
    "templates",
    type=_FILE,
    multiple=True,
    help="Search body of your own, JSON with {{query}} in it; repeatable.",
)
@click.option(
    "--endpoint",
    "endpoints",
    multiple=True,
    metavar="URL",
    help="Another search by its address with {query} and {size} in it; repeatable.",
)
@click.option(
    "--ids-path",
    default="hits[].id",
    show_default=True,
    help="Where the ids are in an endpoint's JSON answer (JMESPath).",
)
@click.option("--baseline", type=_FILE, help="What the others are compared with: a file as above.")
@click.option("--candidate", type=_FILE, help="What could replace it: a file as above.")
@click.option("--gate", is_flag=True, help="Exit 1 unless the candidate may replace the baseline.")
@click.option(
    "--save-runs",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write each system's ranking into this folder, as TREC run files.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a report as one HTML file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@measuring_options
@judgment_options
def evaluate(
    judgments: Path,
    index: str,
    configs: tuple[Path, ...],
    overrides: tuple[str, ...],
    runs: tuple[Path, ...],
    templates: tuple[Path, ...],
    endpoints: tuple[str, ...],
    ids_path: str,
    baseline: Path | None,
    candidate: Path | None,
    gate: bool,
    save_runs: Path | None,
    report: Path | None,
    as_json: bool,
    reader: JudgmentReader,
    measuring: Mapping[str, object],
) -> None:
    """Measure search on JUDGMENTS, compare systems on the same queries, gate a change.

    JUDGMENTS are CSV (query,docid,rating), TREC qrels, JSON of the Search Relevance Workbench, or
    JSON lines. The first system is the baseline of all comparisons; without any, the present
    settings are measured.
    """
    from shopkeeper.evaluate_extra import evaluate_extra

    with evaluate_extra():
        from shopkeeper.evaluation_output import print_result, result_as_json
        from shopkeeper.evaluation_session import EvaluationRequest, evaluate_systems
    from shopkeeper.console import emit_json, progress

    request = EvaluationRequest(
        judgments=reader.read(judgments).checked(),
        index=index,
        files=tuple(
            path for path in (baseline, *runs, *templates, *configs, candidate) if path is not None
        ),
        overrides=overrides,
        flags=measuring,
        endpoints=endpoints,
        ids_path=ids_path,
        query_texts=reader.query_texts(),
        gate=gate,
    )
    with progress() as listener:
        result = evaluate_systems(request, listener)
    if save_runs is not None:
        _save_runs(result, save_runs)
    if report is not None:
        _write_report(result, report)
    emit_json(result_as_json(result)) if as_json else print_result(result)
    if result.verdict is not None and not result.verdict.passed:
        sys.exit(1)


def _save_runs(result: "EvaluationResult", folder: Path) -> None:
    from evaluation import write_run_file
    from shopkeeper.console import note

    folder.mkdir(parents=True, exist_ok=True)
    for number, evaluation in enumerate(result.evaluations, start=1):
        words = "".join(each if each.isalnum() else " " for each in evaluation.name).split()
        path = folder / f"{number}-{'-'.join(words)[:80]}.trec"
        write_run_file(evaluation.run, path)
        note(f"wrote {path}")


def _write_report(result: "EvaluationResult", path: Path) -> None:
    from datetime import UTC, datetime

    from evaluation import ReportExtras, write_report
    from shopkeeper.console import note

    extras = ReportExtras(verdict=result.verdict, notes=result.notes)
    write_report(
        path, result.evaluations, result.comparisons, made_at=datetime.now(UTC), extras=extras
    )
    note(f"wrote {path}")
