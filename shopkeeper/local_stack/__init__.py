"""The OpenSearch node that runs on this machine without Docker: start, find and stop it."""

from shopkeeper.local_stack.node import running_node, start_node, stop_node
from shopkeeper.local_stack.node_folder import NodeFolder, default_data_dir
from shopkeeper.local_stack.node_report import NodeReport, describe_node
from shopkeeper.local_stack.node_state import NodeStatus

__all__ = [
    "NodeFolder",
    "NodeReport",
    "NodeStatus",
    "default_data_dir",
    "describe_node",
    "running_node",
    "start_node",
    "stop_node",
]
