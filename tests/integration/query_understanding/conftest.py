"""A small shop in a real index, whose language is learned."""

from collections.abc import Iterator

import pytest

from search_core import Attribute, Product
from search_core.settings import SearchEngineSettings
from search_engine import (
    IndexDescription,
    OpenSearch,
    attachment_index,
    connect,
    index_body,
    product_document,
)


def shop() -> list[Product]:
    """Return phones at 600, cases at 20 in three colours, and headsets at 50 to 69."""
    phones = [
        Product(
            id=f"phone-{n}", title=f"Novaphone {n}", product_type="Smartphone", price=600.0,
            language="en",
        )
        for n in (11, 12)
    ]  # fmt: skip
    cases = [
        Product(
            id=f"case-{n}-{colour}",
            title=f"{colour} case for Novaphone {n}",
            product_type="Phone case",
            price=20.0,
            language="en",
            attributes=(Attribute(name="magnetic", value=colour == "red"),),
        )
        for n in (11, 12)
        for colour in ("red", "blue", "green")
    ]
    headsets = [
        Product(
            id=f"headset-{n:02}", title=f"Headset {n}", product_type="Headset", price=50.0 + n,
            language="en",
        )
        for n in range(20)
    ]  # fmt: skip
    return [*phones, *cases, *headsets]


@pytest.fixture
def client(opensearch_url: str) -> Iterator[OpenSearch]:
    client = connect(SearchEngineSettings(url=opensearch_url))
    yield client
    client.close()


@pytest.fixture
def index(client: OpenSearch, unique_index_name: str) -> Iterator[str]:
    description = IndexDescription(languages=("en",), encoder=None)
    body = index_body(description, SearchEngineSettings())
    client.indices.create(index=unique_index_name, body=body)
    lines: list[object] = []
    for product in shop():
        lines += [{"index": {"_id": product.id}}, product_document(product)]
    answer = client.bulk(index=unique_index_name, body=lines, params={"refresh": "true"})
    assert not answer["errors"], answer
    yield unique_index_name
    # Hidden, and so not in the listing by which the name's other indices are deleted.
    kept = attachment_index(unique_index_name)
    client.indices.delete(index=kept, params={"ignore_unavailable": "true"})
