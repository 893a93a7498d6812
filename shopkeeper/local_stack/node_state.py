"""Which process is the local node: written when it starts, checked whenever it is asked for."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from shopkeeper.local_stack.node_folder import NodeFolder
from shopkeeper.local_stack.state_file import read_state_file, runs_since, write_state_file


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeStatus:
    """A local node: where it is reached and what it runs on."""

    url: str
    version: str
    pid: int
    process_started_at: float
    """Seconds since 1970, as the operating system gives it for `pid`."""
    starter_pid: int
    """The process that started it, so that a command can tell whether it was itself."""
    http_port: int
    transport_port: int
    heap_mb: int
    java_home: str
    java_version: int
    account: str | None
    """The account that root started the node as; `None`: the account that ran the command."""
    data_dir: str
    log_path: str

    @property
    def started_at(self) -> datetime:
        """When the process was started."""
        return datetime.fromtimestamp(self.process_started_at, tz=UTC)


def write_state(folder: NodeFolder, status: NodeStatus) -> None:
    """Record the running node, at once or not at all."""
    write_state_file(folder.state_file, status)


def remove_state(folder: NodeFolder) -> None:
    """Forget the node: it was stopped, or is gone."""
    folder.state_file.unlink(missing_ok=True)


def read_running(folder: NodeFolder) -> NodeStatus | None:
    """Return the node that runs on this folder, or `None` when none does.

    A state file whose process is gone, or whose process id now belongs to another program, counts
    as no node.
    """
    status = read_state_file(folder.state_file, NodeStatus)
    if status is None or not is_alive(status, folder.config):
        return None
    return status


def is_alive(status: NodeStatus, config: Path) -> bool:
    """Tell whether the process of `status` exists and is the node that was started.

    Args:
        status: what was recorded when the node started.
        config: the node's configuration folder, which stands in its command line.
    """
    try:
        if runs_since(status.pid, status.process_started_at):
            return True
        # A clock that was set since makes the start times differ: the command line still tells.
        process = psutil.Process(status.pid)
        return process.status() != psutil.STATUS_ZOMBIE and _runs_on(process, config)
    except psutil.NoSuchProcess:
        return False


def _runs_on(process: psutil.Process, config: Path) -> bool:
    try:
        return f"-Dopensearch.path.conf={config}" in process.cmdline()
    except psutil.AccessDenied:
        return False
