"""What an index holds, and whether it has changed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opensearchpy import AsyncOpenSearch

_IDS_AT_ONCE = 1_000


async def index_fingerprint(client: "AsyncOpenSearch", index: str) -> str:
    """Return a text that changes whenever a document of the index does.

    It names the physical indices by their unique ids, and the number of the last operation on each
    of their shards.

    Raises:
        IndexNotFoundError: there is no such index.
        SearchEngineError: OpenSearch does not answer as it should.
    """
    from search_engine import translated_errors  # noqa: PLC0415 - the client costs 0.2 s

    with translated_errors():
        answer = await client.indices.stats(index=index, metric="docs", params={"level": "shards"})
    parts = [
        f"{found['uuid']}:{number}:{_last_operation(copies)}"
        for _, found in sorted(answer["indices"].items())
        for number, copies in sorted(found["shards"].items())
    ]
    return " ".join(parts)


async def known_ids(client: "AsyncOpenSearch", index: str, ids: Iterable[str]) -> frozenset[str]:
    """Return those of the ids that the index has a document of.

    Raises:
        IndexNotFoundError: there is no such index.
        SearchEngineError: OpenSearch does not answer as it should.
    """
    from search_engine import translated_errors  # noqa: PLC0415 - as above

    wanted = sorted(ids)
    known: set[str] = set()
    for start in range(0, len(wanted), _IDS_AT_ONCE):
        batch = wanted[start : start + _IDS_AT_ONCE]
        body = {"query": {"ids": {"values": batch}}, "size": len(batch), "_source": False}
        with translated_errors():
            answer = await client.search(index=index, body=body)
        known.update(hit["_id"] for hit in answer["hits"]["hits"])
    return frozenset(known)


def _last_operation(copies: list[dict[str, Any]]) -> int:
    return max(int(copy["seq_no"]["max_seq_no"]) for copy in copies)
