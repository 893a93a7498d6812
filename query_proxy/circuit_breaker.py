"""Stops asking an OpenSearch that does not answer, so that nobody waits for it in vain."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from search_core import SearchEngineTimeoutError, SearchEngineUnavailableError

_FAILURES = (SearchEngineTimeoutError, SearchEngineUnavailableError)


class CircuitBreaker:
    """Opens after failures in a row; then one request at a time tries whether it is over."""

    def __init__(
        self,
        failures: int,
        open_seconds: float,
        clock: Callable[[], float],
        on_change: Callable[[bool], None],
    ) -> None:
        """Start closed.

        Args:
            failures: in a row, without a success between them, that open it.
            open_seconds: between two tries while it is open.
            clock: seconds.
            on_change: told `True` when it opens, `False` when it closes.
        """
        self._limit = failures
        self._open_seconds = open_seconds
        self._clock = clock
        self._on_change = on_change
        self._failures = 0
        self._next_try = 0.0

    @property
    def is_open(self) -> bool:
        """Whether requests are turned away."""
        return self._failures >= self._limit

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Ask OpenSearch within the block, if it is asked at all now.

        Raises:
            SearchEngineUnavailableError: it is not.
        """
        self._require_turn()
        try:
            yield
        except _FAILURES:
            self._failed()
            raise
        else:
            self._succeeded()

    def _require_turn(self) -> None:
        if not self.is_open:
            return
        now = self._clock()
        if now < self._next_try:
            raise SearchEngineUnavailableError(
                f"OpenSearch has not answered {self._limit} times in a row and is not asked again "
                f"for {self._next_try - now:.1f} s",
                remedy="see whether it runs; search_engine.url names it",
            )
        self._next_try = now + self._open_seconds  # this one tries, the others wait for it

    def _failed(self) -> None:
        self._failures += 1
        if self._failures == self._limit:
            self._next_try = self._clock() + self._open_seconds
            self._on_change(True)

    def _succeeded(self) -> None:
        was_open, self._failures = self.is_open, 0
        if was_open:
            self._on_change(False)
