from threading import Event

from indexer.enrichment import Tagger, tag_chunks
from indexer.product_stream import ProductChunk
from search_core import Product


class SlowGenerator:
    """Is interrupted while it works on its first products."""

    identity = "slow"

    def __init__(self, stop):
        self._stop = stop
        self.asked = 0

    def generate(self, products):
        self.asked += len(products)
        self._stop.set()
        return [()] * len(products)


def test_a_long_chunk_is_left_in_the_middle_when_the_run_is_interrupted():
    stop = Event()
    slow = SlowGenerator(stop)
    products = tuple(Product(id=str(number), title="Lamp") for number in range(2_000))
    chunk = ProductChunk(
        products=products, lines=tuple(range(2_000)), rows=2_000, total_products=2_000
    )
    assert list(tag_chunks([chunk], Tagger(slow), stop)) == []
    assert slow.asked < 500
