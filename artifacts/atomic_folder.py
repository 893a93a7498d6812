"""A folder that is either whole or absent."""

import json
import logging
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import filelock

from artifacts.disk_space import disk_full_reported
from search_core import ArtifactError

_logger = logging.getLogger(__name__)

_MANIFEST = ".manifest.json"
_READABLE_FOLDER = 0o755


def make_folder_once(folder: Path, build: Callable[[Path], None]) -> Path:
    """Build a folder under another name and rename it when it is whole.

    A folder that is whole is left as it is, without taking the lock: a cache that may only be read
    is enough. Since cleaners of temporary files take single files away, each file's size is
    compared with the manifest that was written when the folder was made.

    Args:
        folder: where the result belongs.
        build: fills the empty folder that it is given.

    Returns:
        `folder`.

    Raises:
        DiskFullError: the disk filled up.
        ArtifactError: the folder cannot be written.
    """
    if _is_whole(folder):
        return folder
    try:
        _make_readable(folder.parent)
        with (
            filelock.FileLock(folder.with_name(f"{folder.name}.lock")),
            disk_full_reported(folder.parent, f"making {folder.name}", needed_bytes=None),
        ):
            if not _is_whole(folder):
                _build_and_rename(folder, build)
    except OSError as error:
        raise ArtifactError(
            f"The folder {folder} cannot be written: {error}.",
            remedy="Give this account write access to it, or set local_stack.cache_dir.",
        ) from error
    return folder


def _build_and_rename(folder: Path, build: Callable[[Path], None]) -> None:
    building = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", suffix=".part", dir=folder.parent))
    try:
        building.chmod(_READABLE_FOLDER)
        build(building)
        sizes = _sizes(building)
        (building / _MANIFEST).write_text(json.dumps(sizes), encoding="utf-8")
        if folder.exists():
            _logger.warning("damaged_folder_replaced path=%s", folder)
            shutil.rmtree(folder)
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _sizes(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _is_whole(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        return all((folder / name).stat().st_size == size for name, size in manifest.items())
    except (OSError, ValueError):
        return False


def _make_readable(folder: Path) -> None:
    """Create a folder and its missing parents so that any account may read them, whatever umask."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for path in missing:
        path.chmod(_READABLE_FOLDER)
