"""Downloading one pinned file, going on where a broken download stopped."""

import logging
import re
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import requests

from artifacts.checksum import sha256_of
from artifacts.disk_space import disk_full_reported, require_free_space
from search_core import ArtifactError, ChecksumError, DownloadError, ProgressListener

_logger = logging.getLogger(__name__)

# What is lost of a broken answer is less than one chunk.
_CHUNK_BYTES = 1 << 16
_CONNECT_SECONDS = 10.0
# The longest silence within an answer: slow lines send something every few seconds.
_READ_SECONDS = 60.0
# Waits of 0.5, 1, 2 and 4 s: long enough for a restarted proxy, short enough to be told of a
# missing network within ten seconds.
_MAX_ATTEMPTS = 5
_FIRST_WAIT_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 30.0
# An attempt that brought this much is progress: it does not count towards the attempts.
_PROGRESS_BYTES = 1 << 20
_TRANSIENT_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(?:\d+|\*)")


class _TransferInterruptedError(Exception):
    """One attempt failed in a way that the next one may not."""

    def __init__(self, reason: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_seconds = retry_after_seconds


class ResumingDownload:
    """Fetches one file into `target`, through `target` + `.part`, which outlives a broken run.

    The caller holds a lock on `target`.
    """

    def __init__(
        self,
        *,
        target: Path,
        sha256: str,
        label: str,
        progress: ProgressListener,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._target = target
        self._part = target.with_name(f"{target.name}.part")
        self._sha256 = sha256
        self._label = label
        self._progress = progress
        self._sleep = sleep

    def run(self, addresses: Sequence[str]) -> None:
        """Fetch the file from the first address that has it.

        Raises:
            ChecksumError: an address gave another file, and no later one the right one.
            DownloadError: no address gave the file.
            DiskFullError: there is no room for it.
            ArtifactError: the folder cannot be written to.
        """
        failures: list[ArtifactError] = []
        for address in addresses:
            try:
                self._fetch_verified(address)
            except (DownloadError, ChecksumError) as error:
                _logger.info("address_failed artifact=%s reason=%s", self._label, error.message)
                failures.append(error)
            else:
                return
        raise self._failure(failures)

    def _failure(self, failures: Sequence[ArtifactError]) -> ArtifactError:
        wrong = [error for error in failures if isinstance(error, ChecksumError)]
        if len(failures) == 1 or wrong:
            return (wrong or failures)[0]
        reasons = "".join(f"\n  {error.message}" for error in failures)
        return DownloadError(
            f"{self._label} could not be had from any of {len(failures)} addresses:{reasons}",
            remedy=failures[-1].remedy if failures else "Configure a Maven repository for jgo.",
        )

    def _fetch_verified(self, address: str) -> None:
        resumed = self._part_size() > 0
        self._fetch(address)
        if resumed and sha256_of(self._part) != self._sha256:
            # What an earlier run left behind may be at fault: once more, from the first byte.
            self._part.unlink()
            self._fetch(address)
        found = sha256_of(self._part)
        if found != self._sha256:
            self._part.unlink()
            raise ChecksumError(
                f"{self._label} from {_shown(address)} has the SHA-256 {found}, "
                f"not the pinned {self._sha256}; it was deleted.",
                remedy="Try again. If it stays so, the mirror or a proxy on the way changes files.",
            )
        self._part.replace(self._target)
        _logger.info("artifact_downloaded artifact=%s path=%s", self._label, self._target)

    def _fetch(self, address: str) -> None:
        attempts = 0
        while True:
            size_before = self._part_size()
            try:
                self._attempt(address)
            except _TransferInterruptedError as error:
                gained = self._part_size() - size_before
                attempts = 1 if gained >= _PROGRESS_BYTES else attempts + 1
                if attempts >= _MAX_ATTEMPTS:
                    raise DownloadError(
                        f"{self._label} could not be fetched from {_shown(address)}: {error}.",
                        remedy="Check the network, then run the command again: it goes on where "
                        "the download stopped.",
                    ) from error
                _logger.info("download_retried artifact=%s reason=%s", self._label, error)
                self._sleep(_wait_seconds(attempts, error.retry_after_seconds))
            else:
                return

    def _attempt(self, address: str) -> None:
        try:
            if urlsplit(address).scheme == "file":
                self._copy(Path(url2pathname(urlsplit(address).path)))
            else:
                self._transfer(address)
        except requests.exceptions.SSLError as error:
            raise DownloadError(
                f"{_shown(address)} has no certificate that this machine trusts: {error}.",
                remedy="Behind a company's proxy, name its certificates in REQUESTS_CA_BUNDLE.",
            ) from error
        except requests.RequestException as error:
            raise _TransferInterruptedError(_reason(error)) from error
        except OSError as error:
            raise ArtifactError(
                f"{self._label} cannot be stored in {self._target.parent}: {error}.",
                remedy="Give this account write access to it, or set local_stack.cache_dir.",
            ) from error

    def _copy(self, source: Path) -> None:
        try:
            file = source.open("rb")
        except OSError as error:
            raise DownloadError(
                f"{self._label} cannot be read from {source}: {error.strerror}.",
                remedy="Check the local Maven repository and pip's folders of wheels.",
            ) from error
        with file:
            self._part.unlink(missing_ok=True)
            size = source.stat().st_size
            require_free_space(self._target.parent, size, f"copying {self._label}")
            chunks = iter(lambda: file.read(_CHUNK_BYTES), b"")
            self._write(chunks, total=size, offset=0)

    def _transfer(self, address: str) -> None:
        offset = self._part_size()
        headers = {"Accept-Encoding": "identity"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
        timeout = (_CONNECT_SECONDS, _READ_SECONDS)
        with requests.get(address, headers=headers, stream=True, timeout=timeout) as response:
            if response.status_code == requests.codes.requested_range_not_satisfiable:
                self._after_refused_range()
                return
            _check_status(response, self._label, address)
            offset = self._resumed_offset(response, offset)
            length = response.headers.get("Content-Length", "")
            total = offset + int(length) if length.isdecimal() else None
            if total is not None:
                purpose = f"downloading {self._label}"
                require_free_space(self._target.parent, total - offset, purpose)
            self._write(response.iter_content(_CHUNK_BYTES), total=total, offset=offset)

    def _after_refused_range(self) -> None:
        """Decide on a 416: the part is the whole file, or does not belong to it."""
        if sha256_of(self._part) != self._sha256:
            self._part.unlink()
            raise _TransferInterruptedError("the server cannot resume from what is there")

    def _resumed_offset(self, response: requests.Response, asked: int) -> int:
        """Return from which byte the answer goes on: 0 from a server that cannot resume."""
        if response.status_code != requests.codes.partial_content:
            return 0
        given = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if given is None or int(given.group(1)) != asked:
            self._part.unlink(missing_ok=True)
            raise _TransferInterruptedError("the server resumed from another place than asked")
        return asked

    def _write(self, chunks: Iterable[bytes], *, total: int | None, offset: int) -> None:
        self._progress.start(self._label, total, "bytes")
        self._progress.advance(self._label, offset)
        purpose = f"the download of {self._label}"
        try:
            with (
                disk_full_reported(self._target.parent, purpose, total),
                self._part.open("ab" if offset else "wb") as sink,
            ):
                for chunk in chunks:
                    sink.write(chunk)
                    self._progress.advance(self._label, len(chunk))
        finally:
            self._progress.finish(self._label)

    def _part_size(self) -> int:
        return self._part.stat().st_size if self._part.is_file() else 0


def _check_status(response: requests.Response, label: str, address: str) -> None:
    status = response.status_code
    if response.ok:
        return
    if status in _TRANSIENT_STATUSES:
        retry_after = response.headers.get("Retry-After", "")
        seconds = float(retry_after) if retry_after.isdecimal() else None
        raise _TransferInterruptedError(f"the server answered {status}", seconds)
    if status in {requests.codes.not_found, requests.codes.gone}:
        raise DownloadError(
            f"{_shown(address)} does not have {label} ({status}).",
            remedy="A mirror must carry it: check jgo's and pip's repository settings.",
        )
    raise DownloadError(
        f"{_shown(address)} refused {label} ({status}).",
        remedy="If the mirror asks for a login, put it into the netrc file of this account.",
    )


def _wait_seconds(attempts: int, asked: float | None) -> float:
    backoff = _FIRST_WAIT_SECONDS * 2 ** (attempts - 1)
    return float(min(_LONGEST_WAIT_SECONDS, max(backoff, asked or 0.0)))


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "the server did not answer in time"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection broke before the end of the file"
    return f"no connection ({type(error).__name__})"


def _shown(address: str) -> str:
    """Return an address without the login that may stand in it."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}{parts.path}"
