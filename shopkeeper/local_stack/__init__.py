"""OpenSearch and Triton on this machine without Docker: start, find and stop them."""

from shopkeeper.local_stack.node import running_node, start_node, stop_node
from shopkeeper.local_stack.node_folder import NodeFolder, default_data_dir
from shopkeeper.local_stack.node_report import NodeReport, describe_node
from shopkeeper.local_stack.node_state import NodeStatus
from shopkeeper.local_stack.triton import (
    ServedModel,
    describe_triton,
    running_triton,
    start_triton,
    stop_triton,
)
from shopkeeper.local_stack.triton_folder import TritonFolder
from shopkeeper.local_stack.triton_state import TritonStatus

__all__ = [
    "NodeFolder",
    "NodeReport",
    "NodeStatus",
    "ServedModel",
    "TritonFolder",
    "TritonStatus",
    "default_data_dir",
    "describe_node",
    "describe_triton",
    "running_node",
    "running_triton",
    "start_node",
    "start_triton",
    "stop_node",
    "stop_triton",
]
