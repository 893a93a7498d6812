"""Reading, encoding and writing at the same time.

```
reader thread ─ chunks ─► encoder thread ─ chunks + vectors ─► this thread ─ requests ─► senders
```

Each arrow is a bounded queue, so that the slowest step sets the pace and memory does not grow with
the catalogue. An exception anywhere, Ctrl-C included, stops every thread before it is raised.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from indexer.passage_encoding import EncodedChunk, encode_chunks
from indexer.product_stream import ProductStream
from indexer.read_ahead import ReadAhead
from indexer.written_chunks import WRITING, WrittenChunks
from search_core import ProgressListener, TextEncoder
from search_core.settings import IndexerSettings
from search_engine import BulkStatistics, BulkWriter, product_document

_CHUNKS_AHEAD = 1
"""Chunks that wait before each step. One keeps a step busy while the next chunk is made; more would
only cost memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineSteps:
    """What a run consists of."""

    stream: ProductStream
    encoder: TextEncoder | None
    writer: BulkWriter
    written: WrittenChunks
    settings: IndexerSettings
    stop: Event
    """Ends every step when it is set; the writer sets it when it fails."""
    before_chunk: Callable[[], None]
    """Called before each chunk is written: the place to check the lock."""


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
    read = steps.stream.chunks(steps.stop, progress)
    with ReadAhead(read, depth=_CHUNKS_AHEAD, name="reader") as chunks:
        encoding = encode_chunks(chunks, steps.encoder, steps.settings, steps.stop, progress)
        with ReadAhead(encoding, depth=_CHUNKS_AHEAD, name="encoder") as encoded:
            try:
                for each in encoded:
                    steps.before_chunk()
                    _write(each, steps.writer, steps.written)
            finally:
                # Before the threads are waited for: it is what ends them.
                steps.stop.set()


def _write(encoded: EncodedChunk, writer: BulkWriter, written: WrittenChunks) -> None:
    chunk, vectors = encoded.chunk, encoded.vectors
    written.add(chunk)
    documents = [
        (product.id, product_document(product, None if vectors is None else vectors[place]))
        for place, product in enumerate(chunk.products)
    ]
    writer.write(documents, on_settled=lambda: written.settle(chunk))
