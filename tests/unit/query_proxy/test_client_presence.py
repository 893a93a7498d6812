import asyncio

import pytest

from query_proxy.client_presence import unless_gone
from query_proxy.incoming_request import ClientGoneError, IncomingRequest

SCOPE = {"method": "POST", "raw_path": b"/", "query_string": b"", "headers": []}


class Client:
    """A request whose client leaves when it is told to."""

    def __init__(self):
        self.leaves = asyncio.Event()
        self.request = IncomingRequest(SCOPE, self._receive)

    async def _receive(self):
        await self.leaves.wait()
        return {"type": "http.disconnect"}


async def test_work_ends_with_its_result_while_the_client_stays():
    async def work():
        return 42

    assert await unless_gone(work(), Client().request) == 42


async def test_work_is_cancelled_and_cleaned_up_when_the_client_leaves():
    client, cleaned = Client(), []

    async def work():
        client.leaves.set()
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.append(True)

    with pytest.raises(ClientGoneError):
        await unless_gone(work(), client.request)
    assert cleaned == [True]
    assert asyncio.current_task().cancelling() == 0


@pytest.mark.parametrize("steps", range(5))
async def test_who_leaves_as_the_work_ends_cancels_nothing_after_it(steps):
    client = Client()

    async def work():
        await asyncio.sleep(0)
        client.leaves.set()
        for _ in range(steps):
            await asyncio.sleep(0)
        return 42

    try:
        assert await unless_gone(work(), client.request) == 42
    except ClientGoneError:
        assert steps > 1  # it took long enough to be given up
    await asyncio.sleep(0.01)  # raises if a cancellation comes after all
    assert asyncio.current_task().cancelling() == 0


async def test_a_cancellation_from_outside_stays_one():
    client, started = Client(), asyncio.Event()

    async def work():
        started.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(unless_gone(work(), client.request))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_error_of_the_work_is_told():
    async def work():
        raise KeyError("ours")

    with pytest.raises(KeyError, match="ours"):
        await unless_gone(work(), Client().request)


async def test_a_timeout_around_it_is_a_timeout():
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await unless_gone(asyncio.Event().wait(), Client().request)


async def test_a_request_that_cannot_be_watched_any_more_counts_as_left():
    async def broken():
        raise OSError("no connection")

    request = IncomingRequest(SCOPE, broken)
    with pytest.raises(ClientGoneError):
        await unless_gone(asyncio.Event().wait(), request)
