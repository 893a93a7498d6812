"""Makes the tagger of a run: looks at the catalogue first, or takes up what was learned before."""

import zlib
from collections.abc import Mapping, Sequence
from typing import Protocol

import orjson

from indexer.catalog_schema import CatalogSchema
from indexer.catalog_source import CatalogSource
from indexer.enrichment.catalogue_tags import CatalogueTags, TagKnowledge, learn_knowledge
from indexer.enrichment.tag_chain import TagChain
from indexer.enrichment.tag_generator import TagGenerator
from indexer.product_reader import ProductReader
from search_core import EncoderIdentity, Product
from search_core.settings import IndexerSettings, TagSettings
from search_engine import TAG_KNOWLEDGE, OpenSearch, read_attachment, write_attachment


class MoreGenerators(Protocol):
    """Makes generators besides the rules, e.g. of a taxonomy or of a language model."""

    def __call__(
        self,
        languages: Mapping[str, float],
        products: Sequence[Product],
        *,
        vectors: bool = True,
        encoder: EncoderIdentity | None = None,
    ) -> Sequence[TagGenerator]:
        """Make those that are switched on, the most trusted first.

        Args:
            languages: of the catalogue, with their shares.
            products: that stand for the catalogue; empty for an update of one.
            vectors: whether products are encoded. Where not, nobody waits for a model that was not
                asked for by name.
            encoder: that an index was made with; `None`: the one that the languages call for.
        """
        ...


def no_more_generators(
    languages: Mapping[str, float],
    products: Sequence[Product],
    *,
    vectors: bool = True,
    encoder: EncoderIdentity | None = None,
) -> Sequence[TagGenerator]:
    """Make none: the rules are all there is."""
    del languages, products, vectors, encoder
    return ()


class TagPreparation:
    """What tags are generated with: rules that learned from a catalogue, and other generators."""

    def __init__(
        self,
        knowledge: TagKnowledge | None,
        others: Sequence[TagGenerator],
        settings: TagSettings,
    ) -> None:
        """Chain the generators; `None` for knowledge: no rule is switched on."""
        self._knowledge = knowledge
        rules = () if knowledge is None else (CatalogueTags(knowledge, settings),)
        self.chain = TagChain((*others, *rules), settings)

    def keep(self, client: OpenSearch, generation: str) -> None:
        """Keep what was learned beside a generation, for the updates of it.

        Raises:
            SearchEngineError: OpenSearch does not answer as it should.
        """
        if self._knowledge is not None:
            data = zlib.compress(orjson.dumps(self._knowledge.as_record()))
            write_attachment(client, generation, data, TAG_KNOWLEDGE)


def learned_tags(
    source: CatalogSource,
    schema: CatalogSchema,
    languages: Mapping[str, float],
    settings: IndexerSettings,
    more: MoreGenerators,
    *,
    vectors: bool = True,
) -> TagPreparation:
    """Learn from a look at the catalogue.

    Args:
        source: an open catalogue; standard input can still be read afterwards.
        schema: what its fields mean.
        languages: of the catalogue, with their shares.
        settings: of the indexer.
        more: makes the other generators.
        vectors: whether products are encoded.
    """
    on = rules_are_on(settings.tags)
    products = look_at(source, schema, settings) if on or more is not no_more_generators else ()
    knowledge = learn_knowledge(products, settings.tags) if on else None
    return TagPreparation(knowledge, more(languages, products, vectors=vectors), settings.tags)


def kept_tags(
    client: OpenSearch,
    generation: str,
    languages: Sequence[str],
    settings: IndexerSettings,
    more: MoreGenerators,
    *,
    encoder: EncoderIdentity | None,
) -> TagPreparation | None:
    """Take up what the rules of a generation had learned.

    The other generators get no products to learn from.

    Args:
        client: connection to OpenSearch.
        generation: a physical index.
        languages: of it, most frequent first.
        settings: of the indexer.
        more: makes the other generators.
        encoder: that its products are encoded with; `None`: they are not.

    Returns:
        `None` when nothing, or something of another version, was kept though rules are on.

    Raises:
        SearchEngineError: OpenSearch does not answer as it should.
    """
    others = more(dict.fromkeys(languages, 1.0), (), vectors=encoder is not None, encoder=encoder)
    if not rules_are_on(settings.tags):
        return TagPreparation(None, others, settings.tags)
    data = read_attachment(client, generation, TAG_KNOWLEDGE)
    if data is None:
        return None
    knowledge = TagKnowledge.from_record(orjson.loads(zlib.decompress(data)))
    return None if knowledge is None else TagPreparation(knowledge, others, settings.tags)


def rules_are_on(settings: TagSettings) -> bool:
    """Say whether any of the rules that need no model is switched on."""
    return any(
        (
            settings.product_kinds,
            settings.measures,
            settings.key_phrases,
            settings.uses,
            settings.alternative_names,
        )
    )


def look_at(
    source: CatalogSource, schema: CatalogSchema, settings: IndexerSettings
) -> tuple[Product, ...]:
    """Return products that stand for a catalogue: its first ones, and others spread over it."""
    reader = ProductReader(schema, settings, row_unit=source.description.row_unit)
    rows = source.sample(settings.tags.learned_from).rows
    return tuple(item for item in map(reader.parse, rows) if isinstance(item, Product))
