"""Tags and encodes whole chunks in a process of its own, perhaps on another machine."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from encoders import CachedTextEncoder, CacheStatistics
from indexer.enrichment import Tagger, tag_chunks
from indexer.passage_encoding import EncodedChunk, encode_chunks
from indexer.product_stream import ProductChunk
from search_core import EncoderIdentity, SilentProgress, TextEncoder
from search_core.settings import IndexerSettings, VectorCompression

EncoderOf = Callable[[EncoderIdentity], TextEncoder]
"""Loads a model by what an index says of it. Sent to other machines, so it has to be picklable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkWork:
    """What a worker needs, before it has loaded anything."""

    identity: EncoderIdentity | None
    """`None`: an index without vectors."""
    encoder_of: EncoderOf
    tagger: Tagger | None
    """`None`: the chunks have the tags that they need."""
    settings: IndexerSettings
    compression: VectorCompression


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedChunk:
    """A chunk ready to be written, and what its encoding took."""

    encoded: EncodedChunk
    encoding: CacheStatistics
    """Hits are passages that the worker's cache had, misses those that its model computed."""


class ChunkWorker:
    """Does the work of the local runner's threads for one chunk after the other."""

    def __init__(self, work: ChunkWork) -> None:
        """Load the model.

        Raises:
            EncoderError: it is not there, or is another one than the run began with.
        """
        self._work = work
        self._encoder = None if work.identity is None else work.encoder_of(work.identity)

    def prepared(self, chunk: ProductChunk) -> PreparedChunk:
        """Tag and encode a chunk.

        Raises:
            EncoderError: the model could not be run.
        """
        work = self._work
        if work.tagger is not None:
            # In the local runner's portions: what a quantised model gives depends a little on
            # what is encoded together.
            (chunk,) = tag_chunks([chunk], work.tagger, Event())
        before = self._statistics()
        (encoded,) = encode_chunks(
            [chunk], self._encoder, work.settings, Event(), SilentProgress(), work.compression
        )
        after = self._statistics()
        computed = after.misses - before.misses
        if self._encoder is not None and not isinstance(self._encoder, CachedTextEncoder):
            computed = len(chunk.products)
        return PreparedChunk(
            encoded=encoded,
            encoding=CacheStatistics(hits=after.hits - before.hits, misses=computed),
        )

    def _statistics(self) -> CacheStatistics:
        if isinstance(self._encoder, CachedTextEncoder):
            return self._encoder.statistics
        return CacheStatistics(hits=0, misses=0)
