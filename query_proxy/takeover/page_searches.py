"""Sends the searches of a page, in one request."""

from collections.abc import Mapping
from time import perf_counter
from typing import Any
from urllib.parse import quote

import orjson

from query_proxy.upstream import Upstream
from search_core import (
    SearchEngineOverloadedError,
    SearchEngineRequestError,
    SearchEngineTimeoutError,
    SearchEngineUnavailableError,
)
from search_engine import error_reason

Body = dict[str, Any]

_OK, _TOO_MANY, _SERVER_ERROR = 200, 429, 500


class PageSearches:
    """What the searches of one taken-over search have in common."""

    def __init__(
        self,
        upstream: Upstream,
        index: str,
        headers: Mapping[str, str],
        *,
        typed_keys: bool,
        deadline: float,
    ) -> None:
        """Keep it.

        Args:
            upstream: OpenSearch.
            index: that is searched.
            headers: of the caller that go on.
            typed_keys: whether names of aggregations tell their type, as the client asks.
            deadline: until when an answer is waited for, on `perf_counter`'s clock.
        """
        self._upstream = upstream
        self._path = f"/{quote(index, safe='')}"
        self._headers = [*headers.items(), ("content-type", "application/json")]
        self._typed = "&typed_keys=true" if typed_keys else ""
        self._deadline = deadline

    async def __call__(self, bodies: Mapping[str, Body], preference: str) -> dict[str, Body]:
        """Send searches and return their answers under the same names.

        Args:
            bodies: at least one.
            preference: keeps equal searches on the same shard copies.

        Raises:
            SearchEngineRequestError: OpenSearch refuses one of them.
            SearchEngineError: it did not answer one of them.
        """
        if len(bodies) == 1:
            ((name, body),) = bodies.items()
            path = f"{self._path}/_search?preference={preference}{self._typed}"
            return {name: _checked(await self._post(path, orjson.dumps(body)))}
        header = orjson.dumps({"preference": preference})
        lines = [line for body in bodies.values() for line in (header, orjson.dumps(body))]
        path = f"{self._path}/_msearch?{self._typed.removeprefix('&')}"
        answer = _checked(await self._post(path, b"\n".join([*lines, b""])))
        return {
            name: _checked(each) for name, each in zip(bodies, answer["responses"], strict=True)
        }

    async def _post(self, path: str, body: bytes) -> Body:
        left = self._deadline - perf_counter()
        if left <= 0:
            raise SearchEngineTimeoutError(
                "the search took longer than allowed",
                remedy="raise retrieval.deadline_ms, or ask for less",
            )
        answer = await self._upstream.json("POST", path, self._headers, body, timeout_seconds=left)
        if answer.status != _OK:
            return {"status": answer.status, "error": answer.body.get("error", {})}
        return dict(answer.body)


def _checked(answer: Body) -> Body:
    if "error" not in answer:
        return answer
    status, reason = answer.get("status", _SERVER_ERROR), error_reason(answer)
    if status == _TOO_MANY:
        raise SearchEngineOverloadedError(
            f"OpenSearch is overloaded (429): {reason}", remedy="send less at once, or add nodes"
        )
    if status >= _SERVER_ERROR:
        raise SearchEngineUnavailableError(f"OpenSearch failed ({status}): {reason}")
    raise SearchEngineRequestError(f"OpenSearch refuses the search ({status}): {reason}")
