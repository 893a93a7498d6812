"""The body of a product index: settings and mapping, and what the index says about itself.

Attributes of any number live in three fields, whatever the catalogue has (ADR 0005): a mapping with
one field an attribute would need thousands for a sparse electronics catalogue, and OpenSearch
refuses more than 1,000 for good reasons (every field costs heap in the cluster state).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from search_core import EncoderIdentity
from search_core.settings import SearchEngineSettings, VectorCompression
from search_engine.analysis import (
    CODE_NORMALIZER,
    INDEX_ANALYZER,
    SEARCH_ANALYZER,
    analysis_settings,
)
from search_engine.live_fields import CONTENT_HASH_FIELD, HASH_FIELDS, SOURCE_HASH_FIELD
from search_engine.vector_storage import vector_mapping

LAYOUT_VERSION = 2
"""Raised whenever documents of an older index could not be searched as newer ones are."""

VECTOR_FIELD = "vector"
THESAURUS_FIELD = "thesaurus_text"
"""Tags from a thesaurus; indexes of older versions lack it."""
LISTED_CODES_FIELD = "listed_codes_text"
"""Codes from long values of attributes; indexes of older versions lack it. A field of its own:
longer attributes would count for less in BM25 with every other word."""
DERIVED_FIELDS = (
    VECTOR_FIELD, "attribute_values", "attribute_numbers", "attributes_text", "codes_text",
    "category_text", "tags_text", THESAURUS_FIELD, LISTED_CODES_FIELD, *HASH_FIELDS,
)  # fmt: skip
"""What searches and updates work with; other fields of the document say it to a reader."""
_META_KEY = "shopkeeper"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDescription:
    """What one generation holds; kept in its mapping's `_meta`."""

    languages: tuple[str, ...]
    """ISO 639-1, most frequent first."""
    encoder: EncoderIdentity | None
    """`None`: the index has no vectors, and no k-NN leg."""
    passage_template: str = ""
    """Which text of a product was encoded."""
    tags: str = ""
    """What generated the tags; empty: nothing did."""
    vector_compression: VectorCompression = VectorCompression.NONE
    """How vectors are stored, and have to be asked for."""
    layout_version: int = LAYOUT_VERSION

    def as_meta(self) -> dict[str, Any]:
        """Return the JSON form that `from_meta` reads."""
        encoder = self.encoder
        return {
            "layout_version": self.layout_version,
            "languages": list(self.languages),
            "encoder": None
            if encoder is None
            else {"model_id": encoder.model_id, "dimension": encoder.dimension},
            "passage_template": self.passage_template,
            "tags": self.tags,
            "vector_compression": self.vector_compression.value,
        }

    @classmethod
    def from_meta(cls, meta: Mapping[str, Any]) -> "IndexDescription":
        """Read the JSON form."""
        encoder = meta.get("encoder")
        return cls(
            languages=tuple(meta["languages"]),
            encoder=None
            if encoder is None
            else EncoderIdentity(model_id=encoder["model_id"], dimension=encoder["dimension"]),
            passage_template=meta.get("passage_template", ""),
            tags=meta.get("tags", ""),
            vector_compression=VectorCompression(meta.get("vector_compression", "none")),
            layout_version=meta["layout_version"],
        )


def description_of(mapping: Mapping[str, Any]) -> IndexDescription | None:
    """Return the description in a mapping, or `None` for an index that Shopkeeper did not make.

    Args:
        mapping: the value of `mappings` in a get-mapping answer.
    """
    meta = mapping.get("_meta", {}).get(_META_KEY)
    return None if meta is None else IndexDescription.from_meta(meta)


def index_body(
    description: IndexDescription,
    settings: SearchEngineSettings,
    extra_meta: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the body of the create-index request.

    Args:
        description: languages decide the analysis, the encoder the vector field.
        settings: shards, vector engine and its parameters.
        extra_meta: kept beside the description, e.g. the state of the run that fills the index.
    """
    return {
        "settings": {
            "index": {
                "number_of_shards": settings.shards,
                "number_of_replicas": settings.replicas,
                "knn": description.encoder is not None,
                "mapping.total_fields.limit": 200,
                # How long a late change of a deleted product is known to be late (ADR 0021).
                "gc_deletes": "1h",
            },
            "analysis": analysis_settings(description.languages),
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {_META_KEY: {**description.as_meta(), **(extra_meta or {})}},
            "properties": _properties(description, settings),
        },
    }


def _properties(
    description: IndexDescription, settings: SearchEngineSettings
) -> dict[str, dict[str, Any]]:
    keyword = {"type": "keyword", "ignore_above": 512}
    stored_only = {"type": "keyword", "index": False, "doc_values": False}
    properties: dict[str, dict[str, Any]] = {
        "id": {"type": "keyword"},
        "title": _text(),
        "description": _text(),
        "brand": {**keyword, "fields": {"text": _text()}},
        "category": keyword,
        "category_text": _text(),
        "product_type": {**keyword, "fields": {"text": _text()}},
        "codes": {"type": "keyword", "normalizer": CODE_NORMALIZER, "ignore_above": 128},
        "codes_text": _text(),
        "price": {"type": "double"},
        "currency": keyword,
        "available": {"type": "boolean"},
        "rating": {"type": "float"},
        "popularity": {"type": "double"},
        "released": {"type": "date", "format": "strict_date"},
        "language": keyword,
        "variant_group": keyword,
        "image_url": stored_only,
        "url": stored_only,
        "attribute_values": {**keyword, "ignore_above": 1024},
        "attribute_numbers": {"type": "keyword"},
        "attributes_text": _text(),
        LISTED_CODES_FIELD: _text(),
        "attributes": {"type": "object", "enabled": False},
        "tags": {"type": "object", "enabled": False},
        "tags_text": _text(),
        THESAURUS_FIELD: _text(),
        SOURCE_HASH_FIELD: {"type": "long", "index": False},
        CONTENT_HASH_FIELD: {"type": "long", "index": False},
    }
    if description.encoder is not None:
        properties[VECTOR_FIELD] = vector_mapping(description.encoder.dimension, settings)
    return properties


def _text() -> dict[str, Any]:
    return {"type": "text", "analyzer": INDEX_ANALYZER, "search_analyzer": SEARCH_ANALYZER}
