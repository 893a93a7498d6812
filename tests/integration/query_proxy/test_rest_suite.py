"""The REST test suite of OpenSearch's ancestor: the same through the proxy as without it."""

import os
from collections import Counter
from collections.abc import Iterator

import pytest
import requests

from artifacts import ArtifactStore, default_cache_dir
from search_core.settings import LocalStackSettings
from shopkeeper.local_stack import start_node
from tests.integration.query_proxy.rest_suite import SUITE, Suite, SuiteRun, SuiteTest

SEARCHING = (
    "search_shards", "msearch", "count", "explain", "scroll", "suggest", "mlt", "field_caps",
    "mget", "get", "get_source", "exists", "termvectors", "search.highlight",
)  # fmt: skip
LARGE = ("search", "search.aggregation")
"""400 tests, many of them alike: every sixth, or all with SHOPKEEPER_TEST_WHOLE_SUITE=1.
SHOPKEEPER_TEST_SUITE_PART (0, the default, to 5) says which sixth, to run all in parts."""
ENCODED_SLASH = "search/80_indices_options: Missing index date math with catch"
"""Asks for the index `<logstash-{now/M}>`: the proxy takes no slash within an index's name, which a
server behind it could read as the end of the name (docs/query_proxy.md)."""
WRITING = ("bulk", "index", "create", "update", "delete", "indices.validate_query")


@pytest.fixture(scope="module")
def suite() -> Suite:
    folder = ArtifactStore(default_cache_dir()).unpack(SUITE, ["rest-api-spec/*"])
    return Suite(folder)


@pytest.fixture(scope="module")
def node(temporary_data_dir) -> Iterator[str]:
    """A node of its own: the tests begin with an empty one, each of them."""
    with temporary_data_dir() as folder:
        settings = LocalStackSettings(data_dir=folder, heap_mb=512, start_timeout_seconds=180)
        yield start_node(settings).url


def emptied(node: str) -> None:
    requests.delete(f"{node}/*?expand_wildcards=all", timeout=60).raise_for_status()


def chosen(suite: Suite, areas: tuple[str, ...]) -> list[SuiteTest]:
    tests = suite.tests(*areas)
    whole = areas is not LARGE or os.environ.get("SHOPKEEPER_TEST_WHOLE_SUITE")
    return tests if whole else tests[int(os.environ.get("SHOPKEEPER_TEST_SUITE_PART", "0")) :: 6]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    "areas", [LARGE, SEARCHING, WRITING], ids=["searches", "other reading", "writing"]
)
def test_every_test_comes_to_the_same_with_and_without_the_proxy(start_proxy, suite, node, areas):
    # Searches of these are tried to be taken over; they are not Shopkeeper's, so they pass.
    taken = ("test", "test_1", "test_index", "index")
    tests = chosen(suite, areas)
    different, outcomes = [], Counter()
    with (
        start_proxy(indices=taken, allow_admin=True, upstream=node) as proxy,
        requests.Session() as session,
    ):
        for test in tests:
            found = []
            for address in (node, proxy):
                emptied(node)
                found.append(SuiteRun(suite, address, session).outcome(test))
            direct, passed = found
            outcomes["as the suite expects" if all_hold(direct) else "otherwise"] += 1
            if test.name == ENCODED_SLASH:
                assert passed == ("search 400 caught True",)
            elif direct != passed:
                different.append((test.name, direct, passed))
    assert different == []
    # What the suite expects holds on this node for most: else it would compare failures.
    assert outcomes["as the suite expects"] > 0.7 * len(tests), outcomes


def all_hold(outcome: tuple[str, ...]) -> bool:
    return not any("False" in each or "not to be asked" in each for each in outcome)
