"""Hits kept in memory as OpenSearch gave them, found by the version that a leg has just seen."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from cachetools import LRUCache

from query_proxy.takeover.client_search import ClientSearch
from search_engine import DocumentVersion

Body = dict[str, Any]

_OF_THE_DOCUMENT = frozenset({"_source", "version", "seq_no_primary_term"})
"""Keys of a search for which a hit depends on nothing but the version of its document. What reads
the mapping (`fields`), the query (`highlight`, `explain`) or a script (`script_fields`) may come
out otherwise although the document is the same."""
_SAYS_NOTHING_OF_HITS = frozenset({"timeout"})
_VERSION_KEYS = ("_seq_no", "_primary_term")
_BYTES_BESIDE_THE_HIT = 500
"""Of one hit's place in the map and its key, measured with tracemalloc on CPython 3.11."""


class HitMemory:
    """A bounded map from product, version and look to hit; the longest unused go first.

    It cannot be stale for the reasons that `DocumentMemory` gives. What it gives back is
    OpenSearch's own answer to the same `_source`, not an imitation of it.
    """

    def __init__(self, capacity_bytes: int) -> None:
        """Start empty.

        Args:
            capacity_bytes: of hits and what keeping them takes; 0 keeps nothing.
        """
        self._hits: LRUCache[tuple[str, DocumentVersion, bytes], bytes] = LRUCache(
            capacity_bytes, getsizeof=lambda hit: len(hit) + _BYTES_BESIDE_THE_HIT
        )

    def known(
        self, ids: Iterable[str], versions: Mapping[str, DocumentVersion], look: bytes
    ) -> dict[str, Body]:
        """Return those of some hits that are remembered in exactly these versions, by id.

        Args:
            ids: of products.
            versions: by product id, the wanted state; where it is missing, none is known.
            look: as `look_of` gives it.
        """
        found: dict[str, Body] = {}
        for product_id in ids:
            version = versions.get(product_id)
            kept = None if version is None else self._hits.get((product_id, version, look))
            if kept is not None:
                found[product_id] = orjson.loads(kept)
        return found

    def clear(self) -> None:
        """Forget all of them."""
        self._hits.clear()

    def keep(self, version: DocumentVersion, look: bytes, hit: Body) -> None:
        """Keep a hit as its client sees it, unless it alone is more than may be kept."""
        # Copied to its length: what orjson returns keeps the memory that it was written into, 4 kB.
        written = memoryview(orjson.dumps(hit)).tobytes()
        if len(written) + _BYTES_BESIDE_THE_HIT <= self._hits.maxsize:
            self._hits[hit["_id"], version, look] = written


def look_of(search: ClientSearch, *, collapse: bool) -> bytes | None:
    """Return what stands for how a search's hits look; `None`: no version decides that alone.

    Args:
        search: of the client.
        collapse: whether the result is collapsed, which adds a field to each hit.
    """
    options = search.page_options.keys() - _SAYS_NOTHING_OF_HITS
    versioned = search.page_options.get("seq_no_primary_term", False)
    if not options <= _OF_THE_DOCUMENT or not isinstance(versioned, bool):
        return None
    look = orjson.dumps(
        [collapse, {key: search.page_options[key] for key in options}], option=orjson.OPT_SORT_KEYS
    )
    return hashlib.blake2b(look, digest_size=16).digest()


def without_version(hit: Body, search: ClientSearch) -> Body:
    """Return a hit without its version, unless its client asked for that."""
    if search.page_options.get("seq_no_primary_term") is True:
        return hit
    return {key: value for key, value in hit.items() if key not in _VERSION_KEYS}
