"""The edition in force, and the next one, which takes over once it is warm."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack

from query_proxy.assembly import WorkerTools
from query_proxy.backing import Backing
from query_proxy.edition import Edition, opened_edition
from search_core.settings import Settings

_logger = logging.getLogger(__name__)

_AT_THE_START = (
    "host", "port", "workers", "tls_certificate", "tls_key", "drain_seconds", "unready_seconds",
    "reload_seconds",
)  # fmt: skip
"""Settings of `[query_proxy]` that a running server cannot take on."""


class Editions:
    """Opens editions, one after the other, and closes each once its last request has ended."""

    def __init__(self, tools: WorkerTools, clock: Callable[[], float]) -> None:
        """Keep what all editions share.

        Args:
            tools: of the worker.
            clock: seconds.
        """
        self._tools = tools
        self._clock = clock
        self._current: tuple[Edition, AsyncExitStack] | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        self._warming: asyncio.Task[None] | None = None

    @property
    def current(self) -> Edition:
        """The edition that new requests use."""
        if self._current is None:
            raise RuntimeError("the application is used before the server has started it")
        return self._current[0]

    async def open_first(
        self, backing: Backing, once_warm: Callable[[], None] = lambda: None
    ) -> None:
        """Open the first edition, and load its models while it serves already.

        Args:
            backing: what it is opened from.
            once_warm: called when its models are loaded, or could not be.

        Raises:
            ShopkeeperError: it cannot be opened.
        """
        self._current = await self._opened(backing)
        self._warming = asyncio.create_task(self.current.parts.state.warm_up())
        self._warming.add_done_callback(lambda task: None if task.cancelled() else once_warm())

    async def replace(self, backing: Backing) -> None:
        """Open an edition, load its models, and have it take over from the one in force.

        Raises:
            ShopkeeperError: it cannot be opened; the one in force stays.
        """
        before = self._current
        opened = await self._opened(backing)
        try:
            await opened[0].parts.state.warm_up()
        except BaseException:
            # A mistake of ours, or the end of the worker: nobody will use it.
            await opened[1].aclose()
            raise
        self._current = opened
        if before is not None:
            opened[0].parts.state.draining = before[0].parts.state.draining
            _warn_of_restart(before[0].settings, backing.settings)
            task = asyncio.create_task(before[1].aclose())
            self._retiring.add(task)
            task.add_done_callback(self._retiring.discard)

    async def close(self) -> None:
        """Close all of them."""
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.wait((self._warming,))
        if self._current is not None:
            _, stack = self._current
            self._current = None
            await stack.aclose()
        await asyncio.gather(*self._retiring, return_exceptions=True)

    async def _opened(self, backing: Backing) -> tuple[Edition, AsyncExitStack]:
        stack = AsyncExitStack()
        edition = await stack.enter_async_context(opened_edition(backing, self._tools, self._clock))
        return edition, stack


def _warn_of_restart(before: Settings, after: Settings) -> None:
    changed = [
        name
        for name in _AT_THE_START
        if getattr(before.query_proxy, name) != getattr(after.query_proxy, name)
    ]
    if changed:
        _logger.warning("settings_need_a_restart query_proxy.%s", ", ".join(changed))
