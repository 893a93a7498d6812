"""Stops asking a broken reranker, and says when to look whether it is well again."""

from collections.abc import Callable


class CircuitBreaker:
    """Closed while all is well; open after some failures in a row.

    Whoever finds it open does without and loses no time. A probe beside the searches, at most one
    at once and one a cool-down, decides when it closes again.
    """

    def __init__(
        self, *, failures_to_open: int, cool_down_seconds: float, clock: Callable[[], float]
    ) -> None:
        self._failures_to_open = failures_to_open
        self._cool_down_seconds = cool_down_seconds
        self._clock = clock
        self._failures = 0
        self._probe_from: float | None = None
        self._probing = False

    @property
    def is_open(self) -> bool:
        """Whether to do without."""
        return self._probe_from is not None

    def succeeded(self) -> None:
        """Note that an answer came: the circuit closes."""
        self._failures = 0
        self._probe_from = None
        self._probing = False

    def failed(self) -> None:
        """Note a failure, of a request or of the probe."""
        self._failures += 1
        self._probing = False
        if self._failures >= self._failures_to_open:
            self._probe_from = self._clock() + self._cool_down_seconds

    def wants_probe(self) -> bool:
        """Tell the caller to probe now, and nobody else until the outcome is noted."""
        if self._probe_from is None or self._probing or self._clock() < self._probe_from:
            return False
        self._probing = True
        return True
