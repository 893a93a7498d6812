"""`shopkeeper judgments pool`: the unjudged hits that would settle a comparison."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shopkeeper.judgment_options import JudgmentReader, judgment_options

if TYPE_CHECKING:
    from evaluation import Pool

_EXAMPLES = """\b
Examples:
  shopkeeper judgments pool judgments.csv --config now.toml --config new.toml --output rate.csv
  shopkeeper judgments pool judgments.csv --set fusion.dense_weight=2 --limit 50

Have `rating` filled in (Quepid imports the file), then
  shopkeeper judgments merge judgments.csv rate.csv --output judgments-2.csv
"""
_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_SHOWN_ROWS = 20


@click.command("pool", epilog=_EXAMPLES)
@click.argument("judgments", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--index", default="products", show_default=True, help="Alias or generation.")
@click.option("--config", "configs", type=_FILE, multiple=True, help="Settings file; repeatable.")
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="SETTING=VALUE",
    help="Changes to the first settings file that make one more system; repeatable.",
)
@click.option("--run", "runs", type=_FILE, multiple=True, help="TREC run file; repeatable.")
@click.option(
    "--measure", help="What is to be settled.  [default: the first of evaluation.measures]"
)
@click.option(
    "--limit", type=click.IntRange(min=1), help="Ratings asked for.  [default: all that matter]"
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write all of them as CSV: query, docid, rating (empty), title.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the hits and their effects.")
@judgment_options
def judgments_pool(
    judgments: Path,
    index: str,
    configs: tuple[Path, ...],
    overrides: tuple[str, ...],
    runs: tuple[Path, ...],
    measure: str | None,
    limit: int | None,
    output: Path | None,
    as_json: bool,
    reader: JudgmentReader,
) -> None:
    """List the unjudged hits whose rating would move a comparison most.

    The systems are compared as by `shopkeeper evaluate JUDGMENTS`. With a single one, the hits are
    listed that move its own measure.
    """
    from shopkeeper.evaluate_extra import evaluate_extra

    with evaluate_extra():
        from evaluation import Measure, pool_hits
        from shopkeeper.evaluation_session import EvaluationRequest, evaluate_systems
    from shopkeeper.console import emit_json, progress

    chosen = None if measure is None else Measure.parse(measure)
    request = EvaluationRequest(
        judgments=reader.read(judgments).checked(),
        index=index,
        files=(*runs, *configs),
        overrides=overrides,
        flags={} if measure is None else {"evaluation.measures": (measure,)},
        query_texts=reader.query_texts(),
    )
    with progress() as listener:
        result = evaluate_systems(request, listener)
    pool = pool_hits(result.evaluations, chosen or result.evaluations[0].measures[0])
    if output is not None:
        _write(pool, output, limit)
    if as_json:
        emit_json(pool)
    else:
        _print(pool, limit, written=output is not None)


def _write(pool: "Pool", output: Path, limit: int | None) -> None:
    from evaluation import pool_csv
    from search_core import EvaluationError
    from shopkeeper.console import note

    hits = [hit for hit in pool.hits if hit.effect > 0][:limit]
    try:
        output.write_text(pool_csv(hits), encoding="utf-8")
    except OSError as error:
        raise EvaluationError(
            f"{output} cannot be written: {error.strerror}",
            remedy="give --output a path in a folder that exists and can be written to",
        ) from error
    note(f"wrote {output}: {len(hits)} of {len(pool.hits)} unjudged hits")


def _print(pool: "Pool", limit: int | None, *, written: bool) -> None:
    from shopkeeper.console import counted, note, out, table

    asked = [hit for hit in pool.hits if hit.effect > 0]
    rows = [
        (
            hit.query.text,
            hit.product_id,
            hit.title,
            f"{hit.effect:.4f}",
            ", ".join(f"{name} {rank}" for name, rank in hit.ranks.items()),
        )
        for hit in asked[: min(limit or _SHOWN_ROWS, _SHOWN_ROWS)]
    ]
    table("To be rated first", ("query", "product", "title", "effect", "ranks"), rows)
    if not written:
        note(f"{len(rows)} of {counted(len(asked), 'hit')} to be rated; --output writes them all")
    if pool.difference is None or pool.settled_by is None:
        return
    out(f"The difference of {pool.measure} is {pool.difference:+.4f}.")
    if pool.settled_by == 0:
        out("What is unjudged cannot turn it round: no rating is needed.")
    else:
        out(
            f"After the first {pool.settled_by} ratings, what is left could no longer turn it "
            "round, if those do not."
        )
