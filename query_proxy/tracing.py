"""OpenTelemetry spans: one a request, and one a step of a hybrid search.

Without an OpenTelemetry SDK in the process nothing is recorded and next to nothing is spent.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import time_ns

from opentelemetry import propagate, trace

from query_proxy.incoming_request import IncomingRequest
from query_proxy.takeover.hybrid_search import HybridAnswer

_NANOSECONDS = 1_000_000


class Tracing:
    """Records spans with a tracer."""

    def __init__(self, tracer: trace.Tracer | None = None) -> None:
        """Take a tracer; `None`: the process's, of which there is none without an SDK."""
        self._is_own = tracer is not None
        self._tracer = tracer or trace.get_tracer("shopkeeper.query_proxy")

    @contextmanager
    def request(self, request: IncomingRequest) -> Iterator[trace.Span]:
        """Record a request while the block runs, as part of the trace that the client names."""
        if not self._is_own and isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
            yield trace.INVALID_SPAN
            return
        with self._tracer.start_as_current_span(
            request.method,
            context=propagate.extract(dict(request.headers)),
            kind=trace.SpanKind.SERVER,
            attributes={"http.request.method": request.method},
        ) as span:
            yield span

    def steps(self, answer: HybridAnswer) -> None:
        """Record the steps of a search that has just ended, from the times that it took."""
        if not trace.get_current_span().is_recording():
            return
        times = answer.ranked.timings
        started = time_ns() - int(answer.total_ms * _NANOSECONDS)
        for step, milliseconds in (
            ("encode", times.encode_ms),
            ("legs", times.legs_ms),
            ("fusion", times.fusion_ms),
            ("rerank", times.rerank_ms),
            ("page", answer.page_ms),
        ):
            if milliseconds > 0:
                ended = started + int(milliseconds * _NANOSECONDS)
                self._tracer.start_span(step, start_time=started).end(end_time=ended)
                started = ended


def describe(span: trace.Span, kind: str, status: int) -> None:
    """Say of a request's span what was asked and how it was answered."""
    if span.is_recording():
        span.update_name(kind)
        span.set_attribute("shopkeeper.kind", kind)
        span.set_attribute("http.response.status_code", status)
