"""Corrections of tags, kept beside an alias's generations.

They live in the hidden index `<alias>-tag-corrections`, a document a product, so that they outlive
every generation, and whoever may write the generations may write them too (ADR 0018).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy import exceptions as foreign

from search_core import PERSON, Tag, TagCorrection, TagKind
from search_engine.bulk_endpoint import IndexBulkEndpoint
from search_engine.bulk_item import BulkAction, BulkChange
from search_engine.bulk_writer import BulkWriter, Refusal
from search_engine.catalog_scan import scan_products
from search_engine.connection import translated_errors
from search_engine.load_settings import make_searchable

_ALREADY_THERE = "resource_already_exists_exception"
_REQUEST_BYTES = 4_000_000
_FIELDS = ("id", "added", "removed")


class TagCorrectionStore:
    """Reads and writes the corrections of one alias."""

    def __init__(self, client: OpenSearch, alias: str) -> None:
        self._client = client
        self._index = f"{alias}-tag-corrections"

    @property
    def index(self) -> str:
        """The hidden index that holds them."""
        return self._index

    def read(self) -> dict[str, TagCorrection]:
        """Return all corrections by product id; empty when nobody has made any.

        Raises:
            SearchEngineError: OpenSearch does not answer as it should.
        """
        with translated_errors():
            if not self._client.indices.exists(index=self._index):
                return {}
        found = scan_products(self._client, self._index, _FIELDS)
        return {each["id"]: _correction(each) for each in found}

    def write(self, corrections: Iterable[TagCorrection]) -> int:
        """Keep corrections, each in place of an earlier one of its product.

        One that neither adds nor removes anything takes the earlier one away.

        Returns:
            How many were written.

        Raises:
            SearchEngineError: OpenSearch does not answer as it should.
        """
        self._make_index()
        changes = [_change(each) for each in corrections]
        endpoint = IndexBulkEndpoint(self._client, self._index)
        with BulkWriter(
            endpoint, threads=1, request_bytes=_REQUEST_BYTES, on_refused=_never_refused
        ) as writer:
            writer.apply(changes)
        make_searchable(self._client, self._index)
        return len(changes)

    def _make_index(self) -> None:
        body = {
            "settings": {
                "index": {"number_of_shards": 1, "auto_expand_replicas": "0-1", "hidden": True}
            },
            "mappings": {
                "dynamic": "strict",
                "properties": {
                    "id": {"type": "keyword"},
                    "added": {"type": "object", "enabled": False},
                    "removed": {"type": "keyword", "index": False, "doc_values": False},
                },
            },
        }
        with translated_errors():
            try:
                self._client.indices.create(index=self._index, body=body)
            except foreign.RequestError as error:
                if error.error != _ALREADY_THERE:
                    raise


def _change(correction: TagCorrection) -> BulkChange:
    if not correction.added and not correction.removed:
        return BulkChange(document_id=correction.product_id, action=BulkAction.DELETE)
    return BulkChange(
        document_id=correction.product_id,
        document={
            "id": correction.product_id,
            "added": [{"text": tag.text, "kind": tag.kind.value} for tag in correction.added],
            "removed": list(correction.removed),
        },
    )


def _correction(document: Mapping[str, Any]) -> TagCorrection:
    from_person = tuple(
        Tag(text=each["text"], kind=TagKind(each["kind"]), source=PERSON, confidence=1.0)
        for each in document.get("added", ())
    )
    return TagCorrection(
        product_id=document["id"],
        added=from_person,
        removed=tuple(document.get("removed", ())),
    )


def _never_refused(refusal: Refusal) -> None:
    raise AssertionError(f"a correction was refused: {refusal}")
