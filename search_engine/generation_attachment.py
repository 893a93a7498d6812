"""Bytes that belong to a generation, kept beside it in OpenSearch.

They live in hidden indices, `<generation>-lexicon` (what was learned for understanding queries) and
`<generation>-tags` (what was learned for tags), cut into documents: whoever can search the
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

_CHANGES = "changes"
"""Document that counts what has changed since; written anew with the parts."""


LEXICON = "lexicon"
TAG_KNOWLEDGE = "tags"
SUGGESTIONS = "suggestions"
"""An index of documents of its own, not of bytes: see `suggestion_index`."""


def attachment_index(generation: str, kind: str = LEXICON) -> str:
    """Return the name of the index that holds what belongs to a generation."""
    return f"{generation}-{kind}"


def attachment_indices(generation: str) -> tuple[str, ...]:
    """Return the names of all indices that may hold what belongs to a generation."""
    kinds = (LEXICON, TAG_KNOWLEDGE, SUGGESTIONS)
    return tuple(attachment_index(generation, kind) for kind in kinds)


def write_attachment(client: OpenSearch, generation: str, data: bytes, kind: str = LEXICON) -> None:
    """Keep bytes beside a generation, in place of what was there.

    Args:
        client: connection to OpenSearch.
        generation: the physical index.
        data: what is kept.
        kind: `LEXICON` or `TAG_KNOWLEDGE`.

    Raises:
        SearchEngineError: OpenSearch does not answer as it should.
    """
    index = attachment_index(generation, kind)
    parts = [data[start : start + _PART_BYTES] for start in range(0, len(data), _PART_BYTES)]
    with translated_errors():
        client.indices.delete(index=index, params={"ignore_unavailable": "true"})
        client.indices.create(index=index, body=_body())
        for place, part in enumerate(parts):
            document = {"part": base64.b64encode(part).decode(), "parts": len(parts)}
            client.index(index=index, id=str(place), body=document)
        client.indices.refresh(index=index)


def read_attachment(client: OpenSearch, generation: str, kind: str = LEXICON) -> bytes | None:
    """Return the bytes kept beside a generation, or `None` when there are none, or not all.

    Raises:
        SearchEngineError: OpenSearch does not answer as it should.
    """
    index = attachment_index(generation, kind)
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


def note_changes(client: OpenSearch, generation: str, count: int) -> int | None:
    """Count products that have changed since what belongs to a generation was written.

    Args:
        client: connection to OpenSearch.
        generation: the physical index.
        count: how many more.

    Returns:
        How many in all; `None`: nothing was ever written for the generation.

    Raises:
        SearchEngineError: OpenSearch does not answer as it should.
    """
    index = attachment_index(generation)
    body = {
        "script": {"source": "ctx._source.changed += params.count", "params": {"count": count}},
        "upsert": {"changed": count},
    }
    with translated_errors():
        if not client.indices.exists(index=index):
            return None
        answer = client.update(
            index=index,
            id=_CHANGES,
            body=body,
            params={"_source": "true", "retry_on_conflict": 3},
        )
    return int(answer["get"]["_source"]["changed"])


def attachment_version(client: OpenSearch, generation: str) -> str | None:
    """Return what differs whenever the bytes beside a generation were written anew.

    `None`: there are none.

    Raises:
        SearchEngineError: OpenSearch does not answer as it should.
    """
    index = attachment_index(generation)
    with translated_errors():
        found = client.indices.get_settings(
            index=index, name="index.uuid", params={"ignore": 404, "flat_settings": "true"}
        )
    own = found.get(index)
    return None if own is None else str(own["settings"]["index.uuid"])


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
