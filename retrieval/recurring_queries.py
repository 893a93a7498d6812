"""Which queries are asked again and again."""

from dataclasses import dataclass

from cachetools import LRUCache

from retrieval.query_vector import QueryVectors


class RecurringQueries:
    """Keeps recent queries in mind, to tell those that come again; the longest unseen go first.

    The legs of a query that comes again are kept in OpenSearch's request cache, which drops them
    when a refresh shows a change of the index. What is asked once would only push others out.
    """

    def __init__(self, count: int) -> None:
        """Start with none.

        Args:
            count: of queries that are kept in mind; 0: none is.
        """
        self._seen: LRUCache[str, bool] = LRUCache(count)

    def comes_again(self, query: str) -> bool:
        """Say whether a query was asked before, and keep it in mind.

        Args:
            query: what stands for all that the legs look for, filters included.
        """
        if not self._seen.maxsize:
            return False
        again = self._seen.get(query, False)
        self._seen[query] = True
        return again


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryMemory:
    """What is remembered of queries, from one to the next."""

    vectors: QueryVectors
    recurring: RecurringQueries
