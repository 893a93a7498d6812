"""Bytes that belong to a generation, kept beside it in OpenSearch.

They live in the hidden index `<generation>-lexicon`, cut into documents: whoever can search the
generation finds them, on whichever host, and they are deleted with it (ADR 0009).
"""

import base64
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy import exceptions as foreign

from search_core import IndexNotFoundError
from search_engine.connection import translated_errors

_PART_BYTES = 4_000_000
"""Well under OpenSearch's 100 MB for one request, also once it is base64."""


def attachment_index(generation: str) -> str:
    """Return the name of the index that holds what belongs to a generation."""
    return f"{generation}-lexicon"


def write_attachment(client: OpenSearch, generation: str, data: bytes) -> None:
    """Keep bytes beside a generation, in place of what was there.

    Raises:
        SearchEngineError: OpenSearch does not answer as it should.
    """
    index = attachment_index(generation)
    parts = [data[start : start + _PART_BYTES] for start in range(0, len(data), _PART_BYTES)]
    with translated_errors():
        client.indices.delete(index=index, params={"ignore_unavailable": "true"})
        client.indices.create(index=index, body=_body())
        for place, part in enumerate(parts):
            document = {"part": base64.b64encode(part).decode(), "parts": len(parts)}
            client.index(index=index, id=str(place), body=document)
        client.indices.refresh(index=index)


def read_attachment(client: OpenSearch, generation: str) -> bytes | None:
    """Return the bytes kept beside a generation, or `None` when there are none, or not all.

    Raises:
        SearchEngineError: OpenSearch does not answer as it should.
    """
    index = attachment_index(generation)
    parts: list[bytes] = []
    while True:
        with translated_errors():
            try:
                answer = client.get(index=index, id=str(len(parts)))
            except foreign.NotFoundError:
                return None
        parts.append(base64.b64decode(answer["_source"]["part"]))
        if len(parts) == answer["_source"]["parts"]:
            return b"".join(parts)


def physical_index(client: OpenSearch, index: str) -> str:
    """Return the name of the one index behind an alias; a physical index is its own.

    Raises:
        IndexNotFoundError: there is none, or there are several.
        SearchEngineError: OpenSearch does not answer as it should.
    """
    with translated_errors():
        found = client.indices.get_alias(index=index, params={"ignore": 404})
    names = [name for name in found if name not in ("error", "status")]
    if not names:
        raise IndexNotFoundError(
            f"there is no index {index}",
            remedy="`shopkeeper index list` shows what there is; `shopkeeper reindex` makes one",
        )
    if len(names) != 1:
        raise IndexNotFoundError(
            f"{index} stands for {len(names)} indices, but exactly one is needed",
            remedy="`shopkeeper index list` shows what there is",
        )
    return str(names[0])


def _body() -> dict[str, Any]:
    return {
        "settings": {
            "index": {"number_of_shards": 1, "auto_expand_replicas": "0-1", "hidden": True}
        },
        "mappings": {"enabled": False},
    }
