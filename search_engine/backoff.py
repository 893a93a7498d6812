"""How long a failed request waits before its next attempt, and how a busy node slows all requests.

Whole requests, parts of requests and several senders share one node here, which general retry
libraries (they repeat one call) do not cover; the arithmetic that is left is two formulas.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Exponential waiting with jitter.

    Source: Brooker 2015, "Exponential Backoff and Jitter" (the equal-jitter form: half of the wait
    is fixed, so that a node under pressure gets at least that).
    """

    first_seconds: float = 0.5
    longest_seconds: float = 20.0
    attempts: int = 10
    """Sends of one request without any progress before it is given up. With the default waits that
    is 45 to 91 seconds: longer than the restart of a node, shorter than a person's patience."""

    def delay_seconds(self, attempt: int, random: Callable[[], float]) -> float:
        """Return the wait after the failure of an attempt.

        Args:
            attempt: which send failed, from 1.
            random: gives numbers in [0, 1).
        """
        # Bounded before the power is taken: a float overflows at 2**1024.
        doublings = min(attempt - 1, 60)
        whole = min(self.longest_seconds, self.first_seconds * 2.0**doublings)
        return whole / 2 + whole / 2 * random()


class Throttle:
    """A pause before every request, shared by all senders: grows with each 429, shrinks without.

    Retries alone do not relieve a node: while one sender waits, the others go on as before.
    """

    def __init__(self, *, first_seconds: float = 0.1, longest_seconds: float = 5.0) -> None:
        self._first = first_seconds
        self._longest = longest_seconds
        self._pause = 0.0
        self._lock = Lock()

    @property
    def pause_seconds(self) -> float:
        """What a sender waits before its next request."""
        return self._pause

    def overloaded(self) -> None:
        """Take note of a 429: the pause doubles."""
        with self._lock:
            self._pause = min(self._longest, max(self._first, self._pause * 2))

    def went_well(self) -> None:
        """Take note of a request without 429: the pause halves, and ends below the first one."""
        with self._lock:
            self._pause = 0.0 if self._pause <= self._first else self._pause / 2
