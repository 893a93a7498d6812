"""Chunks of products with their vectors."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from threading import Event

import numpy as np
from numpy.typing import NDArray

from indexer.passage import passage_text
from indexer.product_stream import ProductChunk
from search_core import ProgressListener, TextEncoder
from search_core.settings import IndexerSettings, VectorCompression
from search_engine import stored_vectors

ENCODING = "encoding"

_SLICE = 512
"""Passages of one call to the encoder: enough for full batches of equal length, few enough that a
run ends within a second or two of being interrupted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedChunk:
    """A chunk and the vectors of its products."""

    chunk: ProductChunk
    vectors: NDArray[np.float32] | NDArray[np.int8] | None
    """`(len(chunk.products), dimension)`, as the index stores them: float32, or int8 for
    `vector_compression = "byte"`; `None` for an index without vectors."""


def encode_chunks(
    chunks: Iterable[ProductChunk],
    encoder: TextEncoder | None,
    settings: IndexerSettings,
    stop: Event,
    progress: ProgressListener,
    compression: VectorCompression = VectorCompression.NONE,
) -> Generator[EncodedChunk, None, None]:
    """Encode chunk after chunk, until `stop` is set.

    Raises:
        EncoderError: the model could not be run.
    """
    if encoder is None:
        for chunk in chunks:
            yield EncodedChunk(chunk=chunk, vectors=None)
        return
    progress.start(ENCODING, None, "products")
    try:
        for chunk in chunks:
            vectors = _encode(chunk, encoder, settings, stop, progress)
            if stop.is_set():
                return
            yield EncodedChunk(chunk=chunk, vectors=stored_vectors(vectors, compression))
    finally:
        progress.finish(ENCODING)


def _encode(
    chunk: ProductChunk,
    encoder: TextEncoder,
    settings: IndexerSettings,
    stop: Event,
    progress: ProgressListener,
) -> NDArray[np.float32]:
    texts = [passage_text(product, settings) for product in chunk.products]
    # Passages of like length share a slice, so that hardly any padding is computed.
    order = np.argsort([len(text) for text in texts], kind="stable")
    vectors = np.zeros((len(texts), encoder.identity.dimension), np.float32)
    for start in range(0, len(texts), _SLICE):
        if stop.is_set():
            break
        places = order[start : start + _SLICE]
        vectors[places] = encoder.encode_passages([texts[place] for place in places])
        progress.advance(ENCODING, len(places))
    return vectors
