"""OpenSearch's configuration for one node on one machine."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from shopkeeper.local_stack.java import JavaRuntime
from shopkeeper.local_stack.node_account import NodeAccount, give_to
from shopkeeper.local_stack.node_folder import NodeFolder
from shopkeeper.local_stack.ports import LOOPBACK, NodePorts

_LINES_DROPPED = re.compile(
    r"""
    \S*-Xm[sx]\S*                        # the heap comes from the settings
    | \S*-Xlog:gc\S*                     # 32 files of 64 MB of garbage collector logs
    | \S*HeapDump\S*                     # a file as large as the heap, on a laptop's disk
    | \S*ErrorFile=\S*                   # a path that the node may not write to
    """,
    re.VERBOSE,
)
_VECTOR_MODULE_LINE = re.compile(r"\S*--add-modules=jdk\.incubator\.vector")

_LOG4J = """\
status = error
appender.rolling.type = RollingFile
appender.rolling.name = rolling
appender.rolling.fileName = ${sys:opensearch.logs.base_path}/opensearch.log
appender.rolling.filePattern = ${sys:opensearch.logs.base_path}/opensearch.%i.log
appender.rolling.layout.type = PatternLayout
appender.rolling.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
appender.rolling.policies.type = Policies
appender.rolling.policies.size.type = SizeBasedTriggeringPolicy
appender.rolling.policies.size.size = 10MB
appender.rolling.strategy.type = DefaultRolloverStrategy
appender.rolling.strategy.max = 3
rootLogger.level = info
rootLogger.appenderRef.rolling.ref = rolling
"""


def write_configuration(
    folder: NodeFolder,
    *,
    home: Path,
    java: JavaRuntime,
    ports: NodePorts,
    heap_mb: int,
    account: NodeAccount | None,
) -> None:
    """Write the node's configuration folder anew.

    Args:
        folder: the node's folder, prepared.
        home: the program files, whose JVM options are the starting point.
        java: the runtime that the options must suit.
        ports: where the node listens, on the loopback interface only.
        heap_mb: size of the Java heap.
        account: who reads the files; `None`: this account.
    """
    shipped = (home / "config" / "jvm.options").read_text(encoding="utf-8")
    contents = {
        "opensearch.yml": node_settings(folder, ports),
        "jvm.options": jvm_options(shipped, java=java, heap_mb=heap_mb),
        "log4j2.properties": _LOG4J,
    }
    for name, text in contents.items():
        path = folder.config / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        give_to(account, path)


def node_settings(folder: NodeFolder, ports: NodePorts) -> str:
    """Return the text of `opensearch.yml`."""
    settings: dict[str, object] = {
        "cluster.name": "shopkeeper-local",
        "node.name": "local",
        "discovery.type": "single-node",
        "network.host": LOOPBACK,
        "http.port": ports.http,
        "transport.port": ports.transport,
        "path.data": str(folder.data),
        "path.logs": str(folder.logs),
        # A laptop's disk is often fuller than the 85 % at which OpenSearch stops placing shards;
        # the room that is really needed is checked before the start.
        "cluster.routing.allocation.disk.threshold_enabled": False,
    }
    # JSON values are YAML values, so paths with any character are quoted rightly.
    return "".join(f"{name}: {json.dumps(value)}\n" for name, value in settings.items())


def jvm_options(shipped: str, *, java: JavaRuntime, heap_mb: int) -> str:
    """Return the text of `jvm.options`, from the one that OpenSearch ships."""
    kept = [
        line
        for line in shipped.splitlines()
        if not _LINES_DROPPED.fullmatch(line.strip())
        and (java.has_vector_module or not _VECTOR_MODULE_LINE.fullmatch(line.strip()))
    ]
    return "\n".join([*kept, f"-Xms{heap_mb}m", f"-Xmx{heap_mb}m", ""])


def node_environment(
    folder: NodeFolder, *, home: Path, java: JavaRuntime, environment: Mapping[str, str]
) -> dict[str, str]:
    """Return the node's environment variables.

    Few are handed on: `OPENSEARCH_HOME` or `JAVA_OPTS` of another installation would lead the start
    script astray.

    Args:
        folder: the node's folder.
        home: the program files.
        java: the runtime to use.
        environment: the process's own environment variables.
    """
    handed_on = ("PATH", "LANG", "LC_ALL", "TZ", "OPENSEARCH_JAVA_OPTS")
    return {
        **{name: environment[name] for name in handed_on if name in environment},
        "HOME": str(folder.temporary),
        "OPENSEARCH_HOME": str(home),
        "OPENSEARCH_JAVA_HOME": str(java.home),
        "OPENSEARCH_PATH_CONF": str(folder.config),
        "TMPDIR": str(folder.temporary),
        **_temporary_folder(folder),
    }


def _temporary_folder(folder: NodeFolder) -> dict[str, str]:
    # The start script splits the JVM options at spaces, which a user's folder on macOS has; without
    # the variable it creates a folder where the system keeps temporary files.
    has_space = re.search(r"\s", str(folder.temporary)) is not None
    return {} if has_space else {"OPENSEARCH_TMPDIR": str(folder.temporary)}
