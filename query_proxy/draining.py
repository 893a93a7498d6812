"""After SIGTERM: not ready first, then the server stops taking requests."""

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType

from query_proxy.proxy_state import ProxyState


def delay_shutdown(current: Callable[[], ProxyState], seconds: float) -> None:
    """Have SIGTERM say "not ready" for a while before the server acts on it.

    To be called inside the event loop, once the server has set its own handler. Without effect in
    a thread, where signals do not arrive.

    Args:
        current: gives the state of the worker, which changes with its settings.
        seconds: until the server's own handler is called.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    servers_own = signal.getsignal(signal.SIGTERM)
    if not callable(servers_own):
        return

    def on_signal(number: int, frame: FrameType | None) -> None:
        state = current()
        if state.draining:
            servers_own(number, frame)
            return
        state.draining = True
        loop.call_soon_threadsafe(loop.call_later, seconds, servers_own, number, frame)

    signal.signal(signal.SIGTERM, on_signal)
