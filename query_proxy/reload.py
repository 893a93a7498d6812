"""New settings without a restart: on SIGHUP, and when one of their files changes."""

import asyncio
import logging
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from query_proxy.backing import Backing, BackingSource
from query_proxy.settings_state import SettingsState
from search_core import ShopkeeperError

_logger = logging.getLogger(__name__)

FileStates = tuple[tuple[int, int, int] | None, ...]


class Reload:
    """Looks after the settings of a worker while it runs."""

    def __init__(
        self,
        source: BackingSource,
        replace: Callable[[Backing], Awaitable[None]],
        state: SettingsState,
        look_every_seconds: float,
        on_reload: Callable[[bool], None],
    ) -> None:
        """Keep what is needed.

        Args:
            source: gives the settings.
            replace: puts them in force.
            state: told what became of them.
            look_every_seconds: between two looks at the files; 0: only SIGHUP counts.
            on_reload: told `True` when new settings are in force, `False` when they cannot be.
        """
        self._source = source
        self._replace = replace
        self._state = state
        self._look_every_seconds = look_every_seconds
        self._on_reload = on_reload
        self._asked = asyncio.Event()

    def ask(self) -> None:
        """Have the settings read again soon, whether or not a file has changed."""
        self._asked.set()

    async def run(self) -> None:
        """Reload whenever it is asked for or needed, until cancelled."""
        files = self._source.files()
        seen = file_states(files)
        while True:
            asked = await self._pause()
            # Looked at before they are read: what changes meanwhile is seen by the next look.
            found = await asyncio.to_thread(file_states, files)
            if asked or found != seen:
                await self._reload()
                others = self._source.files()
                seen = found if others == files else file_states(others)
                files = others

    async def _pause(self) -> bool:
        wait = self._look_every_seconds or None
        try:
            async with asyncio.timeout(wait):
                await self._asked.wait()
        except TimeoutError:
            return False
        self._asked.clear()
        return True

    async def _reload(self) -> None:
        try:
            backing = await asyncio.to_thread(self._source.load)
            await self._replace(backing)
        except ShopkeeperError as error:
            _logger.warning("settings_not_reloaded code=%s: %s", error.code, error.message)
            self._refused(error)
        except Exception:
            # A boundary like a request's: a mistake of ours ends one reload, not the next ones.
            _logger.exception("a mistake while settings were reloaded")
            self._refused(ShopkeeperError("a mistake of the proxy; its log has it"))
        else:
            self._state.replaced()
            self._on_reload(True)
            _logger.warning("settings_reloaded")

    def _refused(self, failure: ShopkeeperError) -> None:
        self._state.refused(failure)
        self._on_reload(False)


def file_states(files: Sequence[Path]) -> FileStates:
    """Return what changes when a file is written or replaced; `None` for one that is missing.

    A look at the file itself, not a subscription: it also notices what comes over a network file
    system, and a link that is led elsewhere, as Kubernetes does with its ConfigMaps.
    """
    return tuple(map(_state, files))


def _state(file: Path) -> tuple[int, int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def reload_on_signal(reload: Reload) -> None:
    """Have SIGHUP ask for a reload.

    Without effect in a thread, where signals do not arrive, and in a terminal, where SIGHUP says
    that it was closed.
    """
    if threading.current_thread() is threading.main_thread() and not _in_terminal():
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, reload.ask)


def _in_terminal() -> bool:
    return sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()
