"""What a reindex would do with the first rows of a catalogue. Nothing is sent anywhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from indexer.catalog_plan import plan_catalog
from indexer.catalog_source import open_catalog
from indexer.catalog_toml import read_schema, schema_text
from indexer.enrichment import MoreGenerators, Tagger, learned_tags, no_more_generators
from indexer.passage import passage_text
from indexer.product_reader import ProductReader
from indexer.reindex_request import ReindexRequest
from indexer.rejects import Reject
from search_core.settings import IndexerSettings
from search_engine import product_document


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedProduct:
    """A product as it would be indexed, without its vector."""

    passage: str
    """The text that would be encoded."""
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexPreview:
    """What would become of some rows."""

    catalog: str
    rows: int
    schema_inferred: bool
    catalog_toml: str
    languages: Mapping[str, float]
    warnings: tuple[str, ...]
    products: tuple[PreviewedProduct, ...]
    rejects: tuple[Reject, ...]


def preview_reindex(
    request: ReindexRequest,
    settings: IndexerSettings,
    rows: int,
    more: MoreGenerators = no_more_generators,
    *,
    vectors: bool = True,
) -> ReindexPreview:
    """Read the first rows as a reindex would.

    Args:
        request: names the catalogue, and the schema and language if they are given.
        settings: bounds of what is taken for a product.
        rows: how many.
        more: makes generators of tags besides the rules.
        vectors: whether products would be encoded.

    Raises:
        CatalogError: the catalogue cannot be read.
    """
    schema = None if request.schema is None else read_schema(request.schema)
    products: list[PreviewedProduct] = []
    rejects: list[Reject] = []
    with open_catalog(request.catalog) as source:
        plan = plan_catalog(source, schema, request.language)
        reader = ProductReader(plan.schema, settings, row_unit=source.description.row_unit)
        tags = learned_tags(source, plan.schema, plan.languages, settings, more, vectors=vectors)
        tagger = Tagger(tags.chain)
        for row in islice(source.rows(), rows):
            item = row if isinstance(row, Reject) else reader.read(row)
            if isinstance(item, Reject):
                rejects.append(item)
                continue
            (product,) = tagger.tagged((item,))
            products.append(
                PreviewedProduct(
                    passage=passage_text(product, settings), document=product_document(product)
                )
            )
    return ReindexPreview(
        catalog=source.description.name,
        rows=len(products) + len(rejects),
        schema_inferred=plan.inferred,
        catalog_toml=schema_text(plan.schema, {}),
        languages=plan.languages,
        warnings=plan.warnings,
        products=tuple(products),
        rejects=tuple(rejects),
    )
