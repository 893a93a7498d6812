"""Starting, finding and stopping the local node."""

import logging
import os
import time
from pathlib import Path

import platformdirs

from artifacts import ArtifactStore, default_cache_dir
from search_core import LocalStackError, ProgressListener, SilentProgress
from search_core.settings import LocalStackSettings
from shopkeeper.local_stack.distribution import OPENSEARCH_VERSION, assemble_distribution
from shopkeeper.local_stack.java import JavaRuntime, find_java
from shopkeeper.local_stack.node_account import NodeAccount, account_for, can_reach
from shopkeeper.local_stack.node_configuration import node_environment, write_configuration
from shopkeeper.local_stack.node_folder import NodeFolder
from shopkeeper.local_stack.node_health import wait_until_healthy
from shopkeeper.local_stack.node_log import log_size
from shopkeeper.local_stack.node_process import end_process, launch, start_time_of
from shopkeeper.local_stack.node_state import NodeStatus, read_running, remove_state, write_state
from shopkeeper.local_stack.ports import LOOPBACK, NodePorts, reserved_ports

_logger = logging.getLogger(__name__)


def running_node(settings: LocalStackSettings) -> NodeStatus | None:
    """Return the local node if it runs, without asking it anything; `None`: none runs.

    Its data folder tells nodes apart: with another `local_stack.data_dir` it is another node.
    """
    return read_running(NodeFolder.of(settings))


def start_node(
    settings: LocalStackSettings, progress: ProgressListener | None = None
) -> NodeStatus:
    """Start the local node and return once it is healthy. A node that runs already is returned.

    The node outlives the calling process. If the start fails or is interrupted, the node is stopped
    again.

    Raises:
        ArtifactError: something could not be downloaded.
        JavaNotFoundError: there is no Java for it.
        PortInUseError: the port that was asked for is taken.
        DiskFullError: there is no room for it.
        NodeStartError: it ended, or was not healthy in time.
        LocalStackError: its folder cannot be used, or it runs on another port than asked for.
    """
    listener = progress or SilentProgress()
    folder = NodeFolder.of(settings)
    with folder.locked(listener):
        running = read_running(folder)
        if running is None:
            return _start(folder, settings, listener)
        _refuse_other_port(running, settings)
        # A command that was killed may have left a node behind that is still starting.
        wait_until_healthy(
            folder,
            running,
            timeout_seconds=settings.start_timeout_seconds,
            log_begin=log_size(folder),
            progress=listener,
        )
        return running


def stop_node(settings: LocalStackSettings, *, purge: bool = False) -> NodeStatus | None:
    """Stop the local node and return what was stopped; `None`: it did not run.

    Args:
        settings: which node.
        purge: delete its data, configuration and logs afterwards.

    Raises:
        LocalStackError: it belongs to another account, does not end, or cannot be deleted.
    """
    folder = NodeFolder.of(settings)
    if not folder.path.exists():
        return None
    with folder.locked(SilentProgress()):
        running = read_running(folder)
        if running is not None:
            end_process(running.pid)
            _logger.info("node_stopped url=%s pid=%s", running.url, running.pid)
        remove_state(folder)
        if purge:
            folder.purge()
    return running


def _start(
    folder: NodeFolder, settings: LocalStackSettings, progress: ProgressListener
) -> NodeStatus:
    account = account_for(folder.path)
    folder.prepare(account)
    store = ArtifactStore(_program_cache(settings, account), progress)
    java = find_java(settings.java, store=store, account=account, environment=os.environ)
    home = assemble_distribution(store, with_icu=not java.has_locale_data)
    with reserved_ports(settings.http_port) as ports:
        write_configuration(
            folder, home=home, java=java, ports=ports, heap_mb=settings.heap_mb, account=account
        )
        log_begin = log_size(folder)
        environment = node_environment(folder, home=home, java=java, environment=os.environ)
        pid = launch(folder, home=home, account=account, environment=environment)
        try:
            status = _status(
                folder, pid, java=java, ports=ports, settings=settings, account=account
            )
            write_state(folder, status)
            wait_until_healthy(
                folder,
                status,
                timeout_seconds=settings.start_timeout_seconds,
                log_begin=log_begin,
                progress=progress,
            )
        except BaseException:  # Ctrl-C too must not leave a half-started node behind
            end_process(pid)
            remove_state(folder)
            raise
    _logger.info("node_started url=%s pid=%s java=%s", status.url, pid, java.home)
    return status


def _program_cache(settings: LocalStackSettings, account: NodeAccount | None) -> Path:
    """Return the cache folder for program files: the node's account has to be able to enter it."""
    chosen = settings.cache_dir or default_cache_dir()
    nearest = next(path for path in (chosen, *chosen.absolute().parents) if path.exists())
    if account is None or can_reach(account, nearest):
        return chosen
    return platformdirs.site_cache_path("shopkeeper", appauthor=False)


def _status(
    folder: NodeFolder,
    pid: int,
    *,
    java: JavaRuntime,
    ports: NodePorts,
    settings: LocalStackSettings,
    account: NodeAccount | None,
) -> NodeStatus:
    return NodeStatus(
        url=f"http://{LOOPBACK}:{ports.http}",
        version=OPENSEARCH_VERSION,
        pid=pid,
        process_started_at=start_time_of(pid) or time.time(),
        starter_pid=os.getpid(),
        http_port=ports.http,
        transport_port=ports.transport,
        heap_mb=settings.heap_mb,
        java_home=str(java.home),
        java_version=java.version,
        account=account.name if account else None,
        data_dir=str(folder.path.parent),
        log_path=str(folder.log_file),
    )


def _refuse_other_port(running: NodeStatus, settings: LocalStackSettings) -> None:
    if settings.http_port not in {0, running.http_port}:
        raise LocalStackError(
            f"The local node runs already, at {running.url}, not on port {settings.http_port}.",
            remedy="Stop it first: shopkeeper down.",
        )
