import os
from datetime import UTC, datetime

import pytest

from evaluation import (
    Answer,
    JudgedQuery,
    Latency,
    MeasuredSystem,
    Run,
    RunCache,
    ShownHit,
    run_queries,
)
from search_core import MeasuredSystemError, SearchEngineTimeoutError

QUERIES = [JudgedQuery(text="red dress"), JudgedQuery(text="shirt", filters=("brand=X",))]
NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
SHOWN = ShownHit(product_id="a", title="A dress", explanation=("It has the words.",))


class Shop:
    """Answers every query alike, and counts how often it is asked."""

    def __init__(self, *ids):
        self.ids = ids
        self.asked = 0

    async def __call__(self, query, depth):
        self.asked += 1
        return Answer(
            product_ids=self.ids, latency_ms=5.0, shown=(SHOWN,), degraded=("without vectors",)
        )


class Listener:
    def __init__(self):
        self.heard = []

    def start(self, task, total, unit):
        self.heard.append(("start", task, total, unit))

    def advance(self, task, amount):
        self.heard.append(("advance", amount))

    def finish(self, task):
        self.heard.append(("finish",))


async def run(shop, cache=None, fingerprint="v1", depth=10, queries=QUERIES):
    system = MeasuredSystem(name="shop", answer=shop, fingerprint=fingerprint)
    return await run_queries(system, queries, depth=depth, cache=cache, now=lambda: NOW)


async def test_every_query_is_asked_and_answered_under_its_key():
    found = await run(Shop("a", "b"))
    assert {key: answer.product_ids for key, answer in found.answers.items()} == {
        query.key: ("a", "b") for query in QUERIES
    }
    assert (found.measured_at, found.depth, found.from_cache) == (NOW, 10, False)


async def test_a_product_counts_once_and_no_deeper_than_asked():
    found = await run(Shop("a", "b", "a", "c", "d"), depth=3)
    assert found.ranking(QUERIES[0]) == ("a", "b", "c")


async def test_the_cache_gives_the_same_answers_without_asking(tmp_path):
    shop, cache = Shop("a", "b"), RunCache(tmp_path)
    first = await run(shop, cache)
    second = await run(shop, cache)
    assert shop.asked == len(QUERIES)
    assert second.answers == first.answers
    assert (second.from_cache, second.measured_at) == (True, NOW)


@pytest.mark.parametrize(
    "change",
    [{"fingerprint": "v2"}, {"depth": 11}, {"queries": QUERIES[:1]}, {"fingerprint": None}],
)
async def test_another_configuration_depth_or_list_of_queries_is_asked_anew(tmp_path, change):
    shop, cache = Shop("a"), RunCache(tmp_path)
    await run(shop, cache)
    before = shop.asked
    assert not (await run(shop, cache, **change)).from_cache
    assert shop.asked > before


async def test_a_system_that_nobody_can_tell_has_changed_is_never_cached(tmp_path):
    await run(Shop("a"), RunCache(tmp_path), fingerprint=None)
    assert list(tmp_path.iterdir()) == []


async def test_a_damaged_cache_file_is_measured_again_and_replaced(tmp_path):
    shop, cache = Shop("a"), RunCache(tmp_path)
    await run(shop, cache)
    (file,) = tmp_path.iterdir()
    for damage in ("{half", "{}", "[]", '{"version": 0}'):
        file.write_text(damage)
        assert not (await run(shop, cache)).from_cache
        assert (await run(shop, cache)).from_cache


async def test_the_oldest_runs_make_room(tmp_path):
    shop, cache = Shop("a"), RunCache(tmp_path, most_runs=2)
    for number, fingerprint in enumerate(("v1", "v2", "v3")):
        await run(shop, cache, fingerprint=fingerprint)
        for file in tmp_path.iterdir():
            os.utime(file, ns=(number, min(number, file.stat().st_mtime_ns)))
    cached = [(await run(shop, cache, fingerprint=each)).from_cache for each in ("v2", "v3", "v1")]
    assert cached == [True, True, False]


async def test_a_cache_that_cannot_be_written_costs_no_result(tmp_path):
    (tmp_path / "file").write_text("in the way")
    found = await run(Shop("a"), RunCache(tmp_path / "file" / "runs"))
    assert found.ranking(QUERIES[0]) == ("a",)


async def test_a_query_without_an_answer_is_named():
    async def late(query, depth):
        raise SearchEngineTimeoutError("OpenSearch did not answer", remedy="look at its load")

    with pytest.raises(MeasuredSystemError, match="shop did not answer 'red dress'") as caught:
        await run(late)
    assert caught.value.remedy == "look at its load"


async def test_progress_is_told_of_each_query():
    listener = Listener()
    system = MeasuredSystem(name="shop", answer=Shop("a"))
    await run_queries(system, QUERIES, depth=10, progress=listener)
    assert listener.heard == [
        ("start", "searching: shop", 2, "queries"),
        ("advance", 1),
        ("advance", 1),
        ("finish",),
    ]


def test_degraded_answers_are_counted_by_their_reason():
    answers = {
        "a": Answer(product_ids=(), degraded=("without vectors",)),
        "b": Answer(product_ids=(), degraded=("without vectors", "late")),
    }
    assert Run(name="shop", answers=answers).degraded() == {"without vectors": 2, "late": 1}


def test_percentiles_lie_between_the_nearest_times():
    answers = {
        str(time): Answer(product_ids=(), latency_ms=float(time)) for time in (10, 20, 30, 40)
    }
    latency = Latency.of(Run(name="shop", answers=answers))
    assert latency == Latency(p50_ms=25.0, p95_ms=pytest.approx(30 + 0.85 * 10), queries=4)


def test_latency_that_was_not_measured_is_not_invented():
    assert Latency.of(Run(name="shop", answers={"a": Answer(product_ids=("x",))})) is None
