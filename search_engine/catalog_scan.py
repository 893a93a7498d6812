"""Reads all products of a generation, page by page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from opensearchpy import OpenSearch

from search_engine.connection import translated_errors

_PAGE = 2_000
_KEEP_ALIVE = "5m"


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
    with translated_errors():
        opened = client.create_pit(index=index, params={"keep_alive": _KEEP_ALIVE})
        snapshot = opened["pit_id"]
    try:
        after: list[Any] | None = None
        while True:
            hits = _page(client, snapshot, fields, after)
            yield from (hit["_source"] for hit in hits)
            if len(hits) < _PAGE:
                return
            after = hits[-1]["sort"]
    finally:
        with translated_errors():
            client.delete_pit(body={"pit_id": [snapshot]})


def _page(
    client: OpenSearch, snapshot: str, fields: Sequence[str], after: list[Any] | None
) -> list[dict[str, Any]]:
    body: dict[str, Any] = {
        "size": _PAGE,
        "pit": {"id": snapshot, "keep_alive": _KEEP_ALIVE},
        # By id, since relevance would tie; a product's id is unique within its index.
        "sort": [{"id": "asc"}],
        "_source": list(fields),
        "track_total_hits": False,
    }
    if after is not None:
        body["search_after"] = after
    with translated_errors():
        answer = client.search(body=body)
    hits: list[dict[str, Any]] = answer["hits"]["hits"]
    return hits
