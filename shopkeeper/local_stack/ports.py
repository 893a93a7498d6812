"""Free ports of the loopback interface."""

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import filelock
import psutil

from search_core import LocalStackError, PortInUseError

LOOPBACK = "127.0.0.1"
_FIRST_HTTP_PORT = 9200
_FIRST_TRANSPORT_PORT = 9300
_PORTS_TRIED = 100
_CONNECT_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePorts:
    """The two ports that a node listens on."""

    http: int
    transport: int


@contextmanager
def reserved_ports(http_port: int) -> Iterator[NodePorts]:
    """Choose the node's ports, and keep other starting nodes off them until the block ends.

    Without the reservation two nodes that start at the same time would choose the same free port,
    and the slower one would fail to bind it.

    Args:
        http_port: the port that was asked for; 0 takes 9200 or the next free one.

    Raises:
        PortInUseError: the port that was asked for is taken.
        LocalStackError: none of the ports that are tried is free.
    """
    with ExitStack() as reservations:
        if http_port and not _reserve(http_port, reservations):
            raise PortInUseError(
                f"Port {http_port} is in use by {_listener_on(http_port)}.",
                remedy="Stop it, or set local_stack.http_port to another port, or to 0 for any "
                "free one.",
            )
        http = http_port or _first_free(_FIRST_HTTP_PORT, reservations)
        yield NodePorts(http=http, transport=_first_free(_FIRST_TRANSPORT_PORT, reservations))


@contextmanager
def reserved_free_ports(*firsts: int) -> Iterator[tuple[int, ...]]:
    """Choose a free port from each number upwards, and keep others off them until the block ends.

    Raises:
        LocalStackError: none of the ports that are tried is free.
    """
    with ExitStack() as reservations:
        yield tuple(_first_free(first, reservations) for first in firsts)


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port of the loopback interface."""
    try:
        socket.create_server((LOOPBACK, port)).close()
    except OSError:
        return False
    # macOS allows binding one address of a port on which somebody listens at every address.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(_CONNECT_SECONDS)
        return probe.connect_ex((LOOPBACK, port)) != 0


def _first_free(first: int, reservations: ExitStack) -> int:
    for port in range(first, first + _PORTS_TRIED):
        if _reserve(port, reservations):
            return port
    raise LocalStackError(
        f"None of the ports {first} to {first + _PORTS_TRIED - 1} is free.",
        remedy="Stop what listens on them. OpenSearch's can be set: local_stack.http_port.",
    )


def _reserve(port: int, reservations: ExitStack) -> bool:
    folder = Path(tempfile.gettempdir()) / f"shopkeeper-ports-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    lock = filelock.FileLock(folder / f"{port}.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        return False
    if not is_free(port):
        lock.release()
        return False
    reservations.callback(lock.release)
    return True


def _listener_on(port: int) -> str:
    """Name the process that listens on a port, as far as this account may know it."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            address = connection.laddr
            if connection.status != psutil.CONN_LISTEN or not address or not connection.pid:
                continue
            if address.port == port:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        pass
    return "another process"
