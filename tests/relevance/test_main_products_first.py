"""Floor under the share of queries whose main products stand above what goes with them.

Which queries, and what counts: `benchmarks.accessory_cases`.
"""

import asyncio

import pytest

from benchmarks.accessories import cases_of, measured, patient_settings

EVERY = 10_000


@pytest.fixture(scope="module")
def shares(sample_shop, opensearch_url):
    """Name of the switches → sort of query → share of those with main products first."""
    settings = patient_settings({"search_engine.url": opensearch_url})
    cases = cases_of(sample_shop, settings, EVERY)
    names = ("both off", "both on")
    results = asyncio.run(measured(sample_shop, settings, cases, names))
    return {
        name: {
            sort: share([good for case, good in found.items() if sort in (case.sort, "all")])
            for sort in ("fitted", "kind", "all")
        }
        for name, found in results.items()
    }


def share(good):
    assert len(good) > 20
    return sum(good) / len(good)


def test_main_products_stand_above_their_accessories(shares):
    assert shares["both on"]["all"] >= 0.92
    assert shares["both on"]["kind"] >= 0.94
    assert shares["both on"]["fitted"] >= 0.86


def test_it_is_query_understanding_that_puts_them_there(shares):
    assert shares["both on"]["all"] - shares["both off"]["all"] >= 0.3
