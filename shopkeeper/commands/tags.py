"""`shopkeeper tags`: what is generated for products, and what a person says about it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from indexer import ReviewReport, TaggedProduct, TagPreview
    from search_core.settings import Settings

_PREVIEW_EXAMPLES = """\b
Examples:
  shopkeeper tags preview products.jsonl.gz
  shopkeeper tags preview export.csv --sample 100 --json
  shopkeeper tags preview products.jsonl --set indexer.tags.key_phrases=true
  shopkeeper tags preview products.jsonl --taxonomy categories.txt
"""
_EXPORT_EXAMPLES = """\b
Examples:
  shopkeeper tags review export tags.csv
  shopkeeper tags review export tags.jsonl --index bedding
"""
_IMPORT_EXAMPLES = """\b
Examples:
  shopkeeper tags review import tags.csv --dry-run
  shopkeeper tags review import tags.csv --index bedding
"""
_SHOWN_UNKNOWN = 5
_TITLE_CHARS = 40
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_INDEX = click.option(
    "--index", default="products", show_default=True, help="Alias that searches name."
)


@click.group()
def tags() -> None:
    """Show the tags that products get, and put them right."""


@tags.command(epilog=_PREVIEW_EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--sample",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="Products that are shown, spread over the catalogue.",
)
@click.option(
    "--schema",
    type=click.Path(path_type=Path, dir_okay=False),
    help="What the catalogue's fields mean.  [default: found out from the file]",
)
@click.option("--language", metavar="CODE", help="ISO 639-1 of all products.  [default: found out]")
@click.option(
    "--taxonomy",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Place products in the categories of this file.  [default: indexer.taxonomy.file]",
)
@_JSON
@settings_options
def preview(
    file: Path,
    sample: int,
    schema: Path | None,
    language: str | None,
    taxonomy: Path | None,
    as_json: bool,
    settings: "Settings",
) -> None:
    """Show which tags products of a catalogue FILE would get; no OpenSearch is needed.

    Each tag comes with its kind, its source and how sure it is. Corrections of a person are not
    shown: they are kept in OpenSearch.
    """
    from indexer import preview_tags, read_language
    from shopkeeper.console import emit_json, note
    from shopkeeper.tag_sources import TagSources, with_taxonomy

    settings = with_taxonomy(settings, taxonomy)
    with TagSources(settings, say=note) as sources:
        found = preview_tags(
            file,
            settings.indexer,
            sample=sample,
            schema=schema,
            language=None if language is None else read_language(language),
            more=sources,
        )
    for line in sources.notes():
        note(line)
    emit_json(found) if as_json else _print_preview(found)


@tags.group(epilog="Example: shopkeeper tags review export tags.csv")
def review() -> None:
    """Write the tags of an index to a file for a person, and take corrections in again."""


@review.command("export", epilog=_EXPORT_EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@_INDEX
@click.option("--json", "as_json", is_flag=True, help="Print the number of tags as JSON.")
@settings_options
def export_command(file: Path, index: str, as_json: bool, settings: "Settings") -> None:
    """Write the tags of the live generation to FILE, one a line.

    A name that ends in `.jsonl` gives JSON Lines, any other CSV; `-` prints CSV. Write `add`,
    `remove` or `reset` into the column `action`, then: shopkeeper tags review import FILE.
    """
    from indexer import exported_tags, write_review
    from shopkeeper.composition import search_engine_client
    from shopkeeper.console import counted, emit_json, note

    found = exported_tags(search_engine_client(settings), index)
    if str(file) == "-":
        write_review(sys.stdout, found, as_json=False)
        return
    with file.open("w", encoding="utf-8", newline="") as stream:
        count = write_review(stream, found, as_json=file.suffix == ".jsonl")
    if as_json:
        emit_json({"alias": index, "file": str(file), "tags": count})
    else:
        note(f"wrote {counted(count, 'tag')} to {file}")


@review.command("import", epilog=_IMPORT_EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_INDEX
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@_JSON
@settings_options
def import_command(
    file: Path, index: str, dry_run: bool, as_json: bool, settings: "Settings"
) -> None:
    """Take the corrections of FILE in: they win over every generator, now and after reindexing.

    Lines without an action say nothing. The live generation is put right at once; vectors that
    were encoded with tags (indexer.tags.in_passage) are made anew by the next reindex.
    """
    from indexer import import_review, read_review
    from shopkeeper.composition import search_engine_client
    from shopkeeper.console import emit_json

    reviewed = read_review(file)
    report = import_review(search_engine_client(settings), index, reviewed, dry_run=dry_run)
    emit_json(report) if as_json else _print_report(report)


def _print_preview(found: "TagPreview") -> None:
    from shopkeeper.console import counted, note, out, table

    if not found.generators:
        note("no generator is switched on: see [indexer.tags] in docs/settings.md")
    languages = ", ".join(f"{code} {share:.0%}" for code, share in found.languages.items())
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in found.kinds.items())
    out(
        f"{found.catalog}: learned from {counted(found.looked_at, 'product')} "
        f"({languages or 'language not determined'}); "
        f"{counted(len(found.products), 'product')} looked at: {kinds or 'no tags'}"
    )
    rows = [row for each in found.products for row in _rows(each)]
    if rows:
        table("Tags", ("product", "tag", "kind", "sure", "source"), rows)
    untagged = sum(not each.tags for each in found.products)
    if untagged:
        note(
            f"{untagged:,} of {counted(len(found.products), 'product')}: no tags; --json lists them"
        )


def _rows(product: "TaggedProduct") -> list[tuple[str, ...]]:
    title = " ".join(product.title.split())
    short = title if len(title) <= _TITLE_CHARS else f"{title[:_TITLE_CHARS]}…"
    name = f"{product.product_id} {short}"
    return [
        (name, tag.text, tag.kind.value, f"{100 * tag.confidence:.0f} %", tag.source)
        for tag in product.tags
    ]


def _print_report(report: "ReviewReport") -> None:
    from shopkeeper.console import counted, note, out

    would = "would be " if report.dry_run else ""
    out(
        f"{report.alias}: {counted(report.added, 'tag')} {would}added, {report.removed:,} removed, "
        f"{report.reset:,} reset; {counted(report.rewritten, 'product')} of the live generation "
        f"{would}rewritten; {report.products:,} products are corrected in all"
    )
    if report.unknown:
        shown = ", ".join(report.unknown[:_SHOWN_UNKNOWN])
        more = "…" if len(report.unknown) > _SHOWN_UNKNOWN else ""
        note(
            f"warning: {len(report.unknown):,} ids are not in the live generation ({shown}{more}): "
            "their corrections wait for a product of that id"
        )
    if report.waiting:
        note(
            "warning: the live generation was built by an older version and cannot have tags: "
            "the corrections count from the next reindex on"
        )
    for name in report.being_built:
        note(
            f"warning: {name} is not complete and may have read the corrections before: "
            "import the file again once it is live"
        )
