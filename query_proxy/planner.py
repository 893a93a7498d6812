"""Who understands a query before it is searched."""

from typing import Protocol

from search_core import Filter, QueryPlan


class Planner(Protocol):
    """Turns what a shopper typed into a query plan."""

    async def plan(self, index: str, text: str, filters: tuple[Filter, ...] = ()) -> QueryPlan:
        """Return the plan of a query.

        Args:
            index: alias that will be searched.
            text: what the shopper typed.
            filters: what was asked for beside the text.

        Raises:
            IndexNotFoundError: there is no such index.
            SearchEngineError: OpenSearch does not answer as it should.
        """
        ...


class PlainPlanner:
    """Takes the words as they are."""

    async def plan(self, index: str, text: str, filters: tuple[Filter, ...] = ()) -> QueryPlan:
        """Return the plain plan."""
        del index
        return QueryPlan.plain(text, filters)
