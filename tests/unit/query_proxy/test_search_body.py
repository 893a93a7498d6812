import pytest

from query_proxy.takeover.search_body import (
    has_overrides,
    parsed_lines,
    parsed_search,
    without_overrides,
)
from search_core import MalformedRequestError


def test_the_source_parameter_stands_in_for_a_missing_body():
    assert parsed_search(b"", {"source": '{"size":1}'}) == {"size": 1}
    assert parsed_search(b'{"size":2}', {"source": '{"size":1}'}) == {"size": 2}
    assert parsed_search(b" ", {}) == {}


@pytest.mark.parametrize("text", [b"{", b"[]", b"1", b'"x"', b"\xff"])
def test_anything_else_than_an_object_is_refused(text):
    with pytest.raises(MalformedRequestError, match="the body is no JSON"):
        parsed_search(text, {})


def test_lines_are_numbered_from_one():
    assert parsed_lines(b'{}\n{"a":1}\n') == [{}, {"a": 1}]
    assert parsed_lines(b'\n{"a":1}') == [{}, {"a": 1}]
    with pytest.raises(MalformedRequestError, match="line 2 is no JSON"):
        parsed_lines(b"{}\n{\n")


def test_overrides_are_taken_out_and_other_extensions_stay():
    body = {"size": 1, "ext": {"shopkeeper": {}, "ubi": {"query_id": "1"}}}
    assert has_overrides(body)
    assert without_overrides(body) == {"size": 1, "ext": {"ubi": {"query_id": "1"}}}
    assert without_overrides({"ext": {"shopkeeper": {}}}) == {}
    assert not has_overrides({"ext": "shopkeeper"})
