"""Documents kept in memory, found by the version that a leg has just seen."""

from collections.abc import Iterable, Mapping

import orjson
from cachetools import LRUCache

from search_engine.search_values import DocumentVersion, StoredProduct


class DocumentMemory:
    """A bounded map from product and version to document; the longest unused go first.

    It cannot be stale: a document that is written again has another version, and it is the legs of
    the very search that say which one is wanted. Kept as JSON, a fraction of the parsed document's
    memory.
    """

    def __init__(self, capacity_bytes: int) -> None:
        """Start empty.

        Args:
            capacity_bytes: of JSON that is kept; 0 keeps nothing.
        """
        self._documents: LRUCache[tuple[str, DocumentVersion], bytes] = LRUCache(
            capacity_bytes, getsizeof=len
        )

    def known(
        self, ids: Iterable[str], versions: Mapping[str, DocumentVersion]
    ) -> dict[str, StoredProduct]:
        """Return those of some products that are remembered in exactly these versions, by id."""
        found: dict[str, StoredProduct] = {}
        for product_id in ids:
            version = versions.get(product_id)
            kept = None if version is None else self._documents.get((product_id, version))
            if kept is not None:
                found[product_id] = StoredProduct(
                    product_id=product_id, document=orjson.loads(kept)
                )
        return found

    def clear(self) -> None:
        """Forget all of them."""
        self._documents.clear()

    def keep(self, version: DocumentVersion, product: StoredProduct) -> None:
        """Keep a document, unless it alone is larger than all that may be kept."""
        # Copied to its length: what orjson returns keeps the memory that it was written into, 4 kB.
        written = memoryview(orjson.dumps(product.document)).tobytes()
        if len(written) <= self._documents.maxsize:
            self._documents[product.product_id, version] = written
