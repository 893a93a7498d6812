"""Looks into a catalogue without indexing it: fields, languages, oddities, and some products."""

from dataclasses import dataclass
from itertools import islice

from indexer.catalog_description import CatalogDescription, CatalogSample
from indexer.catalog_schema import CatalogSchema
from indexer.catalog_source import CatalogSource
from indexer.catalog_toml import check_schema
from indexer.product_reader import ProductReader
from indexer.rejects import Reject
from indexer.schema_inference import InferredSchema, infer_schema
from search_core import Product
from search_core.settings import IndexerSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogInspection:
    """What was found in a catalogue."""

    description: CatalogDescription
    rows_looked_at: int
    complete: bool
    """Whether that was all of it."""
    inferred: InferredSchema
    schema: CatalogSchema
    """The one that was given, else the inferred one."""
    warnings: tuple[str, ...]
    products: tuple[Product, ...]
    """The first ones, as they would be indexed."""
    rejects: tuple[Reject, ...]
    """Rows among those looked at that would be set aside."""


def inspect_catalog(
    source: CatalogSource,
    settings: IndexerSettings,
    *,
    sample_rows: int = 1_000,
    schema: CatalogSchema | None = None,
    products: int = 3,
) -> CatalogInspection:
    """Look at a sample of a catalogue.

    Args:
        source: an open catalogue.
        settings: bounds of what is taken for a product.
        sample_rows: how many rows are looked at.
        schema: one to check instead of the inferred one.
        products: how many products are shown.

    Raises:
        CatalogSchemaError: no field can serve as title, or `schema` names fields that are missing.
    """
    sample = source.sample(sample_rows)
    inferred = infer_schema(sample)
    used = inferred.schema if schema is None else schema
    warnings = inferred.warnings if schema is None else check_schema(used, sample)
    read, notes = _read_sample(sample, used, settings, source.description.row_unit)
    rejects = sorted(
        (*sample.broken, *(item for item in read if isinstance(item, Reject))),
        key=lambda reject: reject.line,
    )
    shown = islice((item for item in read if isinstance(item, Product)), products)
    return CatalogInspection(
        description=source.description,
        rows_looked_at=len(sample.rows) + len(sample.broken),
        complete=sample.complete,
        inferred=inferred,
        schema=used,
        warnings=(*warnings, *notes),
        products=tuple(shown),
        rejects=tuple(rejects),
    )


def _read_sample(
    sample: CatalogSample, schema: CatalogSchema, settings: IndexerSettings, row_unit: str
) -> tuple[list[Product | Reject], tuple[str, ...]]:
    reader = ProductReader(schema, settings, row_unit=row_unit)
    # Rows from the middle of a file have no number: a message could not say where they are.
    read = [reader.read(row) for row in sample.rows if row.number > 0]
    return read, reader.notes.sentences()
