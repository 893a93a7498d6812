"""One cache folder of verified files, filled from package registries when something is missing."""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import filelock
import platformdirs

from artifacts.artifact import Artifact
from artifacts.artifact_addresses import addresses_of
from artifacts.atomic_folder import make_folder_once
from artifacts.checksum import sha256_of
from artifacts.zip_archive import unpack_zip
from search_core import ArtifactError, ProgressListener, SilentProgress

_logger = logging.getLogger(__name__)


def default_cache_dir() -> Path:
    """Return the user's cache folder for Shopkeeper. It may not exist yet."""
    return platformdirs.user_cache_path("shopkeeper", appauthor=False)


class ArtifactStore:
    """Gives out verified files, and downloads those that are missing.

    Files are named by content, written under another name and renamed when they are whole, so a
    reader never sees half a file; a file lock keeps two processes from fetching the same one. What
    is in the cache is used without any network access.
    """

    def __init__(self, cache_dir: Path, progress: ProgressListener | None = None) -> None:
        self._cache_dir = cache_dir
        self._progress = progress or SilentProgress()

    @property
    def cache_dir(self) -> Path:
        """The folder that everything lies in."""
        return self._cache_dir

    def fetch(self, artifact: Artifact) -> Path:
        """Return the verified file, downloading it if it is absent or damaged.

        Raises:
            DownloadError: no address gave the file.
            ChecksumError: what was given is not the pinned file.
            DiskFullError: there is no room for it.
            ArtifactError: the cache folder cannot be written to.
        """
        target = self._path_of(artifact)
        if self._is_verified(target, artifact):
            return target
        with self._locked(target, artifact):
            if not self._is_verified(target, artifact):
                self._download(artifact, target)
        return target

    def unpack(self, artifact: Artifact, members: Sequence[str] | None = None) -> Path:
        """Return a folder with the archive's members, made once.

        The files are readable by every account of the machine. A folder that has since lost files
        is made again.

        Args:
            artifact: a zip, jar or wheel.
            members: names inside of the archive, or shell patterns (`*` also matches `/`);
                `None`: all.

        Raises:
            ArtifactError: a name matches no member, or the archive is damaged or unsafe.
            DiskFullError: there is no room for it.
        """
        folder = self._cache_dir / "unpacked" / _folder_name(artifact, members)
        return make_folder_once(
            folder,
            lambda building: unpack_zip(self.fetch(artifact), building, members),
        )

    def _download(self, artifact: Artifact, target: Path) -> None:
        # A fifth of a second of imports that a warm cache never needs.
        from artifacts.resuming_download import ResumingDownload  # noqa: PLC0415

        download = ResumingDownload(
            target=target,
            sha256=artifact.sha256,
            label=artifact.coordinates,
            progress=self._progress,
        )
        download.run(addresses_of(artifact))

    def _path_of(self, artifact: Artifact) -> Path:
        # Content before name: two versions of one name (a wheel of each platform) do not collide.
        return self._cache_dir / "artifacts" / artifact.sha256[:16] / artifact.file_name

    def _is_verified(self, target: Path, artifact: Artifact) -> bool:
        if not target.is_file():
            return False
        if sha256_of(target) == artifact.sha256:
            return True
        _logger.warning("cached_file_damaged artifact=%s path=%s", artifact.coordinates, target)
        return False

    @contextmanager
    def _locked(self, target: Path, artifact: Artifact) -> Iterator[None]:
        lock = filelock.FileLock(target.with_name(f"{target.name}.lock"))
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._acquire(lock, artifact)
        except OSError as error:
            raise ArtifactError(
                f"The cache folder {self._cache_dir} cannot be written to: {error.strerror}.",
                remedy="Give this account write access to it, or set local_stack.cache_dir.",
            ) from error
        try:
            yield
        finally:
            lock.release()

    def _acquire(self, lock: filelock.BaseFileLock, artifact: Artifact) -> None:
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            task = f"waiting for another process that fetches {artifact.coordinates}"
            self._progress.start(task, None, "")
            lock.acquire()
            self._progress.finish(task)


def _folder_name(artifact: Artifact, members: Sequence[str] | None) -> str:
    name = f"{Path(artifact.file_name).stem}-{artifact.sha256[:16]}"
    if members is None:
        return name
    chosen = hashlib.sha256("\n".join(sorted(set(members))).encode()).hexdigest()
    return f"{name}-{chosen[:8]}"
