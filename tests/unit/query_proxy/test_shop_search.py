import pytest

from query_proxy.circuit_breaker import CircuitBreaker
from query_proxy.json_api.shop_models import ExplainQuery, ShopQuery
from query_proxy.json_api.shop_search import ShopSearch
from search_core import SearchEngineUnavailableError
from tests.unit.query_proxy.page_retriever import FakeRetriever


class LostPlanner:
    """Cannot read the catalogue of an index, whose OpenSearch is gone."""

    def __init__(self):
        self.asked = 0

    async def plan(self, index, text, filters=()):
        self.asked += 1
        raise SearchEngineUnavailableError("OpenSearch cannot be reached: refused")


@pytest.mark.parametrize(
    ("method", "query"),
    [("answer", ShopQuery(q="desk")), ("explain", ExplainQuery(q="desk", id="p1"))],
)
async def test_an_opensearch_that_plans_cannot_read_is_left_alone(method, query):
    planner = LostPlanner()
    breaker = CircuitBreaker(2, 60.0, lambda: 0.0, lambda is_open: None)
    service = ShopSearch(FakeRetriever(), planner, breaker, ("shop",))
    for _ in range(5):
        with pytest.raises(SearchEngineUnavailableError):
            await getattr(service, method)(query, {})
    assert planner.asked == 2
