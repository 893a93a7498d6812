"""The tags of products that are indexed already."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from opensearchpy import OpenSearch

from search_core import Tag, TagKind
from search_engine.bulk_endpoint import IndexBulkEndpoint
from search_engine.bulk_item import BulkAction, BulkChange
from search_engine.bulk_writer import BulkWriter, Refusal
from search_engine.connection import translated_errors
from search_engine.load_settings import make_searchable
from search_engine.product_document import tag_fields

_TOGETHER = 1_000
_REQUEST_BYTES = 4_000_000


def tags_of(document: Mapping[str, Any]) -> tuple[Tag, ...]:
    """Return the tags of a stored product, best first."""
    return tuple(
        Tag(
            text=each["text"],
            kind=TagKind(each["kind"]),
            source=each["source"],
            confidence=each["confidence"],
        )
        for each in document.get("tags", ())
    )


def stored_tags(
    client: OpenSearch, index: str, product_ids: Iterable[str]
) -> dict[str, tuple[Tag, ...]]:
    """Return the tags of some products; those that the index does not have are left out.

    Raises:
        IndexNotFoundError: there is no such index.
        SearchEngineError: OpenSearch does not answer as it should.
    """
    found: dict[str, tuple[Tag, ...]] = {}
    for ids in _batches(product_ids):
        with translated_errors():
            answer = client.mget(
                index=index, body={"ids": ids}, params={"_source_includes": "tags"}
            )
        for each in answer["docs"]:
            if each.get("found"):
                found[each["_id"]] = tags_of(each["_source"])
    return found


def keeps_tags(client: OpenSearch, index: str) -> bool:
    """Tell whether a generation's documents can have tags: those of older versions cannot.

    Raises:
        IndexNotFoundError: there is no such index.
        SearchEngineError: OpenSearch does not answer as it should.
    """
    return "tags_text" in _fields(client, index)


def write_tags(client: OpenSearch, index: str, tags: Mapping[str, tuple[Tag, ...]]) -> None:
    """Give products of an index other tags, and make them searchable.

    Products that are gone meanwhile stay away. Vectors are not touched.

    Args:
        client: connection to OpenSearch.
        index: a generation that `keeps_tags`.
        tags: product id → all of its tags.

    Raises:
        SearchEngineError: OpenSearch does not answer as it should.
    """
    known = _fields(client, index)
    changes = [
        BulkChange(
            document_id=product_id,
            action=BulkAction.UPDATE,
            # An older generation has no field for a thesaurus's tags, and none of them.
            document={name: value for name, value in tag_fields(each).items() if name in known},
        )
        for product_id, each in tags.items()
    ]
    endpoint = IndexBulkEndpoint(client, index)
    with BulkWriter(endpoint, threads=1, request_bytes=_REQUEST_BYTES, on_refused=_gone) as writer:
        writer.apply(changes)
    make_searchable(client, index)


def _fields(client: OpenSearch, index: str) -> Mapping[str, Any]:
    with translated_errors():
        mapping = client.indices.get_mapping(index=index)[index]["mappings"]
    fields: Mapping[str, Any] = mapping.get("properties", {})
    return fields


def _gone(refusal: Refusal) -> None:
    """Ignore: the product was deleted between reading and writing."""
    del refusal


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(ids)
    while batch := list(islice(remaining, _TOGETHER)):
        yield batch
