"""A server as a process: detached, run by an unprivileged account, ended gently."""

import logging
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from search_core import LocalStackError
from shopkeeper.local_stack.node_account import NodeAccount
from shopkeeper.local_stack.node_folder import NodeFolder

_logger = logging.getLogger(__name__)

# A node closes its indices within a second or two; this is for a machine that is busy.
_STOP_SECONDS = 60.0
_KILL_SECONDS = 10.0
# The shell ends at once and leaves the node to the system: being nobody's child, the node outlives
# the command, and becomes no zombie of a caller that lives longer than it.
_DETACHED = '"$@" >"$0" 2>&1 </dev/null & echo "$!"'


def launch(
    folder: NodeFolder,
    *,
    home: Path,
    account: NodeAccount | None,
    environment: Mapping[str, str],
) -> int:
    """Start OpenSearch's start script in a session of its own and return its process id.

    What it prints goes to the folder's console file.

    Raises:
        LocalStackError: no process could be started as that account.
    """
    script = str(home / "bin" / "opensearch")
    try:
        return launch_detached(
            [script],
            console_file=folder.console_file,
            working_folder=home,
            account=account,
            environment=environment,
        )
    except (OSError, subprocess.SubprocessError) as error:
        name = f" as {account.name}" if account else ""
        raise LocalStackError(
            f"OpenSearch could not be started{name} from {home}: {error}.",
            remedy="Run the command as an ordinary user.",
        ) from error


def launch_detached(
    command: Sequence[str],
    *,
    console_file: Path,
    working_folder: Path,
    account: NodeAccount | None,
    environment: Mapping[str, str],
) -> int:
    """Start a program in a session of its own and return its process id.

    Args:
        command: the program and its arguments.
        console_file: gets what it prints; an older one is replaced.
        working_folder: where it starts.
        account: `None`: that of this process.
        environment: all of its environment.

    Raises:
        OSError: the shell that starts it could not be started.
        subprocess.SubprocessError: it could not be started as that account.
    """
    console_file.unlink(missing_ok=True)
    answer = subprocess.run(  # noqa: S603 - our own program files and folder
        ["/bin/sh", "-c", _DETACHED, str(console_file), *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        umask=0o077,
        cwd=working_folder,
        env=dict(environment),
        text=True,
        check=True,
    )
    return int(answer.stdout)


def start_time_of(pid: int) -> float | None:
    """Return when a process was started, in seconds since 1970; `None`: it is gone already."""
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return None


def end_process(pid: int) -> None:
    """Ask a process and its children to end, and kill them if they do not. Gone already is fine.

    Children matter while the start script still runs its own programs.

    Raises:
        LocalStackError: it belongs to another account, or is still there.
    """
    processes = _with_children(pid)
    for process in processes:
        _signal(process, psutil.Process.terminate)
    _, left = psutil.wait_procs(processes, timeout=_STOP_SECONDS)
    for process in left:
        _logger.warning("process_killed pid=%s seconds_waited=%s", process.pid, _STOP_SECONDS)
        _signal(process, psutil.Process.kill)
    _, left = psutil.wait_procs(left, timeout=_KILL_SECONDS)
    if left:
        raise LocalStackError(
            f"The local server (process {pid}) does not end, not even when it is killed.",
            remedy="It waits for a disk that does not answer; look at the disk, or restart the "
            "machine.",
        )


def _with_children(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _signal(process: psutil.Process, send: Callable[[psutil.Process], None]) -> None:
    try:
        send(process)
    except psutil.NoSuchProcess:
        return
    except psutil.AccessDenied as error:
        raise LocalStackError(
            f"The local server (process {process.pid}) was started by another account and cannot "
            "be stopped.",
            remedy="Run the command as that account, or as root.",
        ) from error
