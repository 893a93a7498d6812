from dataclasses import dataclass, field
from pathlib import Path

import orjson
from hypothesis import given
from hypothesis import strategies as st

from indexer.checkpoint import MOST_REFUSALS, Checkpoint, RefusedProduct
from indexer.product_stream import ProductChunk
from indexer.rejects_file import RejectsFile
from indexer.shared_rejects import SharedRejects
from indexer.written_chunks import WrittenChunks
from search_core import Product, SilentProgress
from search_engine import Refusal


def chunk(rows: int, *ids: str) -> ProductChunk:
    return ProductChunk(
        products=tuple(Product(id=each, title=each) for each in ids),
        lines=tuple(range(rows - len(ids) + 1, rows + 1)),
        rows=rows,
        total_products=rows,
    )


@dataclass
class Harness:
    start: Checkpoint = field(default_factory=Checkpoint)
    rejects_path: Path | None = None
    checkpoints: list[Checkpoint] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.file = RejectsFile(self.rejects_path)
        self.written = WrittenChunks(
            self.start, SharedRejects(self.file), self.checkpoints.append, SilentProgress()
        )

    @property
    def rows(self) -> list[int]:
        return [checkpoint.rows for checkpoint in self.checkpoints]


def test_the_checkpoint_follows_chunks_that_are_confirmed_in_order() -> None:
    harness = Harness()
    for each in (chunk(2, "a", "b"), chunk(4, "c", "d")):
        harness.written.add(each)
        harness.written.settle(each)
    assert harness.checkpoints == [
        Checkpoint(rows=2, products=2),
        Checkpoint(rows=4, products=4),
    ]


def test_a_chunk_confirmed_early_waits_for_the_one_before_it() -> None:
    harness = Harness()
    first, second = chunk(2, "a", "b"), chunk(4, "c", "d")
    harness.written.add(first)
    harness.written.add(second)
    harness.written.settle(second)
    assert harness.rows == []
    harness.written.settle(first)
    assert harness.rows == [4]


@given(order=st.permutations(range(8)))
def test_no_order_of_confirmations_puts_the_checkpoint_past_an_open_chunk(
    order: list[int],
) -> None:
    harness = Harness()
    chunks = [chunk(number + 1, f"p{number}") for number in range(8)]
    for each in chunks:
        harness.written.add(each)
    confirmed: set[int] = set()
    for number in order:
        confirmed.add(number)
        harness.written.settle(chunks[number])
        without_gap = next((n for n in range(8) if n not in confirmed), 8)
        assert (harness.rows[-1] if harness.rows else 0) == without_gap


def test_a_refused_product_is_a_reject_with_its_line_and_in_the_checkpoint(
    tmp_path: Path,
) -> None:
    harness = Harness(rejects_path=tmp_path / "rejects.jsonl")
    each = chunk(12, "a", "b")
    harness.written.add(each)
    harness.written.refuse(Refusal(document_id="b", reason="price is no number"))
    harness.written.settle(each)
    harness.file.close()
    (line,) = (tmp_path / "rejects.jsonl").read_bytes().splitlines()
    assert orjson.loads(line) == {
        "line": 12,
        "reason": "refused_by_opensearch",
        "message": "OpenSearch refuses product 'b': price is no number",
        "raw": "b",
    }
    refused = RefusedProduct(product_id="b", line=12, reason="price is no number")
    assert harness.checkpoints == [Checkpoint(rows=12, products=12, refused=(refused,))]


def test_refusals_before_a_resumed_checkpoint_are_reported_again() -> None:
    refused = RefusedProduct(product_id="b", line=2, reason="price is no number")
    harness = Harness(start=Checkpoint(rows=10, products=10, refused=(refused,)))
    assert harness.file.total == 1
    assert harness.written.refused == 1


def test_a_checkpoint_does_not_carry_any_number_of_refusals() -> None:
    refused = tuple(
        RefusedProduct(product_id=str(n), line=n, reason="no") for n in range(MOST_REFUSALS)
    )
    harness = Harness(start=Checkpoint(rows=5_000, products=5_000, refused=refused))
    first, second = chunk(5_001, "a"), chunk(5_002, "b")
    harness.written.add(first)
    harness.written.settle(first)
    assert harness.rows == [5_001]
    harness.written.add(second)
    harness.written.refuse(Refusal(document_id="b", reason="no"))
    harness.written.settle(second)
    assert harness.rows == [5_001]
