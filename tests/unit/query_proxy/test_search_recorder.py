"""Which searches are kept, and what of them."""

from datetime import UTC, datetime

import pytest

from privacy import ShopperPrivacy
from query_proxy.behaviour.search_recorder import SearchRecorder
from query_proxy.behaviour.ubi_request import UbiRequest, read_ubi, without_ubi
from search_core import MalformedRequestError
from search_core.settings import PrivacySettings

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


class Writer:
    def __init__(self):
        self.records = []

    def offer(self, record):
        self.records.append(record)
        return True


@pytest.fixture
def writer():
    return Writer()


@pytest.fixture
def recorder(writer):
    return SearchRecorder(writer, ShopperPrivacy(PrivacySettings()), lambda: NOW)


def test_hits_are_named_by_the_field_that_is_asked_for(recorder, writer):
    hits = [{"_id": "1", "_source": {"ean": 42}}, {"_id": "2", "_source": {}}, {"_id": "3"}]
    recorder.answered(UbiRequest(object_id_field="ean"), ["i"], "x", {"hits": {"hits": hits}})
    assert writer.records[0].body["query_response_hit_ids"] == ["42", "2", "3"]


def test_words_that_are_not_known_are_left_out(recorder, writer):
    recorder.record(UbiRequest(query_id="q"), ["i"], "", [])
    assert "user_query" not in writer.records[0].body
    assert writer.records[0].body["timestamp"] == "2026-11-26T12:00:00.000+00:00"


def test_an_id_is_made_where_none_is_given(recorder):
    told = [recorder.record(UbiRequest(), ["i"], "x", [])["query_id"] for _ in range(2)]
    assert len(set(told)) == 2


def test_what_else_stands_in_ext_stays(recorder):
    answer = {"hits": {"hits": []}, "ext": {"shopkeeper": {"text": "x"}}}
    told = recorder.answered(UbiRequest(query_id="q"), ["i"], "x", answer)
    assert told["ext"] == {"shopkeeper": {"text": "x"}, "ubi": {"query_id": "q"}}


def test_switched_off_nothing_is_read_or_told(writer):
    recorder = SearchRecorder(None, ShopperPrivacy(PrivacySettings()))
    assert recorder.asked_by({"ext": {"ubi": {"query_id": 7}}}) is None
    assert recorder.answered(UbiRequest(), ["i"], "x", {"hits": {}}) == {"hits": {}}


@pytest.mark.parametrize("body", [{}, {"ext": None}, {"ext": {"shopkeeper": {}}}])
def test_a_search_without_ext_ubi_is_not_kept(body):
    assert read_ubi(body) is None


@pytest.mark.parametrize("ubi", [None, 7, {"query_id": 7}, {"client_id": "x" * 101}])
def test_a_mistake_is_told_with_its_place(ubi):
    with pytest.raises(MalformedRequestError, match=r"ext\.ubi"):
        read_ubi({"ext": {"ubi": ubi}})


def test_ext_goes_with_its_last_part():
    assert without_ubi({"q": 1, "ext": {"ubi": {}}}) == {"q": 1}
    assert without_ubi({"ext": {"ubi": {}, "other": 1}}) == {"ext": {"other": 1}}
