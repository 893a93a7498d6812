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
    task = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(request.gone())
    try:
        await asyncio.wait((task, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientGoneError
        return task.result()
    finally:
        for each in (task, leaving):
            each.cancel()
        await asyncio.wait((task, leaving))
