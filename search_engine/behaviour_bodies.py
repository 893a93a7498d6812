"""The bodies of `ubi_queries` and `ubi_events`, and the search for what many shoppers looked for.

Source: the mappings of OpenSearch's User Behavior Insights plugin 3.x and the UBI schema 1.2. What
they do not name is stored but not indexed: attributes come from browsers, and each new name would
be a field of the mapping, up to the limit at which every further event is refused.
"""

from collections.abc import Sequence
from typing import Any

SHOPPER_FIELDS = ("client_id", "session_id", "user_id", "customer_id", "account_id")
"""Where pseudonyms stand, in a record or in its attributes."""

_KEYWORD: dict[str, Any] = {"type": "keyword", "ignore_above": 256}
_ID: dict[str, Any] = {"type": "keyword", "ignore_above": 100}
_TEXT: dict[str, Any] = {"type": "text", "fields": {"keyword": _KEYWORD}}


def queries_index_body(replicas: int) -> dict[str, Any]:
    """Return the body of the index of searches."""
    return _body(
        replicas,
        {
            "timestamp": {"type": "date"},
            "application": _ID,
            "query_id": _ID,
            "query": {"type": "text"},
            "query_response_id": _ID,
            "query_response_hit_ids": {"type": "keyword"},
            "user_query": _TEXT,
            "query_attributes": {"type": "flat_object"},
            "client_id": _ID,
            "object_id_field": _ID,
            "indexes": {"type": "keyword"},
        },
    )


def events_index_body(replicas: int) -> dict[str, Any]:
    """Return the body of the index of events."""
    position = {
        **{name: {"type": "integer"} for name in ("ordinal", "page_depth", "scroll_depth")},
        **{name: {"type": "integer"} for name in ("x", "y")},
        "trail": _TEXT,
    }
    thing = {
        "internal_id": {"type": "keyword"},
        "object_id": _KEYWORD,
        "object_id_field": _ID,
        "name": _KEYWORD,
        "description": _TEXT,
    }
    return _body(
        replicas,
        {
            "application": _KEYWORD,
            "action_name": _ID,
            "query_id": _ID,
            **dict.fromkeys(SHOPPER_FIELDS, _ID),
            "user_query": _TEXT,
            "timestamp": {"type": "date"},
            "message_type": _ID,
            "message": {"type": "keyword", "ignore_above": 1024},
            "event_attributes": {
                "properties": {
                    "position": {"properties": position},
                    "object": {"properties": thing},
                    **dict.fromkeys(SHOPPER_FIELDS, _ID),
                }
            },
        },
    )


def popular_queries_body(
    since: str, index: str, *, least_shoppers: int, after: dict[str, Any] | None, size: int
) -> dict[str, Any]:
    """Return the body that counts the shoppers of each query, a page of queries at a time.

    Args:
        since: date from which searches count, as OpenSearch reads dates (`now-90d`).
        index: whose searches count, as they name it.
        least_shoppers: queries of fewer are left out.
        after: where the page before ended; `None`: the first page.
        size: queries on a page, before those of few shoppers are left out.
    """
    composite: dict[str, Any] = {
        "size": size,
        "sources": [{"text": {"terms": {"field": "user_query.keyword"}}}],
        **({} if after is None else {"after": after}),
    }
    shoppers = {"cardinality": {"field": "client_id", "precision_threshold": 3000}}
    enough = {
        "bucket_selector": {
            "buckets_path": {"shoppers": "shoppers"},
            "script": f"params.shoppers >= {least_shoppers}",
        }
    }
    return {
        "size": 0,
        "query": {
            "bool": {
                "filter": [
                    {"range": {"timestamp": {"gte": since}}},
                    {"term": {"indexes": index}},
                    {"exists": {"field": "query_response_hit_ids"}},
                ]
            }
        },
        "aggs": {
            "queries": {"composite": composite, "aggs": {"shoppers": shoppers, "enough": enough}}
        },
    }


def shopper_query(pseudonyms: Sequence[str]) -> dict[str, Any]:
    """Return the query for all records of a shopper.

    Args:
        pseudonyms: under every key.
    """
    fields = (
        *SHOPPER_FIELDS,
        *(f"event_attributes.{name}" for name in SHOPPER_FIELDS),
        *(f"query_attributes.{name}" for name in SHOPPER_FIELDS),
    )
    clauses = [{"terms": {field: list(pseudonyms)}} for field in fields]
    return {"bool": {"should": clauses, "minimum_should_match": 1}}


def _body(replicas: int, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "settings": {"index": {"number_of_shards": 1, "number_of_replicas": replicas}},
        "mappings": {"dynamic": False, "properties": properties},
    }
