import numpy as np
import orjson
import pytest

from search_engine.bulk_item import (
    BulkAction,
    BulkChange,
    DocumentBatch,
    UnwritableDocumentError,
)
from search_engine.bulk_item import bulk_lines as lines_of


def bulk_lines(document_id, document):
    return lines_of(BulkChange(document_id=document_id, document=document))


def test_a_document_is_an_index_action_with_its_own_id_and_a_source_line() -> None:
    assert bulk_lines("a1", {"title": "Lamp"}) == b'{"index":{"_id":"a1"}}\n{"title":"Lamp"}\n'


def test_a_serialised_document_is_taken_as_it_is() -> None:
    assert bulk_lines("a1", b'{"title":"Lamp"}').endswith(b'\n{"title":"Lamp"}\n')


def test_vectors_are_written_with_five_decimals() -> None:
    lines = bulk_lines("a1", {"vector": np.array([0.123456789, -1.0], np.float32)})
    assert lines.splitlines()[1] == b'{"vector":[0.12346,-1.0]}'


def test_the_documents_own_vector_is_not_changed() -> None:
    vector = np.array([0.123456789], np.float32)
    bulk_lines("a1", {"vector": vector})
    assert vector[0] == np.float32(0.123456789)


def test_line_breaks_in_text_stay_inside_their_line() -> None:
    lines = bulk_lines("a1", {"title": "two\nlines"})
    assert lines.count(b"\n") == 2
    assert orjson.loads(lines.splitlines()[1]) == {"title": "two\nlines"}


@pytest.mark.parametrize("document_id", ["", "x" * 513, "灯" * 171])
def test_an_id_that_opensearch_would_refuse_the_whole_request_for_is_kept_out(
    document_id: str,
) -> None:
    with pytest.raises(UnwritableDocumentError, match="1 to 512 bytes"):
        bulk_lines(document_id, {})


def test_a_lone_surrogate_is_refused_with_its_reason() -> None:
    with pytest.raises(UnwritableDocumentError, match="cannot be written as JSON"):
        bulk_lines("a1", {"title": "\ud800"})
    with pytest.raises(UnwritableDocumentError, match="cannot be written as JSON"):
        bulk_lines("\ud800", {})


def test_a_batch_calls_back_once_when_its_last_document_is_settled() -> None:
    calls: list[str] = []
    batch = DocumentBatch(3, lambda: calls.append("done"))
    batch.settle(2)
    assert calls == []
    batch.settle(1)
    assert calls == ["done"]


def test_a_partial_update_sends_its_fields_as_a_part_and_lets_opensearch_repeat_it() -> None:
    change = BulkChange(document_id="a1", action=BulkAction.UPDATE, document={"price": 9.5})
    action, source = lines_of(change).splitlines()
    assert action == b'{"update":{"_id":"a1","retry_on_conflict":3}}'
    assert source == b'{"doc":{"price":9.5}}'


def test_a_deletion_is_one_line() -> None:
    change = BulkChange(document_id="a1", action=BulkAction.DELETE)
    assert lines_of(change) == b'{"delete":{"_id":"a1"}}\n'


def test_a_version_is_compared_from_far_above_the_ones_that_opensearch_counts() -> None:
    change = BulkChange(document_id="a1", action=BulkAction.DELETE, version=7)
    assert orjson.loads(lines_of(change))["delete"] == {
        "_id": "a1",
        "version": 10**15 + 7,
        "version_type": "external_gte",
    }
