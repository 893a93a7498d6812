"""`shopkeeper preview`: rankings before and after a change, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shopkeeper.judgment_options import JudgmentReader, judgment_options

if TYPE_CHECKING:
    from evaluation import JudgedQuery, Judgments, PreviewRow, QueryPreview

_EXAMPLES = """\b
Examples:
  shopkeeper preview --set fusion.dense_weight=2 --query "red dress" --query "toner"
  shopkeeper preview judgments.csv --set retrieval.some_terms=false
  shopkeeper preview judgments.csv --config now.toml --candidate new.toml --limit 5
"""
_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_TITLE_CHARS = 44


@click.command(epilog=_EXAMPLES)
@click.argument("judgments", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--query", "texts", multiple=True, metavar="TEXT", help="A query; repeatable.")
@click.option("--index", default="products", show_default=True, help="Alias or generation.")
@click.option("--config", type=_FILE, help="Settings file before the change.")
@click.option("--candidate", type=_FILE, help="Settings file after it.  [default: as before]")
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="SETTING=VALUE",
    help="The change, e.g. fusion.dense_weight=2; repeatable.",
)
@click.option(
    "--size", type=click.IntRange(1, 100), default=10, show_default=True, help="Hits of a page."
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="Judged queries shown, those in which most moves first.",
)
@click.option("--explain/--no-explain", default=True, help="Say why hits moved.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@judgment_options
def preview(
    judgments: Path | None,
    texts: tuple[str, ...],
    index: str,
    config: Path | None,
    candidate: Path | None,
    overrides: tuple[str, ...],
    size: int,
    limit: int,
    explain: bool,
    as_json: bool,
    reader: JudgmentReader,
) -> None:
    """Show what a change of settings does to rankings before it goes live.

    The queries are those given by --query, those of JUDGMENTS, or both. Nothing is changed in the
    index or in any file.
    """
    judged = None if judgments is None else reader.read(judgments).checked()
    show_change(
        PreviewedChange(index=index, config=config, candidate=candidate, overrides=overrides),
        texts,
        judged,
        size=size,
        limit=limit,
        explain=explain,
        as_json=as_json,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedChange:
    """The search, and the change to it."""

    index: str
    config: Path | None
    candidate: Path | None
    overrides: tuple[str, ...]


def show_change(
    change: PreviewedChange,
    texts: Sequence[str],
    judged: "Judgments | None",
    *,
    size: int,
    limit: int,
    explain: bool,
    as_json: bool,
) -> None:
    """Ask the queries before and after a change, and print what moved."""
    from shopkeeper.evaluate_extra import evaluate_extra

    with evaluate_extra():
        from evaluation import JudgedQuery
        from shopkeeper.preview_session import PreviewRequest, preview_change
    from shopkeeper.console import emit_json, note, progress

    given = [JudgedQuery(text=text) for text in texts]
    queries = _queries(given, judged)
    request = PreviewRequest(
        index=change.index,
        config=change.config,
        candidate=change.candidate,
        overrides=change.overrides,
        queries=queries,
        judgments=judged,
        size=size,
    )
    with progress() as listener:
        previews = preview_change(request, listener)
    changed = [each for each in previews if each.moved]
    shown = sorted(changed, key=lambda each: (each.query not in given, -each.moved))
    shown = shown[: max(limit, len(given))]
    if as_json:
        emit_json(previews)
    else:
        for each in shown:
            _print(each, size, explain=explain)
    note(
        f"{len(changed)} of {len(previews)} queries change in the first {size} hits"
        + (f"; shown are {len(shown)}" if len(shown) < len(changed) and not as_json else "")
    )


def _queries(given: "list[JudgedQuery]", judged: "Judgments | None") -> "Sequence[JudgedQuery]":
    queries = list(dict.fromkeys((*given, *(judged.queries if judged else ()))))
    if not queries:
        raise click.UsageError("give JUDGMENTS, or a query with --query")
    return queries


def _print(found: "QueryPreview", size: int, *, explain: bool) -> None:
    from shopkeeper.console import out, table

    # A table that is piped has no title, and which query it is of must be said.
    out(f"{' '.join((found.query.text, *found.query.filters))}: {found.moved} moved")
    before = {row.rank_before: row for row in found.rows}
    after = {row.rank_after: row for row in found.rows}
    table(
        "",
        ("rank", "before", "after", "move"),
        [
            (
                str(rank),
                _title(before.get(rank)),
                _title(after.get(rank)),
                _move(after.get(rank)),
            )
            for rank in range(1, size + 1)
            if rank in before or rank in after
        ],
    )
    for row in found.rows if explain else ():
        if row.why:
            out(f"  {_title(row)}")
        for sentence in row.why:
            out(f"    {sentence}")


def _title(row: "PreviewRow | None") -> str:
    if row is None:
        return ""
    title = " ".join(row.hit.title.split()) or row.hit.product_id
    short = title if len(title) <= _TITLE_CHARS else f"{title[: _TITLE_CHARS - 1]}…"
    return short if row.grade is None else f"[{row.grade}] {short}"


def _move(row: "PreviewRow | None") -> str:
    if row is None or row.rank_after is None or not row.moved:
        return ""
    if row.rank_before is None:
        return "new"
    climbed = row.rank_before - row.rank_after
    return f"{'▲' if climbed > 0 else '▼'} {abs(climbed)} (was {row.rank_before})"
