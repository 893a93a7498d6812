import gzip
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.click_log import ShownProduct
from evaluation.ubi_events import read_click_log
from search_core import EventLogError


def ubi_query(query_id, text, **more):
    return {"query_id": query_id, "user_query": text, **more}


def ubi_event(action, query_id, product_id, ordinal, **more):
    return {
        "action_name": action,
        "query_id": query_id,
        "event_attributes": {
            "object": {"object_id": product_id},
            "position": {"ordinal": ordinal},
        },
        **more,
    }


def written(tmp_path: Path, *documents: object, name: str = "events.ndjson") -> Path:
    path = tmp_path / name
    text = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in documents)
    opener = gzip.open if name.endswith(".gz") else open
    with opener(path, "wt", encoding="utf-8") as file:
        file.write(text)
    return path


def test_impressions_and_clicks_of_a_search_come_together_whatever_their_order(tmp_path):
    path = written(
        tmp_path,
        ubi_event("click", "q1", "b", 2, session_id="s1"),
        ubi_event("impression", "q1", "a", 1),
        {"index": {"_index": "ubi_queries"}},
        ubi_query("q1", "Red  Dress"),
        ubi_event("impression", "q1", "b", 2),
    )
    (search,) = read_click_log([path]).searches
    assert (search.query, search.session) == ("red dress", "s1")
    assert search.shown == (
        ShownProduct(product_id="a", rank=1, clicked=False),
        ShownProduct(product_id="b", rank=2, clicked=True),
    )


def test_positions_counted_from_zero_become_ranks_from_one(tmp_path):
    path = written(
        tmp_path,
        ubi_query("q1", "tea", application="zero"),
        ubi_event("impression", "q1", "a", 0, application="zero"),
        ubi_query("q2", "tea", application="zero"),
        ubi_event("impression", "q2", "b", 1, application="zero"),
        ubi_query("q3", "tea", application="one"),
        ubi_event("impression", "q3", "c", 1, application="one"),
    )
    ranks = {
        each.shown[0].product_id: each.shown[0].rank for each in read_click_log([path]).searches
    }
    assert ranks == {"a": 1, "b": 2, "c": 1}


def test_without_impressions_the_response_hit_ids_say_what_was_shown(tmp_path):
    path = written(
        tmp_path,
        ubi_query("q1", "tea", query_response_hit_ids=["a", 17, "c"]),
        ubi_event("click", "q1", "17", None),
    )
    (search,) = read_click_log([path]).searches
    assert [(each.product_id, each.rank, each.clicked) for each in search.shown] == [
        ("a", 1, False), ("17", 2, True), ("c", 3, False),
    ]  # fmt: skip


def test_a_search_without_a_session_is_a_session_of_its_own(tmp_path):
    path = written(tmp_path, ubi_query("q1", "tea", query_response_hit_ids=["a"]))
    assert read_click_log([path]).searches[0].session == "q1"


def test_several_files_and_gzip_are_read_as_one_log(tmp_path):
    queries = written(tmp_path, ubi_query("q1", "tea"), name="queries.ndjson")
    events = written(tmp_path, ubi_event("impression", "q1", "a", 1), name="events.ndjson.gz")
    assert len(read_click_log([queries, events]).searches) == 1


def test_what_cannot_be_used_is_counted_by_reason(tmp_path):
    path = written(
        tmp_path,
        "{broken",
        "[1]",
        {"action_name": "click"},
        ubi_event("impression", "q1", "", 1),
        ubi_event("impression", "q1", "a", "third"),
        ubi_event("impression", "q1", "a", 1),
        ubi_event("impression", "q2", "a", 1, user_query="tea"),
        ubi_query("q3", "unseen"),
    )
    assert dict(read_click_log([path]).unusable) == {
        "clicks and impressions without object_id": 1,
        "impressions without position.ordinal": 1,
        "lines that are not JSON": 1,
        "lines that are not JSON objects": 1,
        "lines without query_id": 1,
        "searches without a query text": 1,
        "searches without a shown product": 1,
    }


def test_a_log_that_shows_no_product_is_refused_with_the_reason(tmp_path):
    path = written(tmp_path, ubi_query("q1", "tea"))
    with pytest.raises(EventLogError, match="1 searches without a shown product") as refused:
        read_click_log([path])
    assert "ubi_events" in refused.value.remedy


def test_a_damaged_gzip_file_is_named(tmp_path):
    path = tmp_path / "events.ndjson.gz"
    path.write_bytes(gzip.compress(b'{"query_id": "q1"}\n' * 1000)[:40])
    with pytest.raises(EventLogError, match=r"events\.ndjson\.gz cannot be read"):
        read_click_log([path])


def test_an_action_that_is_no_text_is_no_click(tmp_path):
    path = written(
        tmp_path,
        ubi_query("q1", "tea", query_response_hit_ids=["a"]),
        ubi_event(["click"], "q1", "a", 1),
        "[" * 100_000,
    )
    log = read_click_log([path])
    assert not log.searches[0].shown[0].clicked
    assert log.unusable == {"lines that are not JSON": 1}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["query_id", "user_query", "action_name", "event_attributes", "object",
                         "object_id", "position", "ordinal", "query_response_hit_ids"]),
        inner, max_size=6),
    max_leaves=12,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(noise=st.lists(st.text(max_size=20) | JSON_VALUES.map(json.dumps), max_size=8))
def test_no_line_whatever_breaks_the_reading_of_the_valid_ones(tmp_path, noise):
    path = tmp_path / "events.ndjson"
    good = json.dumps(ubi_query("good", "tea", query_response_hit_ids=["a", "b"]))
    lines = [line.replace("\n", " ").replace("\r", " ") for line in noise]
    path.write_text("\n".join([*lines, good]), encoding="utf-8", errors="replace")
    assert any(
        each.query == "tea" and [one.product_id for one in each.shown] == ["a", "b"]
        for each in read_click_log([path]).searches
    )
