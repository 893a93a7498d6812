"""Where the local Triton keeps its models, log and state."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from search_core import LocalStackError, ProgressListener
from search_core.settings import LocalStackSettings
from shopkeeper.local_stack.folder_lock import acquired_lock, make_readable
from shopkeeper.local_stack.node_folder import default_data_dir


@dataclass(frozen=True, slots=True, kw_only=True)
class TritonFolder:
    """The folder `triton` in the data folder. One server runs on it at a time."""

    path: Path

    @classmethod
    def of(cls, settings: LocalStackSettings) -> "TritonFolder":
        """Return the server's folder for these settings. It may not exist yet."""
        return cls(path=(settings.data_dir or default_data_dir()).resolve() / "triton")

    @property
    def models(self) -> Path:
        """The model repository, where none is set."""
        return self.path / "models"

    @property
    def log_file(self) -> Path:
        """What the server printed since its last start."""
        return self.path / "triton.log"

    @property
    def state_file(self) -> Path:
        """Which process runs on this folder: see `triton_state`."""
        return self.path / "triton.json"

    @property
    def shared_memory_prefix(self) -> str:
        """How the names of the server's shared memory begin; no other folder's do."""
        return f"shopkeeper_{hashlib.sha256(str(self.path).encode()).hexdigest()[:10]}_"

    @contextmanager
    def locked(self, progress: ProgressListener) -> Iterator[None]:
        """Let one process at a time start or stop the server.

        Raises:
            LocalStackError: the data folder cannot be written to.
        """
        try:
            make_readable(self.path)
            lock = acquired_lock(self.path, progress)
        except OSError as error:
            raise LocalStackError(
                f"Triton's folder {self.path} cannot be written: {error.strerror or error}.",
                remedy="Run the command as the account that owns it, or choose another "
                "local_stack.data_dir.",
            ) from error
        try:
            yield
        finally:
            lock.release()
