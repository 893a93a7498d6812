"""Writes one batch of changes into a generation, in order for each product."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from indexer.delta.change import Change, ChangeReader, Operation
from indexer.delta.live_generation import LiveGeneration
from indexer.passage_encoding import encode_chunks
from indexer.pipeline import whole_documents
from indexer.product_stream import ProductChunk
from indexer.reading_notes import ReadingNotes
from indexer.rejects import Reject, RejectReason
from indexer.rows import ReadRow
from search_core import SilentProgress
from search_core.settings import IndexerSettings
from search_engine import (
    NO_SOURCE,
    SOURCE_HASH_FIELD,
    BulkAction,
    BulkChange,
    BulkWriter,
    IndexBulkEndpoint,
    OpenSearch,
    Refusal,
    stored_documents,
)

_MISSING = "document missing"


@dataclass(slots=True, kw_only=True)
class BatchOutcome:
    """What became of a batch's rows."""

    upserted: int = 0
    patched: int = 0
    deleted: int = 0
    late: int = 0
    """Among them, left out because the product had a higher version."""
    rejects: list[Reject] = field(default_factory=list)


class FeedBatch:
    """Writes batches into one generation."""

    def __init__(
        self,
        client: OpenSearch,
        live: LiveGeneration,
        settings: IndexerSettings,
        version_field: str | None,
    ) -> None:
        """Take the generation that is live; see `ChangeReader` for what is raised."""
        self._client = client
        self._live = live
        self._settings = settings
        self._reader = ChangeReader(live.schema, settings, version_field)

    @property
    def notes(self) -> ReadingNotes:
        """What was odd about products that were written all the same."""
        return self._reader.notes

    def write(self, rows: Sequence[ReadRow]) -> BatchOutcome:
        """Write every change of a batch; returns when OpenSearch has confirmed or refused each.

        Raises:
            EncoderError: the model could not be run.
            SearchEngineError: OpenSearch failed, after the retries.
        """
        outcome = BatchOutcome()
        changes: list[Change] = []
        for row in rows:
            item = row if isinstance(row, Reject) else self._reader.read(row)
            if isinstance(item, Reject):
                outcome.rejects.append(item)
            else:
                changes.append(item)
        for wave in _waves(changes):
            self._write_wave(wave, outcome)
        return outcome

    def _write_wave(self, wave: Sequence[Change], outcome: BatchOutcome) -> None:
        bulk = [
            *self._upserts([each for each in wave if each.operation is Operation.UPSERT]),
            *self._patches([each for each in wave if each.operation is Operation.PATCH], outcome),
            *(_deletion(each) for each in wave if each.operation is Operation.DELETE),
        ]
        by_id = {change.product_id: change for change in wave}
        refused: list[Refusal] = []
        with BulkWriter(
            IndexBulkEndpoint(self._client, self._live.name),
            threads=self._settings.bulk_threads,
            request_bytes=self._settings.bulk_bytes,
            on_refused=refused.append,
        ) as writer:
            writer.apply(bulk)
        outcome.late += writer.statistics.late
        outcome.rejects += [_refused(by_id[each.document_id], each) for each in refused]
        left_out = {each.document_id for each in refused}
        done = Counter(
            by_id[each.document_id].operation for each in bulk if each.document_id not in left_out
        )
        outcome.upserted += done[Operation.UPSERT]
        outcome.patched += done[Operation.PATCH]
        outcome.deleted += done[Operation.DELETE]

    def _upserts(self, changes: Sequence[Change]) -> list[BulkChange]:
        """Tag and encode as a full run does."""
        products = tuple(each.product for each in changes if each.product is not None)
        if not products:
            return []
        chunk = ProductChunk(
            products=self._live.tagger.tagged(products),
            lines=tuple(each.row.number for each in changes),
            rows=len(changes),
            total_products=len(products),
        )
        encoded = next(
            encode_chunks(
                [chunk],
                self._live.encoder,
                self._settings,
                Event(),
                SilentProgress(),
                self._live.status.description.vector_compression,
            )
        )
        return [
            BulkChange(document_id=each.document_id, document=each.document, version=change.version)
            for each, change in zip(whole_documents(encoded), changes, strict=True)
        ]

    def _patches(self, changes: Sequence[Change], outcome: BatchOutcome) -> list[BulkChange]:
        plain = [
            BulkChange(
                document_id=each.product_id,
                action=BulkAction.UPDATE,
                document={**(each.live or {}), SOURCE_HASH_FIELD: NO_SOURCE},
            )
            for each in changes
            if each.version is None
        ]
        versioned = [each for each in changes if each.version is not None]
        return plain + self._versioned_patches(versioned, outcome)

    def _versioned_patches(
        self, changes: Sequence[Change], outcome: BatchOutcome
    ) -> list[BulkChange]:
        """Write whole documents: OpenSearch compares no versions of partial updates."""
        stored = stored_documents(
            self._client, self._live.name, [each.product_id for each in changes]
        )
        bulk: list[BulkChange] = []
        for change in changes:
            document = stored.get(change.product_id)
            if document is None:
                outcome.rejects.append(_unknown(change))
                continue
            merged: dict[str, Any] = {**document, **(change.live or {})}
            merged[SOURCE_HASH_FIELD] = NO_SOURCE
            bulk.append(
                BulkChange(document_id=change.product_id, document=merged, version=change.version)
            )
        return bulk


def _waves(changes: Iterable[Change]) -> list[list[Change]]:
    """Part the changes so that each wave has a product once, and its changes come in order."""
    waves: list[list[Change]] = []
    earlier: Counter[str] = Counter()
    for change in changes:
        place = earlier[change.product_id]
        earlier[change.product_id] += 1
        if place == len(waves):
            waves.append([])
        waves[place].append(change)
    return waves


def _deletion(change: Change) -> BulkChange:
    return BulkChange(
        document_id=change.product_id, action=BulkAction.DELETE, version=change.version
    )


def _refused(change: Change, refusal: Refusal) -> Reject:
    if change.operation is Operation.PATCH and _MISSING in refusal.reason:
        return _unknown(change)
    return Reject(
        line=change.row.number,
        reason=RejectReason.REFUSED_BY_OPENSEARCH,
        message=f"line {change.row.number}: OpenSearch refuses product {change.product_id!r}: "
        f"{refusal.reason}",
        raw=change.product_id,
    )


def _unknown(change: Change) -> Reject:
    return Reject(
        line=change.row.number,
        reason=RejectReason.UNKNOWN_PRODUCT,
        message=f"line {change.row.number}: there is no product {change.product_id!r} to patch",
        raw=change.product_id,
    )
