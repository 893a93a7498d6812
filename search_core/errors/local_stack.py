"""Errors of the local node and of the local Triton."""

from search_core.errors.root import ShopkeeperError


class LocalStackError(ShopkeeperError):
    """The local OpenSearch node could not be set up, started or stopped."""

    code = "local_stack_error"


class JavaNotFoundError(LocalStackError):
    """No Java of the needed version was found, and none could be brought."""

    code = "java_not_found"


class PortInUseError(LocalStackError):
    """A port that was asked for by number is taken by another process."""

    code = "port_in_use"


class DiskFullError(LocalStackError):
    """There is not enough room for the node, its data or a download."""

    code = "disk_full"


class NodeStartError(LocalStackError):
    """The node ended by itself, or did not become healthy in time."""

    code = "node_start_error"


class TritonStartError(LocalStackError):
    """Triton cannot run here, ended by itself, or did not serve its models in time."""

    code = "triton_start_error"
