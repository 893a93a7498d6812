from dataclasses import replace

import numpy as np
import pytest

from search_engine import (
    Candidate,
    DocumentMemory,
    Leg,
    LegResult,
    LegsAnswer,
    LegsQuery,
    RememberedLegs,
    Searcher,
    TextMatch,
)

QUERY = LegsQuery(
    legs=(Leg.ALL_TERMS, Leg.SOME_TERMS, Leg.DENSE),
    match=TextMatch(
        text="tea",
        all_terms_boosts={"title": 1.0},
        some_terms_boosts={"title": 1.0},
        minimum_should_match="-50%",
    ),
    vector=np.array([0.6, 0.8], dtype=np.float32),
    filters=(),
    candidates=10,
)


@pytest.fixture
def asked(monkeypatch):
    """The legs of each request that reached OpenSearch; the dense leg fails on the first."""
    requests = []

    async def answer(self, index, query, *, preference, timeout_seconds):
        requests.append(query.legs)
        failure = "too busy" if len(requests) == 1 else None
        return LegsAnswer(
            results={
                leg: LegResult(
                    leg=leg,
                    candidates=(Candidate(product_id=leg.value, score=1.0, variant_group="g"),),
                    total=None,
                    took_ms=1.0,
                    failure=failure if leg is Leg.DENSE else None,
                )
                for leg in query.legs
            },
            generation="products-1",
            versions={leg.value: ("products-1", 7, 1) for leg in query.legs},
        )

    monkeypatch.setattr(Searcher, "legs", answer)
    return requests


async def ask(searcher, query, index="products-1"):
    return await searcher.legs(index, query, preference="p", timeout_seconds=1.0)


async def test_only_legs_that_were_not_asked_before_are_sent(asked):
    searcher = RememberedLegs(client=None, capacity=100)
    await ask(searcher, QUERY)
    boosted = replace(QUERY.match, some_terms_boosts={"title": 2.0})
    await ask(searcher, replace(QUERY, match=boosted, legs=(Leg.ALL_TERMS, Leg.SOME_TERMS)))
    assert asked == [QUERY.legs, (Leg.SOME_TERMS,)]


async def test_a_remembered_answer_is_the_answer(asked):
    searcher = RememberedLegs(client=None, capacity=100)
    words = replace(QUERY, legs=(Leg.ALL_TERMS, Leg.SOME_TERMS))
    assert await ask(searcher, words) == await ask(searcher, words)


async def test_a_leg_that_failed_is_asked_again(asked):
    searcher = RememberedLegs(client=None, capacity=100)
    first = await ask(searcher, QUERY)
    second = await ask(searcher, QUERY)
    assert first.results[Leg.DENSE].failure == "too busy"
    assert second.results[Leg.DENSE].failure is None
    assert asked[1] == (Leg.DENSE,)


@pytest.mark.parametrize(
    "changed",
    [
        replace(QUERY, candidates=20),
        replace(QUERY, match=replace(QUERY.match, text="mug")),
    ],
)
async def test_another_question_is_asked(asked, changed):
    searcher = RememberedLegs(client=None, capacity=100)
    await ask(searcher, replace(QUERY, legs=(Leg.ALL_TERMS,)))
    await ask(searcher, replace(changed, legs=(Leg.ALL_TERMS,)))
    await ask(searcher, replace(changed, legs=(Leg.ALL_TERMS,)), index="products-2")
    assert len(asked) == 3


async def test_another_vector_is_another_question(asked):
    searcher = RememberedLegs(client=None, capacity=100)
    other = np.array([0.8, 0.6], dtype=np.float32)
    for query in (QUERY, QUERY, replace(QUERY, vector=other)):
        await ask(searcher, replace(query, legs=(Leg.DENSE,)))
    # The first answer was a failure, so the second asks again.
    assert len(asked) == 3


async def test_what_was_not_needed_for_longest_is_forgotten_first(asked):
    searcher = RememberedLegs(client=None, capacity=2)
    one, two, three = (
        replace(QUERY, legs=(Leg.ALL_TERMS,), match=replace(QUERY.match, text=text))
        for text in ("one", "two", "three")
    )
    for query in (one, two, one, three):
        await ask(searcher, query)
    assert len(asked) == 3
    await ask(searcher, one)
    assert len(asked) == 3
    await ask(searcher, two)
    assert len(asked) == 4


async def test_versions_are_remembered_where_documents_are(asked):
    searcher = RememberedLegs(client=None, capacity=100, memory=DocumentMemory(1_000))
    words = replace(QUERY, legs=(Leg.ALL_TERMS, Leg.SOME_TERMS))
    expected = {leg.value: ("products-1", 7, 1) for leg in words.legs}
    assert (await ask(searcher, words)).versions == expected
    assert (await ask(searcher, words)).versions == expected
    assert len(asked) == 1


async def test_without_a_memory_of_documents_no_versions_are_kept(asked):
    searcher = RememberedLegs(client=None, capacity=100)
    assert (await ask(searcher, QUERY)).versions == {}
