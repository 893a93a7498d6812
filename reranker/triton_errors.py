"""Triton's errors as the project's: the one place that knows its words."""

from tritonclient.utils import InferenceServerException

from search_core import (
    RerankerError,
    RerankerOverloadedError,
    RerankerTimeoutError,
    RerankerUnavailableError,
)

_QUEUE_FULL = "Exceeds maximum queue size"
_WAITED_TOO_LONG = "Request timeout expired"
_DEAD_STUB = "Stub process"


def is_dead_stub(message: str) -> bool:
    """Tell whether a message says that the process which runs the model has died."""
    return _DEAD_STUB in message


def reranker_error(error: InferenceServerException, model: str, url: str) -> RerankerError:
    """Return what an exception of the client means."""
    status, reason = str(error.status() or ""), str(error.message() or "")
    where = f"the model {model} of Triton at {url}"
    if status.endswith("DEADLINE_EXCEEDED") or _WAITED_TOO_LONG in reason:
        return RerankerTimeoutError(
            f"{where} gave no scores in time",
            remedy="narrow reranker.rerank_window, or raise reranker.timeout_ms",
        )
    if status.endswith("RESOURCE_EXHAUSTED") or _QUEUE_FULL in reason:
        return RerankerOverloadedError(
            f"the queue of {where} is full",
            remedy="more instances or servers, a narrower reranker.rerank_window, or a smaller "
            "model",
        )
    return RerankerUnavailableError(
        f"{where} does not answer: {reason or status}",
        remedy="`shopkeeper status` shows whether it runs; `shopkeeper up --triton` starts it",
    )
