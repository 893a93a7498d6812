import pytest

from shopkeeper.local_stack import NodeFolder
from shopkeeper.local_stack.node_log import log_size, telling_lines

FAILED_START = """\
[2026-01-01T10:00:00][INFO ][o.o.n.Node] initializing ...
[2026-01-01T10:00:05][ERROR][o.o.b.Bootstrap] Exception
org.opensearch.http.BindHttpException: Failed to bind to 127.0.0.1:9200
\tat org.opensearch.http.AbstractHttpServerTransport.bind(AbstractHttpServerTransport.java:200)
Caused by: java.net.BindException: Address already in use
\t... 12 more
[2026-01-01T10:00:06][INFO ][o.o.n.Node] closed
"""


@pytest.fixture
def folder(tmp_path):
    folder = NodeFolder(path=tmp_path)
    folder.logs.mkdir()
    return folder


def test_the_lines_that_tell_the_cause_are_chosen(folder):
    folder.log_file.write_text(FAILED_START)
    assert telling_lines(folder, since=0) == (
        "[2026-01-01T10:00:05][ERROR][o.o.b.Bootstrap] Exception",
        "org.opensearch.http.BindHttpException: Failed to bind to 127.0.0.1:9200",
        "Caused by: java.net.BindException: Address already in use",
    )


def test_lines_of_an_earlier_start_are_left_out(folder):
    folder.log_file.write_text(FAILED_START)
    begin = log_size(folder)
    with folder.log_file.open("a") as file:
        file.write("[2026-01-02T10:00:00][ERROR][o.o.b.Bootstrap] node validation failed\n")
    assert telling_lines(folder, begin) == (
        "[2026-01-02T10:00:00][ERROR][o.o.b.Bootstrap] node validation failed",
    )


def test_a_log_that_was_rolled_over_is_read_from_its_beginning(folder):
    folder.log_file.write_text("java.lang.IllegalStateException: failed to obtain node locks\n")
    assert telling_lines(folder, since=10_000_000) == (
        "java.lang.IllegalStateException: failed to obtain node locks",
    )


def test_what_was_printed_is_shown_when_there_is_no_log_yet(folder):
    folder.console_file.write_text(
        "warning: no-jdk distributions are deprecated\n"
        "Unrecognized VM option 'NoSuchOption=1'\n"
        "Error: Could not create the Java Virtual Machine.\n"
        "\tat org.opensearch.tools.launchers.JvmErgonomics.flagsFinal(JvmErgonomics.java:140)\n"
    )
    assert telling_lines(folder, since=0) == (
        "Unrecognized VM option 'NoSuchOption=1'",
        "Error: Could not create the Java Virtual Machine.",
    )


def test_without_an_error_the_last_lines_are_shown(folder):
    folder.log_file.write_text("".join(f"line {number}\n" for number in range(20)))
    assert telling_lines(folder, since=0) == tuple(f"line {number}" for number in range(12, 20))


def test_a_line_is_said_once_and_cut(folder):
    folder.log_file.write_text(("java.lang.Error: " + "x" * 1000 + "\n") * 2)
    (line,) = telling_lines(folder, since=0)
    assert len(line) == 400


def test_without_logs_there_are_no_lines(folder):
    assert log_size(folder) == 0
    assert telling_lines(folder, since=0) == ()
