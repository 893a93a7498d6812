"""Which process runs a reindex, and whether it still lives."""

import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

_SAME_START_SECONDS = 2.0
"""Two readings of a process's start may differ by a correction of the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOwner:
    """A process that writes a generation."""

    machine: str
    """Host name and, on Linux, the process namespace: containers may share the former."""
    pid: int
    started_at: float
    """When the process began, in seconds since 1970: process ids are used again."""
    token: str
    """Differs for two runs of one process."""

    @classmethod
    def this_process(cls) -> "RunOwner":
        """Return the present process as an owner."""
        return cls(
            machine=_machine(),
            pid=os.getpid(),
            started_at=psutil.Process().create_time(),
            token=secrets.token_hex(8),
        )

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "RunOwner":
        """Read what `as_record` wrote."""
        return cls(**record)

    def as_record(self) -> dict[str, Any]:
        """Return a JSON form."""
        return {
            "machine": self.machine,
            "pid": self.pid,
            "started_at": self.started_at,
            "token": self.token,
        }

    def lives(self) -> bool | None:
        """Say whether the process lives; `None` when that cannot be seen from here."""
        if self.machine != _machine():
            return None
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started_at) < _SAME_START_SECONDS
            return same and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def __str__(self) -> str:
        return f"process {self.pid} on {self.machine.partition('/')[0]}"


def _machine() -> str:
    namespace = Path("/proc/self/ns/pid")
    try:
        return f"{socket.gethostname()}/{namespace.readlink()}"
    except OSError:
        return socket.gethostname()
