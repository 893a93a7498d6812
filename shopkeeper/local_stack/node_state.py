"""Which process is the local node: written when it starts, checked whenever it is asked for."""

import dataclasses
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson
import psutil

from shopkeeper.local_stack.node_folder import NodeFolder

_logger = logging.getLogger(__name__)

# psutil derives a start time from the clock and the boot time, each rounded to 10 ms or more.
_START_TIME_TOLERANCE_SECONDS = 2.0


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
    building = folder.state_file.with_suffix(".part")
    building.write_bytes(orjson.dumps(dataclasses.asdict(status), option=orjson.OPT_INDENT_2))
    building.replace(folder.state_file)


def remove_state(folder: NodeFolder) -> None:
    """Forget the node: it was stopped, or is gone."""
    folder.state_file.unlink(missing_ok=True)


def read_running(folder: NodeFolder) -> NodeStatus | None:
    """Return the node that runs on this folder, or `None` when none does.

    A state file whose process is gone, or whose process id now belongs to another program, counts
    as no node.
    """
    status = _read(folder.state_file)
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
        process = psutil.Process(status.pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        difference = abs(process.create_time() - status.process_started_at)
        # A clock that was set since makes the start times differ: the command line still tells.
        return difference <= _START_TIME_TOLERANCE_SECONDS or _runs_on(process, config)
    except psutil.NoSuchProcess:
        return False


def _runs_on(process: psutil.Process, config: Path) -> bool:
    try:
        return f"-Dopensearch.path.conf={config}" in process.cmdline()
    except psutil.AccessDenied:
        return False


def _read(state_file: Path) -> NodeStatus | None:
    try:
        return NodeStatus(**orjson.loads(state_file.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        _logger.warning("state_file_unreadable path=%s reason=%s", state_file, error)
        return None
