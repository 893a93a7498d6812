"""How the running node is: health, indices, disk and heap."""

from dataclasses import dataclass
from typing import Any

from shopkeeper.local_stack.node_client import ask_node
from shopkeeper.local_stack.node_state import NodeStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeReport:
    """What the node says about itself."""

    health: str
    """`green`, `yellow` or `red`."""
    indices: int
    documents: int
    index_bytes: int
    """Size of the indices on disk."""
    disk_free_bytes: int
    disk_total_bytes: int
    heap_used_bytes: int
    heap_max_bytes: int


def describe_node(status: NodeStatus) -> NodeReport | None:
    """Ask a node how it is; `None` when it does not answer."""
    stats = ask_node(status.http_port, "/_cluster/stats")
    if stats is None:
        return None
    indices, nodes = _part(stats, "indices"), _part(stats, "nodes")
    disk, memory = _part(nodes, "fs"), _part(_part(nodes, "jvm"), "mem")
    return NodeReport(
        health=str(stats.get("status", "unknown")),
        indices=int(indices.get("count", 0)),
        documents=int(_part(indices, "docs").get("count", 0)),
        index_bytes=int(_part(indices, "store").get("size_in_bytes", 0)),
        disk_free_bytes=int(disk.get("available_in_bytes", 0)),
        disk_total_bytes=int(disk.get("total_in_bytes", 0)),
        heap_used_bytes=int(memory.get("heap_used_in_bytes", 0)),
        heap_max_bytes=int(memory.get("heap_max_in_bytes", 0)),
    )


def _part(stats: dict[str, Any], name: str) -> dict[str, Any]:
    part = stats.get(name)
    return part if isinstance(part, dict) else {}
