"""Which process a server runs as: one JSON file, believed only while that process lives."""

import dataclasses
import logging
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import orjson
import psutil

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_logger = logging.getLogger(__name__)

_Status = TypeVar("_Status", bound="DataclassInstance")

# psutil derives a start time from the clock and the boot time, each rounded to 10 ms or more.
_START_TIME_TOLERANCE_SECONDS = 2.0


def write_state_file(path: Path, status: "DataclassInstance") -> None:
    """Record a running server, at once or not at all."""
    building = path.with_suffix(".part")
    building.write_bytes(orjson.dumps(dataclasses.asdict(status), option=orjson.OPT_INDENT_2))
    building.replace(path)


def read_state_file(path: Path, kind: type[_Status]) -> _Status | None:
    """Return what was recorded; `None`: nothing, or nothing that can be understood."""
    try:
        return kind(**orjson.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        _logger.warning("state_file_unreadable path=%s reason=%s", path, error)
        return None


def runs_since(pid: int, started_at: float) -> bool:
    """Tell whether the process of that id is the one that was started then.

    Args:
        pid: its id, which the system may have given to another program meanwhile.
        started_at: seconds since 1970.
    """
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return abs(process.create_time() - started_at) <= _START_TIME_TOLERANCE_SECONDS
    except psutil.NoSuchProcess:
        return False
