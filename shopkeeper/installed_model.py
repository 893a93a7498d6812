"""Puts the folder of a trained model where processes look for it."""

import os
import shutil
from pathlib import Path

from search_core import ConfigurationError


def install_folder(trained: Path, folder: Path) -> Path:
    """Copy a model's folder; a process that starts meanwhile finds a whole one, old or new.

    Args:
        trained: the folder; its name is the model's.
        folder: of all that was trained; made if need be.

    Returns:
        Where the model is now.

    Raises:
        ConfigurationError: it cannot be written.
    """
    target = folder / trained.name
    fresh = folder / f"{trained.name}.new-{os.getpid()}"
    before = folder / f"{trained.name}.before"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(trained, fresh)
        shutil.rmtree(before, ignore_errors=True)
        if target.exists():
            target.rename(before)
        fresh.rename(target)
        shutil.rmtree(before, ignore_errors=True)
    except OSError as error:
        raise ConfigurationError(
            f"the model cannot be written to {target}: {error.strerror or error}",
            remedy="set query_understanding.trained to a folder that can be written to",
        ) from error
    return target
