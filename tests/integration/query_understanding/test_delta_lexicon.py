"""A lexicon that an update learns anew for a generation that stays live."""

from collections.abc import Iterator

import pytest

from query_understanding import CatalogueSource, learn_catalogue
from search_core import Product
from search_core.settings import SearchEngineSettings
from search_engine import (
    BulkWriter,
    Generations,
    GenerationState,
    IndexBulkEndpoint,
    IndexDescription,
    OpenSearch,
    connect,
    make_searchable,
    product_document,
)


@pytest.fixture
def client(opensearch_url: str) -> Iterator[OpenSearch]:
    client = connect(SearchEngineSettings(url=opensearch_url, timeout_seconds=60))
    yield client
    client.close()


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def add(client: OpenSearch, index: str, brand: str) -> None:
    products = [Product(id=f"{brand}{n}", title=f"Lamp {n}", brand=brand) for n in range(5)]
    with BulkWriter(
        IndexBulkEndpoint(client, index),
        threads=1,
        request_bytes=100_000,
        on_refused=lambda refusal: pytest.fail(str(refusal)),
    ) as writer:
        writer.write([(each.id, product_document(each)) for each in products])
    make_searchable(client, index)


def test_a_serving_process_takes_a_newly_learned_lexicon_of_the_same_generation_over(
    client: OpenSearch, unique_index_name: str
) -> None:
    generations = Generations(client, unique_index_name)
    description = IndexDescription(languages=("en",), encoder=None)
    name = generations.create(description, SearchEngineSettings(), {}).name
    add(client, name, "Nova")
    generations.mark(name, GenerationState.COMPLETE)
    generations.publish(name)
    clock = Clock()
    source = CatalogueSource(client, clock)
    assert source.catalogue(unique_index_name).lexicon.brands.keys() == set()
    learn_catalogue(client, name)
    clock.now += 60
    first = source.catalogue(unique_index_name)
    assert first.lexicon.brands.keys() == {"nova"}
    add(client, name, "Vela")
    clock.now += 60
    assert source.catalogue(unique_index_name) is first
    learn_catalogue(client, name)
    clock.now += 60
    assert source.catalogue(unique_index_name).lexicon.brands.keys() == {"nova", "vela"}
