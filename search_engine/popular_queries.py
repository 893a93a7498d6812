"""What many shoppers searched for, counted in the index of searches."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from opensearchpy import OpenSearch
from opensearchpy import exceptions as foreign

from search_engine.behaviour_bodies import popular_queries_body
from search_engine.connection import translated_errors

_PAGE = 5_000
_MOST_PAGES = 200
"""A million different queries: beyond, those that sort last are not looked at."""


class PopularQuery(NamedTuple):
    """A query as it was typed, and by how many."""

    text: str
    shoppers: int


def popular_queries(
    client: OpenSearch, queries_index: str, alias: str, *, days: int, least_shoppers: int
) -> Iterator[PopularQuery]:
    """Yield the queries of enough different shoppers that had hits, in no particular order.

    Args:
        client: connection to OpenSearch.
        queries_index: `ubi_queries`.
        alias: whose searches count.
        days: how far back.
        least_shoppers: different `client_id`s that a query needs.

    Raises:
        SearchEngineError: OpenSearch does not answer as it should. A missing index has no queries.
    """
    after: dict[str, Any] | None = None
    for _ in range(_MOST_PAGES):
        body = popular_queries_body(
            f"now-{days}d", alias, least_shoppers=least_shoppers, after=after, size=_PAGE
        )
        with translated_errors():
            try:
                answer = client.search(index=queries_index, body=body)
            except foreign.NotFoundError:
                return
        page = answer["aggregations"]["queries"]
        for bucket in page["buckets"]:
            yield PopularQuery(bucket["key"]["text"], int(bucket["shoppers"]["value"]))
        after = page.get("after_key")
        if after is None:
            return
