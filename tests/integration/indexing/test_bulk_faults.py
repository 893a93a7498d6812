"""Writing through a network and a node that fail now and then."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from indexer.testing import TrialShop, product_rows
from search_engine import BulkWriter, IndexBulkEndpoint, OpenSearch, connect
from search_engine.backoff import Backoff
from search_engine.testing import Fault, ProxiedRequest, fault_proxy

Write = Callable[[list[Any]], Path]
LiveIds = Callable[[str], list[str]]
Behind = Callable[[str], list[str]]

_FOR_GOOD = (Fault.TOO_LARGE, Fault.FORBIDDEN)
PASSING = [fault for fault in Fault if fault not in _FOR_GOOD]


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "search_engine.bulk_writer.Backoff", lambda: Backoff(first_seconds=0.01, attempts=20)
    )


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.usefixtures("quick_retries")
def test_every_third_request_fails_and_every_product_arrives_once(
    fault: Fault,
    opensearch_url: str,
    alias: str,
    client: OpenSearch,
    write_catalogue: Write,
    live_ids: LiveIds,
) -> None:
    def plan(request: ProxiedRequest) -> Fault | None:
        return fault if request.is_bulk and request.number % 3 == 0 else None

    catalogue = write_catalogue(product_rows(300))
    with fault_proxy(opensearch_url, plan) as url:
        report = TrialShop(url=url, alias=alias, catalogue=catalogue).reindex()
    assert live_ids(alias) == sorted(row["id"] for row in product_rows(300))
    assert report.writing.retried_documents > 0
    assert report.writing.confirmed == 300


@pytest.mark.usefixtures("quick_retries")
def test_all_faults_mixed_by_chance_lose_nothing(
    opensearch_url: str, alias: str, client: OpenSearch, write_catalogue: Write, live_ids: LiveIds
) -> None:
    chance = Random(7)

    def plan(request: ProxiedRequest) -> Fault | None:
        return chance.choice([*PASSING, *[None] * 10]) if request.is_bulk else None

    catalogue = write_catalogue(product_rows(300))
    with fault_proxy(opensearch_url, plan) as url:
        TrialShop(url=url, alias=alias, catalogue=catalogue).reindex()
    assert live_ids(alias) == sorted(row["id"] for row in product_rows(300))


def test_requests_that_a_proxy_finds_too_large_are_halved(
    opensearch_url: str, alias: str, client: OpenSearch, write_catalogue: Write, live_ids: LiveIds
) -> None:
    def plan(request: ProxiedRequest) -> Fault | None:
        return Fault.TOO_LARGE if request.is_bulk and len(request.body) > 8_000 else None

    catalogue = write_catalogue(product_rows(200))
    with fault_proxy(opensearch_url, plan) as url:
        TrialShop(url=url, alias=alias, catalogue=catalogue).reindex()
    assert live_ids(alias) == sorted(row["id"] for row in product_rows(200))


def test_the_node_refuses_single_documents_with_their_reason(
    engine: Any, alias: str, client: OpenSearch
) -> None:
    index = f"{alias}-plain"
    client.indices.create(
        index=index,
        body={"mappings": {"dynamic": "strict", "properties": {"price": {"type": "double"}}}},
    )
    refused: dict[str, str] = {}
    writer_client = connect(engine)
    with BulkWriter(
        IndexBulkEndpoint(writer_client, index),
        threads=2,
        request_bytes=1_000,
        on_refused=lambda refusal: refused.update({refusal.document_id: refusal.reason}),
    ) as writer:
        writer.write([(str(n), {"price": n if n % 10 else "much"}) for n in range(100)])
        writer.write([("unknown", {"colour": "red"})])
    writer_client.close()
    assert sorted(refused) == sorted([*(str(n) for n in range(0, 100, 10)), "unknown"])
    assert "price" in refused["0"]
    assert "colour" in refused["unknown"]
    client.indices.refresh(index=index)
    assert client.count(index=index)["count"] == 90
