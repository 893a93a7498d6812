"""Threads that encode batches side by side."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from encoders.token_batches import IntArray


def usable_cores() -> int:
    """Return how many cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class BatchWorkers:
    """A fixed number of threads, each of which computes whole batches on one core.

    ONNX Runtime and NumPy let go of Python's lock while they compute, so threads suffice. One batch
    a core is faster than all cores on one batch: nothing waits for the slowest part of each layer
    (ADR 0003).
    """

    def __init__(self, threads: int) -> None:
        self.threads = threads or usable_cores()
        self._pool = (
            ThreadPoolExecutor(self.threads, thread_name_prefix="encoder")
            if self.threads > 1
            else None
        )

    def encode(
        self,
        batches: Sequence[IntArray],
        encode_batch: Callable[[IntArray], NDArray[np.float32]],
        rows: NDArray[np.float32],
    ) -> None:
        """Encode every batch and write its vectors to the rows that the batch names.

        The first error ends the work, and is raised here.
        """
        if self._pool is None or len(batches) == 1:
            for batch in batches:
                rows[batch] = encode_batch(batch)
            return
        for batch, vectors in zip(batches, self._pool.map(encode_batch, batches), strict=True):
            rows[batch] = vectors
