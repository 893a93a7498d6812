"""Where the local node keeps its data, configuration, logs and state."""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from artifacts import disk_full_reported, require_free_space
from search_core import LocalStackError, ProgressListener
from search_core.settings import LocalStackSettings
from shopkeeper.local_stack.folder_lock import acquired_lock, make_readable
from shopkeeper.local_stack.node_account import NodeAccount, can_reach, give_to

_logger = logging.getLogger(__name__)

_MARKER = ".shopkeeper-node"
# Root's own folders may not be entered by the account that the node runs under.
_SYSTEM_DATA_DIR = Path("/var/lib/shopkeeper")
# Room for the translog and one merge of a small index; with less the node starts and soon fails.
_NEEDED_FREE_BYTES = 500_000_000
_PRIVATE = 0o700


def default_data_dir() -> Path:
    """Return the folder for the node's data: the user's, or the system's when this is root."""
    if os.geteuid() == 0:
        return _SYSTEM_DATA_DIR
    return platformdirs.user_data_path("shopkeeper", appauthor=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFolder:
    """The folder `opensearch` in the data folder. One node runs on it at a time."""

    path: Path

    @classmethod
    def of(cls, settings: LocalStackSettings) -> "NodeFolder":
        """Return the node's folder for these settings. It may not exist yet."""
        return cls(path=(settings.data_dir or default_data_dir()).resolve() / "opensearch")

    @property
    def config(self) -> Path:
        """OpenSearch's configuration, written at every start."""
        return self.path / "config"

    @property
    def data(self) -> Path:
        """The indices."""
        return self.path / "data"

    @property
    def logs(self) -> Path:
        """The node's own log and what it printed."""
        return self.path / "logs"

    @property
    def log_file(self) -> Path:
        """The node's own log."""
        return self.logs / "opensearch.log"

    @property
    def console_file(self) -> Path:
        """What the node and its start script printed since the last start."""
        return self.logs / "console.log"

    @property
    def temporary(self) -> Path:
        """The node's folder for temporary files."""
        return self.path / "tmp"

    @property
    def state_file(self) -> Path:
        """Which process runs on this folder: see `node_state`."""
        return self.path / "node.json"

    @contextmanager
    def locked(self, progress: ProgressListener) -> Iterator[None]:
        """Let one process at a time start or stop the node.

        Raises:
            LocalStackError: the data folder cannot be written to.
        """
        try:
            make_readable(self.path.parent)
            lock = acquired_lock(self.path, progress)
        except OSError as error:
            raise self._unusable(error) from error
        try:
            yield
        finally:
            lock.release()

    def prepare(self, account: NodeAccount | None) -> None:
        """Create what is missing, and check that the node can work here.

        Raises:
            LocalStackError: the folder is somebody else's, or the account cannot reach it.
            DiskFullError: there is hardly any room left.
        """
        self._refuse_foreign_folder()
        try:
            with disk_full_reported(self.path.parent, "setting up the node", _NEEDED_FREE_BYTES):
                self._create(account)
        except OSError as error:
            raise self._unusable(error) from error
        if not can_reach(account, self.data):
            name = account.name if account else "this account"
            raise LocalStackError(
                f"OpenSearch runs as {name}, which may not enter {self.path}.",
                remedy="Choose a local_stack.data_dir that every account may enter, such as "
                f"{_SYSTEM_DATA_DIR}.",
            )
        require_free_space(self.data, _NEEDED_FREE_BYTES, "The local node")

    def purge(self) -> None:
        """Delete the node's data, configuration, logs and state.

        Raises:
            LocalStackError: the folder is not a node's, or cannot be deleted.
        """
        if not self.path.exists():
            return
        self._refuse_foreign_folder()
        try:
            shutil.rmtree(self.path)
        except OSError as error:
            raise self._unusable(error) from error
        _logger.info("node_data_purged path=%s", self.path)

    def _create(self, account: NodeAccount | None) -> None:
        make_readable(self.path)
        (self.path / _MARKER).touch()
        give_to(account, self.path)
        for folder in (self.config, self.data, self.logs, self.temporary):
            folder.mkdir(mode=_PRIVATE, exist_ok=True)
            give_to(account, folder)

    def _refuse_foreign_folder(self) -> None:
        if self.path.is_dir() and any(self.path.iterdir()) and not (self.path / _MARKER).exists():
            raise LocalStackError(
                f"{self.path} holds files that are not a local node's; nothing was changed.",
                remedy="Choose another local_stack.data_dir.",
            )

    def _unusable(self, error: OSError) -> LocalStackError:
        return LocalStackError(
            f"The node's folder {self.path} cannot be written: {error.strerror or error}.",
            remedy="Run the command as the account that owns it, or choose another "
            "local_stack.data_dir.",
        )
