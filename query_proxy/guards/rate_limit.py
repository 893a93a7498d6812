"""Requests a second of each caller."""

from collections.abc import Callable, Mapping

from search_core import TooManyRequestsError

_BURST_SECONDS = 2.0


class RateLimit:
    """A bucket of tokens for each caller that has a limit; a request takes one."""

    def __init__(self, per_second: Mapping[str, float], clock: Callable[[], float]) -> None:
        """Fill the buckets.

        Args:
            per_second: caller → requests.
            clock: seconds.
        """
        self._per_second = per_second
        self._clock = clock
        self._tokens = {name: max(1.0, rate * _BURST_SECONDS) for name, rate in per_second.items()}
        self._filled_at = dict.fromkeys(per_second, clock())

    def take(self, caller: str | None) -> None:
        """Count a request.

        Raises:
            TooManyRequestsError: the caller's bucket is empty.
        """
        rate = None if caller is None else self._per_second.get(caller)
        if caller is None or rate is None:
            return
        now = self._clock()
        full = max(1.0, rate * _BURST_SECONDS)
        filled = self._tokens[caller] + (now - self._filled_at[caller]) * rate
        tokens = min(full, filled)
        self._filled_at[caller] = now
        if tokens < 1.0:
            self._tokens[caller] = tokens
            raise TooManyRequestsError(
                f"{caller} sends more than {rate:g} requests a second",
                remedy="wait as Retry-After says",
            )
        self._tokens[caller] = tokens - 1.0
