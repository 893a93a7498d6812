"""Looks up a field of a row by its key, or by the path to it through nested objects and lists."""

from collections.abc import Mapping
from typing import Any


def value_at(values: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return what a path leads to.

    A key that has dots in it wins over a path. Through a list of objects the path leads to the list
    of what each of them has.

    Returns:
        `None` when there is nothing.
    """
    value = values.get(path)
    if value is not None or "." not in path or path in values:
        return value
    head, _, rest = path.partition(".")
    inner = values.get(head)
    if isinstance(inner, Mapping):
        return value_at(inner, rest)
    if isinstance(inner, list):
        found = [value_at(item, rest) for item in inner if isinstance(item, Mapping)]
        return [item for item in found if item is not None] or None
    return None
