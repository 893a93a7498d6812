"""One command at a time starts or stops the server of a folder."""

from pathlib import Path

import filelock

from search_core import ProgressListener

_READABLE = 0o755


def acquired_lock(folder: Path, progress: ProgressListener) -> filelock.BaseFileLock:
    """Return the folder's lock, waiting for another command that holds it.

    It lies beside the folder, so that a purge may remove all of that.

    Raises:
        OSError: the folder above cannot be written to.
    """
    lock = filelock.FileLock(folder.with_name(f"{folder.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        task = "waiting for another command that starts or stops the node"
        progress.start(task, None, "")
        lock.acquire()
        progress.finish(task)
    return lock


def make_readable(folder: Path) -> None:
    """Create a folder and its missing parents so that any account may enter them.

    Raises:
        OSError: that is not possible.
    """
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for path in missing:
        path.chmod(_READABLE)
