"""How much time a request has left."""

from collections.abc import Callable

from search_core import SearchEngineTimeoutError


class Deadline:
    """Counts down from the moment it is made."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._started = clock()
        self._seconds = seconds

    def now(self) -> float:
        """Return the clock's seconds."""
        return self._clock()

    def elapsed(self) -> float:
        """Return the seconds since the start."""
        return self._clock() - self._started

    def seconds_left(self) -> float:
        """Return the seconds that are left.

        Raises:
            SearchEngineTimeoutError: none are.
        """
        left = self._seconds - self.elapsed()
        if left <= 0:
            raise SearchEngineTimeoutError(
                f"the search took longer than its {self._seconds * 1000:.0f} ms",
                remedy="raise retrieval.deadline_ms, or ask for less",
            )
        return left
