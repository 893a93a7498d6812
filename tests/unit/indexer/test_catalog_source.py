import gzip
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from indexer import CatalogFormat, Compression, Row, open_catalog
from search_core import CatalogError, CatalogFormatError

PRODUCTS = [{"id": str(n), "title": f"Lamp number {n}", "price": n + 0.5} for n in range(1, 301)]
JSONL = "".join(json.dumps(product) + "\n" for product in PRODUCTS).encode()


def values(rows: object) -> list[dict[str, object]]:
    return [dict(row.values) for row in rows if isinstance(row, Row)]  # type: ignore[attr-defined]


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (JSONL, CatalogFormat.JSON_LINES),
        (json.dumps(PRODUCTS).encode(), CatalogFormat.JSON_ARRAY),
        (json.dumps(PRODUCTS, indent=2).encode(), CatalogFormat.JSON_ARRAY),
        (json.dumps({"products": PRODUCTS}).encode(), CatalogFormat.JSON_ARRAY),
        (json.dumps({"total": 2, "data": {"items": PRODUCTS}}, indent=1).encode(),
         CatalogFormat.JSON_ARRAY),
        (json.dumps(PRODUCTS).encode("utf-16"), CatalogFormat.JSON_ARRAY),
        (JSONL.decode().encode("utf-16"), CatalogFormat.JSON_LINES),
    ],
)  # fmt: skip
def test_json_is_told_by_its_content_whatever_the_file_is_called(
    tmp_path: Path, content: bytes, expected: CatalogFormat
) -> None:
    source = open_catalog(write(tmp_path, "export", content))
    assert source.description.format is expected
    assert values(source.rows()) == PRODUCTS


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tables_are_read_in_any_delimiter_and_encoding(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    lines = ["id,title,price", *(f"{n},Möbel für Café {n},9" for n in range(1, 40))]
    content = "\n".join(lines).replace(",", delimiter).encode(encoding)
    source = open_catalog(write(tmp_path, "export.txt", content))
    assert source.description.format is CatalogFormat.DELIMITED
    assert values(source.rows())[0] == {"id": "1", "title": "Möbel für Café 1", "price": "9"}


def test_chinese_tables_in_gb18030_are_read(tmp_path: Path) -> None:
    content = "编号,名称,价格\n1,纯棉床单,99\n2,羊毛被,459\n".encode("gb18030")
    source = open_catalog(write(tmp_path, "商品.csv", content))
    assert values(source.rows())[1] == {"编号": "2", "名称": "羊毛被", "价格": "459"}


@pytest.mark.parametrize(
    ("packed", "compression"),
    [
        (gzip.compress(JSONL), Compression.GZIP),
        (gzip.compress(JSONL[:900]) + gzip.compress(JSONL[900:]), Compression.GZIP),
        (zstandard.compress(JSONL), Compression.ZSTD),
        (zstandard.compress(JSONL[:900]) + zstandard.compress(JSONL[900:]), Compression.ZSTD),
    ],
)
def test_packed_files_are_unpacked_while_read(
    tmp_path: Path, packed: bytes, compression: Compression
) -> None:
    source = open_catalog(write(tmp_path, "products.bin", packed))
    assert source.description.compression is compression
    assert values(source.rows()) == PRODUCTS
    assert source.bytes_read == source.bytes_total == len(packed)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_packed_file_that_is_cut_short_is_an_error_not_a_short_catalogue(
    tmp_path: Path, pack: object
) -> None:
    packed = pack(JSONL)  # type: ignore[operator]
    path = write(tmp_path, "products.jsonl.gz", packed[:-20])
    with pytest.raises(CatalogFormatError, match=r"products\.jsonl\.gz: the compressed data"):
        list(open_catalog(path).rows())


def test_parquet_is_read_with_empty_cells_left_out(tmp_path: Path) -> None:
    path = tmp_path / "products.parquet"
    table = pa.table({"id": ["1", "2"], "title": ["Lamp", None], "tags": [["a", "b"], None]})
    pq.write_table(table, path)
    source = open_catalog(path)
    assert values(source.rows()) == [{"id": "1", "title": "Lamp", "tags": ["a", "b"]}, {"id": "2"}]
    assert source.sample(10).columns == ("id", "title", "tags")


def test_parquet_from_standard_input_and_packed(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(PRODUCTS), buffer)
    piped = io.BytesIO(buffer.getvalue())
    with open_catalog("-", standard_input=piped) as source:
        assert len(source.sample(5).rows) == 5
        assert values(source.rows()) == PRODUCTS
    with open_catalog(write(tmp_path, "p.gz", gzip.compress(buffer.getvalue()))) as source:
        assert values(source.rows()) == PRODUCTS


def test_standard_input_gives_the_sampled_rows_again_and_then_the_rest() -> None:
    source = open_catalog("-", standard_input=io.BytesIO(gzip.compress(JSONL)))
    sample = source.sample(20)
    assert (len(sample.rows), sample.complete) == (20, False)
    assert values(source.rows()) == PRODUCTS
    with pytest.raises(CatalogError, match="read already"):
        next(source.rows())


def test_a_sample_of_a_long_file_reaches_beyond_its_beginning(tmp_path: Path) -> None:
    source = open_catalog(write(tmp_path, "products.jsonl", JSONL))
    sample = source.sample(40)
    assert len(sample.rows) <= 40
    assert max(int(row.values["id"]) for row in sample.rows) > 200
    assert not sample.complete


def test_a_sample_larger_than_the_file_is_complete(tmp_path: Path) -> None:
    sample = open_catalog(write(tmp_path, "products.jsonl", JSONL)).sample(301)
    assert sample.complete
    assert len(sample.rows) == 300


def test_the_fingerprint_changes_with_the_content(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", JSONL)
    first = open_catalog(path).description.fingerprint
    assert first == open_catalog(path).description.fingerprint
    path.write_bytes(JSONL.replace(b"number 7", b"number 8"))
    assert first != open_catalog(path).description.fingerprint


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"  \n ", "is empty"),
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"<rss><channel/></rss>", "XML"),
        (b"just some prose without any table", "no format that is read"),
        (b'{"name": "shop", "currency": "EUR"\n', "begins like JSON"),
    ],
)
def test_other_content_is_refused_by_name(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(CatalogFormatError, match=message):
        open_catalog(write(tmp_path, "export", content))


def test_a_missing_file_is_named() -> None:
    with pytest.raises(CatalogError, match=r"nowhere\.csv cannot be read"):
        open_catalog("nowhere.csv")


def test_a_broken_array_names_the_last_good_row(tmp_path: Path) -> None:
    source = open_catalog(write(tmp_path, "a.json", b'[{"id": 1}, {"id": 2}, {"id" 3}]'))
    with pytest.raises(CatalogFormatError, match="broken after row 2"):
        list(source.rows())


def test_json_lines_whose_first_row_is_broken_are_still_json_lines(tmp_path: Path) -> None:
    source = open_catalog(write(tmp_path, "a.jsonl", b'{"id": 1\n{"id": 2}\n{"id": 3\n'))
    assert values(source.rows()) == [{"id": 2}]


def test_one_product_with_variants_is_a_row_and_not_a_container(tmp_path: Path) -> None:
    content = b'{"title": "Shirt", "variants": [{"sku": "A"}, {"sku": "B"}]}\n'
    source = open_catalog(write(tmp_path, "a.jsonl", content))
    assert len(values(source.rows())) == 1
