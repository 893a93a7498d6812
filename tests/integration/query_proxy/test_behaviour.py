"""Searches and events are kept as User Behavior Insights does, without giving shoppers away."""

import json
import re
import socket
import socketserver
import threading
from contextlib import contextmanager, suppress
from time import monotonic, sleep

import pytest
import requests
from click.testing import CliRunner

from evaluation import read_click_log
from search_core import ConfigurationError
from search_core.settings import EventSettings, PrivacySettings, SearchEngineSettings
from search_engine import connect
from shopkeeper.commands.judgments_from_events import judgments_from_events
from shopkeeper.commands.privacy import privacy

KEYS = {"k1": "0123456789abcdef0123456789abcdef"}
PSEUDONYM = re.compile(r"p\.k1\.[\w-]{22}")
TEXT = {"query": {"match": {"title": "novaphone case"}}}


@pytest.fixture
def client(opensearch_url):
    client = connect(SearchEngineSettings(url=opensearch_url))
    yield client
    client.close()


@pytest.fixture
def events(unique_index_name):
    return EventSettings(
        queries_index=f"{unique_index_name}-ubi-queries",
        events_index=f"{unique_index_name}-ubi-events",
        replicas=0,
        flush_seconds=0.05,
    )


@pytest.fixture
def serve(start_proxy, index, events):
    @contextmanager
    def serving(keys=KEYS, **options):
        sections = {
            "events": options.pop("events", events),
            "privacy": PrivacySettings(pseudonym_keys=keys),
        }
        with start_proxy(indices=(index,), sections=sections, **options) as url:
            yield url

    return serving


def kept(client, index):
    """Return what is kept, in the order of time. The proxy has ended, so that all is written."""
    if not client.indices.exists(index=index):
        return []
    client.indices.refresh(index=index)
    hits = client.search(index=index, body={"size": 1000, "sort": ["timestamp"]})["hits"]["hits"]
    return [hit["_source"] for hit in hits]


def post(url, path, body):
    return requests.post(f"{url}{path}", json=body, timeout=30)


def test_a_search_that_asks_for_it_is_kept_with_its_hits(serve, index, events, client):
    ubi = {"query_id": "q-1", "client_id": "anna", "user_query": "novaphone case a@b.example"}
    with serve() as url:
        answer = post(url, f"/{index}/_search", {**TEXT, "size": 3, "ext": {"ubi": ubi}})
    assert answer.headers["x-shopkeeper-search"] == "hybrid"
    assert answer.json()["ext"]["ubi"] == {"query_id": "q-1"}
    [record] = kept(client, events.queries_index)
    assert record["query_response_hit_ids"] == [h["_id"] for h in answer.json()["hits"]["hits"]]
    assert record["user_query"] == "novaphone case [email]"
    assert record["indexes"] == [index]
    assert PSEUDONYM.fullmatch(record["client_id"])


def test_a_search_that_does_not_ask_for_it_is_not_kept(serve, index, events, client):
    with serve() as url:
        answer = post(url, f"/{index}/_search", TEXT)
    assert "ext" not in answer.json()
    assert kept(client, events.queries_index) == []


def test_a_search_that_passes_through_is_kept_too(serve, index, events, client):
    ubi = {"user_query": "cheap cases", "object_id_field": "brand"}
    body = {**TEXT, "sort": ["id"], "size": 2, "ext": {"ubi": ubi, "shopkeeper": {"window": 50}}}
    with serve() as url:
        answer = post(url, f"/{index}/_search", body)
    assert answer.headers["x-shopkeeper-search"] == "passed-through"
    [record] = kept(client, events.queries_index)
    assert record["query_id"] == answer.json()["ext"]["ubi"]["query_id"]
    assert record["user_query"] == "cheap cases"
    assert record["query_response_hit_ids"] == ["Slipon", "Hidewell"]  # black, blue


@pytest.mark.parametrize(
    ("more", "take_over", "how"),
    [
        ({}, True, "hybrid"),
        ({"sort": ["id"]}, True, "passed-through"),
        ({"ext": {"shopkeeper": {}}, "sort": ["id"]}, True, "passed-through"),
        ({}, False, None),
    ],
)
def test_a_search_in_the_address_is_kept_too(serve, index, events, client, more, take_over, how):
    ext = {**more.get("ext", {}), "ubi": {"query_id": "q-1"}}
    body = {**TEXT, **more, "ext": ext, "size": 2}
    parameters = {"source": json.dumps(body), "source_content_type": "application/json"}
    with serve(take_over=take_over) as url:
        answer = requests.get(
            f"{url}/{index}/_search", params={**parameters, "pretty": "true"}, timeout=30
        )
    assert answer.status_code == 200, answer.text
    assert answer.headers.get("x-shopkeeper-search") == how
    assert answer.json()["ext"]["ubi"] == {"query_id": "q-1"}
    [record] = kept(client, events.queries_index)
    assert record["query_response_hit_ids"] == [h["_id"] for h in answer.json()["hits"]["hits"]]


def test_overrides_in_the_address_pass_through_as_a_search_without_them(serve, index):
    body = {**TEXT, "sort": ["id"], "size": 1, "ext": {"shopkeeper": {"window": 50}}}
    parameters = {"source": json.dumps(body), "source_content_type": "application/json"}
    with serve() as url:
        answer = requests.get(f"{url}/{index}/_search", params=parameters, timeout=30)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["hits"]["hits"]) == 1


def test_each_search_of_a_multi_search_is_kept_for_itself(serve, index, events, client):
    lines = [
        {"index": index}, {**TEXT, "ext": {"ubi": {"query_id": "hybrid"}}},
        {"index": index}, {**TEXT, "sort": ["id"], "ext": {"ubi": {"query_id": "sorted"}}},
        {"index": index}, TEXT,
    ]  # fmt: skip
    with serve() as url:
        answer = requests.post(
            f"{url}/_msearch",
            data="".join(json.dumps(line) + "\n" for line in lines),
            headers={"content-type": "application/x-ndjson"},
            timeout=30,
        ).json()
    told = [each.get("ext", {}).get("ubi") for each in answer["responses"]]
    assert told == [{"query_id": "hybrid"}, {"query_id": "sorted"}, None]
    records = {each["query_id"]: each for each in kept(client, events.queries_index)}
    assert set(records) == {"hybrid", "sorted"}
    assert all(each["query_response_hit_ids"] for each in records.values())


def test_the_json_api_keeps_searches_by_address_and_by_body(serve, index, events, client):
    with serve() as url:
        by_address = requests.get(
            f"{url}/shop/search", params={"q": "usb cable", "client_id": "anna"}, timeout=30
        ).json()
        ubi = {"query_id": "q-2", "query_attributes": {"experiment": "b"}}
        by_body = post(url, "/shop/search", {"q": "case", "ext": {"ubi": ubi}}).json()
        unkept = post(url, "/shop/search", {"q": "case"}).json()
    assert by_body["ext"] == {"ubi": {"query_id": "q-2"}}
    assert unkept["ext"] is None
    first, second = kept(client, events.queries_index)
    assert first["query_id"] == by_address["ext"]["ubi"]["query_id"]
    assert first["query_response_hit_ids"] == [hit["id"] for hit in by_address["hits"]]
    assert second["query_attributes"] == {"experiment": "b"}


def test_without_a_key_no_id_of_a_shopper_is_kept(serve, index, events, client):
    event = {"action_name": "click", "query_id": "q", "client_id": "anna", "session_id": "s"}
    with serve(keys={}) as url:
        requests.get(f"{url}/shop/search", params={"q": "x", "client_id": "anna"}, timeout=30)
        post(url, "/shop/events", [event])
    [query], [event] = kept(client, events.queries_index), kept(client, events.events_index)
    assert "client_id" not in query
    assert not {"client_id", "session_id"} & event.keys()
    assert "anna" not in json.dumps([query, event])


def test_good_events_are_taken_and_bad_ones_told_by_their_place(serve, events, client):
    good = {
        "action_name": "add_to_cart", "query_id": "q-1", "session_id": "s", "user_id": "7",
        "message": "call +49 30 901820",
        "event_attributes": {"object": {"object_id": "case-10-red"}, "position": {"ordinal": 2}},
    }  # fmt: skip
    with serve() as url:
        answer = post(url, "/shop/events", [good, {"query_id": "q-1"}, "nonsense"])
    assert answer.status_code == 202
    assert answer.json()["accepted"] == 1
    assert [each["place"] for each in answer.json()["refused"]] == [1, 2]
    [event] = kept(client, events.events_index)
    assert event["message"] == "call [phone]"
    assert event["event_attributes"]["object"]["object_id"] == "case-10-red"
    assert PSEUDONYM.fullmatch(event["user_id"])
    assert PSEUDONYM.fullmatch(event["session_id"])
    assert event["user_id"] != event["session_id"]


def test_made_indices_have_the_fields_of_the_schema(serve, events, client):
    with serve() as url:
        post(url, "/shop/events", [{"action_name": "click"}])
    mapping = client.indices.get_mapping(index=events.events_index)
    properties = mapping[events.events_index]["mappings"]["properties"]
    position = properties["event_attributes"]["properties"]["position"]["properties"]
    assert (properties["timestamp"]["type"], position["ordinal"]["type"]) == ("date", "integer")
    queries = client.indices.get_mapping(index=events.queries_index)
    assert queries[events.queries_index]["mappings"]["properties"]["user_query"]["type"] == "text"


def test_an_attribute_of_any_name_and_type_does_not_lose_the_event(serve, events, client):
    odd = [
        {"action_name": "x", "event_attributes": {"thing": 1}},
        {"action_name": "x", "event_attributes": {"thing": {"deep": "er"}}},
        {"action_name": "x", "thing": ["a"]},
    ]
    with serve() as url:
        assert post(url, "/shop/events", odd).json()["accepted"] == 3
    assert len(kept(client, events.events_index)) == 3


def test_an_index_that_was_deleted_meanwhile_is_made_again(serve, events, client):
    with serve() as url:
        post(url, "/shop/events", [{"action_name": "click", "query_id": "1"}])
        _wait_for(lambda: client.indices.exists(index=events.events_index))
        _wait_for(lambda: kept(client, events.events_index))
        client.indices.delete(index=events.events_index)
        post(url, "/shop/events", [{"action_name": "click", "query_id": "2"}])
    assert [each["query_id"] for each in kept(client, events.events_index)] == ["2"]


def test_grades_can_be_learned_from_what_is_kept(serve, index, events, client, tmp_path):
    """Searches and clicks of 12 sessions come back as judgments."""
    with serve() as url:
        for session in range(12):
            found = post(
                url, "/shop/search", {"q": "novaphone case", "size": 5, "client_id": f"c{session}"}
            ).json()
            clicked = found["hits"][session % 2]
            event = {
                "action_name": "click",
                "query_id": found["ext"]["ubi"]["query_id"],
                "session_id": f"s{session}",
                "event_attributes": {
                    "object": {"object_id": clicked["id"]},
                    "position": {"ordinal": clicked["rank"]},
                },
            }
            assert post(url, "/shop/events", [event]).status_code == 202
    exported = tmp_path / "ubi.ndjson"
    records = kept(client, events.queries_index) + kept(client, events.events_index)
    exported.write_text("".join(json.dumps(each) + "\n" for each in records), encoding="utf-8")
    log = read_click_log([exported])
    assert len(log.searches) == 12
    assert log.unusable == {}
    assert len({each.session for each in log.searches}) == 12
    output = tmp_path / "clicks.jsonl"
    ran = CliRunner().invoke(judgments_from_events, [str(exported), "--output", str(output)])
    assert ran.exit_code == 0, ran.output
    graded = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert len(graded) >= 5
    assert {each["query"] for each in graded} == {"novaphone case"}


def test_what_becomes_of_records_is_counted(serve, index):
    with serve() as url:
        post(url, "/shop/events", [{"action_name": "click"}])
        post(url, "/shop/search", {"q": "x", "query_id": "q"})

        def told():
            return requests.get(f"{url}/shop/metrics", timeout=30).text

        for kind in ("event", "query"):
            line = f'behaviour_records_total{{kind="{kind}",outcome="written"}} 1.0'
            _wait_for(lambda line=line: line in told())


def test_events_need_their_role(start_proxy, index):
    callers = {
        "page": {"key": "page-key-0123456789", "roles": ("search",)},
        "shop": {"key": "shop-key-0123456789", "roles": ("events",)},
    }
    with start_proxy(indices=(index,), callers=callers, sections=_off()) as url:
        answers = [
            requests.post(f"{url}/shop/events", json=[], headers={"x-api-key": key}, timeout=30)
            for key in ("page-key-0123456789", "shop-key-0123456789")
        ]
    assert [each.status_code for each in answers] == [403, 403]
    assert "role" in answers[0].json()["error"]["reason"]
    assert "events are not kept here" in answers[1].json()["error"]["reason"]


def test_switched_off_ext_ubi_is_left_to_open_search(start_proxy, index):
    with start_proxy(indices=(index,), sections=_off()) as url:
        answer = post(url, f"/{index}/_search", {**TEXT, "sort": ["id"], "ext": {"ubi": {}}})
    assert answer.status_code == 400  # this node has no plugin that knows it
    assert "ubi" in answer.text


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"nonsense", 400, "the body is no JSON"),
        (b'{"events": 7}', 400, "the body is no list of events"),
        (json.dumps([{"action_name": "x"}] * 501).encode(), 400, "501 events"),
    ],
)
def test_requests_that_are_no_events_are_refused_as_a_whole(serve, body, status, reason):
    with serve() as url:
        answer = requests.post(f"{url}/shop/events", data=body, timeout=30)
    assert answer.status_code == status
    assert answer.json()["error"]["reason"].startswith(reason)


def test_a_mistake_in_ext_ubi_is_told(serve, index):
    with serve() as url:
        answer = post(url, f"/{index}/_search", {**TEXT, "ext": {"ubi": {"query_id": 7}}})
    assert answer.status_code == 400
    assert answer.json()["error"]["reason"].startswith("ext.ubi.query_id: ")


def _off():
    return {"events": EventSettings(enabled=False)}


def _wait_for(condition, seconds=10.0):
    until = monotonic() + seconds
    while not condition():
        assert monotonic() < until, "it did not come about in time"
        sleep(0.05)


def test_what_is_stored_of_a_shopper_can_be_found_and_forgotten(
    serve, events, client, opensearch_url
):
    attributes = {"user_id": "anna"}
    with serve() as url:
        for name in ("anna", "anna", "bea"):
            post(url, "/shop/search", {"q": "case", "client_id": name})
        post(url, "/shop/events", [{"action_name": "click", "event_attributes": attributes}])
    kept(client, events.queries_index)
    kept(client, events.events_index)
    options = [
        part
        for setting in (
            f"search_engine.url={opensearch_url}",
            f"events.queries_index={events.queries_index}",
            f"events.events_index={events.events_index}",
            f"privacy.pseudonym_keys.k1={KEYS['k1']}",
        )
        for part in ("--set", setting)
    ]

    def ran(*arguments):
        result = CliRunner().invoke(privacy, [*arguments, "--json", *options])
        assert result.exit_code == 0, result.output
        return list(json.loads(result.stdout)["records"].values())

    assert ran("find", "anna") == [2, 1]
    assert ran("find", "anna", "--kind", "user") == [0, 1]
    assert ran("forget", "anna", "--yes") == [2, 1]
    assert ran("find", "anna") == [0, 0]
    assert ran("find", "bea") == [1, 0]


def test_without_a_key_nothing_can_be_found():
    result = CliRunner().invoke(privacy, ["find", "anna"])
    assert isinstance(result.exception, ConfigurationError)
    assert "privacy.pseudonym_keys" in str(result.exception)


def test_what_is_reported_while_open_search_is_away_is_written_when_it_is_back(
    serve, events, client, opensearch_url
):
    patient = events.model_copy(update={"retry_seconds": 0.2})
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with serve(events=patient, upstream=f"http://127.0.0.1:{port}") as url:
        answer = post(url, "/shop/events", [{"action_name": "click", "query_id": "q"}])
        assert answer.status_code == 202
        assert not client.indices.exists(index=events.events_index)
        with forwarding(port, opensearch_url):
            _wait_for(lambda: kept(client, events.events_index))
    assert [each["query_id"] for each in kept(client, events.events_index)] == ["q"]


@contextmanager
def forwarding(port, target):
    """Let a port lead to the node while the block runs."""
    host, _, node_port = target.removeprefix("http://").partition(":")

    class Forward(socketserver.BaseRequestHandler):
        def handle(self):
            with socket.create_connection((host, int(node_port))) as node:
                back = threading.Thread(target=copy, args=(node, self.request), daemon=True)
                back.start()
                copy(self.request, node)

    def copy(source, sink):
        with suppress(OSError):
            while part := source.recv(65536):
                sink.sendall(part)
            sink.shutdown(socket.SHUT_WR)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", port), Forward) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield
        server.shutdown()
        thread.join(5)
