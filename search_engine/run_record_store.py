"""A small record beside an alias's generations, which only one process at a time can change.

It lives in the hidden index `<alias>-runs`, so that whoever may write the generations may write it
too. OpenSearch compares the record's version on every write (optimistic concurrency), which makes
it a lock that works across machines.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy import exceptions as foreign

from search_engine.connection import translated_errors

_ID = "run"
_ALREADY_THERE = "resource_already_exists_exception"


class RecordConflictError(Exception):
    """Another process has changed the record since it was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVersion:
    """Tells one state of the record from every other."""

    seq_no: int
    primary_term: int


class RunRecordStore:
    """Reads and writes the record of one alias."""

    def __init__(self, client: OpenSearch, alias: str) -> None:
        self._client = client
        self._index = f"{alias}-runs"

    @property
    def index(self) -> str:
        """The hidden index that holds the record."""
        return self._index

    def read(self) -> tuple[Mapping[str, Any], RecordVersion] | None:
        """Return the record and its version, or `None` when there is none.

        Raises:
            SearchEngineError: OpenSearch does not answer as it should.
        """
        with translated_errors():
            try:
                answer = self._client.get(index=self._index, id=_ID)
            except foreign.NotFoundError:
                return None
        return answer["_source"], _version(answer)

    def write(self, record: Mapping[str, Any], version: RecordVersion | None) -> RecordVersion:
        """Replace the record if it still has the version that was read.

        Args:
            record: anything that JSON can hold.
            version: of the record that is replaced; `None`: there was none.

        Raises:
            RecordConflictError: it has another version by now.
            SearchEngineError: OpenSearch does not answer as it should.
        """
        condition: dict[str, Any] = (
            {"op_type": "create"}
            if version is None
            else {"if_seq_no": version.seq_no, "if_primary_term": version.primary_term}
        )
        with translated_errors():
            if version is None:
                self._make_index()
            try:
                answer = self._client.index(
                    index=self._index, id=_ID, body=dict(record), params=condition
                )
            except foreign.ConflictError as error:
                raise RecordConflictError(f"{self._index} was changed") from error
        return _version(answer)

    def delete(self) -> None:
        """Delete the record and what holds it.

        Raises:
            SearchEngineError: OpenSearch does not answer as it should.
        """
        with translated_errors():
            self._client.indices.delete(index=self._index, params={"ignore_unavailable": "true"})

    def _make_index(self) -> None:
        body = {
            "settings": {
                "index": {
                    "number_of_shards": 1,
                    "auto_expand_replicas": "0-1",
                    "hidden": True,
                }
            },
            "mappings": {"enabled": False},
        }
        try:
            self._client.indices.create(index=self._index, body=body)
        except foreign.RequestError as error:
            if error.error != _ALREADY_THERE:
                raise


def _version(answer: Mapping[str, Any]) -> RecordVersion:
    return RecordVersion(seq_no=answer["_seq_no"], primary_term=answer["_primary_term"])
