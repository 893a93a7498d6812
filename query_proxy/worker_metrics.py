"""What is told of a worker itself: services that it leaves alone, settings that it runs on."""

import logging

from prometheus_client import CollectorRegistry, Counter, Gauge

_logger = logging.getLogger(__name__)


class WorkerMetrics:
    """Metrics of the state of a worker."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register them.

        Args:
            registry: whose metrics are told together.
        """
        self._circuit = Gauge(
            "shopkeeper_proxy_circuits_open",
            "Workers that leave a service alone now, since it did not answer.",
            ["dependency"],
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._stale = Gauge(
            "shopkeeper_proxy_settings_stale",
            "Workers that run on older settings, since the newest cannot be used.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._reloads = Counter(
            "shopkeeper_proxy_settings_reloads",
            "Settings read again while serving, by what became of them.",
            ["outcome"],
            registry=registry,
        )

    def circuit(self, dependency: str, is_open: bool) -> None:
        """Note whether a service is left alone now."""
        self._circuit.labels(dependency).set(int(is_open))

    def circuit_changed(self, is_open: bool) -> None:
        """Note that OpenSearch is not asked for a while, or again."""
        self.circuit("opensearch", is_open)
        _logger.warning("circuit %s", "open" if is_open else "closed")

    def reloaded(self, is_current: bool) -> None:
        """Note that new settings are in force, or cannot be."""
        self._reloads.labels("in_force" if is_current else "refused").inc()
        self._stale.set(int(not is_current))
