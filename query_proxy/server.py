"""Runs the proxy: one worker in this process, or several under a supervisor that replaces them."""

import math
import os
import signal
import socket
from collections.abc import Callable
from contextlib import closing
from types import FrameType

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from search_core import PortInUseError
from search_core.settings import QueryProxySettings

_KEEP_ALIVE_SECONDS = 75
"""Above the 60 s of common load balancers, so that they close idle connections, not the proxy."""
_BACKLOG = 2_048


class _Supervisor(Multiprocess):
    """Runs the workers; SIGHUP has each of them read its settings again, without a restart."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        self._to_tell: set[int | None] = set()

    def handle_hup(self) -> None:
        """Note whom the signal is for."""
        self._to_tell = {process.pid for process in self.processes}

    def keep_subprocess_alive(self) -> None:
        """Replace workers that died, and hand the signal on: twice a second."""
        super().keep_subprocess_alive()
        # One that still starts would die of it; one that replaces another has the newest settings.
        for process in self.processes:
            if process.pid is not None and process.pid in self._to_tell and process.is_ready():
                self._to_tell.discard(process.pid)
                os.kill(process.pid, signal.SIGHUP)


def run_server(
    application: Callable[[], ASGIApp],
    settings: QueryProxySettings,
    announce: Callable[[str], None],
) -> None:
    """Listen until SIGTERM or SIGINT, then let the requests under way end.

    Args:
        application: builds the application of a worker; importable by another process.
        settings: address, workers, TLS, times.
        announce: told the address once it is listened on.

    Raises:
        PortInUseError: somebody else listens there.
    """
    with closing(_listening(settings)) as listening:
        host, port = listening.getsockname()[:2]
        scheme = "https" if settings.tls_certificate else "http"
        shown = f"[{host}]" if ":" in host else host
        announce(f"{scheme}://{shown}:{port}")
        config = _config(application, settings)
        if settings.workers > 1:
            _Supervisor(config, sockets=[listening]).run()
        else:
            _run_here(uvicorn.Server(config), listening)


def _run_here(server: uvicorn.Server, listening: socket.socket) -> None:
    """Run a server in this process, which ends normally when it was asked to end."""

    def on_signal(number: int, frame: FrameType | None) -> None:
        # The server has its own handlers while it runs. Afterwards it raises the signal that ended
        # it once more, for a process that would do something else then.
        del number, frame
        if not server.should_exit:
            raise SystemExit(0)

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, on_signal)
    server.run(sockets=[listening])


def _config(application: Callable[[], ASGIApp], settings: QueryProxySettings) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        factory=True,
        workers=settings.workers,
        lifespan="on",
        # OpenSearch's answers come without these, and pass as they are.
        server_header=False,
        date_header=False,
        proxy_headers=False,
        access_log=False,
        log_config=None,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=math.ceil(settings.drain_seconds),
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
    )


def _listening(settings: QueryProxySettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listening = socket.create_server(
            (settings.host, settings.port), family=family, backlog=_BACKLOG
        )
    except OSError as error:
        raise PortInUseError(
            f"{settings.host}:{settings.port} cannot be listened on: "
            f"{os.strerror(error.errno or 0)}",
            remedy="choose another by --port or query_proxy.port",
        ) from error
    listening.set_inheritable(True)  # workers inherit it
    return listening
