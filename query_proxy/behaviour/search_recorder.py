"""Keeps searches that ask for it, as documents of `ubi_queries`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from privacy import IdKind, ShopperPrivacy
from query_proxy.behaviour.behaviour_writer import BehaviourWriter
from query_proxy.behaviour.ubi_request import UbiRequest, read_ubi
from search_engine import BehaviourRecord, RecordKind

Body = dict[str, Any]


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


class SearchRecorder:
    """Turns searches into records, with the shopper's privacy kept, and queues them."""

    def __init__(
        self,
        writer: BehaviourWriter | None,
        privacy: ShopperPrivacy,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """Keep what is needed.

        Args:
            writer: takes the records; `None`: searches are not kept.
            privacy: what of a shopper may be kept.
            clock: the time of a search.
        """
        self._writer = writer
        self._privacy = privacy
        self._clock = clock

    def asked_by(self, body: Mapping[str, Any]) -> UbiRequest | None:
        """Return what a search's body asks to be kept; `None`: nothing is.

        Raises:
            MalformedRequestError: a mistake in `ext.ubi`.
        """
        return None if self._writer is None else read_ubi(body)

    def record(
        self, ubi: UbiRequest, indices: Sequence[str], text: str, hit_ids: Sequence[str]
    ) -> Body | None:
        """Queue a search, and return the answer's `ext.ubi`; `None`: searches are not kept.

        Args:
            ubi: what the caller says of it.
            indices: that were searched, as the caller names them.
            text: the words that were searched for.
            hit_ids: what the page shows, in its order.
        """
        if self._writer is None:
            return None
        query_id = ubi.query_id or str(uuid4())
        typed = text if ubi.user_query is None else ubi.user_query
        body = {
            "timestamp": self._clock().isoformat(timespec="milliseconds"),
            "application": ubi.application,
            "query_id": query_id,
            "query_response_id": str(uuid4()),
            "query_response_hit_ids": list(hit_ids),
            "user_query": self._privacy.text(typed) or None,
            "client_id": self._privacy.id(ubi.client_id, IdKind.CLIENT),
            "object_id_field": ubi.object_id_field,
            "query_attributes": self._privacy.attributes(ubi.query_attributes),
            "indexes": list(indices),
        }
        kept = {name: value for name, value in body.items() if value is not None}
        record_id = str(kept["query_response_id"])
        self._writer.offer(BehaviourRecord(kind=RecordKind.QUERY, record_id=record_id, body=kept))
        return {"query_id": query_id}

    def answered(self, ubi: UbiRequest, indices: Sequence[str], text: str, answer: Body) -> Body:
        """Queue a search that was answered in OpenSearch's shape, and say so in the answer.

        Args:
            ubi: what the caller says of it.
            indices: that were searched.
            text: the words that were searched for; empty where they are not known.
            answer: OpenSearch's, or in its shape.
        """
        hits = answer.get("hits", {}).get("hits", ())
        told = self.record(ubi, indices, text, _object_ids(hits, ubi.object_id_field))
        if told is None:
            return answer
        return {**answer, "ext": {**answer.get("ext", {}), "ubi": told}}


def _object_ids(hits: Sequence[Mapping[str, Any]], field: str | None) -> list[str]:
    """Return the ids of hits: the field's value, else the document's id."""
    ids = []
    for hit in hits:
        value = None if field in (None, "_id") else hit.get("_source", {}).get(field)
        ids.append(str(hit.get("_id", "")) if value is None else str(value))
    return ids
