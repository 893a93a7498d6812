"""Reading all products of a real index, page by page."""

import base64

import pytest

from search_core import IndexNotFoundError, Product
from search_core.settings import SearchEngineSettings
from search_engine import (
    IndexDescription,
    connect,
    index_body,
    product_document,
    scan_products,
)


@pytest.fixture
def client(opensearch_url):
    client = connect(SearchEngineSettings(url=opensearch_url))
    yield client
    client.close()


@pytest.fixture
def index_of(client, unique_index_name):
    def make(count):
        settings = SearchEngineSettings()
        description = IndexDescription(languages=("en",), encoder=None)
        client.indices.create(index=unique_index_name, body=index_body(description, settings))
        lines = []
        for number in range(count):
            lines.append({"index": {"_id": f"{number:05}"}})
            lines.append(product_document(Product(id=f"{number:05}", title=f"lamp {number}")))
        if lines:
            client.bulk(index=unique_index_name, body=lines, params={"refresh": "true"})
        return unique_index_name

    return make


@pytest.mark.parametrize("count", [0, 1, 1_000, 2_001])  # a page holds 1,000
def test_every_product_comes_once_in_the_order_of_ids(client, index_of, count):
    found = [each["title"] for each in scan_products(client, index_of(count), ("title",))]
    assert found == [f"lamp {number}" for number in range(count)]


def test_a_scan_that_is_left_before_its_end_leaves_no_snapshot_open(client, index_of):
    index = index_of(2_001)
    scan = scan_products(client, index, ("title",))
    assert next(scan)["title"] == "lamp 0"
    assert _snapshots_of(client, index) == 1
    scan.close()
    assert _snapshots_of(client, index) == 0


def test_an_index_that_goes_away_under_a_scan_is_told(client, index_of):
    index = index_of(2_001)
    scan = scan_products(client, index, ("title",))
    next(scan)
    client.indices.delete(index=index)
    with pytest.raises(IndexNotFoundError, match="there is no index"):
        list(scan)


def _snapshots_of(client, index):
    """Count the node's open snapshots of an index: their ids say, encoded, what they are of."""
    ids = (each["pit_id"] for each in client.get_all_pits().get("pits", ()))
    return sum(index.encode() in base64.urlsafe_b64decode(f"{each}===") for each in ids)
