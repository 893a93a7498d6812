"""What a bulk writer has done, counted by several threads."""

from dataclasses import dataclass, replace
from threading import Lock


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkStatistics:
    """What a writer has done so far."""

    documents: int = 0
    """Handed to `write`; in the end `confirmed + refused`."""
    confirmed: int = 0
    late: int = 0
    """Of the confirmed, those left out because the document had a higher version."""
    refused: int = 0
    requests: int = 0
    """Sent, repetitions included."""
    retried_documents: int = 0
    """Sent again, counted each time."""
    sent_bytes: int = 0
    took_ms: int = 0
    """OpenSearch's own time, summed over requests; above the wall clock when they overlap."""


class BulkCounter:
    """Adds to statistics from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._statistics = BulkStatistics()

    @property
    def statistics(self) -> BulkStatistics:
        """The counts so far."""
        return self._statistics

    def add(self, **amounts: int) -> None:
        """Add to the fields of those names."""
        with self._lock:
            self._statistics = replace(
                self._statistics,
                **{name: getattr(self._statistics, name) + n for name, n in amounts.items()},
            )
