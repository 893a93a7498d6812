from collections.abc import Sequence
from threading import Event

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from encoders.testing import HashingTextEncoder
from indexer import passage_text
from indexer.passage_encoding import encode_chunks
from indexer.product_stream import ProductChunk
from search_core import Product, SilentProgress
from search_core.settings import IndexerSettings

SETTINGS = IndexerSettings()


def chunk_of(titles: Sequence[str]) -> ProductChunk:
    products = tuple(Product(id=str(n), title=title) for n, title in enumerate(titles))
    return ProductChunk(
        products=products,
        lines=tuple(range(1, len(titles) + 1)),
        rows=len(titles),
        total_products=len(titles),
    )


class CallingEncoder(HashingTextEncoder):
    """Remembers the texts of each call, and may set an event during one."""

    def __init__(self, stop: Event | None = None) -> None:
        super().__init__()
        self.calls: list[list[str]] = []
        self.stop = stop

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls.append(list(texts))
        if self.stop is not None:
            self.stop.set()
        return super().encode_passages(texts)


@given(titles=st.lists(st.text("abc 灯", min_size=1, max_size=30), max_size=40))
def test_each_product_gets_the_vector_of_its_own_passage(titles: list[str]) -> None:
    chunk = chunk_of(titles)
    (encoded,) = encode_chunks([chunk], HashingTextEncoder(), SETTINGS, Event(), SilentProgress())
    assert encoded.vectors is not None
    expected = HashingTextEncoder().encode_passages(
        [passage_text(product, SETTINGS) for product in chunk.products]
    )
    np.testing.assert_array_equal(encoded.vectors, expected)


def test_passages_are_handed_over_by_length() -> None:
    encoder = CallingEncoder()
    list(
        encode_chunks([chunk_of(["ccc", "a", "bb"])], encoder, SETTINGS, Event(), SilentProgress())
    )
    assert encoder.calls == [["a", "bb", "ccc"]]


def test_a_stop_ends_within_a_chunk_and_gives_none_of_it() -> None:
    stop = Event()
    encoder = CallingEncoder(stop)
    chunks = [chunk_of(["lamp"] * 2_000), chunk_of(["rug"] * 10)]
    assert list(encode_chunks(chunks, encoder, SETTINGS, stop, SilentProgress())) == []
    assert len(encoder.calls) == 1


def test_without_an_encoder_chunks_pass_without_vectors() -> None:
    (encoded,) = encode_chunks([chunk_of(["a"])], None, SETTINGS, Event(), SilentProgress())
    assert encoded.vectors is None
