from hypothesis import given
from hypothesis import strategies as st

from indexer.delta.known_products import KnownProducts
from search_engine import NO_SOURCE, ProductHashes


def product(product_id: str, source: int = 1, content: int | None = 2) -> ProductHashes:
    return ProductHashes(product_id=product_id, source_hash=source, content_hash=content)


def test_a_product_is_known_by_its_row_and_by_its_content() -> None:
    known = KnownProducts([product("a", 11, 12), product("b", 21, 22)])
    assert known.has_source("a", 11)
    assert not known.has_source("a", 21)
    assert known.has_content("b", 22)
    assert not known.has_content("b", 12)
    assert not known.has_source("c", 11)
    assert not known.has_content("c", 12)


def test_a_change_that_came_by_another_way_equals_no_row() -> None:
    known = KnownProducts([product("a", NO_SOURCE)])
    assert not known.has_source("a", NO_SOURCE)
    assert not known.has_source("a", None)


def test_a_product_without_a_content_hash_has_changed() -> None:
    assert not KnownProducts([product("a", content=None)]).has_content("a", 2)


def test_what_the_catalogue_does_not_name_has_vanished() -> None:
    known = KnownProducts([product("a"), product("b"), product("c")])
    assert known.name("b")
    assert known.name("b")
    assert not known.name("new")
    assert known.unnamed == 2
    assert known.vanished("a")
    assert not known.vanished("b")
    assert not known.vanished("new")


def test_an_empty_generation_knows_nothing() -> None:
    known = KnownProducts([])
    assert len(known) == 0
    assert not known.name("a")
    assert known.unnamed == 0


@given(st.dictionaries(st.text(), st.tuples(st.integers(1, 2**63 - 1), st.integers(1, 2**63 - 1))))
def test_any_ids_keep_their_own_hashes(hashes: dict[str, tuple[int, int]]) -> None:
    known = KnownProducts(product(each, *pair) for each, pair in hashes.items())
    for each, (source, content) in hashes.items():
        assert known.has_source(each, source)
        assert known.has_content(each, content)
    assert known.unnamed == len(hashes)
    assert all(known.name(each) for each in hashes)
    assert known.unnamed == 0
