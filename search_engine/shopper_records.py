"""What the indices of searches and events hold of one shopper: found again, and deleted."""

from collections.abc import Sequence

from opensearchpy import OpenSearch
from opensearchpy import exceptions as foreign

from search_engine.behaviour_bodies import shopper_query
from search_engine.connection import translated_errors


def count_shopper_records(client: OpenSearch, index: str, pseudonyms: Sequence[str]) -> int:
    """Return how many records of a shopper an index holds; 0 where there is no such index.

    Raises:
        SearchEngineError: OpenSearch does not answer as it should.
    """
    with translated_errors():
        try:
            answer = client.count(index=index, body={"query": shopper_query(pseudonyms)})
        except foreign.NotFoundError:
            return 0
    return int(answer["count"])


def delete_shopper_records(client: OpenSearch, index: str, pseudonyms: Sequence[str]) -> int:
    """Delete the records of a shopper for good, and return how many there were.

    Raises:
        SearchEngineError: OpenSearch does not answer as it should.
    """
    with translated_errors():
        try:
            client.indices.refresh(index=index)
            answer = client.delete_by_query(
                index=index,
                body={"query": shopper_query(pseudonyms)},
                params={"refresh": "true", "conflicts": "proceed"},
            )
        except foreign.NotFoundError:
            return 0
    return int(answer["deleted"])
