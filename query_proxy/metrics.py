"""What is counted and timed, in the terms of Prometheus."""

from collections.abc import Callable
from enum import StrEnum
from functools import cache, partial
from pathlib import Path

import psutil
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from query_proxy.behaviour.behaviour_writer import RecordOutcome
from query_proxy.takeover.hybrid_search import HybridAnswer
from query_proxy.worker_metrics import WorkerMetrics
from search_engine import RecordKind

# From well below a pass-through to beyond the default deadline.
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Outcome(StrEnum):
    """What became of a search of a configured index."""

    HYBRID = "hybrid"
    DEGRADED = "degraded"
    """Hybrid, but without one of its legs."""
    PASSED_THROUGH = "passed_through"


class Metrics(WorkerMetrics):
    """The proxy's metrics. One instance a process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register the metrics.

        Args:
            registry: whose metrics are told together.
        """
        super().__init__(registry)
        counter = partial(Counter, registry=registry)
        histogram = partial(Histogram, buckets=_SECONDS, registry=registry)
        self._requests = counter(
            "shopkeeper_proxy_requests", "Requests answered.", ["kind", "status"]
        )
        self._seconds = histogram(
            "shopkeeper_proxy_request_seconds", "Time to answer a request.", ["kind"]
        )
        self._under_way = Gauge(
            "shopkeeper_proxy_requests_under_way",
            "Requests that have a permit.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._refused = counter(
            "shopkeeper_proxy_refused", "Requests refused, by the code of the error.", ["code"]
        )
        self._searches = counter(
            "shopkeeper_proxy_searches",
            "Searches of the configured indices, by what became of them.",
            ["outcome"],
        )
        self._steps = histogram(
            "shopkeeper_proxy_search_step_seconds",
            "Time of the steps of a hybrid search.",
            ["step"],
        )
        self._reranked = counter(
            "shopkeeper_proxy_reranked_searches",
            "Searches whose first products a cross-encoder has read, by its name and content.",
            ["model"],
        )
        self._records = counter(
            "shopkeeper_proxy_behaviour_records",
            "Searches and events to be kept, by what became of them.",
            ["kind", "outcome"],
        )
        # Finding a label's value takes a lock and checks: the few that there are, are found once.
        self._requests_of = cache(lambda kind, status: self._requests.labels(kind, str(status)))
        self._seconds_of = cache(self._seconds.labels)
        self._steps_of = cache(self._steps.labels)

    def count_records(self, kind: RecordKind, outcome: RecordOutcome, count: int) -> None:
        """Count searches and events that were to be kept."""
        self._records.labels(kind.value, outcome.value).inc(count)

    def count_request(self, kind: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self._requests_of(kind, status).inc()
        self._seconds_of(kind).observe(seconds)

    def count_refusal(self, code: str) -> None:
        """Count a request that was refused."""
        self._refused.labels(code).inc()

    def count_search(self, outcome: Outcome) -> None:
        """Count a search of a configured index."""
        self._searches.labels(outcome.value).inc()

    def observe_hybrid(self, answer: HybridAnswer) -> None:
        """Count a hybrid search and its steps."""
        degraded = bool(answer.ranked.degraded)
        self.count_search(Outcome.DEGRADED if degraded else Outcome.HYBRID)
        if answer.ranked.cross_encoder:
            self._reranked.labels(answer.ranked.cross_encoder).inc()
        times = answer.ranked.timings
        for step, milliseconds in (
            ("encode", times.encode_ms),
            ("legs", times.legs_ms),
            ("fusion", times.fusion_ms),
            ("rerank", times.rerank_ms),
            ("page", answer.page_ms),
            ("total", answer.total_ms),
        ):
            self._steps_of(step).observe(milliseconds / 1000)

    def observe_reranking(self, seconds: float) -> None:
        """Time the scoring of texts that a client sent, beside the reranking of searches."""
        self._steps_of("rerank_texts").observe(seconds)

    def entered(self) -> None:
        """Count a request that got its permit."""
        self._under_way.inc()

    def left(self) -> None:
        """Count a request that gave its permit back."""
        self._under_way.dec()


Exposition = Callable[[], bytes]
"""Gives the metrics of all workers in Prometheus' text format."""


def exposition(registry: CollectorRegistry) -> Exposition:
    """Return the exposition of one process's metrics."""
    return lambda: generate_latest(registry)


def shared_exposition(folder: Path) -> Exposition:
    """Return the exposition of several processes that share a folder.

    Args:
        folder: what PROMETHEUS_MULTIPROC_DIR named when the processes started.
    """

    def expose() -> bytes:
        for file in folder.glob("gauge_live*.db"):
            pid = int(file.stem.rpartition("_")[2])
            if not psutil.pid_exists(pid):
                # A killed worker has nothing under way.
                mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]
        registry = CollectorRegistry()
        MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
        return generate_latest(registry)

    return expose
