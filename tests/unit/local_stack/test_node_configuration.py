import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.local_stack.java import JavaRuntime
from shopkeeper.local_stack.node_configuration import (
    jvm_options,
    node_environment,
    node_settings,
    write_configuration,
)
from shopkeeper.local_stack.node_folder import NodeFolder
from shopkeeper.local_stack.ports import NodePorts

SHIPPED = """\
# Xms represents the initial size of total heap space
-Xms1g
-Xmx1g
11-:-XX:+UseG1GC
-Djava.io.tmpdir=${OPENSEARCH_TMPDIR}
-XX:+HeapDumpOnOutOfMemoryError
-XX:HeapDumpPath=data
-XX:ErrorFile=logs/hs_err_pid%p.log
9-:-Xlog:gc*,gc+age=trace,safepoint:file=logs/gc.log:utctime,pid,tags:filecount=32,filesize=64m
20-:--add-modules=jdk.incubator.vector
21-:-javaagent:agent/opensearch-agent.jar
"""
PORTS = NodePorts(http=9200, transport=9300)
FULL = JavaRuntime(home=Path("/java"), version=25, has_vector_module=True, has_locale_data=True)
TRIMMED = JavaRuntime(
    home=Path("/java"), version=25, has_vector_module=False, has_locale_data=False
)


def options(java: JavaRuntime, heap_mb: int = 1024) -> list[str]:
    text = jvm_options(SHIPPED, java=java, heap_mb=heap_mb)
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_the_heap_comes_from_the_settings():
    assert options(FULL, heap_mb=512)[-2:] == ["-Xms512m", "-Xmx512m"]
    assert "-Xms1g" not in options(FULL)


def test_large_logs_and_dumps_are_left_out_and_the_rest_is_kept():
    assert options(FULL) == [
        "11-:-XX:+UseG1GC",
        "-Djava.io.tmpdir=${OPENSEARCH_TMPDIR}",
        "20-:--add-modules=jdk.incubator.vector",
        "21-:-javaagent:agent/opensearch-agent.jar",
        "-Xms1024m",
        "-Xmx1024m",
    ]


def test_a_java_without_the_vector_module_is_not_asked_for_it():
    assert "20-:--add-modules=jdk.incubator.vector" not in options(TRIMMED)


@given(heap_mb=st.integers(256, 64_000))
def test_there_is_one_heap_size(heap_mb):
    heap = [line for line in options(FULL, heap_mb) if "-Xm" in line]
    assert heap == [f"-Xms{heap_mb}m", f"-Xmx{heap_mb}m"]


def test_the_node_listens_on_the_loopback_interface_only():
    text = node_settings(NodeFolder(path=Path("/data/opensearch")), PORTS)
    assert 'network.host: "127.0.0.1"\n' in text
    assert "http.port: 9200\n" in text
    assert "transport.port: 9300\n" in text
    assert 'discovery.type: "single-node"\n' in text


@pytest.mark.parametrize("name", ["with space", 'quo"te', "colon: here", "#hash", "ключ"])
def test_any_path_is_quoted_so_that_it_is_read_back_as_it_is(name):
    folder = NodeFolder(path=Path("/data") / name / "opensearch")
    (line,) = [
        line for line in node_settings(folder, PORTS).splitlines() if line.startswith("path.data: ")
    ]
    assert json.loads(line.removeprefix("path.data: ")) == str(folder.data)


def test_the_configuration_is_written_for_the_nodes_account_only(tmp_path):
    folder = NodeFolder(path=tmp_path / "opensearch")
    folder.config.mkdir(parents=True)
    home = tmp_path / "home"
    (home / "config").mkdir(parents=True)
    (home / "config" / "jvm.options").write_text(SHIPPED)
    write_configuration(folder, home=home, java=FULL, ports=PORTS, heap_mb=512, account=None)
    written = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.config.iterdir()}
    assert written == {"opensearch.yml": 0o600, "jvm.options": 0o600, "log4j2.properties": 0o600}


def test_another_installations_variables_do_not_reach_the_node():
    folder = NodeFolder(path=Path("/data/opensearch"))
    outside = {
        "PATH": "/bin",
        "OPENSEARCH_HOME": "/usr/share/opensearch",
        "JAVA_TOOL_OPTIONS": "-Xmx1m",
        "HTTP_PROXY": "http://proxy.test",
    }
    environment = node_environment(folder, home=Path("/home"), java=FULL, environment=outside)
    assert environment == {
        "PATH": "/bin",
        "HOME": "/data/opensearch/tmp",
        "OPENSEARCH_HOME": "/home",
        "OPENSEARCH_JAVA_HOME": "/java",
        "OPENSEARCH_PATH_CONF": "/data/opensearch/config",
        "OPENSEARCH_TMPDIR": "/data/opensearch/tmp",
        "TMPDIR": "/data/opensearch/tmp",
    }


def test_java_options_of_the_user_reach_the_node():
    folder = NodeFolder(path=Path("/data/opensearch"))
    outside = {"OPENSEARCH_JAVA_OPTS": "-XX:+UseZGC"}
    environment = node_environment(folder, home=Path("/home"), java=FULL, environment=outside)
    assert environment["OPENSEARCH_JAVA_OPTS"] == "-XX:+UseZGC"


def test_a_data_folder_with_a_space_is_not_put_into_java_options():
    folder = NodeFolder(path=Path("/Users/ada/Application Support/opensearch"))
    environment = node_environment(folder, home=Path("/home"), java=FULL, environment={})
    assert "OPENSEARCH_TMPDIR" not in environment
