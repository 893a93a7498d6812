"""A client's search: what of it the hybrid search has to keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from query_proxy.takeover.not_taken_over import NotTakenOverError
from query_proxy.takeover.search_overrides import SearchOverrides, read_overrides
from query_proxy.takeover.search_parameters import body_of_parameters
from query_proxy.takeover.text_query import TextQuery, read_text_query
from search_engine import NativeFilter

Body = dict[str, Any]

DEFAULT_SIZE = 10
_COUNTED_UP_TO = 10_000
"""OpenSearch's default of `track_total_hits`."""
GROUP_FIELD = "variant_group"
"""The field by which hybrid results can be collapsed."""

_PAGE_KEYS = frozenset(
    {"_source", "fields", "docvalue_fields", "script_fields", "stored_fields", "highlight"}
    | {"explain", "version", "seq_no_primary_term", "timeout"}
)
_COUNT_KEYS = frozenset({"aggs", "aggregations", "suggest"})
_READ_KEYS = frozenset(
    {"query", "from", "size", "sort", "track_scores", "track_total_hits", "min_score"}
    | {"post_filter", "collapse", "ext"}
)
_NEEDS_QUERY = frozenset({"highlight", "explain"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSearch:
    """One search that is taken over."""

    text_query: TextQuery
    query: Mapping[str, Any]
    """As the client wrote it, for highlights."""
    filters: tuple[NativeFilter, ...]
    post_filter: NativeFilter | None
    """Applies to hits and total, not to aggregations."""
    offset: int
    size: int
    track_total_hits: bool | int
    collapse: bool
    page_options: Mapping[str, Any]
    """Keys of the body that say how hits look."""
    count_options: Mapping[str, Any]
    """Keys of the body that look at the whole result."""
    overrides: SearchOverrides

    @property
    def needs_query(self) -> bool:
        """Whether the page's hits have to be matched by the client's own query too."""
        return not _NEEDS_QUERY.isdisjoint(self.page_options)


def read_client_search(body: Body, parameters: Mapping[str, str]) -> ClientSearch:
    """Read a search.

    Args:
        body: of the request, parsed.
        parameters: of the address.

    Raises:
        NotTakenOverError: the hybrid search cannot stand for it.
        MalformedRequestError: a mistake in `ext.shopkeeper`.
    """
    overrides = read_overrides(body.get("ext"))
    if overrides.off:
        raise NotTakenOverError("ext.shopkeeper says off")
    body = {**body, **body_of_parameters(parameters)}
    _require_understood(body)
    text_query = read_text_query(body.get("query"))
    size = _number(body, "size", DEFAULT_SIZE)
    if size == 0:
        raise NotTakenOverError("size is 0, so nothing is ranked")
    min_score = body.get("min_score")
    scored = () if min_score is None else (_at_least(body["query"], min_score),)
    post_filter = body.get("post_filter")
    return ClientSearch(
        text_query=text_query,
        query=body["query"],
        filters=(*map(_native, text_query.filters), *scored),
        post_filter=None if post_filter is None else _native(post_filter),
        offset=_number(body, "from", 0),
        size=size,
        track_total_hits=_tracked(body.get("track_total_hits")),
        collapse="collapse" in body,
        page_options={key: body[key] for key in _PAGE_KEYS & body.keys()},
        count_options={key: body[key] for key in _COUNT_KEYS & body.keys()},
        overrides=overrides,
    )


def _require_understood(body: Body) -> None:
    for key in body.keys() - _PAGE_KEYS - _COUNT_KEYS - _READ_KEYS:
        raise NotTakenOverError(f"the search has {key}")
    if body.get("sort") not in (None, [], "_score", ["_score"], [{"_score": "desc"}]):
        raise NotTakenOverError("the search is sorted")
    if body.get("collapse") not in (None, {"field": GROUP_FIELD}):
        raise NotTakenOverError(f"collapse is by other than {GROUP_FIELD} alone")
    if body.get("stored_fields") in ("_none_", ["_none_"]):
        raise NotTakenOverError("hits without ids are asked for")


def _number(body: Body, key: str, default: int) -> int:
    value = body.get(key, default)
    if value is None:
        return default
    try:
        number = int(value)
    except (TypeError, ValueError) as error:
        raise NotTakenOverError(f"{key} is no number") from error
    if number < 0:
        raise NotTakenOverError(f"{key} is negative")
    return number


def _tracked(value: object) -> bool | int:
    if value is None:
        return _COUNTED_UP_TO
    if isinstance(value, bool | int):
        return value
    raise NotTakenOverError("track_total_hits is no number")


def _native(clause: object) -> NativeFilter:
    if not isinstance(clause, dict):
        raise NotTakenOverError("a filter is no object")
    return NativeFilter(clause=orjson.dumps(clause).decode())


def _at_least(query: Mapping[str, Any], score: object) -> NativeFilter:
    """Keep what the client's own query gives at least a score: that is what its number means."""
    return _native({"function_score": {"query": query, "min_score": score}})
