"""Drops work whose client has gone."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from query_proxy.incoming_request import ClientGoneError, IncomingRequest

_Result = TypeVar("_Result")


async def unless_gone(work: Coroutine[Any, Any, _Result], request: IncomingRequest) -> _Result:
    """Do the work, and give it up when the client leaves meanwhile.

    Args:
        work: for a request whose body was read.
        request: whose client is watched.

    Raises:
        ClientGoneError: the client left first; the work was cancelled.
    """
    working = asyncio.current_task()
    assert working is not None  # noqa: S101 - coroutines run in tasks
    cancelled_before = working.cancelling()
    has_left = is_over = False

    def give_up(leaving: asyncio.Task[None]) -> None:
        nonlocal has_left
        # A call-back that is due already cannot be taken back: what follows the work is not ours.
        has_left = not is_over and not leaving.cancelled()
        if has_left:
            leaving.exception()  # a server that cannot tell any more is one that is gone
            working.cancel()

    # Only the watching is a task of its own: another one for the work costs as much as all guards.
    leaving = asyncio.create_task(request.gone())
    leaving.add_done_callback(give_up)
    try:
        return await work
    except asyncio.CancelledError:
        # As `asyncio.timeout` does: a cancellation from outside goes on outwards.
        if has_left and working.uncancel() <= cancelled_before:
            raise ClientGoneError from None
        raise
    finally:
        is_over = True
        leaving.remove_done_callback(give_up)
        leaving.cancel()
