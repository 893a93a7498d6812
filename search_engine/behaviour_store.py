"""Searches and events of shoppers in the two indices of OpenSearch's User Behavior Insights."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from opensearchpy import AsyncOpenSearch
from opensearchpy import exceptions as foreign

from search_core import SearchEngineRequestError
from search_engine.behaviour_bodies import events_index_body, queries_index_body
from search_engine.connection import error_reason, translated_errors

_TOO_MANY_REQUESTS = 429
_NOT_FOUND = 404
_SERVER_ERROR = 500
_CREATED = (200, 201, 409)
"""409: an earlier attempt whose answer was lost has written it already."""


class RecordKind(StrEnum):
    """What is kept of shoppers."""

    QUERY = "query"
    EVENT = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourRecord:
    """One document on its way to its index."""

    kind: RecordKind
    record_id: str
    """Given once, so that a repeated attempt writes nothing twice."""
    body: dict[str, Any]


class RecordFate(StrEnum):
    """What became of a record in one attempt."""

    WRITTEN = "written"
    REFUSED = "refused"
    """For good: it does not fit the index."""
    BUSY = "busy"
    """To be tried again."""


class BehaviourStore:
    """Writes records. One instance an event loop."""

    def __init__(
        self, client: AsyncOpenSearch, queries_index: str, events_index: str, replicas: int
    ) -> None:
        self._client = client
        self._indices = {RecordKind.QUERY: queries_index, RecordKind.EVENT: events_index}
        self._replicas = replicas
        self._made = False

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def write(self, records: Sequence[BehaviourRecord]) -> tuple[RecordFate, ...]:
        """Write records in one bulk request; the indices are made where they are missing.

        Returns:
            What became of each, in their order.

        Raises:
            SearchEngineError: nothing is known to be written.
        """
        if not self._made:
            await self._make_indices()
        lines: list[dict[str, Any]] = []
        for each in records:
            lines += [{"create": {"_index": self._indices[each.kind], "_id": each.record_id}}]
            lines += [each.body]
        with translated_errors():
            answer = await self._client.bulk(body=lines)
        items = [item["create"] for item in answer["items"]]
        if any(item["status"] == _NOT_FOUND for item in items):
            self._made = False  # somebody has deleted an index: it is made anew
        return tuple(map(_fate, items))

    async def _make_indices(self) -> None:
        bodies = {
            RecordKind.QUERY: queries_index_body(self._replicas),
            RecordKind.EVENT: events_index_body(self._replicas),
        }
        for kind, body in bodies.items():
            with translated_errors():
                if await self._client.indices.exists(index=self._indices[kind]):
                    continue
                try:
                    await self._client.indices.create(index=self._indices[kind], body=body)
                except foreign.RequestError as error:
                    # Another worker was faster.
                    if error.error != "resource_already_exists_exception":
                        raise SearchEngineRequestError(
                            f"OpenSearch does not make the index {self._indices[kind]}: "
                            f"{error_reason(error.info)}"
                        ) from error
        self._made = True


def _fate(item: dict[str, Any]) -> RecordFate:
    status = item["status"]
    if status in _CREATED:
        return RecordFate.WRITTEN
    if status in (_TOO_MANY_REQUESTS, _NOT_FOUND) or status >= _SERVER_ERROR:
        return RecordFate.BUSY
    return RecordFate.REFUSED
