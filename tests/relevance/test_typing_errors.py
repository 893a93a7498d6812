"""Floors under what is kept of nDCG@10 when queries of the sample shop are misspelt."""

import asyncio
import random

import pytest

from benchmarks.accessories import patient_settings
from benchmarks.query_noise import NOISES, ndcg
from benchmarks.query_understanding import askers
from evaluation import read_judgments
from shopkeeper.composition import open_retriever
from shopkeeper.sample_shop import judgments_path

FEWEST = 50


@pytest.fixture(scope="module")
def kept(sample_shop, opensearch_url):
    """Name of the noise → means of nDCG@10: clean, spoilt as typed, spoilt and understood."""
    settings = patient_settings({"search_engine.url": opensearch_url})
    judgments = read_judgments(judgments_path()).checked()

    async def means():
        async with open_retriever(settings) as retriever:
            await retriever.warm_up(sample_shop)
            plain, understood = askers(retriever, sample_shop, settings)

            async def score(ask, text, query):
                ids = [hit.product_id for hit in await ask(text)]
                return ndcg(ids, dict(judgments.grades(query)), judged=False)

            found = {}
            for name, noise in NOISES.items():
                choose = random.Random(0)
                rows = [
                    (
                        await score(understood, query.text, query),
                        await score(plain, text, query),
                        await score(understood, text, query),
                    )
                    for query in judgments.measurable()
                    if (text := noise(query.text, choose)) != query.text
                ]
                assert len(rows) >= FEWEST
                found[name] = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
            return found

    return asyncio.run(means())


@pytest.mark.parametrize(
    ("noise", "floor"),
    [("1 error", 0.93), ("2 errors", 0.85), ("words joined", 0.91), ("a word split", 0.87)],
)
def test_most_of_the_relevance_is_kept(kept, noise, floor):
    clean, _, understood = kept[noise]
    assert understood / clean >= floor


@pytest.mark.parametrize("noise", NOISES)
def test_a_spoilt_query_is_better_understood_than_searched_as_typed(kept, noise):
    _, as_typed, understood = kept[noise]
    assert understood > as_typed
