"""Documents remembered between searches, on a real node."""

from retrieval import Retriever, SearchRequest
from search_core import QueryPlan
from search_core.settings import RetrievalSettings, SearchEngineSettings
from search_engine import DocumentMemory, Searcher, connect, connect_async

CASE = "case-12-red"
REQUEST = SearchRequest(plan=QueryPlan.plain("novaphone 12 case red"), size=3)


class CountingSearcher(Searcher):
    """Counts the round trips for pages that are really made."""

    round_trips = 0

    async def _msearch(self, index, bodies, preference, timeout_seconds, **options):
        self.round_trips += bool(bodies)
        return await super()._msearch(index, bodies, preference, timeout_seconds, **options)


def searcher(opensearch_url, capacity_bytes=1_000_000):
    client = connect_async(SearchEngineSettings(url=opensearch_url))
    return CountingSearcher(client, memory=DocumentMemory(capacity_bytes))


async def test_a_page_that_was_shown_before_costs_no_second_round_trip(
    opensearch_url, index, encoder
):
    counting = searcher(opensearch_url)
    retriever = Retriever(counting, RetrievalSettings(), lambda _: encoder)
    first = await retriever.search(index, REQUEST)
    assert counting.round_trips == 2
    second = await retriever.search(index, REQUEST)
    await counting.close()
    assert counting.round_trips == 3
    assert [each.document for each in second.hits] == [each.document for each in first.hits]


async def test_a_product_that_changed_is_fetched_again(opensearch_url, index, encoder):
    counting = searcher(opensearch_url)
    retriever = Retriever(counting, RetrievalSettings(), lambda _: encoder)
    await retriever.search(index, REQUEST)
    client = connect(SearchEngineSettings(url=opensearch_url))
    client.update(index=index, id=CASE, body={"doc": {"price": 3.5}}, params={"refresh": "true"})
    changed = await retriever.search(index, REQUEST)
    await counting.close()
    assert {hit.product_id: hit.document["price"] for hit in changed.hits}[CASE] == 3.5


async def test_what_is_remembered_is_not_shown_to_a_caller_with_credentials_of_its_own(
    opensearch_url, index, encoder
):
    counting = searcher(opensearch_url)
    await Retriever(counting, RetrievalSettings(), lambda _: encoder).search(index, REQUEST)
    asked = counting.on_behalf_of({"authorization": "Basic c2hvcDpzaG9w"})
    assert asked._memory.known([CASE], {CASE: ("any", 0, 1)}) == {}
    assert asked._memory is not counting._memory
    assert counting.on_behalf_of({"x-opaque-id": "7"})._memory is counting._memory
    await counting.close()
