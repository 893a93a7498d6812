"""The generation that is changed in place, and whether it may be."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.catalog_schema import CatalogSchema
from indexer.catalog_toml import parse_schema, read_schema, schema_text
from indexer.enrichment import MoreGenerators, Tagger, kept_tags
from indexer.passage import passage_template
from search_core import EncoderIdentity, TextEncoder, UpdateRefusedError
from search_core.settings import IndexerSettings
from search_engine import (
    Generations,
    GenerationStatus,
    IndexDescription,
    OpenSearch,
    TagCorrectionStore,
    keeps_hashes,
)

EncoderOf = Callable[[EncoderIdentity], TextEncoder]

_REMEDY = "run `shopkeeper reindex` without --update, which builds a new generation"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveGeneration:
    """What products of a generation are made with."""

    status: GenerationStatus
    schema: CatalogSchema
    encoder: TextEncoder | None
    tagger: Tagger

    @property
    def name(self) -> str:
        """Of the physical index."""
        return self.status.name


def open_live_generation(
    client: OpenSearch,
    alias: str,
    settings: IndexerSettings,
    encoder_of: EncoderOf,
    more_tags: MoreGenerators,
    *,
    schema: Path | None = None,
    language: str | None = None,
) -> LiveGeneration:
    """Find the live generation, and load what it was made with.

    Args:
        client: connection to OpenSearch.
        alias: what searches name.
        settings: have to be those that the generation was built with.
        encoder_of: loads a model by what the generation says of it.
        more_tags: makes generators of tags besides the rules.
        schema: catalog.toml; `None`: the generation's own.
        language: of every product; `None`: as in the schema.

    Raises:
        IndexNotFoundError: no generation is live.
        UpdateRefusedError: it was built in another way than the present settings ask for.
        EncoderError: its model is not there, or is another one by now.
    """
    generations = Generations(client, alias)
    generations.refuse_concrete_index()
    status = generations.require_live()
    if "catalog_toml" not in status.inputs or not keeps_hashes(client, status.name):
        raise UpdateRefusedError(
            f"{status.name} was built by an older version and does not say what its products were "
            "made of",
            remedy=_REMEDY,
        )
    used = parse_schema(status.inputs["catalog_toml"], f"the schema of {status.name}")
    _refuse_another_schema(status, used, schema, language)
    _refuse_other_settings(status, settings)
    identity = status.description.encoder
    return LiveGeneration(
        status=status,
        schema=used,
        encoder=None if identity is None else encoder_of(identity),
        tagger=_tagger(client, alias, status, settings, more_tags),
    )


def _tagger(
    client: OpenSearch,
    alias: str,
    status: GenerationStatus,
    settings: IndexerSettings,
    more_tags: MoreGenerators,
) -> Tagger:
    kept = kept_tags(
        client,
        status.name,
        status.description.languages,
        settings,
        more_tags,
        encoder=status.description.encoder,
    )
    if kept is None or kept.chain.identity != status.description.tags:
        raise UpdateRefusedError(
            f"the products of {status.name} got their tags in another way than [indexer.tags] and "
            "the generators that are switched on ask for",
            remedy=f"set them back, or {_REMEDY}",
        )
    return Tagger(kept.chain, TagCorrectionStore(client, alias).read())


def _refuse_another_schema(
    status: GenerationStatus, used: CatalogSchema, schema: Path | None, language: str | None
) -> None:
    asked = used if schema is None else read_schema(schema)
    if language is not None:
        asked = replace(asked, languages=(language,))
    if schema_text(asked, {}) != schema_text(used, {}):
        what = "schema" if language is None else "schema or language"
        raise UpdateRefusedError(
            f"{status.name} was built with another {what} than the one given", remedy=_REMEDY
        )


def _refuse_other_settings(status: GenerationStatus, settings: IndexerSettings) -> None:
    present = IndexDescription(
        languages=(), encoder=None, passage_template=passage_template(settings)
    )
    built = status.description
    changed = []
    if built.layout_version != present.layout_version:
        changed.append("layout of documents")
    if built.encoder is not None and built.passage_template != present.passage_template:
        changed.append("text that is encoded (indexer.passage_description_chars)")
    if status.inputs.get("limits") != limits(settings):
        changed.append("limits (indexer.max_title_chars, indexer.max_text_chars)")
    if changed:
        raise UpdateRefusedError(
            f"{status.name} was built with other settings: {', '.join(changed)}",
            remedy=f"set them back, or {_REMEDY}",
        )


def limits(settings: IndexerSettings) -> str:
    """Return what bounds the texts of a product, as it is kept with a generation."""
    return f"{settings.max_title_chars},{settings.max_text_chars}"
