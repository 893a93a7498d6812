"""Reading, tagging, encoding and writing at the same time.

```
reader thread ─ chunks ─► tagger thread ─► encoder thread ─ chunks + vectors ─► this thread
                                                                     ─ requests ─► senders
```

Each arrow is a bounded queue, so that the slowest step sets the pace and memory does not grow with
the catalogue. An exception anywhere, Ctrl-C included, stops every thread before it is raised.
"""

from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from encoders import CacheStatistics
from indexer.enrichment import Tagger, tag_chunks
from indexer.passage_encoding import EncodedChunk, encode_chunks
from indexer.product_stream import ProductChunk
from indexer.read_ahead import ReadAhead
from indexer.written_chunks import WRITING, WrittenChunks
from search_core import ProgressListener, TextEncoder
from search_core.settings import IndexerSettings, VectorCompression
from search_engine import BulkChange, BulkStatistics, BulkWriter, product_document

_CHUNKS_AHEAD = 1
"""Chunks that wait before each step. One keeps a step busy while the next chunk is made; more would
only cost memory."""


class Preparation(Protocol):
    """Tags and encodes chunks elsewhere than in the threads of this process."""

    @property
    def encoding(self) -> CacheStatistics:
        """How many passages were found in caches and how many computed so far."""
        ...

    def prepared(
        self, chunks: Iterable[ProductChunk], stop: Event, progress: ProgressListener
    ) -> Generator[EncodedChunk, None, None]:
        """Yield every chunk in its order, until `stop` is set."""
        ...


class ChunkStream(Protocol):
    """What gives the products of a run."""

    def chunks(
        self, stop: Event, progress: ProgressListener
    ) -> Generator[ProductChunk, None, None]:
        """Yield them, until `stop` is set."""
        ...


def whole_documents(encoded: EncodedChunk) -> list[BulkChange]:
    """Return the writing of every product of a chunk as a new document."""
    products, vectors = encoded.chunk.products, encoded.vectors
    return [
        BulkChange(
            document_id=product.id,
            document=product_document(product, None if vectors is None else vectors[place]),
        )
        for place, product in enumerate(products)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineSteps:
    """What a run consists of."""

    stream: ChunkStream
    encoder: TextEncoder | None
    writer: BulkWriter
    written: WrittenChunks
    settings: IndexerSettings
    stop: Event
    """Ends every step when it is set; the writer sets it when it fails."""
    before_chunk: Callable[[], None]
    """Called before each chunk is written: the place to check the lock."""
    vector_compression: VectorCompression = VectorCompression.NONE
    """How the index stores vectors."""
    tagger: Tagger | None = None
    """Gives the products their tags; `None`: they have those that they need."""
    preparation: Preparation | None = None
    """Tags and encodes; `None`: threads of this process do."""
    changes_of: Callable[[EncodedChunk], list[BulkChange]] = whole_documents
    """What is written of a chunk."""


def run_pipeline(steps: PipelineSteps, progress: ProgressListener) -> BulkStatistics:
    """Write every product of a stream; returns when OpenSearch has answered for each.

    Raises:
        CatalogError: the catalogue cannot be read to its end.
        EncoderError: the model could not be run.
        SearchEngineError: OpenSearch failed, after the retries.
        DocumentsLostError: OpenSearch did not answer for every document.
    """
    progress.start(WRITING, None, "products")
    try:
        # The writer's block ends last: it raises its own failure, which had ended the loop early.
        with steps.writer:
            _write_all(steps, progress)
    finally:
        progress.finish(WRITING)
    return steps.writer.statistics


def _write_all(steps: PipelineSteps, progress: ProgressListener) -> None:
    with ExitStack() as threads:
        read = steps.stream.chunks(steps.stop, progress)
        chunks = threads.enter_context(ReadAhead(read, depth=_CHUNKS_AHEAD, name="reader"))
        encoding = _prepared(steps, chunks, threads, progress)
        encoded = threads.enter_context(ReadAhead(encoding, depth=_CHUNKS_AHEAD, name="encoder"))
        # Before the threads are waited for: it is what ends them.
        threads.callback(steps.stop.set)
        for each in encoded:
            steps.before_chunk()
            _write(each, steps)


def _prepared(
    steps: PipelineSteps,
    chunks: ReadAhead[ProductChunk],
    threads: ExitStack,
    progress: ProgressListener,
) -> Generator[EncodedChunk, None, None]:
    if steps.preparation is not None:
        return steps.preparation.prepared(chunks, steps.stop, progress)
    if steps.tagger is not None and not steps.tagger.does_nothing:
        tagging = tag_chunks(chunks, steps.tagger, steps.stop)
        chunks = threads.enter_context(ReadAhead(tagging, depth=_CHUNKS_AHEAD, name="tagger"))
    return encode_chunks(
        chunks, steps.encoder, steps.settings, steps.stop, progress, steps.vector_compression
    )


def _write(encoded: EncodedChunk, steps: PipelineSteps) -> None:
    chunk = encoded.chunk
    steps.written.add(chunk)
    steps.writer.apply(steps.changes_of(encoded), on_settled=lambda: steps.written.settle(chunk))
