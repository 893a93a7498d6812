"""Reads all products of a generation, page by page."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from opensearchpy import OpenSearch

from search_engine.connection import translated_errors
from search_engine.live_fields import CONTENT_HASH_FIELD, NO_SOURCE, SOURCE_HASH_FIELD

_PAGE = 1_000
_PAGE_OF_HASHES = 10_000
"""OpenSearch's limit of one page; such an entry takes 100 bytes."""
_KEEP_ALIVE = "5m"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductHashes:
    """What a product in a generation was made of."""

    product_id: str
    source_hash: int
    content_hash: int | None
    """`None`: the product was written without."""


def scan_products(
    client: OpenSearch, index: str, fields: Sequence[str]
) -> Iterator[Mapping[str, Any]]:
    """Yield the stored fields of every product, as they were when the scan began.

    Args:
        client: connection to OpenSearch.
        index: alias or generation.
        fields: which fields are wanted; fewer are faster.

    Raises:
        SearchEngineError: OpenSearch does not answer as it should.
    """
    body = {
        "size": _PAGE,
        # By id, since relevance would tie; a product's id is unique within its index.
        "sort": [{"id": "asc"}],
        "_source": list(fields),
    }
    with closing(_hits(client, index, body)) as hits:
        for hit in hits:
            yield hit["_source"]


def scan_hashes(client: OpenSearch, index: str) -> Iterator[ProductHashes]:
    """Yield the hashes of every product, in no order, as they were when the scan began.

    Raises:
        SearchEngineError: OpenSearch does not answer as it should.
    """
    body = {
        "size": _PAGE_OF_HASHES,
        "sort": ["_shard_doc"],
        # Columns only: documents, with their texts and vectors, need not be unpacked.
        "_source": False,
        "stored_fields": "_none_",
        "docvalue_fields": ["id", SOURCE_HASH_FIELD, CONTENT_HASH_FIELD],
    }
    with closing(_hits(client, index, body)) as hits:
        for hit in hits:
            fields = hit["fields"]
            yield ProductHashes(
                product_id=fields["id"][0],
                source_hash=fields.get(SOURCE_HASH_FIELD, (NO_SOURCE,))[0],
                content_hash=fields.get(CONTENT_HASH_FIELD, (None,))[0],
            )


def keeps_hashes(client: OpenSearch, index: str) -> bool:
    """Tell whether a generation's documents have hashes: those of older versions have none.

    Raises:
        IndexNotFoundError: there is no such index.
        SearchEngineError: OpenSearch does not answer as it should.
    """
    with translated_errors():
        mapping = client.indices.get_mapping(index=index)[index]["mappings"]
    return CONTENT_HASH_FIELD in mapping.get("properties", {})


def stored_documents(
    client: OpenSearch, index: str, ids: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Return whole documents by their ids, as last written; those that are not there are left out.

    Raises:
        SearchEngineError: OpenSearch does not answer as it should.
    """
    if not ids:
        return {}
    with translated_errors():
        answer = client.mget(index=index, body={"ids": list(ids)})
    return {each["_id"]: each["_source"] for each in answer["docs"] if each.get("found")}


def _hits(
    client: OpenSearch, index: str, body: dict[str, Any]
) -> Generator[dict[str, Any], None, None]:
    with translated_errors():
        opened = client.create_pit(index=index, params={"keep_alive": _KEEP_ALIVE})
        snapshot = opened["pit_id"]
    try:
        # OpenSearch gathers the next page while the caller works on this one.
        with ThreadPoolExecutor(1, thread_name_prefix="scan") as ahead:
            page = ahead.submit(_page, client, snapshot, body, None)
            while True:
                hits = page.result()
                if len(hits) < body["size"]:
                    break
                page = ahead.submit(_page, client, snapshot, body, hits[-1]["sort"])
                yield from hits
        yield from hits
    finally:
        with translated_errors():
            client.delete_pit(body={"pit_id": [snapshot]})


def _page(
    client: OpenSearch, snapshot: str, body: dict[str, Any], after: list[Any] | None
) -> list[dict[str, Any]]:
    body = {**body, "pit": {"id": snapshot, "keep_alive": _KEEP_ALIVE}, "track_total_hits": False}
    if after is not None:
        body["search_after"] = after
    with translated_errors():
        answer = client.search(body=body)
    hits: list[dict[str, Any]] = answer["hits"]["hits"]
    return hits
