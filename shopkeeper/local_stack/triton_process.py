"""The local Triton as a process: started, ended, and what a killed one left behind removed."""

import contextlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psutil

from search_core import TritonStartError
from shopkeeper.local_stack.node_process import end_process, launch_detached
from shopkeeper.local_stack.ports import LOOPBACK
from shopkeeper.local_stack.triton_folder import TritonFolder
from shopkeeper.local_stack.triton_program import TritonProgram

_EXIT_SECONDS = 5
"""What the server gives requests under way, when it is asked to end."""
_STOP_SECONDS = _EXIT_SECONDS + 5.0
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - Triton's own place; names have our prefix
# A Python that the caller set would be taken for the models' own.
_NOT_INHERITED = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")


def launch_triton(
    folder: TritonFolder,
    program: TritonProgram,
    repository: Path,
    ports: tuple[int, int, int],
    environment: Mapping[str, str],
) -> int:
    """Start the server in a session of its own and return its process id.

    Args:
        folder: log and shared memory.
        program: the program files.
        repository: the models.
        ports: HTTP, gRPC, metrics.
        environment: of this process.

    Raises:
        TritonStartError: no process could be started.
    """
    own = {name: value for name, value in environment.items() if name not in _NOT_INHERITED}
    own["PATH"] = f"{program.python_bin}{os.pathsep}{environment.get('PATH', os.defpath)}"
    own["LD_LIBRARY_PATH"] = str(program.library_folder)
    try:
        return launch_detached(
            _command(folder, program, repository, ports),
            console_file=folder.log_file,
            working_folder=folder.path,
            account=None,
            environment=own,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise TritonStartError(
            f"Triton could not be started from {program.server}: {error}.",
            remedy="Delete the folder `triton` of the cache folder; it is made again.",
        ) from error


def _command(
    folder: TritonFolder, program: TritonProgram, repository: Path, ports: tuple[int, int, int]
) -> list[str]:
    http, grpc, metrics = ports
    return [
        str(program.server),
        f"--model-repository={repository}",
        f"--backend-directory={program.backends}",
        "--model-control-mode=explicit",
        "--load-model=*",
        # Otherwise one version that does not load makes the whole server unready, for good.
        "--strict-readiness=false",
        f"--exit-timeout-secs={_EXIT_SECONDS}",
        "--allow-gpu-metrics=false",
        f"--backend-config=python,shm-region-prefix-name={folder.shared_memory_prefix}",
        *(f"--{name}-address={LOOPBACK}" for name in ("http", "grpc", "metrics")),
        f"--http-port={http}",
        f"--grpc-port={grpc}",
        f"--metrics-port={metrics}",
    ]


def end_triton(pid: int) -> None:
    """Ask the server to end; kill what is left of it, its models' processes too.

    The server alone is asked: it ends its models itself, and waits in vain for one that has ended
    before.

    Raises:
        LocalStackError: it belongs to another account, or is still there.
    """
    try:
        server = psutil.Process(pid)
        models = server.children(recursive=True)
        server.terminate()
        server.wait(timeout=_STOP_SECONDS)
    except psutil.NoSuchProcess:
        models = []
    except (psutil.TimeoutExpired, psutil.AccessDenied):
        end_process(pid)
    for each in models:
        end_process(each.pid)


def remove_remains(folder: TritonFolder) -> None:
    """Remove what a killed server left: its models' processes and their shared memory.

    Only while no server runs on the folder.
    """
    prefix = folder.shared_memory_prefix
    left = [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(prefix in word for word in process.info["cmdline"] or ())
    ]
    for process in left:
        # A model's process waits for its server for ever, and does not end when it is asked to.
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            process.kill()
    psutil.wait_procs(left, timeout=_STOP_SECONDS)
    if _SHARED_MEMORY.is_dir():
        for region in _SHARED_MEMORY.glob(f"{prefix}*"):
            region.unlink(missing_ok=True)
