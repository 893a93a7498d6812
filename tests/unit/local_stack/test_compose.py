from pathlib import Path

from shopkeeper.local_stack.distribution import OPENSEARCH_VERSION

COMPOSE = (Path(__file__).parents[3] / "compose.yaml").read_text(encoding="utf-8")


def test_docker_runs_the_same_version_as_the_local_node():
    assert f"image: opensearchproject/opensearch:{OPENSEARCH_VERSION}\n" in COMPOSE


def test_docker_publishes_the_port_on_the_loopback_interface_only():
    ports = [line.strip() for line in COMPOSE.splitlines() if line.strip().endswith(':9200"')]
    assert ports == ['- "127.0.0.1:${OPENSEARCH_PORT:-9200}:9200"']


def test_docker_serves_the_repository_that_is_published_to_and_not_the_templates():
    # Templates have no weights, and Triton ends at a model that does not load.
    assert "reranker.repository=triton_repository\n" in COMPOSE
    assert "- ${SHOPKEEPER_MODELS:-./triton_repository}:/models:ro\n" in COMPOSE
