"""`shopkeeper reindex`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from indexer import ReindexPreview, ReindexReport
    from search_core.settings import Settings

_EXAMPLES = """\b
Examples:
  shopkeeper reindex products.jsonl.gz
  shopkeeper reindex export.csv --schema catalog.toml --rejects rejects.jsonl
  shopkeeper reindex export.csv --dry-run 20
  shopkeeper reindex products.jsonl --resume
  zcat feed.tsv.gz | shopkeeper reindex - --index bedding --language en
"""
_SHOWN_PRODUCTS = 5
_SHOWN_REJECTS = 10


@click.command(epilog=_EXAMPLES)
@click.argument("catalogue", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--index", default="products", show_default=True, help="Alias that searches name.")
@click.option(
    "--schema",
    type=click.Path(path_type=Path, dir_okay=False),
    help="What the catalogue's fields mean.  [default: found out from the file]",
)
@click.option("--language", metavar="CODE", help="ISO 639-1 of all products.  [default: found out]")
@click.option(
    "--rejects",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write rows that were set aside to this file, as JSON Lines.",
)
@click.option(
    "--max-rejects",
    type=click.IntRange(min=0),
    help="End when more rows than this are set aside.  [default: indexer.max_rejects]",
)
@click.option("--resume", is_flag=True, help="Go on with a run of the same file that ended early.")
@click.option("--no-swap", is_flag=True, help="Build and check, but do not put live.")
@click.option("--no-vectors", is_flag=True, help="Index without vectors: BM25 only.")
@click.option(
    "--allow-shrink",
    is_flag=True,
    help="Put live even with less than half of the live generation's products.",
)
@click.option(
    "--dry-run",
    type=click.IntRange(min=1),
    metavar="ROWS",
    help="Show what would become of the first ROWS rows, and stop.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@settings_options
def reindex(
    catalogue: Path,
    index: str,
    schema: Path | None,
    language: str | None,
    rejects: Path | None,
    max_rejects: int | None,
    resume: bool,
    no_swap: bool,
    no_vectors: bool,
    allow_shrink: bool,
    dry_run: int | None,
    as_json: bool,
    settings: "Settings",
) -> None:
    """Index a CATALOGUE into a new generation, check it, and put it live.

    CATALOGUE is JSON Lines, a JSON array, CSV, TSV or Parquet, also with gzip or zstd; `-` reads
    standard input. Searches see the old generation until the new one is complete.
    """
    from indexer import ReindexRequest, preview_reindex, read_language
    from indexer import reindex as run_reindex
    from shopkeeper.composition import reindex_tools
    from shopkeeper.console import emit_json, progress

    request = ReindexRequest(
        catalog=catalogue,
        alias=index,
        schema=schema,
        language=None if language is None else read_language(language),
        rejects=rejects,
        max_rejects=max_rejects,
        resume=resume,
        swap=not no_swap,
        allow_shrink=allow_shrink,
    )
    if dry_run is not None:
        preview = preview_reindex(request, settings.indexer, dry_run)
        emit_json(preview) if as_json else _print_preview(preview)
        return
    with progress() as listener:
        report = run_reindex(request, reindex_tools(settings, listener, vectors=not no_vectors))
    emit_json(report) if as_json else _print_report(report, rejects)


def _print_report(report: "ReindexReport", rejects: Path | None) -> None:
    from shopkeeper.console import note, out, table

    for warning in report.warnings:
        note(f"warning: {warning}")
    for field, count in report.left_out.items():
        note(f"warning: {count:,} values of {field} could not be read and were left out")
    set_aside = ", ".join(f"{count:,} {reason}" for reason, count in report.rejects.items())
    seen_in = f" (see {rejects})" if rejects and report.rejects else ""
    rows = [
        ("read", f"{report.rows:,} rows" + _resumed(report)),
        ("set aside", f"{set_aside or 'none'}{seen_in}"),
        ("indexed", f"{report.documents:,} products"),
        ("vectors", _vectors(report)),
        ("languages", _languages(report)),
        ("schema", "found out from the file" if report.schema_inferred else "as given"),
        ("time", f"{report.seconds:.1f} s, {report.products_per_second:,.0f} products/s"),
        ("generation", report.generation),
        ("replaced", report.replaced or "nothing"),
        ("deleted", ", ".join(report.deleted) or "nothing"),
    ]
    table("Reindex", ("step", "result"), rows)
    if report.published:
        out(f"{report.alias} is live on {report.generation}")
    else:
        out(
            f"{report.generation} is complete; put it live with: "
            f"shopkeeper index publish {report.alias} {report.generation}"
        )


def _resumed(report: "ReindexReport") -> str:
    resumed = report.resumed_at_row
    return f", the first {resumed:,} of them written by an earlier run" if resumed else ""


def _vectors(report: "ReindexReport") -> str:
    if report.encoder is None:
        return "none"
    return f"{report.encoded:,} encoded, {report.from_cache:,} from the cache ({report.encoder})"


def _languages(report: "ReindexReport | ReindexPreview") -> str:
    shares = (f"{code} {share:.0%}" for code, share in report.languages.items())
    return ", ".join(shares) or "not determined"


def _print_preview(preview: "ReindexPreview") -> None:
    from shopkeeper.console import note, out, table

    for warning in preview.warnings:
        note(f"warning: {warning}")
    out(
        f"{preview.catalog}: of {preview.rows:,} rows {len(preview.products):,} would be indexed "
        f"and {len(preview.rejects):,} set aside; languages: {_languages(preview)}"
    )
    table(
        "Products",
        ("id", "encoded text"),
        [(str(p.document["id"]), p.passage) for p in preview.products[:_SHOWN_PRODUCTS]],
    )
    if preview.rejects:
        table(
            "Set aside",
            ("reason", "message"),
            [(r.reason.value, r.message) for r in preview.rejects[:_SHOWN_REJECTS]],
        )
    out(f"Schema ({'found out' if preview.schema_inferred else 'as given'}):")
    out(preview.catalog_toml)
