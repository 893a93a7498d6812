"""A search's JSON: from the body, or from the `source` parameter."""

from collections.abc import Mapping
from typing import Any

import orjson

from search_core import MalformedRequestError

Body = dict[str, Any]


def parsed_search(text: bytes, parameters: Mapping[str, str]) -> Body:
    """Parse a search.

    Args:
        text: the request's body, decompressed.
        parameters: of the address; `source` stands in for a missing body.

    Returns:
        An empty body where there is none: it matches everything.

    Raises:
        MalformedRequestError: it is no JSON object.
    """
    if not text.strip():
        text = parameters.get("source", "").encode("utf-8", "surrogateescape")
    return _object(text, "the body") if text.strip() else {}


def parsed_lines(text: bytes) -> list[Body]:
    """Parse newline-delimited JSON; an empty line is an empty object.

    Raises:
        MalformedRequestError: a line is no JSON object; it is named.
    """
    lines = text.split(b"\n")
    if lines and not lines[-1].strip():
        lines.pop()
    return [
        _object(line, f"line {number}") if line.strip() else {}
        for number, line in enumerate(lines, start=1)
    ]


def _object(text: bytes, place: str) -> Body:
    try:
        parsed = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise MalformedRequestError(f"{place} is no JSON: {error}") from error
    if not isinstance(parsed, dict):
        raise MalformedRequestError(f"{place} is no JSON object")
    return parsed


def without_overrides(body: Body) -> Body:
    """Return a body without `ext.shopkeeper`, which OpenSearch would refuse."""
    rest = {key: value for key, value in body["ext"].items() if key != "shopkeeper"}
    stripped = {key: value for key, value in body.items() if key != "ext"}
    return {**stripped, "ext": rest} if rest else stripped


def has_overrides(body: Body) -> bool:
    """Say whether a body has `ext.shopkeeper`."""
    return isinstance(body.get("ext"), dict) and "shopkeeper" in body["ext"]
