"""A small shop in a real index, encoded by the deterministic encoder for tests."""

from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from encoders.testing import HashingTextEncoder
from indexer import passage_text
from retrieval import Retriever
from search_core import Attribute, Product
from search_core.settings import IndexerSettings, RetrievalSettings, SearchEngineSettings
from search_engine import (
    IndexDescription,
    Searcher,
    connect,
    connect_async,
    index_body,
    product_document,
)

ENCODER = HashingTextEncoder()


def shop() -> list[Product]:
    """Return 120 products: cases in ten colours for four phones, phones, dresses, cables."""
    products = [
        Product(
            id=f"phone-{model}",
            title=f"Novaphone {model}",
            brand="Nova",
            price=300.0 + model,
            product_type="Smartphone",
            codes=(f"NP-{model}00X",),
            popularity=float(model),
        )
        for model in range(10, 14)
    ]
    colours = ("red", "blue", "green", "black", "white", "grey", "pink", "gold", "brown", "clear")
    products += [
        Product(
            id=f"case-{model}-{colour}",
            title=f"Case for Novaphone {model} {colour}",
            brand="Hidewell" if colour in ("red", "blue") else "Slipon",
            price=10.0 + place,
            product_type="Phone case",
            variant_group=f"case-{model}",
            attributes=(
                Attribute(name="colour", value=colour),
                Attribute(name="thickness", value=1.0 + place / 10, unit="mm"),
            ),
        )
        for model in range(10, 14)
        for place, colour in enumerate(colours)
    ]
    products += [
        Product(id=f"cable-{length}", title=f"USB-C cable {length} m", price=float(length))
        for length in range(1, 57)
    ]
    products += [
        Product(id=f"dress-{n}", title=f"Summer dress no {n}", brand="Aria") for n in range(20)
    ]
    return products


@pytest.fixture
def products() -> list[Product]:
    return shop()


@pytest.fixture
def encoder() -> HashingTextEncoder:
    return ENCODER


@pytest.fixture
def fill(opensearch_url: str, unique_index_name: str) -> Callable[..., str]:
    client = connect(SearchEngineSettings(url=opensearch_url))

    def make(products: Sequence[Product], *, suffix: str = "", vectors: bool = True) -> str:
        name = unique_index_name + suffix
        description = IndexDescription(
            languages=("en",), encoder=ENCODER.identity if vectors else None
        )
        client.indices.create(index=name, body=index_body(description, SearchEngineSettings()))
        rows = ENCODER.encode_passages([passage_text(each, IndexerSettings()) for each in products])
        lines: list[object] = []
        for product, row in zip(products, rows, strict=True):
            lines += [{"index": {"_id": product.id}}]
            lines += [product_document(product, row if vectors else None)]
        answer = client.bulk(index=name, body=lines, params={"refresh": "true"})
        assert not answer["errors"], answer
        return name

    yield make
    client.close()


@pytest.fixture
def index(fill: Callable[..., str]) -> str:
    return fill(shop())


@pytest.fixture
def open_retriever(opensearch_url: str):
    @asynccontextmanager
    async def opened(encoder_for=lambda _: ENCODER, **settings):
        searcher = Searcher(connect_async(SearchEngineSettings(url=opensearch_url)))
        try:
            yield Retriever(searcher, RetrievalSettings(**settings), encoder_for)
        finally:
            await searcher.close()

    return opened
