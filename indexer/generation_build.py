"""Fills one generation from a catalogue and makes sure that it may go live."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event

from encoders import CachedTextEncoder, CacheStatistics
from indexer.catalog_plan import CatalogPlan
from indexer.catalog_source import CatalogSource
from indexer.enrichment import Tagger
from indexer.generation_checks import (
    CheckResult,
    ExpectedGeneration,
    GenerationChecks,
    require_passed,
)
from indexer.pipeline import PipelineSteps, Preparation, run_pipeline
from indexer.product_stream import ProductStream
from indexer.reindex_request import ReindexRequest, ReindexTools
from indexer.rejects_file import RejectsFile
from indexer.run_lease import RunLease
from indexer.shared_rejects import SharedRejects
from indexer.unfinished_run import StartingPoint
from indexer.written_chunks import WrittenChunks
from search_core import IndexNotFoundError, SearchEngineError, TextEncoder
from search_core.errors import ShopkeeperError
from search_engine import (
    BulkStatistics,
    BulkWriter,
    Generations,
    GenerationState,
    IndexBulkEndpoint,
    IndexDescription,
    finish_loading,
    make_durable,
)

_logger = logging.getLogger(__name__)

FINISHING = "merging and checking"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledGeneration:
    """What was written."""

    stream: ProductStream
    refused: int
    writing: BulkStatistics
    encoding: CacheStatistics
    """Hits are passages that the cache had, misses those that the model computed."""


class GenerationBuild:
    """Builds one generation. The run holds the alias's lease."""

    def __init__(
        self,
        request: ReindexRequest,
        tools: ReindexTools,
        generations: Generations,
        lease: RunLease,
        start: StartingPoint,
        encoder: TextEncoder | None,
        tagger: Tagger,
    ) -> None:
        self._request = request
        self._tools = tools
        self._generations = generations
        self._lease = lease
        self._start = start
        self._name = start.generation.name
        self._encoder = encoder
        self._tagger = tagger

    def fill(
        self, source: CatalogSource, plan: CatalogPlan, rejects: RejectsFile
    ) -> FilledGeneration:
        """Read, encode and write everything after the starting point.

        Raises:
            ShopkeeperError: see `pipeline.run_pipeline`.
        """
        settings = self._tools.settings
        shared = SharedRejects(rejects)
        stop = Event()
        written = WrittenChunks(
            self._start.checkpoint, shared, self._lease.advance, self._tools.progress
        )
        stream = ProductStream(
            source, plan.schema, settings, shared, skip_rows=self._start.checkpoint.rows
        )
        preparation = self._preparation()
        steps = PipelineSteps(
            stream=stream,
            encoder=self._encoder,
            writer=BulkWriter(
                IndexBulkEndpoint(self._tools.client, self._name),
                threads=settings.bulk_threads,
                request_bytes=settings.bulk_bytes,
                on_refused=written.refuse,
                on_failure=stop.set,
            ),
            written=written,
            settings=settings,
            stop=stop,
            before_chunk=self._lease.check,
            vector_compression=self._tools.engine.vector_compression,
            tagger=self._tagger,
            preparation=preparation,
        )
        before = cache_statistics(self._encoder)
        writing = run_pipeline(steps, self._tools.progress)
        after = cache_statistics(self._encoder)
        return FilledGeneration(
            stream=stream,
            refused=written.refused,
            writing=writing,
            encoding=encoding_between(self._encoder, writing, before, after)
            if preparation is None
            else preparation.encoding,
        )

    def _preparation(self) -> Preparation | None:
        if self._tools.preparation_for is None:
            return None
        identity = None if self._encoder is None else self._encoder.identity
        compression = self._tools.engine.vector_compression
        return self._tools.preparation_for(identity, self._tagger, compression)

    def finish(
        self, filled: FilledGeneration, description: IndexDescription, rejects: int
    ) -> tuple[CheckResult, ...]:
        """Merge, check and mark as complete.

        Raises:
            GenerationCheckError: a check failed.
            IndexingError: another run has taken the lease.
            SearchEngineError: OpenSearch does not answer as it should.
        """
        tools = self._tools
        tools.progress.start(FINISHING, 2, "steps")
        try:
            finish_loading(
                tools.client,
                self._name,
                replicas=tools.engine.replicas,
                segments=tools.settings.segments,
            )
            tools.progress.advance(FINISHING, 1)
            live = self._generations.live()
            checks = GenerationChecks(
                tools.client, tools.engine, tools.settings, self._encoder
            ).run(
                ExpectedGeneration(
                    name=self._name,
                    description=description,
                    documents=filled.stream.products - filled.refused,
                    rows=filled.stream.rows,
                    rejects=rejects,
                    sample=self._tagger.tagged(tuple(filled.stream.sample)),
                    live=None if live is None else live.name,
                    allow_shrink=self._request.allow_shrink,
                )
            )
            tools.progress.advance(FINISHING, 1)
            require_passed(self._name, checks)
            self._lease.check()
            self._generations.mark(self._name, GenerationState.COMPLETE)
        finally:
            tools.progress.finish(FINISHING)
        return checks

    @contextmanager
    def marked_when_it_fails(self) -> Iterator[None]:
        """Mark the generation as failed when the block raises, so that nothing takes it for more.

        Ctrl-C counts. A process that is killed leaves it as building, without a living owner.
        """
        try:
            yield
        except BaseException as error:
            self._mark_failed(error)
            raise

    def _mark_failed(self, error: BaseException) -> None:
        reason = error.message if isinstance(error, ShopkeeperError) else repr(error)
        try:
            make_durable(self._tools.client, self._name)
            self._lease.make_durable()
            self._generations.mark(self._name, GenerationState.FAILED, reason=reason[:500])
        except (SearchEngineError, IndexNotFoundError) as second:
            # The first error is the one to show; without its mark the generation is unfinished.
            _logger.warning("generation_not_marked name=%s: %s", self._name, second.message)


def cache_statistics(encoder: TextEncoder | None) -> CacheStatistics:
    """Return what an encoder's cache has spared so far; nothing where it has none."""
    if isinstance(encoder, CachedTextEncoder):
        return encoder.statistics
    return CacheStatistics(hits=0, misses=0)


def encoding_between(
    encoder: TextEncoder | None,
    writing: BulkStatistics,
    before: CacheStatistics,
    after: CacheStatistics,
) -> CacheStatistics:
    """Return what was found and what computed between two looks at an encoder's cache."""
    if encoder is None:
        return CacheStatistics(hits=0, misses=0)
    if not isinstance(encoder, CachedTextEncoder):
        return CacheStatistics(hits=0, misses=writing.documents)
    return CacheStatistics(hits=after.hits - before.hits, misses=after.misses - before.misses)
