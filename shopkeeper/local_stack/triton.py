"""Starting, finding and stopping the local Triton."""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from artifacts import ArtifactStore, default_cache_dir
from search_core import ProgressListener, SilentProgress, TritonStartError
from search_core.settings import LocalStackSettings
from shopkeeper.local_stack.node_process import start_time_of
from shopkeeper.local_stack.ports import reserved_free_ports
from shopkeeper.local_stack.triton_client import answers, loaded_models
from shopkeeper.local_stack.triton_folder import TritonFolder
from shopkeeper.local_stack.triton_process import end_triton, launch_triton, remove_remains
from shopkeeper.local_stack.triton_program import TRITON_VERSION, TritonProgram, assemble_triton
from shopkeeper.local_stack.triton_state import (
    TritonStatus,
    read_running_triton,
    write_triton_state,
)

_logger = logging.getLogger(__name__)

_FIRST_PORTS = (8000, 8001, 8002)
"""HTTP, gRPC and metrics, as Triton itself chooses them."""
_POLL_SECONDS = 0.25
_LINES_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedModel:
    """A model of the running server."""

    name: str
    version: str
    answers: bool
    """It computed a real inference just now."""


def running_triton(settings: LocalStackSettings) -> TritonStatus | None:
    """Return the local Triton if it runs, without asking it anything; `None`: none runs."""
    return read_running_triton(TritonFolder.of(settings))


def describe_triton(status: TritonStatus) -> tuple[ServedModel, ...] | None:
    """Have every model compute once; `None`: the server does not answer."""
    models = loaded_models(status.http_port)
    if models is None:
        return None
    return tuple(
        ServedModel(name=name, version=version, answers=answers(status.http_port, name))
        for name, version in models
    )


def start_triton(
    settings: LocalStackSettings, repository: Path, progress: ProgressListener | None = None
) -> TritonStatus:
    """Start the local Triton and return once every model computes. One that runs is returned.

    The server outlives the calling process. If the start fails or is interrupted, it is stopped.

    Args:
        settings: folders and patience.
        repository: the models, each with a version at least.
        progress: told of downloads and waiting.

    Raises:
        TritonStartError: it cannot run here, ended, or a model did not compute in time.
        ArtifactError: its program files could not be had.
        LocalStackError: its folder cannot be used.
    """
    listener = progress or SilentProgress()
    folder = TritonFolder.of(settings)
    with folder.locked(listener):
        running = read_running_triton(folder)
        if running is not None:
            return running
        models = _checked_models(repository)
        store = ArtifactStore(settings.cache_dir or default_cache_dir(), listener)
        program = assemble_triton(store, listener)
        remove_remains(folder)
        with reserved_free_ports(*_FIRST_PORTS) as ports:
            status = _launched(folder, program, repository, ports)
            try:
                _wait_until_all_compute(folder, models, settings.start_timeout_seconds, listener)
            except BaseException:  # Ctrl-C too must not leave a half-started server behind
                _undo(folder, status.pid)
                raise
    _logger.info("triton_started url=%s pid=%s", status.url, status.pid)
    return status


def _launched(
    folder: TritonFolder, program: TritonProgram, repository: Path, ports: tuple[int, ...]
) -> TritonStatus:
    """Start the server's process and note where it listens."""
    http, grpc, metrics = ports
    pid = launch_triton(folder, program, repository, (http, grpc, metrics), dict(os.environ))
    try:
        status = TritonStatus(
            version=TRITON_VERSION,
            pid=pid,
            process_started_at=start_time_of(pid) or time.time(),
            starter_pid=os.getpid(),
            grpc_port=grpc,
            http_port=http,
            metrics_port=metrics,
            repository=str(repository),
            log_path=str(folder.log_file),
        )
        write_triton_state(folder, status)
    except BaseException:
        _undo(folder, pid)
        raise
    return status


def _undo(folder: TritonFolder, pid: int) -> None:
    end_triton(pid)
    folder.state_file.unlink(missing_ok=True)


def stop_triton(settings: LocalStackSettings) -> TritonStatus | None:
    """Stop the local Triton and return what was stopped; `None`: it did not run.

    Raises:
        LocalStackError: it belongs to another account, or does not end.
    """
    folder = TritonFolder.of(settings)
    if not folder.path.exists():
        return None
    with folder.locked(SilentProgress()):
        running = read_running_triton(folder)
        if running is not None:
            end_triton(running.pid)
            _logger.info("triton_stopped url=%s pid=%s", running.url, running.pid)
        remove_remains(folder)
        folder.state_file.unlink(missing_ok=True)
    return running


def _checked_models(repository: Path) -> tuple[str, ...]:
    """Return the repository's models.

    A version without `model.py` is refused here: Triton would hang on it for ever.
    """
    versions = sorted(
        path
        for path in repository.glob("*/[1-9]*")
        if path.is_dir() and path.name.isdecimal() and (path.parent / "config.pbtxt").is_file()
    )
    if not versions:
        raise TritonStartError(
            f"The model repository {repository} is empty.",
            remedy="Put a model there: shopkeeper reranker install.",
        )
    for path in versions:
        if not (path / "model.py").is_file():
            raise TritonStartError(
                f"{path} has no model.py: Triton would wait for it for ever.",
                remedy=f"Delete {path}, or publish the model again.",
            )
    return tuple(dict.fromkeys(path.parent.name for path in versions))


def _wait_until_all_compute(
    folder: TritonFolder,
    models: tuple[str, ...],
    timeout_seconds: float,
    progress: ProgressListener,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    task = f"starting Triton {TRITON_VERSION}"
    progress.start(task, None, "seconds")
    begin = clock()
    told_seconds = 0
    try:
        while True:
            status = read_running_triton(folder)
            if status is None:
                raise _failure(folder, "ended during its start")
            if all(answers(status.http_port, model) for model in models):
                return
            passed = clock() - begin
            progress.advance(task, int(passed) - told_seconds)
            told_seconds = int(passed)
            if passed >= timeout_seconds:
                raise _failure(folder, f"did not serve its models within {timeout_seconds:g} s")
            sleep(_POLL_SECONDS)
    finally:
        progress.finish(task)


def _failure(folder: TritonFolder, what: str) -> TritonStartError:
    text = folder.log_file.read_text("utf-8", "replace") if folder.log_file.exists() else ""
    telling = [line for line in text.splitlines() if line.startswith("E") or "Error" in line]
    lines = (telling or text.splitlines())[-_LINES_SHOWN:]
    quoted = "".join(f"\n    {line[:400]}" for line in lines) or " Its log is empty."
    return TritonStartError(
        f"Triton {what}.{quoted}",
        remedy=f"On a slow machine, raise local_stack.start_timeout_seconds. The whole log: "
        f"{folder.log_file}.",
    )
