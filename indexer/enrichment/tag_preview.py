"""What tags products of a catalogue would get. Nothing is sent to OpenSearch."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.catalog_plan import plan_catalog
from indexer.catalog_source import open_catalog
from indexer.catalog_toml import read_schema
from indexer.enrichment.tag_preparation import (
    MoreGenerators,
    learned_tags,
    look_at,
    no_more_generators,
)
from search_core import Tag
from search_core.settings import IndexerSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedProduct:
    """A product and what it would be found by besides its own words."""

    product_id: str
    title: str
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TagPreview:
    """Tags of some products of a catalogue."""

    catalog: str
    languages: Mapping[str, float]
    generators: str
    """Identity of all generators together; empty: none is switched on."""
    looked_at: int
    """Products that were learned from."""
    kinds: Mapping[str, int]
    """Kind → tags of the products shown, most frequent first."""
    products: tuple[TaggedProduct, ...]


def preview_tags(
    catalog: Path,
    settings: IndexerSettings,
    *,
    sample: int = 20,
    schema: Path | None = None,
    language: str | None = None,
    more: MoreGenerators = no_more_generators,
) -> TagPreview:
    """Generate tags for products spread over the part of a catalogue that is learned from.

    Args:
        catalog: a file; `-` is standard input.
        settings: of the indexer.
        sample: how many products are shown.
        schema: catalog.toml; `None`: found out from the file.
        language: ISO 639-1 of every product; `None`: found out.
        more: makes generators besides the rules.

    Raises:
        CatalogError: the catalogue cannot be read.
    """
    given = None if schema is None else read_schema(schema)
    with open_catalog(catalog) as source:
        plan = plan_catalog(source, given, language)
        products = look_at(source, plan.schema, settings)
        chain = learned_tags(source, plan.schema, plan.languages, settings, more).chain
    step = max(1, len(products) // sample)
    shown = products[::step][:sample]
    tagged = tuple(
        TaggedProduct(product_id=product.id, title=product.title, tags=tags)
        for product, tags in zip(shown, chain.generate(shown), strict=True)
    )
    kinds = Counter(tag.kind.value for each in tagged for tag in each.tags)
    return TagPreview(
        catalog=source.description.name,
        languages=plan.languages,
        generators=chain.identity,
        looked_at=len(products),
        kinds=dict(kinds.most_common()),
        products=tagged,
    )
