"""Events are read one by one, and what is wrong with one is told."""

from datetime import UTC, datetime, timedelta

import pytest

from query_proxy.json_api.event_models import BehaviourEvent, parsed_events, read_event
from search_core import MalformedRequestError

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
OLDEST = timedelta(days=30)


def read(**given):
    return read_event({"action_name": "click", **given}, NOW, OLDEST)


def test_an_event_without_time_happened_when_it_arrived():
    assert read().timestamp == NOW


@pytest.mark.parametrize(
    "timestamp",
    ["2026-11-26T11:59:00Z", "2026-11-26T12:59:00+01:00", "2026-11-26T11:59:00", 1795694340000],
)
def test_times_are_read_as_iso_or_milliseconds(timestamp):
    assert read(timestamp=timestamp).timestamp == datetime(2026, 11, 26, 11, 59, tzinfo=UTC)


def test_an_ordinal_is_read_as_the_schema_and_as_collectors_write_it():
    for ordinal in (3, {"index": 3}):
        event = read(event_attributes={"position": {"ordinal": ordinal}})
        assert event.event_attributes.position.ordinal == 3


def test_further_names_are_kept():
    event = read(shop_floor=2, event_attributes={"object": {"object_id": 7, "colour": "red"}})
    dumped = event.model_dump(mode="json", exclude_none=True)
    assert dumped["shop_floor"] == 2
    assert dumped["event_attributes"]["object"] == {"object_id": 7, "colour": "red"}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("click", "it is no JSON object"),
        ({}, "action_name: Field required"),
        ({"action_name": ""}, "action_name: "),
        ({"action_name": "click", "query_id": "q" * 101}, "query_id: "),
        ({"action_name": "click", "timestamp": "soon"}, "timestamp: "),
        ({"action_name": "click", "timestamp": 1e300}, "timestamp: "),
        ({"action_name": "click", "timestamp": "2026-11-27T00:00:00Z"}, "timestamp: 2026-11-27"),
        ({"action_name": "click", "timestamp": "2026-01-01T00:00:00Z"}, "timestamp: 2026-01-01"),
        ({"action_name": "click", "event_attributes": {"object": {}}}, "event_attributes.object"),
        (
            {"action_name": "click", "event_attributes": {"position": {"ordinal": -1}}},
            "event_attributes.position.ordinal",
        ),
        ({"action_name": "click", "padding": "x" * 20_000}, "it is larger than"),
    ],
)
def test_what_is_wrong_with_an_event_is_told(given, reason):
    assert read_event(given, NOW, OLDEST).startswith(reason)


@pytest.mark.parametrize(
    "body",
    [
        b'[{"action_name":"a"},{"action_name":"b"}]',
        b'{"events":[{"action_name":"a"},{"action_name":"b"}]}',
        b'{"action_name":"a"}\n{"action_name":"b"}\n',
    ],
)
def test_events_come_as_list_object_or_lines(body):
    assert [each["action_name"] for each in parsed_events(body)] == ["a", "b"]


def test_one_event_alone_is_a_list_of_one():
    assert parsed_events(b'{"action_name":"a"}') == [{"action_name": "a"}]


@pytest.mark.parametrize("body", [b"", b"{", b"7", b'{"events":7}', b'{"a":1}\n{nope\n'])
def test_anything_else_is_refused(body):
    with pytest.raises(MalformedRequestError):
        parsed_events(body)


def test_the_schema_of_events_can_be_told():
    assert BehaviourEvent.model_json_schema()["required"] == ["action_name"]
