import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.delimited_rows import DelimitedReader
from indexer.rejects import Reject, RejectReason
from indexer.rows import Row, RowIterator
from search_core import CatalogFormatError


def reader(content: bytes, encoding: str = "utf-8", delimiter: str = ",") -> DelimitedReader:
    return DelimitedReader(
        io.BytesIO(content), encoding=encoding, delimiter=delimiter, name="shop.csv"
    )


def read(content: bytes) -> RowIterator:
    return reader(content).rows()


def test_rows_are_numbered_by_the_line_they_begin_on() -> None:
    rows = list(read(b'id,text\n1,"two\nlines"\n2,one\n'))
    assert rows == [Row(2, {"id": "1", "text": "two\nlines"}), Row(4, {"id": "2", "text": "one"})]


def test_empty_cells_are_left_out() -> None:
    assert list(read(b"id,a,b\n1,,x\n")) == [Row(2, {"id": "1", "b": "x"})]


def test_a_quote_that_is_never_closed_costs_only_its_own_row() -> None:
    broken, *good = read(b'id,a,b\n1,"open,x\n2,y,z\n3,y,z\n')
    assert isinstance(broken, Reject)
    assert (broken.line, broken.reason) == (2, RejectReason.BROKEN_CSV)
    assert [row.number for row in good if isinstance(row, Row)] == [3, 4]


def test_inches_written_with_a_stray_quote_do_not_cost_the_row() -> None:
    (row,) = read(b'id,title,price\n1,"15.6" laptop",9\n')
    assert row == Row(2, {"id": "1", "title": '15.6 laptop"', "price": "9"})


def test_a_row_with_other_than_the_headers_cells_is_rejected() -> None:
    (row,) = read(b"id,a,b\n1,x\n")
    assert isinstance(row, Reject)
    assert row.message == "line 2: has 2 cells, the header has 3"


def test_empty_cells_beyond_the_header_are_forgiven() -> None:
    assert list(read(b"id,a\n1,x,,\n")) == [Row(2, {"id": "1", "a": "x"})]


def test_bytes_outside_of_the_encoding_reject_the_row() -> None:
    broken, good = read(b"id,a\n1,\xff\n2,x\n")
    assert isinstance(broken, Reject)
    assert broken.reason is RejectReason.INVALID_ENCODING
    assert good == Row(3, {"id": "2", "a": "x"})


def test_repeated_and_blank_columns_get_names_of_their_own() -> None:
    assert reader(b",tag,tag\n").columns == ("column 1", "tag", "tag 2")


def test_a_file_without_column_names_is_refused() -> None:
    with pytest.raises(CatalogFormatError, match="looks like a product"):
        reader(b"1,9.99,Lamp\n2,19.99,Chair\n")


def test_utf16_is_read() -> None:
    rows = reader("id\ttitle\n1\tLampe à pied\n".encode("utf-16"), "utf-16", "\t").rows()
    assert list(rows) == [Row(2, {"id": "1", "title": "Lampe à pied"})]


cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]), max_size=8
)


@given(st.lists(st.tuples(cells, cells, cells).filter(any), max_size=15))
def test_what_the_csv_writer_writes_is_read_back(table: list[tuple[str, str, str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("a", "b", "c"), *table])
    rows = list(read(text.getvalue().encode()))
    expected = [{k: v for k, v in zip("abc", record, strict=True) if v} for record in table]
    assert [row.values for row in rows if isinstance(row, Row)] == expected


bad_lines = st.sampled_from(["x,y", "a,b,c,d,e", 'z,"open,9'])


@given(st.lists(st.sampled_from(["1,lamp,9", '2,"two, three",8']) | bad_lines, max_size=25))
def test_good_rows_survive_broken_ones(lines: list[str]) -> None:
    good = {"1,lamp,9": "lamp", '2,"two, three",8': "two, three"}
    rows = list(read("\n".join(["id,title,price", *lines, ""]).encode()))
    found = {row.number: row.values["title"] for row in rows if isinstance(row, Row)}
    bad = [row.line for row in rows if isinstance(row, Reject)]
    assert found == {n: good[line] for n, line in enumerate(lines, 2) if line in good}
    assert bad == [n for n, line in enumerate(lines, 2) if line not in good]
