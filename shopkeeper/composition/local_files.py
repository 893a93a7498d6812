"""Folders and files on this machine: caches, what was downloaded, what was trained."""

from pathlib import Path
from typing import TYPE_CHECKING

from search_core import ProgressListener, SilentProgress
from search_core.settings import Settings

if TYPE_CHECKING:
    from artifacts import ArtifactStore


def cache_dir(settings: Settings) -> Path:
    """Return the folder of downloads and vectors."""
    from artifacts import default_cache_dir  # noqa: PLC0415

    return settings.local_stack.cache_dir or default_cache_dir()


def artifact_store(settings: Settings, progress: ProgressListener | None = None) -> "ArtifactStore":
    """Return the store of downloaded files."""
    from artifacts import ArtifactStore  # noqa: PLC0415

    return ArtifactStore(cache_dir(settings), progress or SilentProgress())


def trained_folder(settings: Settings) -> Path:
    """Return the folder of what `shopkeeper understand train` installed. It may not exist."""
    from shopkeeper.local_stack import default_data_dir  # noqa: PLC0415 - loads the local stack

    chosen = settings.query_understanding.trained
    data_dir = settings.local_stack.data_dir
    return chosen or (data_dir or default_data_dir()).resolve() / "understanding"
