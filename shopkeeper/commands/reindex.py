"""`shopkeeper reindex`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from encoders import LoadedModels
    from indexer import (
        MoreGenerators,
        ReindexRequest,
        ReindexTools,
        UpdateRequest,
    )
    from search_core.settings import Settings
    from shopkeeper.tag_sources import TagSources

_EXAMPLES = """\b
Examples:
  shopkeeper reindex products.jsonl.gz
  shopkeeper reindex export.csv --schema catalog.toml --rejects rejects.jsonl
  shopkeeper reindex export.csv --dry-run 20
  shopkeeper reindex products.jsonl --resume
  shopkeeper reindex products.jsonl --update
  shopkeeper reindex products.parquet --runner ray
  zcat feed.tsv.gz | shopkeeper reindex - --index bedding --language en
"""


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
@click.option(
    "--update",
    is_flag=True,
    help="Change the live generation in place: write what differs, delete what is gone.",
)
@click.option(
    "--taxonomy",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Place products in the categories of this file.  [default: indexer.taxonomy.file]",
)
@click.option("--resume", is_flag=True, help="Go on with a run of the same file that ended early.")
@click.option("--no-swap", is_flag=True, help="Build and check, but do not put live.")
@click.option("--no-vectors", is_flag=True, help="Index without vectors: BM25 only.")
@click.option(
    "--allow-shrink",
    is_flag=True,
    help="Put live even with less than half of the live generation's products; with --update: "
    "delete however many are gone.",
)
@click.option(
    "--dry-run",
    type=click.IntRange(min=1),
    metavar="ROWS",
    help="Show what would become of the first ROWS rows, and stop; with --update: count what would "
    "change, over all rows.",
)
@click.option(
    "--runner",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="What tags and encodes: this process, or the Ray cluster of indexer.ray.",
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
    update: bool,
    taxonomy: Path | None,
    resume: bool,
    no_swap: bool,
    no_vectors: bool,
    allow_shrink: bool,
    dry_run: int | None,
    runner: str,
    as_json: bool,
    settings: "Settings",
) -> None:
    """Index a CATALOGUE into a new generation, check it, and put it live.

    CATALOGUE is JSON Lines, a JSON array, CSV, TSV or Parquet, also with gzip or zstd; `-` reads
    standard input. Searches see the old generation until the new one is complete. With --update no
    generation is built: the live one is brought up to date, one product after the other.
    """
    from indexer import ReindexRequest, UpdateRequest, read_language
    from shopkeeper.tag_sources import with_taxonomy

    settings = with_taxonomy(settings, taxonomy)
    asked: dict[str, Any] = {
        "catalog": catalogue,
        "alias": index,
        "schema": schema,
        "language": None if language is None else read_language(language),
        "rejects": rejects,
        "max_rejects": max_rejects,
        "allow_shrink": allow_shrink,
    }
    if update:
        flags = {"--resume": resume, "--no-swap": no_swap, "--no-vectors": no_vectors}
        _refuse_for_update({**flags, "--runner ray": runner == "ray"})
        changes = UpdateRequest(**asked, dry_run=dry_run is not None)
        _update(changes, settings, as_json=as_json)
        return
    request = ReindexRequest(**asked, resume=resume, swap=not no_swap)
    if dry_run is not None:
        _preview(request, settings, dry_run, vectors=not no_vectors, as_json=as_json)
    else:
        on_ray = runner == "ray"
        _index(request, settings, vectors=not no_vectors, on_ray=on_ray, as_json=as_json)


def _preview(
    request: "ReindexRequest", settings: "Settings", rows: int, *, vectors: bool, as_json: bool
) -> None:
    from indexer import preview_reindex
    from shopkeeper.console import emit_json, note
    from shopkeeper.reindex_output import print_preview
    from shopkeeper.tag_sources import TagSources

    with TagSources(settings, say=note, dry_run=True) as sources:
        preview = preview_reindex(request, settings.indexer, rows, _more(sources), vectors=vectors)
    emit_json(preview) if as_json else print_preview(preview)


def _index(
    request: "ReindexRequest", settings: "Settings", *, vectors: bool, on_ray: bool, as_json: bool
) -> None:
    from indexer import reindex as run_reindex
    from shopkeeper.composition import reindex_tools
    from shopkeeper.console import emit_json, note, progress
    from shopkeeper.ray_workers import worker_settings
    from shopkeeper.reindex_output import print_reindex
    from shopkeeper.tag_sources import TagSources

    tagging = worker_settings(settings) if on_ray else settings
    models: LoadedModels = {}
    with (
        progress() as listener,
        TagSources(tagging, listener, say=note, loaded=models) as sources,
    ):
        tools = reindex_tools(
            settings, listener, vectors=vectors, tag_sources=_more(sources), loaded=models
        )
        report = run_reindex(request, _on_ray(tools, settings) if on_ray else tools)
    for line in sources.notes():
        note(line)
    emit_json(report) if as_json else print_reindex(report, request.rejects)


def _more(sources: "TagSources") -> "MoreGenerators":
    from indexer import no_more_generators

    return sources if sources.are_on else no_more_generators


def _on_ray(tools: "ReindexTools", settings: "Settings") -> "ReindexTools":
    from dataclasses import replace

    from shopkeeper.ray_workers import ray_preparation

    return replace(tools, preparation_for=ray_preparation(settings))


def _refuse_for_update(flags: dict[str, bool]) -> None:
    for flag, given in flags.items():
        if given:
            raise click.UsageError(f"{flag} is about a new generation: leave it out, or --update")


def _update(request: "UpdateRequest", settings: "Settings", *, as_json: bool) -> None:
    from indexer import update_index
    from shopkeeper.composition import update_tools
    from shopkeeper.console import emit_json, note, progress
    from shopkeeper.reindex_output import print_update
    from shopkeeper.tag_sources import TagSources

    models: LoadedModels = {}
    with (
        progress() as listener,
        TagSources(settings, listener, say=note, loaded=models) as sources,
    ):
        tools = update_tools(settings, listener, tag_sources=_more(sources), loaded=models)
        report = update_index(request, tools)
    for line in sources.notes():
        note(line)
    emit_json(report) if as_json else print_update(report, request.rejects)
