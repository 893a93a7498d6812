from itertools import pairwise
from types import SimpleNamespace

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from query_proxy.tracing import Tracing, describe
from retrieval import Timings

TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def recorded():
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield Tracing(provider.get_tracer("test")), exporter.get_finished_spans
    provider.shutdown()


def asked(**headers):
    return SimpleNamespace(method="POST", headers=list(headers.items()))


def answered(**milliseconds):
    ranked = SimpleNamespace(timings=Timings(**milliseconds))
    return SimpleNamespace(ranked=ranked, page_ms=2.0, total_ms=10.0)


def test_a_request_is_part_of_the_trace_that_the_client_names(recorded):
    tracing, spans = recorded
    with tracing.request(asked(traceparent=f"00-{TRACE}-b7ad6b7169203331-01")) as span:
        describe(span, "search", 200)
    (span,) = spans()
    assert f"{span.context.trace_id:032x}" == TRACE
    assert span.name == "search"
    assert span.attributes["http.response.status_code"] == 200


def test_steps_follow_each_other_within_the_request(recorded):
    tracing, spans = recorded
    with tracing.request(asked()):
        tracing.steps(answered(encode_ms=1.0, legs_ms=5.0, fusion_ms=0.5))
    *steps, request = spans()
    assert [each.name for each in steps] == ["encode", "legs", "fusion", "page"]
    assert {each.parent.span_id for each in steps} == {request.context.span_id}
    assert [each.end_time - each.start_time for each in steps] == [1e6, 5e6, 5e5, 2e6]
    assert all(one.end_time == other.start_time for one, other in pairwise(steps))


def test_without_an_sdk_nothing_is_recorded():
    tracing = Tracing()
    with tracing.request(asked()) as span:
        assert not span.is_recording()
        tracing.steps(answered(legs_ms=5.0))
