"""Parameters of a search's address, as the keys of a body that say the same."""

from collections.abc import Callable, Mapping
from typing import Any

from query_proxy.takeover.not_taken_over import NotTakenOverError

Body = dict[str, Any]

_SOURCE = frozenset(
    {"_source", "_source_includes", "_source_include", "_source_excludes", "_source_exclude"}
)
_URI_QUERY = frozenset({"q", "df", "default_operator", "analyzer", "lenient"})
# They change how OpenSearch works or writes, not what is searched for.
_WITHOUT_MEANING = frozenset(
    {"typed_keys", "rest_total_hits_as_int", "pretty", "human", "error_trace", "preference"}
    | {"request_cache", "batched_reduce_size", "pre_filter_shard_size", "ignore_unavailable"}
    | {"allow_no_indices", "expand_wildcards", "max_concurrent_shard_requests"}
    | {"ccs_minimize_roundtrips"}
)


def _flag(value: str) -> bool:
    return value != "false"


def _flag_or_number(value: str) -> bool | int:
    return int(value) if value.isdecimal() else _flag(value)


_KEYS: Mapping[str, Callable[[str], Any]] = {
    "from": str,
    "size": str,
    "timeout": str,
    "explain": _flag,
    "version": _flag,
    "seq_no_primary_term": _flag,
    "track_scores": _flag,
    "track_total_hits": _flag_or_number,
}


def body_of_parameters(parameters: Mapping[str, str]) -> Body:
    """Return what an address asks for, as keys of a body.

    Raises:
        NotTakenOverError: it has a parameter that the hybrid search does not know.
    """
    for name, value in parameters.items():
        if name == "search_type" and value == "query_then_fetch":
            continue
        if name not in _KEYS and name not in _SOURCE | _URI_QUERY | _WITHOUT_MEANING:
            raise NotTakenOverError(f"the address has {name}")
    body = {name: _KEYS[name](value) for name, value in parameters.items() if name in _KEYS}
    if "q" in parameters:
        body["query"] = _uri_query(parameters)
    if not _SOURCE.isdisjoint(parameters):
        body["_source"] = _source(parameters)
    return body


def _uri_query(parameters: Mapping[str, str]) -> Body:
    options: Body = {"query": parameters["q"]}
    if "df" in parameters:
        options["default_field"] = parameters["df"]
    return {"query_string": options}


def _source(parameters: Mapping[str, str]) -> object:
    given = parameters.get("_source")
    if given in ("true", "false"):
        return given == "true"
    includes = parameters.get("_source_includes") or parameters.get("_source_include") or given
    excludes = parameters.get("_source_excludes") or parameters.get("_source_exclude")
    parts = {"includes": includes, "excludes": excludes}
    return {key: value.split(",") for key, value in parts.items() if value}
