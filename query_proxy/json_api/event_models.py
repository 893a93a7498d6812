"""Events as shops report them, checked one by one."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from search_core import MalformedRequestError

ShortText = Annotated[str, Field(max_length=100)]
_LARGEST_EVENT_BYTES = 16_384
_MOST_AHEAD = timedelta(hours=1)
"""Clocks of browsers run fast, but not by more."""


def _timed(value: object) -> object:
    """Read milliseconds since 1970 as what they are: pydantic would guess the unit."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value / 1000, UTC)
    return value


def _in_utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EventObject(BaseModel):
    """What the event is about."""

    model_config = ConfigDict(frozen=True, extra="allow", use_attribute_docstrings=True)

    object_id: Annotated[str | int, Field(union_mode="left_to_right")]
    """Id of the product, as it was indexed."""
    object_id_field: ShortText | None = None


class EventPosition(BaseModel):
    """Where on the page it was."""

    model_config = ConfigDict(frozen=True, extra="allow", use_attribute_docstrings=True)

    ordinal: Annotated[int, Field(ge=0)] | None = None
    """The product's place in the result. `{"index": n}`, as the schema writes it, is read too."""

    @classmethod
    def flat(cls, value: object) -> object:
        """Read an ordinal that is an object with an index."""
        if isinstance(value, Mapping) and isinstance(value.get("ordinal"), Mapping):
            return {**value, "ordinal": value["ordinal"].get("index")}
        return value


class EventAttributes(BaseModel):
    """Details of an event; further names may be added freely."""

    model_config = ConfigDict(frozen=True, extra="allow", use_attribute_docstrings=True)

    object: EventObject | None = None
    position: Annotated[EventPosition, BeforeValidator(EventPosition.flat)] | None = None


class BehaviourEvent(BaseModel):
    """What a shopper did, as the UBI schema 1.2 says; further names are kept."""

    model_config = ConfigDict(frozen=True, extra="allow", use_attribute_docstrings=True)

    action_name: Annotated[str, Field(min_length=1, max_length=100)]
    """`impression`, `click`, `add_to_cart`, `purchase`, or a name of the shop's own."""
    query_id: ShortText | None = None
    """Of the search that led to it, as the search's answer tells."""
    client_id: ShortText | None = None
    """Stored as a pseudonym, or not at all."""
    session_id: ShortText | None = None
    """Stored as a pseudonym, or not at all."""
    user_id: ShortText | None = None
    """Stored as a pseudonym, or not at all."""
    application: ShortText | None = None
    timestamp: Annotated[datetime, BeforeValidator(_timed), AfterValidator(_in_utc)] | None = None
    """ISO 8601, or milliseconds since 1970; by default the time of arrival."""
    message_type: ShortText | None = None
    message: Annotated[str, Field(max_length=1024)] | None = None
    user_query: Annotated[str, Field(max_length=10_000)] | None = None
    event_attributes: EventAttributes = EventAttributes()


class RefusedEvent(BaseModel):
    """An event that was not taken."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    place: int
    """In the request, from 0."""
    type: Literal["malformed_request", "too_many_requests"]
    """A stable code, as in the answer to a request that fails as a whole."""
    reason: str


class EventsAnswer(BaseModel):
    """What became of reported events."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    accepted: int
    """Events that will be written."""
    refused: tuple[RefusedEvent, ...]


def read_event(given: object, arrived: datetime, oldest: timedelta) -> BehaviourEvent | str:
    """Read one event.

    Args:
        given: parsed JSON.
        arrived: now.
        oldest: how old an event may be.

    Returns:
        The event with its time, or what is wrong with it.
    """
    if not isinstance(given, dict):
        return "it is no JSON object"
    if len(orjson.dumps(given)) > _LARGEST_EVENT_BYTES:
        return f"it is larger than {_LARGEST_EVENT_BYTES:,} bytes"
    try:
        event = BehaviourEvent.model_validate(given)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
    except (OverflowError, OSError):
        return "timestamp: no time that there is"
    at = event.timestamp or arrived
    if at > arrived + _MOST_AHEAD:
        return f"timestamp: {at.isoformat()} has not come yet"
    if at < arrived - oldest:
        return f"timestamp: {at.isoformat()} is more than {oldest.days} days ago"
    return event.model_copy(update={"timestamp": at})


def parsed_events(body: bytes) -> list[Any]:
    """Parse a list of events, an object with `events`, one event, or one event a line.

    Raises:
        MalformedRequestError: it is none of these.
    """
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        return _parsed_lines(body, error)
    if isinstance(parsed, list):
        return parsed
    if isinstance(parsed, dict):
        events = parsed.get("events", [parsed])
        if isinstance(events, list):
            return events
    raise MalformedRequestError("the body is no list of events", remedy=_REMEDY)


_REMEDY = "send a JSON list of events; docs/events.md shows one"


def _parsed_lines(body: bytes, error: orjson.JSONDecodeError) -> list[Any]:
    lines = [line for line in body.split(b"\n") if line.strip()]
    try:
        if len(lines) > 1:
            return [orjson.loads(line) for line in lines]
    except orjson.JSONDecodeError:
        pass
    raise MalformedRequestError(f"the body is no JSON: {error}", remedy=_REMEDY) from error
