"""Makes the live generation like a new state of its catalogue, writing only what differs.

Changes and additions are written while the catalogue is read; what it no longer has is deleted
after its last row. Each product is a document, replaced as a whole or in its live fields: a run
that ends early leaves every product as it was or as it is to be, and the next run finds the rest by
their hashes.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from threading import Event
from typing import cast

from encoders import CacheStatistics
from indexer.catalog_source import CatalogSource, open_catalog
from indexer.checkpoint import Checkpoint
from indexer.delta.changed_products import ChangedChunk, ChangedProducts
from indexer.delta.known_products import KnownProducts
from indexer.delta.live_generation import LiveGeneration, open_live_generation
from indexer.delta.update_request import UpdateReport, UpdateRequest, UpdateTools
from indexer.generation_build import cache_statistics, encoding_between
from indexer.passage_encoding import EncodedChunk
from indexer.pipeline import PipelineSteps, run_pipeline, whole_documents
from indexer.rejects_file import RejectsFile
from indexer.run_lease import RunLease
from indexer.shared_rejects import SharedRejects
from indexer.written_chunks import WrittenChunks
from search_core import IndexingError, UpdateRefusedError
from search_engine import (
    BulkAction,
    BulkChange,
    BulkStatistics,
    BulkWriter,
    Generations,
    IndexBulkEndpoint,
    ProductHashes,
    Refusal,
    RunRecordStore,
    count_documents,
    live_document,
    make_searchable,
    note_changes,
    scan_hashes,
)

COMPARING = "looking at the live products"
DELETING = "deleting"
_DELETED_TOGETHER = 1_000
_SCANNED_BETWEEN_REPORTS = 1_000


def update_index(request: UpdateRequest, tools: UpdateTools) -> UpdateReport:
    """Bring the live generation up to date with a catalogue.

    Raises:
        CatalogError: the catalogue cannot be read, or too much of it is set aside.
        IndexNotFoundError: no generation is live.
        UpdateRefusedError: the generation was built in another way, or too much would be deleted;
            in the second case changes and additions have been written.
        EncoderError: the generation's model is missing or fails.
        IndexingError: another run is writing.
        SearchEngineError: OpenSearch failed, after the retries.
    """
    with open_catalog(request.catalog) as source:
        live = open_live_generation(
            tools.client,
            request.alias,
            tools.settings,
            tools.encoder_of,
            tools.more_tags,
            schema=request.schema,
            language=request.language,
        )
        return _Update(request, tools, source, live).run()


class _Update:
    def __init__(
        self,
        request: UpdateRequest,
        tools: UpdateTools,
        source: CatalogSource,
        live: LiveGeneration,
    ) -> None:
        self._began = tools.clock()
        self._request = request
        self._tools = tools
        self._source = source
        self._live = live

    def run(self) -> UpdateReport:
        tools, request = self._tools, self._request
        with (
            tools.lease(RunRecordStore(tools.client, request.alias)) as lease,
            request.rejects_file(tools.settings) as rejects,
        ):
            make_searchable(tools.client, self._live.name)
            known = KnownProducts(self._hashes())
            shared = SharedRejects(rejects)
            changed = ChangedProducts(
                self._source, self._live.schema, tools.settings, shared, known
            )
            before = cache_statistics(self._live.encoder)
            if request.dry_run:
                writing = _read_only(changed, tools)
            else:
                writing = self._write(changed, shared, lease)
                make_searchable(tools.client, self._live.name)
                self._refuse_to_delete(known, changed, rejects)
                self._delete(known, lease)
            after = cache_statistics(self._live.encoder)
            learned = self._finish(changed, known)
        return self._report(
            changed,
            known,
            rejects,
            writing,
            encoding_between(self._live.encoder, writing, before, after),
            learned=learned,
        )

    def _report(
        self,
        changed: ChangedProducts,
        known: KnownProducts,
        rejects: RejectsFile,
        writing: BulkStatistics,
        encoding: CacheStatistics,
        *,
        learned: bool,
    ) -> UpdateReport:
        tools, request, counts = self._tools, self._request, changed.counts
        return UpdateReport(
            alias=request.alias,
            generation=self._live.name,
            dry_run=request.dry_run,
            rows=counts.rows,
            products=counts.products,
            unchanged=counts.unchanged,
            changed=counts.changed,
            live=counts.live,
            added=counts.added,
            deleted=known.unnamed,
            documents=count_documents(tools.client, self._live.name),
            rejects={reason.value: count for reason, count in rejects.counts.items()},
            first_rejects=rejects.first,
            left_out=dict(changed.notes.unreadable.most_common()),
            warnings=changed.notes.sentences(),
            encoded=0 if request.dry_run else encoding.misses,
            from_cache=encoding.hits,
            learned=learned,
            writing=writing,
            seconds=tools.clock() - self._began,
        )

    def _hashes(self) -> Iterator[ProductHashes]:
        progress = self._tools.progress
        total = count_documents(self._tools.client, self._live.name)
        progress.start(COMPARING, total, "products")
        try:
            for number, product in enumerate(scan_hashes(self._tools.client, self._live.name), 1):
                yield product
                if number % _SCANNED_BETWEEN_REPORTS == 0:
                    progress.advance(COMPARING, _SCANNED_BETWEEN_REPORTS)
        finally:
            progress.finish(COMPARING)

    def _write(
        self, changed: ChangedProducts, shared: SharedRejects, lease: RunLease
    ) -> BulkStatistics:
        stop = Event()
        written = WrittenChunks(Checkpoint(), shared, lambda _: None, self._tools.progress)
        steps = PipelineSteps(
            stream=changed,
            encoder=self._live.encoder,
            tagger=self._live.tagger,
            writer=self._writer(written.refuse, stop),
            written=written,
            settings=self._tools.settings,
            stop=stop,
            before_chunk=lease.check,
            vector_compression=self._live.status.description.vector_compression,
            changes_of=_changes_of,
        )
        return run_pipeline(steps, self._tools.progress)

    def _refuse_to_delete(
        self, known: KnownProducts, changed: ChangedProducts, rejects: RejectsFile
    ) -> None:
        """Stop before a broken export empties the shop.

        Raises:
            UpdateRefusedError: too many products have vanished, or too many rows were set aside.
        """
        if self._request.allow_shrink or not known.unnamed:
            return
        settings, vanished = self._tools.settings, known.unnamed
        written = "changes and additions were written, nothing was deleted"
        if vanished > max(1, settings.max_update_deletes * len(known)):
            raise UpdateRefusedError(
                f"{vanished:,} of {len(known):,} products are not in the catalogue, more than "
                f"{settings.max_update_deletes:.0%} (indexer.max_update_deletes); {written}",
                remedy="if they are to go, run it again with --allow-shrink",
            )
        if rejects.total > settings.max_reject_share * changed.counts.rows:
            raise UpdateRefusedError(
                f"{rejects.total:,} of {changed.counts.rows:,} rows were set aside, more than "
                f"{settings.max_reject_share:.0%} (indexer.max_reject_share); {written}",
                remedy="look at the rejects (--rejects FILE); --allow-shrink deletes all the same",
            )

    def _delete(self, known: KnownProducts, lease: RunLease) -> None:
        """Delete what the catalogue has not named. Ids are read again: only hashes were kept."""
        total = known.unnamed
        if not total:
            return
        tools = self._tools
        stop = Event()
        vanished = (
            BulkChange(document_id=each.product_id, action=BulkAction.DELETE)
            for each in scan_hashes(tools.client, self._live.name)
            if known.vanished(each.product_id)
        )
        tools.progress.start(DELETING, total, "products")
        try:
            with self._writer(_never_refused, stop) as writer:
                while changes := list(islice(vanished, _DELETED_TOGETHER)):
                    lease.check()
                    writer.apply(changes)
                    tools.progress.advance(DELETING, len(changes))
        finally:
            tools.progress.finish(DELETING)

    def _finish(self, changed: ChangedProducts, known: KnownProducts) -> bool:
        """Make it all searchable, and learn the catalogue's words anew where it is time."""
        tools, name, counts = self._tools, self._live.name, changed.counts
        if self._request.dry_run:
            return False
        make_searchable(tools.client, name)
        if Generations(tools.client, self._request.alias).require_live().name != name:
            raise IndexingError(
                f"another generation of {self._request.alias} was put live during the update",
                remedy="run the update again",
            )
        differing = counts.changed + counts.added + known.unnamed
        # Also without any: a feed may have counted many since.
        total = note_changes(tools.client, name, differing)
        if total is not None and total < tools.settings.relearn_share * max(1, len(known)):
            return False
        tools.learn(name)
        return True

    def _writer(self, on_refused: Callable[[Refusal], None], stop: Event) -> BulkWriter:
        settings = self._tools.settings
        return BulkWriter(
            IndexBulkEndpoint(self._tools.client, self._live.name),
            threads=settings.bulk_threads,
            request_bytes=settings.bulk_bytes,
            on_refused=on_refused,
            on_failure=stop.set,
        )


def _changes_of(encoded: EncodedChunk) -> list[BulkChange]:
    chunk = cast("ChangedChunk", encoded.chunk)
    return [
        *whole_documents(encoded),
        *(
            BulkChange(
                document_id=product.id,
                action=BulkAction.UPDATE,
                document=live_document(product),
            )
            for product in chunk.live
        ),
    ]


def _read_only(changed: ChangedProducts, tools: UpdateTools) -> BulkStatistics:
    for _ in changed.chunks(Event(), tools.progress):
        pass
    return BulkStatistics()


def _never_refused(refusal: Refusal) -> None:
    raise AssertionError(f"a deletion was refused: {refusal}")
