"""`shopkeeper catalog`: look into a catalogue file and propose its schema."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from indexer import CatalogInspection, FieldChoice
    from search_core import Product

_EXAMPLES = """\b
Examples:
  shopkeeper catalog inspect products.jsonl.gz
  shopkeeper catalog inspect export.csv --write catalog.toml
  shopkeeper catalog inspect export.csv --schema catalog.toml
  zcat feed.tsv.gz | shopkeeper catalog inspect - --json
"""
_SHOWN_FIELDS = 60
_NOT_SHOWN = frozenset({"attributes", "source_hash"})
_BETWEEN = {"category_path": " > "}


@click.group()
def catalog() -> None:
    """Look into a catalogue file and propose its schema."""


@catalog.command(epilog=_EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--write",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the proposed schema to this file, to be edited and given to `reindex`.",
)
@click.option(
    "--schema",
    "schema_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Check this catalog.toml against the file instead of proposing one.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--sample",
    type=click.IntRange(min=1),
    default=1_000,
    show_default=True,
    help="Rows that are looked at.",
)
def inspect(
    file: Path, write: Path | None, schema_file: Path | None, as_json: bool, sample: int
) -> None:
    """Say what each field of a catalogue FILE is, how sure that is, and what would be indexed.

    FILE is JSON Lines, a JSON array, CSV, TSV or Parquet, also with gzip or zstd; `-` reads
    standard input. Nothing is indexed.
    """
    from indexer import inspect_catalog, open_catalog, read_schema, write_schema
    from shopkeeper.configuration import load_settings
    from shopkeeper.console import note

    if write is not None and schema_file is not None:
        raise click.UsageError("--write writes the proposed schema; --schema brings one: use one.")
    schema = read_schema(schema_file) if schema_file else None
    with open_catalog(file) as source:
        found = inspect_catalog(source, load_settings().indexer, sample_rows=sample, schema=schema)
    if as_json:
        _print_json(found)
    else:
        _print_tables(found)
    if write is not None:
        reasons = {choice.field: choice.why for choice in found.inferred.choices}
        write_schema(write, found.schema, reasons)
        note(f"wrote {write}; edit it, then: shopkeeper reindex {file} --schema {write}")


def _print_json(found: "CatalogInspection") -> None:
    from dataclasses import asdict

    from indexer import schema_text
    from shopkeeper.console import emit_json

    emit_json(
        {
            "description": asdict(found.description),
            "rows_looked_at": found.rows_looked_at,
            "complete": found.complete,
            "fields": [asdict(choice) for choice in found.inferred.choices],
            "languages": [asdict(share) for share in found.inferred.languages],
            "catalog_toml": schema_text(found.schema, {}),
            "warnings": found.warnings,
            "products": [asdict(product) for product in found.products],
            "rejects": [asdict(reject) for reject in found.rejects],
        }
    )


def _print_tables(found: "CatalogInspection") -> None:
    from shopkeeper.console import counted, out, table

    about = found.description
    size = f", {about.size_bytes / 1e6:.1f} MB" if about.size_bytes is not None else ""
    packed = "" if about.compression == "none" else f", {about.compression}"
    looked_at = "all" if found.complete else "a sample of"
    out(
        f"{about.name}: {about.format.replace('_', ' ')}{packed}, {about.encoding}{size};"
        f" {looked_at} {counted(found.rows_looked_at, 'row')} looked at"
    )
    choices = found.inferred.choices
    table(
        "Fields",
        ("field", "role", "sure", "filled", "why", "example"),
        [_field_row(choice) for choice in choices[:_SHOWN_FIELDS]],
        one_of_several=True,
    )
    if len(choices) > _SHOWN_FIELDS:
        out(f"… and {len(choices) - _SHOWN_FIELDS:,} more fields, most of them attributes (--json)")
    languages = ", ".join(
        f"{share.language} {100 * share.share:.0f} %" for share in found.inferred.languages
    )
    out(f"Languages: {languages or 'not determined'}")
    for warning in found.warnings:
        out(f"Warning: {warning}")
    for reject in found.rejects[:5]:
        out(f"Set aside: {reject.message} ({reject.reason})")
    if len(found.rejects) > 5:
        out(f"… and {len(found.rejects) - 5:,} more rows set aside")
    for product in found.products:
        title, columns = f"Product {product.id}", ("field", "value")
        table(title, columns, _product_rows(product), one_of_several=True)


def _field_row(choice: "FieldChoice") -> tuple[str, ...]:
    example = choice.examples[0] if choice.examples else ""
    return (
        choice.field,
        choice.role,
        f"{100 * choice.confidence:.0f} %",
        f"{100 * choice.coverage:.0f} %",
        choice.why,
        " ".join(example[:50].split()),
    )


def _product_rows(product: "Product") -> list[tuple[str, str]]:
    from dataclasses import fields

    rows = [
        (field.name, _shown(getattr(product, field.name), _BETWEEN.get(field.name, ", ")))
        for field in fields(product)
        if field.name not in _NOT_SHOWN
    ]
    rows += [
        (attribute.name, f"{attribute.value} {attribute.unit or ''}".strip())
        for attribute in product.attributes[:12]
    ]
    if len(product.attributes) > 12:
        rows.append(("…", f"{len(product.attributes) - 12} more attributes"))
    return [(name, value) for name, value in rows if value]


def _shown(value: object, between: str) -> str:
    if value is None:
        return ""
    text = between.join(map(str, value)) if isinstance(value, tuple) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= 200 else f"{text[:200]}…"
