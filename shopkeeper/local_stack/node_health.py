"""Waiting for a node that was started to become healthy."""

import time
from collections.abc import Callable

from search_core import NodeStartError, ProgressListener
from shopkeeper.local_stack.node_client import ask_node
from shopkeeper.local_stack.node_folder import NodeFolder
from shopkeeper.local_stack.node_log import telling_lines
from shopkeeper.local_stack.node_state import NodeStatus, is_alive

_POLL_SECONDS = 0.25
# The node answers within the second, so that its end is noticed between two questions.
_HEALTH_PATH = "/_cluster/health?wait_for_status=yellow&timeout=1s"
_PROCESS_PATH = "/_nodes/_local/process?filter_path=nodes.*.process.id"


def is_healthy(status: NodeStatus) -> bool:
    """Tell whether it is this node that answers, and all of its primary shards are there."""
    answer = ask_node(status.http_port, _HEALTH_PATH)
    if answer is None or answer.get("status") not in {"green", "yellow"}:
        return False
    # Another server may have taken the port while this node was starting.
    return _answering_processes(status.http_port) == [status.pid]


def _answering_processes(port: int) -> list[int]:
    nodes = (ask_node(port, _PROCESS_PATH) or {}).get("nodes")
    try:
        return [int(node["process"]["id"]) for node in dict(nodes or {}).values()]
    except (KeyError, TypeError, ValueError):
        return []


def wait_until_healthy(
    folder: NodeFolder,
    status: NodeStatus,
    *,
    timeout_seconds: float,
    log_begin: int,
    progress: ProgressListener,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Return once the node is healthy.

    Args:
        folder: the node's folder.
        status: the node, which has just been started or is still starting.
        timeout_seconds: how long to wait.
        log_begin: where in the node's log its start began, for the lines that a failure quotes.
        progress: told of the seconds that pass.
        clock: seconds that only grow.
        sleep: waits for so many seconds.

    Raises:
        NodeStartError: the node ended, or was not healthy in time.
    """
    if is_healthy(status):
        return
    task = f"starting OpenSearch {status.version}"
    begin = clock()
    told_seconds = 0
    progress.start(task, None, "seconds")
    try:
        while not is_healthy(status):
            passed = clock() - begin
            _refuse_ended_or_late(folder, status, passed, timeout_seconds, log_begin)
            progress.advance(task, int(passed) - told_seconds)
            told_seconds = int(passed)
            sleep(_POLL_SECONDS)
    finally:
        progress.finish(task)


def _refuse_ended_or_late(
    folder: NodeFolder, status: NodeStatus, passed: float, timeout_seconds: float, log_begin: int
) -> None:
    if not is_alive(status, folder.config):
        raise _failure(folder, f"ended during its start (port {status.http_port})", log_begin)
    if passed >= timeout_seconds:
        raise _failure(
            folder,
            f"was not healthy within {timeout_seconds:g} s",
            log_begin,
            remedy="On a slow machine, raise local_stack.start_timeout_seconds. ",
        )


def _failure(folder: NodeFolder, what: str, log_begin: int, remedy: str = "") -> NodeStartError:
    lines = telling_lines(folder, log_begin)
    quoted = "".join(f"\n    {line}" for line in lines) or " The logs are empty."
    return NodeStartError(
        f"OpenSearch {what}.{quoted}",
        remedy=f"{remedy}The whole log: {folder.log_file} (and {folder.console_file}).",
    )
