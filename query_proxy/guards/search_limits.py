"""Bounds on a search's body: what could occupy a node, or reach an index that is not open."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from search_core import ForbiddenError, LimitError
from search_core.settings import QueryProxySettings

_PATTERNS = frozenset({"regexp", "wildcard", "prefix"})
_DEEPEST_JSON = 200
"""Levels of any JSON: what OpenSearch's own parser bounds at 1,000."""


class SearchLimits:
    """Checks searches against the settings."""

    def __init__(self, settings: QueryProxySettings, is_open: Callable[[str], bool]) -> None:
        """Keep the bounds.

        Args:
            settings: the bounds.
            is_open: says whether an index may be searched.
        """
        self._settings = settings
        self._is_open = is_open

    def check(self, body: Mapping[str, Any], parameters: Mapping[str, str]) -> None:
        """Refuse a search beyond a bound.

        Args:
            body: of the search.
            parameters: of its address, which win over the body.

        Raises:
            LimitError: it is larger or deeper than allowed.
            ForbiddenError: it reads an index that is not open.
        """
        size = _number(parameters.get("size", body.get("size")), 10)
        offset = _number(parameters.get("from", body.get("from")), 0)
        self._bound("size", size, self._settings.max_size, "max_size")
        self._bound("from + size", offset + size, self._settings.max_window, "max_window")
        for aggregations in (body.get("aggs"), body.get("aggregations")):
            self._check_aggregations(aggregations, 1)
        self._check_tree(body)

    def _check_aggregations(self, aggregations: object, depth: int) -> None:
        if not isinstance(aggregations, Mapping):
            return
        bound = self._settings.max_aggregation_depth
        self._bound("the depth of aggregations", depth, bound, "max_aggregation_depth")
        for each in aggregations.values():
            if isinstance(each, Mapping):
                self._check_aggregations(each.get("aggs"), depth + 1)
                self._check_aggregations(each.get("aggregations"), depth + 1)

    def _check_tree(self, body: Mapping[str, Any]) -> None:
        # A level of a query is an object in an object, or in a list in one: two or three of JSON.
        deepest = min(3 * self._settings.max_query_depth, _DEEPEST_JSON)
        for node, depth in _objects(body):
            self._bound("the depth of the query", depth, deepest, "max_query_depth")
            for name in _PATTERNS & node.keys():
                self._check_pattern(name, node[name])
            for index in _named_indices(node):
                if not self._is_open(index):
                    raise ForbiddenError(
                        f"the search reads the index {index!r}, which is not open",
                        remedy="query_proxy.open_indices names those that are",
                    )

    def _check_pattern(self, name: str, clause: object) -> None:
        if not isinstance(clause, Mapping):
            return
        for options in clause.values():
            pattern = options
            if isinstance(options, Mapping):
                pattern = options.get("value", options.get("wildcard", ""))
            if isinstance(pattern, str):
                self._bound(
                    f"the length of a {name} pattern",
                    len(pattern),
                    self._settings.max_pattern_chars,
                    "max_pattern_chars",
                )

    def _bound(self, what: str, value: int, bound: int, setting: str) -> None:
        if value > bound:
            raise LimitError(
                f"{what} is {value:,}, and at most {bound:,} is allowed",
                remedy=f"ask for less, or raise query_proxy.{setting}",
            )


def _objects(root: object) -> Iterator[tuple[Mapping[str, Any], int]]:
    """Yield every object in a tree with its depth, without recursion: a body can be very deep."""
    waiting: list[tuple[object, int]] = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, Mapping):
            yield node, depth
            waiting.extend((value, depth + 1) for value in node.values())
        elif isinstance(node, list):
            waiting.extend((value, depth + 1) for value in node)


def _named_indices(node: Mapping[str, Any]) -> Iterator[str]:
    """Yield the indices that a part of a query reads: terms look-up, more-like-this, shapes."""
    if isinstance(node.get("_index"), str):
        yield node["_index"]
    if isinstance(node.get("index"), str) and ("id" in node or "path" in node):
        yield node["index"]


def _number(value: object, default: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return default
    try:
        return int(value)
    except (ValueError, OverflowError):
        return default
