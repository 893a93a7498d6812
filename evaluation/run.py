"""What a system answers to the judged queries."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from evaluation.judgments import JudgedQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownHit:
    """One of the first hits, as a reader of a report wants to see it."""

    product_id: str
    title: str = ""
    """Empty: the system does not say."""
    explanation: tuple[str, ...] = ()
    """Plain sentences; empty: the system does not explain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a system answers to one query."""

    product_ids: tuple[str, ...]
    """Best first, each once."""
    latency_ms: float | None = None
    """Time that a shopper's first page takes; `None`: not measured."""
    shown: tuple[ShownHit, ...] = ()
    """The first of `product_ids` with what can be read about them; may be empty."""
    degraded: tuple[str, ...] = ()
    """What the system did without; empty: nothing."""
    intent: str | None = None
    """What the system took the shopper to be after; `None`: it does not say."""
    language: str | None = None
    """ISO 639-1 of the query, as the system takes it; `None`: it does not say."""


AnswerQuery = Callable[[JudgedQuery, int], Awaitable[Answer]]
"""Ranks up to so many products for a query: anything that does can be measured.

Raises `ShopkeeperError` when it cannot answer.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredSystem:
    """Something that answers queries, under a name."""

    name: str
    answer: AnswerQuery
    fingerprint: str | None = None
    """Changes whenever the answers could: configuration and state of the index. `None`: nobody can
    tell, so that its answers are not cached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The answers of one system to all queries."""

    name: str
    answers: Mapping[str, Answer]
    """Query's key → answer. A query that is missing has no hits."""
    depth: int | None = None
    """Hits that were asked for; `None`: the run was read from a file."""
    measured_at: datetime | None = None
    """When the system answered; `None`: a run file does not say."""
    from_cache: bool = False

    def ranking(self, query: JudgedQuery) -> tuple[str, ...]:
        """Return the product ids of a query, best first; empty when there are none."""
        answer = self.answers.get(query.key)
        return answer.product_ids if answer else ()

    def degraded(self) -> Mapping[str, int]:
        """Count the answers that the system gave without something, by what it was."""
        counts: dict[str, int] = {}
        for answer in self.answers.values():
            for reason in answer.degraded:
                counts[reason] = counts.get(reason, 0) + 1
        return counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """How long shoppers' pages take, in milliseconds."""

    p50_ms: float
    p95_ms: float
    queries: int = field(default=0)

    @classmethod
    def of(cls, run: Run) -> "Latency | None":
        """Return a run's latency, or `None` when it was not measured."""
        times = sorted(a.latency_ms for a in run.answers.values() if a.latency_ms is not None)
        if not times:
            return None
        return cls(
            p50_ms=_percentile(times, 0.50), p95_ms=_percentile(times, 0.95), queries=len(times)
        )


def _percentile(ascending: list[float], share: float) -> float:
    """Interpolate linearly between the two nearest values, as numpy does."""
    place = share * (len(ascending) - 1)
    below = int(place)
    above = min(below + 1, len(ascending) - 1)
    return ascending[below] + (place - below) * (ascending[above] - ascending[below])
