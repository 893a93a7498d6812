"""`POST /shop/events`: what shoppers did, checked, made private, and queued."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request, Response

from privacy import IdKind, ShopperPrivacy
from query_proxy.behaviour.behaviour_writer import BehaviourWriter
from query_proxy.behaviour.search_recorder import now
from query_proxy.json_api.event_models import (
    BehaviourEvent,
    EventsAnswer,
    RefusedEvent,
    parsed_events,
    read_event,
)
from query_proxy.json_api.shop_models import ShopError
from query_proxy.json_api.shop_routes import needs
from query_proxy.route_services import service
from search_core import ForbiddenError, LimitError, TooManyRequestsError
from search_core.settings import EventSettings, Role
from search_engine import BehaviourRecord, RecordKind

EVENTS_PATH = "/shop/events"
_ACCEPTED = 202
_IDS = {"client_id": IdKind.CLIENT, "session_id": IdKind.SESSION, "user_id": IdKind.USER}
_TEXTS = ("user_query", "message")


class EventIntake:
    """Checks events and queues them."""

    def __init__(
        self,
        writer: BehaviourWriter | None,
        privacy: ShopperPrivacy,
        settings: EventSettings,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """Keep what is needed.

        Args:
            writer: takes the records; `None`: events are not kept.
            privacy: what of a shopper may be kept.
            settings: limits.
            clock: when an event arrives.
        """
        self._writer = writer
        self._privacy = privacy
        self._settings = settings
        self._clock = clock

    async def take(self, body: bytes) -> EventsAnswer:
        """Queue the events of a request that can be read.

        Raises:
            ForbiddenError: events are switched off.
            MalformedRequestError: the body is no list of events.
            LimitError: there are too many of them.
            TooManyRequestsError: the queue has no room for any of them.
        """
        if self._writer is None:
            raise ForbiddenError("events are not kept here", remedy="events.enabled switches it on")
        given = parsed_events(body)
        if len(given) > self._settings.max_events:
            raise LimitError(
                f"{len(given)} events in one request are too many",
                remedy="send fewer at once, or raise events.max_events",
            )
        # Masking texts takes time: not in the event loop.
        records = await asyncio.to_thread(self._records, given)
        refused: list[RefusedEvent] = []
        for place, record in enumerate(records):
            if isinstance(record, str):
                refused.append(RefusedEvent(place=place, type="malformed_request", reason=record))
            elif not self._writer.offer(record):
                reason = "too many events wait to be written; try again in a second"
                refused.append(RefusedEvent(place=place, type="too_many_requests", reason=reason))
        full = [each for each in refused if each.type == "too_many_requests"]
        if full and len(full) == len(given):
            raise TooManyRequestsError(full[0].reason, remedy="OpenSearch may be overloaded")
        return EventsAnswer(accepted=len(given) - len(refused), refused=tuple(refused))

    def _records(self, given: list[Any]) -> list[BehaviourRecord | str]:
        arrived, oldest = self._clock(), timedelta(days=self._settings.max_age_days)
        events = (read_event(each, arrived, oldest) for each in given)
        return [each if isinstance(each, str) else self._record(each) for each in events]

    def _record(self, event: BehaviourEvent) -> BehaviourRecord:
        given = event.model_dump(mode="json", exclude_none=True)
        body: dict[str, Any] = {}
        for name, value in given.items():
            if name in _IDS:
                body[name] = self._privacy.id(value, _IDS[name])
            elif name in _TEXTS:
                body[name] = self._privacy.text(value)
            elif name in BehaviourEvent.model_fields and name != "event_attributes":
                body[name] = value
            else:
                body |= self._privacy.attributes({name: value})
        return BehaviourRecord(
            kind=RecordKind.EVENT,
            record_id=str(uuid4()),
            body={name: value for name, value in body.items() if value is not None},
        )


def _request_body() -> dict[str, Any]:
    """Return what the OpenAPI document says of the body, which is read event by event."""
    schema = BehaviourEvent.model_json_schema()
    event = _inlined(schema, schema.get("$defs", {}))
    content = {"application/json": {"schema": {"type": "array", "items": event}}}
    return {"requestBody": {"required": True, "content": content}}


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Return a schema with its definitions in their places: the document has no room for them."""
    if isinstance(schema, list):
        return [_inlined(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {name: _inlined(each, definitions) for name, each in schema.items() if name != "$defs"}


EVENT_ROUTER = APIRouter(dependencies=[needs(Role.EVENTS)])
"""What shoppers did; an `EventIntake` answers."""


@EVENT_ROUTER.post(
    EVENTS_PATH,
    summary="Report what shoppers did",
    status_code=_ACCEPTED,
    response_model=EventsAnswer,
    responses={
        400: {"model": ShopError, "description": "No list of events, or too many."},
        401: {"model": ShopError, "description": "No valid key or password."},
        403: {"model": ShopError, "description": "No role for it, or events are switched off."},
        413: {"model": ShopError, "description": "The body is too large."},
        429: {"model": ShopError, "description": "No room; `Retry-After` says when again."},
    },
    openapi_extra=_request_body(),
)
async def report(request: Request) -> Response:
    """Take what can be read, and name what cannot by its place."""
    answer = await service(request, EventIntake).take(await request.body())
    return Response(answer.model_dump_json(), status_code=_ACCEPTED, media_type="application/json")
