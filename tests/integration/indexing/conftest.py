import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import orjson
import pytest

from search_core.settings import SearchEngineSettings
from search_engine import OpenSearch, connect


@pytest.fixture
def engine(opensearch_url: str) -> SearchEngineSettings:
    return SearchEngineSettings(url=opensearch_url, timeout_seconds=60)


@pytest.fixture
def client(engine: SearchEngineSettings) -> Iterator[OpenSearch]:
    client = connect(engine)
    yield client
    client.close()


@pytest.fixture
def alias(client: OpenSearch) -> Iterator[str]:
    """A name for a test's alias; its generations and its record are deleted after."""
    name = f"test-{secrets.token_hex(6)}"
    yield name
    client.indices.delete(
        index=f"{name}*", params={"expand_wildcards": "all", "ignore_unavailable": "true"}
    )


@pytest.fixture
def write_catalogue(tmp_path: Path) -> Callable[[Sequence[object]], Path]:
    """Writes rows to a JSON Lines file."""

    def write(rows: Sequence[object]) -> Path:
        path = tmp_path / "products.jsonl"
        path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
        return path

    return write


@pytest.fixture
def live_ids(client: OpenSearch) -> Callable[[str], list[str]]:
    """Gives the ids of every product that a search of an alias can find, sorted."""

    def ids(alias: str) -> list[str]:
        answer = client.search(index=alias, body={"size": 10_000, "_source": ["id"]})
        return sorted(hit["_source"]["id"] for hit in answer["hits"]["hits"])

    return ids


@pytest.fixture
def behind(client: OpenSearch) -> Callable[[str], list[str]]:
    """Gives the indices behind an alias."""

    def indices(alias: str) -> list[str]:
        options = {"ignore": 404, "filter_path": "*.aliases"}
        return list(client.indices.get_alias(name=alias, params=options))

    return indices
