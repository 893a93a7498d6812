import pytest
from tritonclient.utils import InferenceServerException

from reranker.triton_errors import is_dead_stub, reranker_error
from search_core import (
    RerankerOverloadedError,
    RerankerTimeoutError,
    RerankerUnavailableError,
)


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [
        ("StatusCode.DEADLINE_EXCEEDED", "Deadline Exceeded", RerankerTimeoutError),
        ("StatusCode.UNAVAILABLE", "Request timeout expired", RerankerTimeoutError),
        (
            "StatusCode.UNAVAILABLE",
            "Exceeds maximum queue size for model cross_encoder",
            RerankerOverloadedError,
        ),
        ("StatusCode.RESOURCE_EXHAUSTED", "too much", RerankerOverloadedError),
        ("StatusCode.UNAVAILABLE", "failed to connect to all addresses", RerankerUnavailableError),
        ("StatusCode.INTERNAL", "Stub process 'm_0_0' is not healthy.", RerankerUnavailableError),
        ("StatusCode.NOT_FOUND", "unknown model", RerankerUnavailableError),
    ],
)
def test_tritons_words_are_understood(status, reason, kind):
    error = reranker_error(InferenceServerException(reason, status), "cross_encoder", "host:8001")
    assert type(error) is kind
    assert "cross_encoder of Triton at host:8001" in error.message
    assert error.remedy


def test_a_dead_process_is_told_from_another_failure():
    dead = InferenceServerException("Stub process 'm_0_0' is not healthy.", "StatusCode.INTERNAL")
    assert is_dead_stub(reranker_error(dead, "m", "host:8001").message)
    assert not is_dead_stub("failed to connect")
