import asyncio

import pytest

from query_proxy.guards.permits import Permits
from search_core import TooManyRequestsError


async def test_a_free_permit_is_taken_at_once_and_given_back():
    permits = Permits(1, 0, 1.0)
    for _ in range(3):
        async with permits.one():
            pass


async def test_beyond_the_queue_nobody_waits():
    permits = Permits(1, 0, 60.0)
    async with permits.one():
        with pytest.raises(TooManyRequestsError, match="the queue is full"):
            async with permits.one():
                pass


async def test_the_wait_ends():
    permits = Permits(1, 1, 0.001)
    async with permits.one():
        with pytest.raises(TooManyRequestsError, match="no permit became free in time"):
            async with permits.one():
                pass
    assert permits.waiting == 0


async def test_who_came_first_goes_first():
    permits = Permits(1, 5, 60.0)
    order = []

    async def work(name):
        async with permits.one():
            order.append(name)
            await asyncio.sleep(0)

    await asyncio.gather(*(work(name) for name in "abcd"))
    assert order == ["a", "b", "c", "d"]


async def test_a_cancelled_wait_leaves_no_trace():
    permits = Permits(1, 1, 60.0)
    async with permits.one():
        waiting = asyncio.create_task(permits._acquire())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait((waiting,))
    assert permits.waiting == 0
    async with permits.one():
        pass
