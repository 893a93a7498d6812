"""Whether there is room on a disk, and how its absence is reported."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search_core import DiskFullError

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


def format_bytes(count: int) -> str:
    """Return a size as people read it: `1.2 GB`, in powers of 1000."""
    size = float(count)
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def require_free_space(folder: Path, needed_bytes: int, purpose: str) -> None:
    """Refuse to begin what would fill the disk.

    Args:
        folder: an existing folder on the disk that will be written to.
        needed_bytes: how much will be written.
        purpose: what for, as the message names it.

    Raises:
        DiskFullError: less than `needed_bytes` is free.
    """
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < needed_bytes:
        raise DiskFullError(
            f"{purpose} needs {format_bytes(needed_bytes)} in {folder}, "
            f"where {format_bytes(free_bytes)} are free.",
            remedy=_remedy(needed_bytes - free_bytes),
        )


@contextmanager
def disk_full_reported(folder: Path, purpose: str, needed_bytes: int | None) -> Iterator[None]:
    """Turn the operating system's word that a disk is full into `DiskFullError`.

    Args:
        folder: where the block writes.
        purpose: what for, as the message names it.
        needed_bytes: how much it writes in all; `None`: not known.

    Raises:
        DiskFullError: the disk, or the account's share of it, filled up within the block.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        size = "" if needed_bytes is None else f" (it needs {format_bytes(needed_bytes)} in all)"
        raise DiskFullError(
            f"The disk filled up during {purpose}{size}, in {folder}.",
            remedy=_remedy(needed_bytes),
        ) from error


def _remedy(missing_bytes: int | None) -> str:
    amount = "room" if missing_bytes is None else f"at least {format_bytes(missing_bytes)}"
    return (
        f"Free {amount} there, or choose another disk with local_stack.cache_dir and "
        "local_stack.data_dir."
    )
