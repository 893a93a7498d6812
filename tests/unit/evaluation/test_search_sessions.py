import json

import pytest

from evaluation import SessionSearch, read_search_sessions
from search_core import EventLogError


def written(tmp_path, *documents):
    path = tmp_path / "ubi.ndjson"
    path.write_text("\n".join(map(json.dumps, documents)) + "\nno json\n")
    return [path]


def search(query_id, text, minute, shopper="ann"):
    return {
        "query_id": query_id,
        "user_query": text,
        "client_id": shopper,
        "timestamp": f"2026-01-01T00:{minute:02}:00Z",
    }


def click(query_id):
    return {"query_id": query_id, "action_name": "click", "client_id": "ann"}


def test_searches_come_in_the_order_in_which_they_were_made_whether_they_found_anything(tmp_path):
    paths = written(tmp_path, click("2"), search("2", "Red  Sofa", 2), search("1", "red couch", 1))
    assert read_search_sessions(paths) == (
        SessionSearch(session="ann#1", query="red couch", clicked=False),
        SessionSearch(session="ann#1", query="red sofa", clicked=True),
    )


def test_a_pause_begins_another_session(tmp_path):
    paths = written(tmp_path, search("1", "couch", 1), search("2", "sofa", 30))
    assert [each.session for each in read_search_sessions(paths)] == ["ann#1", "ann#2"]


def test_shoppers_have_sessions_of_their_own(tmp_path):
    paths = written(tmp_path, search("1", "couch", 1), search("2", "sofa", 2, shopper="bob"))
    assert [each.session for each in read_search_sessions(paths)] == ["ann#1", "bob#1"]


def test_milliseconds_are_times_too(tmp_path):
    first = {**search("1", "couch", 0), "timestamp": 2_000}
    second = {**search("2", "sofa", 0), "timestamp": 1_000}
    assert [each.query for each in read_search_sessions(written(tmp_path, first, second))] == [
        "sofa",
        "couch",
    ]


def test_a_log_without_searches_is_refused(tmp_path):
    with pytest.raises(EventLogError, match="no search has a text"):
        read_search_sessions(written(tmp_path, click("1")))
