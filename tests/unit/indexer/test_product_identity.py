from hypothesis import given
from hypothesis import strategies as st

from indexer.product_identity import SeenIds, content_id


@given(st.lists(st.text(max_size=3), max_size=200))
def test_each_repeated_id_names_the_line_of_the_first(ids: list[str]) -> None:
    seen = SeenIds()
    first: dict[str, int] = {}
    for line, product_id in enumerate(ids, start=1):
        assert seen.first_line(product_id, line) == first.get(product_id)
        first.setdefault(product_id, line)


def test_ids_are_remembered_when_the_table_grows() -> None:
    seen = SeenIds()
    assert all(seen.first_line(str(n), n) is None for n in range(1, 20_001))
    assert all(seen.first_line(str(n), 99_999) == n for n in range(1, 20_001, 500))


def test_a_made_id_depends_on_the_content_only() -> None:
    assert content_id({"a": 1, "b": [2]}) == content_id({"b": [2], "a": 1})
    assert content_id({"a": 1}) != content_id({"a": 2})
