"""Holding NumPy's matrix products to one thread each."""

import threading
from contextlib import AbstractContextManager
from types import TracebackType

from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped, unused-ignore]


class OneBlasThread(AbstractContextManager[None]):
    """While anybody is inside, BLAS computes on the calling thread alone.

    The number of threads belongs to the process, so overlapping uses share one instance: the first
    in sets it, the last out puts it back. Small products on several threads of OpenBLAS are slower
    than on one, by far as soon as the cores have other work (81 to 1,013 texts a second on two
    cores, against 1,255 with one thread for each of two batches).
    """

    def __init__(self) -> None:
        self._controller = ThreadpoolController()
        self._lock = threading.Lock()
        self._inside = 0
        self._limiter: AbstractContextManager[object] | None = None

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._limiter = self._controller.limit(limits=1, user_api="blas")
                self._limiter.__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0 and self._limiter is not None:
                self._limiter.__exit__(kind, error, traceback)
                self._limiter = None


one_blas_thread = OneBlasThread()
"""The one instance of the process."""
