from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_core import ConfigurationError
from search_engine.generation_status import (
    GenerationState,
    checked_alias,
    generation_meta,
    generation_name,
    generation_of,
    parse_generation_name,
)

DESCRIPTION = {"layout_version": 1, "languages": ["en"], "encoder": None}


def test_a_name_holds_alias_time_in_utc_and_token() -> None:
    in_berlin = datetime(2026, 11, 24, 9, 15, 30, tzinfo=timezone(timedelta(hours=1)))
    assert generation_name("products", in_berlin, "3fa9") == "products-20261124-081530-3fa9"


@given(
    alias=st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,30}", fullmatch=True),
    moment=st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)),  # noqa: DTZ001 - made aware below
    token=st.from_regex(r"[0-9a-f]{4}", fullmatch=True),
)
def test_a_name_gives_back_its_alias_and_time(alias: str, moment: datetime, token: str) -> None:
    created_at = moment.replace(tzinfo=UTC, microsecond=0)
    assert parse_generation_name(generation_name(alias, created_at, token)) == (alias, created_at)


@pytest.mark.parametrize(
    "name",
    [
        "products",
        "products-runs",
        "products-20261124-081530",
        "products-20269924-081530-3fa9",
        "-20261124-081530-3fa9",
    ],
)
def test_other_index_names_are_no_generations(name: str) -> None:
    assert parse_generation_name(name) is None


@pytest.mark.parametrize("alias", ["", "Products", "-products", "a b", "a/b", "x" * 201, "*"])
def test_an_alias_that_opensearch_cannot_take_is_refused(alias: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot be the name of an index"):
        checked_alias(alias)


def test_an_index_tells_its_state_and_whether_it_is_live() -> None:
    published_at = datetime(2026, 11, 24, 8, 16, tzinfo=UTC)
    own = generation_meta(GenerationState.COMPLETE, {"catalogue": "c1"}, published_at=published_at)
    index = {
        "aliases": {"products": {}},
        "settings": {"index": {"creation_date": "1795508130250"}},
        "mappings": {"_meta": {"shopkeeper": {**DESCRIPTION, "generation": own}}},
    }
    found = generation_of("products-20261124-081530-3fa9", index)
    assert found is not None
    assert (found.alias, found.live, found.state) == ("products", True, GenerationState.COMPLETE)
    assert found.created_at == datetime(2026, 11, 24, 8, 15, 30, 250_000, tzinfo=UTC)
    assert found.published_at == published_at
    assert found.inputs == {"catalogue": "c1"}


def test_an_index_of_that_name_that_we_did_not_make_is_no_generation() -> None:
    assert generation_of("products-20261124-081530-3fa9", {"mappings": {}, "aliases": {}}) is None
