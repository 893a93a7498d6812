"""Legs of queries that come again, from OpenSearch's request cache, on a real node."""

from retrieval import Retriever, SearchRequest
from search_core import QueryPlan
from search_core.settings import RetrievalSettings, SearchEngineSettings
from search_engine import Searcher, connect, connect_async

GOLD = SearchRequest(plan=QueryPlan.plain("novaphone 12 case gold"), size=3)


def retrieving(opensearch_url, encoder, **settings):
    searcher = Searcher(connect_async(SearchEngineSettings(url=opensearch_url)))
    return searcher, Retriever(searcher, RetrievalSettings(**settings), lambda _: encoder)


def cached(client, index):
    statistics = client.indices.stats(index=index, metric="request_cache")
    counts = statistics["_all"]["total"]["request_cache"]
    return counts["miss_count"], counts["hit_count"]


async def test_legs_are_kept_from_the_second_time_on_and_answer_the_third(
    opensearch_url, index, encoder
):
    client = connect(SearchEngineSettings(url=opensearch_url))
    searcher, retriever = retrieving(opensearch_url, encoder)
    seen = []
    for _ in range(3):
        answer = await retriever.ranking(index, GOLD)
        seen.append((answer.ids(), cached(client, index)))
    await searcher.close()
    (first, before), (second, kept), (third, answered) = seen
    assert before == (0, 0)
    assert kept == (3, 0)
    assert answered == (3, 3)
    assert list(first) == list(second) == list(third)


async def test_a_change_is_seen_once_it_is_refreshed(opensearch_url, index, encoder):
    client = connect(SearchEngineSettings(url=opensearch_url))
    searcher, retriever = retrieving(opensearch_url, encoder)
    for _ in range(3):
        before = await retriever.ranking(index, GOLD)
    assert before.ids()[0] == "case-12-gold"
    client.delete(index=index, id="case-12-gold", params={"refresh": "true"})
    after = await retriever.ranking(index, GOLD)
    await searcher.close()
    assert "case-12-gold" not in after.ids()
    assert after.ids()[0] != before.ids()[0]


async def test_nothing_is_kept_where_no_query_is_kept_in_mind(opensearch_url, index, encoder):
    client = connect(SearchEngineSettings(url=opensearch_url))
    searcher, retriever = retrieving(opensearch_url, encoder, recurring_queries=0)
    for _ in range(3):
        await retriever.ranking(index, GOLD)
    await searcher.close()
    assert cached(client, index) == (0, 0)
