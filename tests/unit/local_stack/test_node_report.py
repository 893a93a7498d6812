import pytest

from shopkeeper.local_stack import NodeReport, NodeStatus, describe_node

STATUS = NodeStatus(
    url="http://127.0.0.1:9200",
    version="3.5.0",
    pid=1,
    process_started_at=0.0,
    starter_pid=1,
    http_port=9200,
    transport_port=9300,
    heap_mb=1024,
    java_home="/java",
    java_version=25,
    account=None,
    data_dir="/data",
    log_path="/data/opensearch/logs/opensearch.log",
)


@pytest.fixture
def answer(monkeypatch):
    def give(stats):
        monkeypatch.setattr("shopkeeper.local_stack.node_report.ask_node", lambda port, path: stats)

    return give


def test_the_nodes_figures_are_taken_from_its_statistics(answer):
    answer(
        {
            "status": "green",
            "indices": {"count": 2, "docs": {"count": 7}, "store": {"size_in_bytes": 4096}},
            "nodes": {
                "fs": {"available_in_bytes": 60, "total_in_bytes": 100},
                "jvm": {"mem": {"heap_used_in_bytes": 5, "heap_max_in_bytes": 10}},
            },
        }
    )
    assert describe_node(STATUS) == NodeReport(
        health="green",
        indices=2,
        documents=7,
        index_bytes=4096,
        disk_free_bytes=60,
        disk_total_bytes=100,
        heap_used_bytes=5,
        heap_max_bytes=10,
    )


def test_figures_that_the_node_leaves_out_are_zero(answer):
    answer({"status": "red", "indices": {"count": 0}})
    report = describe_node(STATUS)
    assert report is not None
    assert (report.health, report.documents, report.heap_max_bytes) == ("red", 0, 0)


def test_a_node_that_does_not_answer_has_no_report(answer):
    answer(None)
    assert describe_node(STATUS) is None
