"""What of a worker one state of the settings decides, kept until its last request has ended."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from query_proxy.assembly import Assembly, WorkerTools, assembled
from query_proxy.backing import Backing
from query_proxy.guards.access import Access
from query_proxy.guards.permits import Permits
from query_proxy.guards.rate_limit import RateLimit
from search_core.settings import QueryProxySettings, Settings


@dataclass(slots=True, kw_only=True)
class Edition:
    """Settings, guards and connections that a request keeps from its start to its end."""

    settings: Settings
    access: Access
    permits: Permits
    rate_limit: RateLimit
    parts: Assembly
    _requests: int = 0
    _unused: asyncio.Event = field(default_factory=asyncio.Event)

    @contextmanager
    def used(self) -> Iterator[None]:
        """Keep it open for a request while the block runs."""
        self._requests += 1
        self._unused.clear()
        try:
            yield
        finally:
            self._requests -= 1
            if not self._requests:
                self._unused.set()

    async def until_unused(self) -> None:
        """Return once no request uses it."""
        if self._requests:
            await self._unused.wait()


@asynccontextmanager
async def opened_edition(
    backing: Backing, tools: WorkerTools, clock: Callable[[], float]
) -> AsyncIterator[Edition]:
    """Open what the settings ask for; it is closed once its last request has ended.

    Args:
        backing: the settings and what is searched with.
        tools: of the worker, whatever the settings are.
        clock: seconds.

    Raises:
        ShopkeeperError: a connection or model that cannot be had.
    """
    section = backing.settings.query_proxy
    access = Access(section)
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(assembled(backing, access, tools))
        edition = Edition(
            settings=backing.settings,
            access=access,
            permits=Permits(section.permits, section.queue, section.queue_ms / 1000),
            rate_limit=RateLimit(_rates(section), clock),
            parts=parts,
        )
        try:
            yield edition
        finally:
            await edition.until_unused()


def _rates(section: QueryProxySettings) -> dict[str, float]:
    return {
        name: caller.requests_per_second / section.workers
        for name, caller in section.callers.items()
        if caller.requests_per_second is not None
    }
