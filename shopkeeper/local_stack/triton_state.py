"""Which process is the local Triton, and where it listens."""

from dataclasses import dataclass
from datetime import UTC, datetime

from shopkeeper.local_stack.ports import LOOPBACK
from shopkeeper.local_stack.state_file import read_state_file, runs_since, write_state_file
from shopkeeper.local_stack.triton_folder import TritonFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class TritonStatus:
    """A local Triton: where it is reached and what it serves from."""

    version: str
    pid: int
    process_started_at: float
    """Seconds since 1970, as the operating system gives it for `pid`."""
    starter_pid: int
    """The process that started it, so that a command can tell whether it was itself."""
    grpc_port: int
    http_port: int
    metrics_port: int
    repository: str
    log_path: str

    @property
    def url(self) -> str:
        """Host and port of the gRPC service."""
        return f"{LOOPBACK}:{self.grpc_port}"

    @property
    def started_at(self) -> datetime:
        """When the process was started."""
        return datetime.fromtimestamp(self.process_started_at, tz=UTC)


def write_triton_state(folder: TritonFolder, status: TritonStatus) -> None:
    """Record the running server, at once or not at all."""
    write_state_file(folder.state_file, status)


def read_running_triton(folder: TritonFolder) -> TritonStatus | None:
    """Return the server that runs on this folder; `None`: none does."""
    status = read_state_file(folder.state_file, TritonStatus)
    if status is None or not runs_since(status.pid, status.process_started_at):
        return None
    return status
