"""The chunks that this process reads, as a source of Ray Data.

Ray Data's own readers would split files by bytes or row groups: the rows of a catalogue have to be
read in order by one reader, which knows duplicates, line numbers and what was set aside, also from
standard input. So the reader stays in this process and puts chunks into a bounded queue, and a
single read task takes them out.
"""

import pickle
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
from ray.data.block import BlockMetadata
from ray.data.datasource import Datasource, ReadTask
from ray.util.queue import Queue

COLUMN = "chunk"

_END = b""


class ChunkSource(Datasource):
    """A source with one read task, which ends when the queue says so."""

    def __init__(self, queue: Queue) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._queue = queue

    def get_name(self) -> str:
        """Return what Ray's progress and errors call it."""
        return "catalogue"

    def estimate_inmemory_data_size(self) -> None:
        """Return nothing: a catalogue's size is known when it has been read."""
        return

    def get_read_tasks(self, *_: object, **__: object) -> list[ReadTask]:
        """Return the one task."""
        queue = self._queue
        unknown = BlockMetadata(num_rows=None, size_bytes=None, exec_stats=None, input_files=None)
        return [ReadTask(lambda: _blocks(queue), unknown)]


def feed(queue: Queue, chunks: Iterable[Any]) -> None:
    """Put every chunk into the queue, waiting while it is full, and say that they have ended.

    That is said also when reading them fails, so that nobody waits for more.
    """
    try:
        for chunk in chunks:
            queue.put(pickle.dumps(chunk, protocol=pickle.HIGHEST_PROTOCOL))
    finally:
        queue.put(_END)


def _blocks(queue: Queue) -> Iterator[pa.Table]:
    while (chunk := queue.get()) != _END:
        yield pa.table({COLUMN: pa.array([chunk], pa.large_binary())})
