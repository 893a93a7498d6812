from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import Any, cast

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.catalog_schema import CatalogSchema, FieldRole
from indexer.catalog_source import open_catalog
from indexer.delta.changed_products import ChangedChunk, ChangedProducts
from indexer.delta.known_products import KnownProducts
from indexer.product_reader import ProductReader
from indexer.rejects_file import RejectsFile
from indexer.rows import Row
from indexer.shared_rejects import SharedRejects
from search_core import Product, SilentProgress
from search_core.settings import IndexerSettings
from search_engine import ProductHashes, content_hash

SCHEMA = CatalogSchema(
    fields={FieldRole.ID: ("id",), FieldRole.TITLE: ("title",), FieldRole.PRICE: ("price",)}
)
Rows = Sequence[dict[str, Any]]


def known(rows: Rows, schema: CatalogSchema = SCHEMA) -> KnownProducts:
    reader = ProductReader(schema, IndexerSettings())
    products = [reader.read(Row(number, row)) for number, row in enumerate(rows, 1)]
    return KnownProducts(
        ProductHashes(
            product_id=product.id,
            source_hash=product.source_hash or 0,
            content_hash=content_hash(product),
        )
        for product in products
        if isinstance(product, Product)
    )


class Comparison:
    def __init__(
        self,
        path: Path,
        before: Rows,
        after: Rows,
        schema: CatalogSchema = SCHEMA,
        chunk_products: int = 1_000,
    ) -> None:
        path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in after))
        self.rejects = RejectsFile(None)
        self.known = known(before, schema)
        with open_catalog(path) as source:
            changed = ChangedProducts(
                source,
                schema,
                IndexerSettings(chunk_products=chunk_products),
                SharedRejects(self.rejects),
                self.known,
            )
            found = changed.chunks(Event(), SilentProgress())
            self.chunks = [cast("ChangedChunk", chunk) for chunk in found]
        self.counts = changed.counts

    @property
    def whole(self) -> list[str]:
        return [product.id for chunk in self.chunks for product in chunk.products]

    @property
    def live(self) -> list[str]:
        return [product.id for chunk in self.chunks for product in chunk.live]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "products.jsonl"


def lamp(number: int, **fields: Any) -> dict[str, Any]:
    return {"id": f"p{number}", "title": f"Lamp {number}", "price": 5, **fields}


def test_each_row_is_put_where_it_belongs(path: Path) -> None:
    before = [lamp(n) for n in range(5)]
    after = [lamp(0), lamp(1, price=6), lamp(2, title="Chair"), lamp(3, colour="red"), lamp(9)]
    found = Comparison(path, before, after)
    assert found.live == ["p1"]
    assert found.whole == ["p2", "p3", "p9"]
    counts = found.counts
    assert (counts.unchanged, counts.live, counts.changed, counts.added) == (1, 1, 2, 1)
    assert (counts.rows, counts.products) == (5, 5)
    assert found.known.unnamed == 1
    assert found.known.vanished("p4")


def test_the_order_of_a_rows_fields_is_no_change(path: Path) -> None:
    found = Comparison(path, [lamp(1)], [dict(reversed(lamp(1).items()))])
    assert found.counts.unchanged == 1


def test_another_spelling_of_the_same_product_changes_nothing_but_its_row(path: Path) -> None:
    found = Comparison(path, [lamp(1)], [lamp(1, title="  Lamp   1 ")])
    assert (found.live, found.whole) == (["p1"], [])


def test_the_first_of_two_rows_with_one_id_counts_whether_it_changed_or_not(path: Path) -> None:
    found = Comparison(path, [lamp(1), lamp(2)], [lamp(1), lamp(1, price=9), lamp(2), lamp(2)])
    assert found.counts.unchanged == 2
    assert (found.live, found.whole) == ([], [])
    assert found.rejects.summary() == "2 duplicate_id"


def test_a_row_that_is_set_aside_leaves_its_product_unnamed(path: Path) -> None:
    found = Comparison(path, [lamp(1)], [lamp(1, title="")])
    assert found.rejects.summary() == "1 missing_title"
    assert found.known.vanished("p1")


def test_products_without_ids_are_known_by_all_that_they_say(path: Path) -> None:
    schema = CatalogSchema(fields={FieldRole.TITLE: ("title",)})
    rows = [{"title": "Lamp"}, {"title": "Chair"}]
    found = Comparison(path, rows, [rows[1], {"title": "Desk"}], schema)
    assert (found.counts.unchanged, found.counts.added, found.known.unnamed) == (1, 1, 1)


def test_chunks_are_bounded_and_know_the_lines_of_their_products(path: Path) -> None:
    after = [lamp(n, price=n) if n % 2 else lamp(n + 100) for n in range(7)]
    found = Comparison(path, [lamp(n) for n in range(7)], after, chunk_products=3)
    assert [len(chunk.products) + len(chunk.live) for chunk in found.chunks] == [3, 3]
    first = found.chunks[0]
    assert first.line_of("p100") == 1
    assert first.line_of("p1") == 2
    assert first.line_of("p3") is None


ROWS = st.dictionaries(
    st.integers(0, 8),
    st.fixed_dictionaries({"title": st.sampled_from("ab"), "price": st.integers(0, 2)}),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(before=ROWS, after=ROWS)
def test_whatever_changes_is_found(
    path: Path, before: dict[int, dict[str, Any]], after: dict[int, dict[str, Any]]
) -> None:
    def rows(products: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
        return [{"id": f"p{number}", **fields} for number, fields in products.items()]

    if not after:
        return
    found = Comparison(path, rows(before), rows(after))
    titles = {n: fields["title"] for n, fields in before.items()}
    assert set(found.whole) == {
        f"p{n}" for n, fields in after.items() if titles.get(n) != fields["title"]
    }
    assert set(found.live) == {
        f"p{n}"
        for n, fields in after.items()
        if titles.get(n) == fields["title"] and before[n]["price"] != fields["price"]
    }
    assert found.known.unnamed == len(before.keys() - after.keys())
