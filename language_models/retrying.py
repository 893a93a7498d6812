"""When a failed try is repeated, and after which pause."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from language_models.chat_endpoint import Refusal

_Result = TypeVar("_Result")

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
_LONGEST_ASKED_PAUSE_SECONDS = 120.0
"""An endpoint that asks for more has closed for the day: the run should say so instead."""


async def with_retries(tries: Callable[[], Awaitable[_Result]], retries: int) -> _Result:
    """Call until it works, is refused for good, or the retries are used up.

    Pauses grow by doubling and are drawn at random below that; an endpoint that says how long to
    wait (`Retry-After`) is obeyed.

    Args:
        tries: a coroutine function, or a partial of one: the library tells them by that.
        retries: after the first try.

    Raises:
        Refusal: of the last try.
    """
    from tenacity import (  # noqa: PLC0415 - an extra
        AsyncRetrying,
        RetryCallState,
        retry_if_exception,
        stop_after_attempt,
        wait_random_exponential,
    )

    usual = wait_random_exponential(multiplier=_FIRST_PAUSE_SECONDS, max=_LONGEST_PAUSE_SECONDS)

    def pause(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        asked = error.retry_after_seconds if isinstance(error, Refusal) else None
        return usual(state) if asked is None else asked

    retrying = AsyncRetrying(
        retry=retry_if_exception(_is_passing),
        stop=stop_after_attempt(retries + 1),
        wait=pause,
        reraise=True,
    )
    return await retrying(tries)


def _is_passing(error: BaseException) -> bool:
    if not isinstance(error, Refusal) or not error.passing:
        return False
    asked = error.retry_after_seconds
    return asked is None or asked <= _LONGEST_ASKED_PAUSE_SECONDS
