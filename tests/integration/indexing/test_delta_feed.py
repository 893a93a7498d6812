"""`index apply`: changes to the live generation as they come, on a real node."""

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from indexer import FeedPosition
from indexer.testing import TrialShop, product_rows
from search_core import TooManyRejectsError, UpdateRefusedError
from search_core.settings import SearchEngineSettings
from search_engine import OpenSearch, RunRecordStore, connect, write_attachment

Documents = Callable[[str], dict[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def shop(opensearch_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrialShop]:
    """A live shop of 120 products, of which each test changes others."""
    catalogue = tmp_path_factory.mktemp("feed") / "products.jsonl"
    rows = [{**row, "rating": 3, "stock": 5} for row in product_rows(120)]
    catalogue.write_bytes(lines(*rows))
    alias = f"test-{secrets.token_hex(6)}"
    shop = TrialShop(url=opensearch_url, alias=alias, catalogue=catalogue)
    shop.reindex()
    yield shop
    client = connect(SearchEngineSettings(url=opensearch_url))
    client.indices.delete(
        index=f"{alias}*", params={"expand_wildcards": "all", "ignore_unavailable": "true"}
    )
    client.close()


@pytest.fixture
def document(shop: TrialShop, client: OpenSearch) -> Callable[[str], dict[str, Any] | None]:
    """Gives a product's document as last written."""

    def get(product_id: str) -> dict[str, Any] | None:
        answer = client.get(index=shop.alias, id=product_id, params={"ignore": 404})
        source: dict[str, Any] | None = answer.get("_source")
        return source

    return get


def lines(*rows: dict[str, Any]) -> bytes:
    return b"".join(orjson.dumps(row) + b"\n" for row in rows)


def test_changes_of_every_kind_are_applied_and_counted(shop: TrialShop, document: Any) -> None:
    before = document("p1")
    position = shop.apply(
        lines(
            {"op": "patch", "id": "p1", "price": 3.5, "rating": 4.5},
            {"op": "delete", "id": "p2"},
            {"op": "delete", "id": "never-there"},
            {"op": "upsert", "id": "new", "title": "Wicker basket", "price": 8},
        )
    )
    assert position == FeedPosition(line=4, upserted=1, patched=1, deleted=2)
    after = document("p1")
    assert (after["price"], after["rating"]) == (3.5, 4.5)
    assert after["title"] == before["title"]
    assert np.array_equal(after["vector"], before["vector"])
    assert document("p2") is None
    added = document("new")
    assert added["title"] == "Wicker basket"
    assert len(added["vector"]) == 64


def test_a_table_with_a_header_is_read_too_and_its_empty_cells_change_nothing(
    shop: TrialShop, document: Any
) -> None:
    before = document("p10")
    shop.apply(b"op,id,price,rating\npatch,p10,,2.5\npatch,p11,44,\n")
    assert document("p10")["price"] == before["price"]
    assert document("p10")["rating"] == 2.5
    assert document("p11")["price"] == 44


def test_the_changes_of_one_product_count_in_their_order(shop: TrialShop, document: Any) -> None:
    shop.apply(
        lines(
            {"op": "patch", "id": "p20", "price": 1},
            {"op": "upsert", "id": "p20", "title": "Zinc bucket", "price": 2},
            {"op": "patch", "id": "p20", "price": 3},
            {"op": "delete", "id": "p21"},
            {"op": "upsert", "id": "p21", "title": "Back again"},
        )
    )
    assert (document("p20")["title"], document("p20")["price"]) == ("Zinc bucket", 3)
    assert document("p21")["title"] == "Back again"


def test_a_feed_that_is_sent_twice_leaves_the_same(shop: TrialShop, document: Any) -> None:
    feed = lines(
        {"op": "upsert", "id": "p30", "title": "Oak stool", "price": 9},
        {"op": "patch", "id": "p30", "price": 10},
        {"op": "delete", "id": "p31"},
    )
    shop.apply(feed)
    once = document("p30")
    shop.apply(feed)
    assert document("p30") == once
    assert document("p31") is None


def test_lines_that_are_no_changes_are_set_aside_with_their_line_and_the_rest_is_applied(
    shop: TrialShop, document: Any, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects.jsonl"
    feed = lines(
        {"op": "patch", "id": "p40", "title": "No title by a patch"},
        {"op": "replace", "id": "p40"},
        {"op": "delete"},
        {"op": "patch", "id": "not-there", "price": 4},
        {"op": "patch", "id": "p40", "price": "on request"},
        {"op": "upsert", "id": "p40"},
    )
    feed += b"{broken\n" + lines({"op": "patch", "id": "p40", "price": 41})
    position = shop.apply(feed, rejects=rejects)
    assert (position.line, position.patched, position.set_aside) == (8, 1, 7)
    assert document("p40")["price"] == 41
    written = [orjson.loads(line) for line in rejects.read_bytes().splitlines()]
    assert {each["line"]: each["reason"] for each in written} == {
        1: "bad_change",
        2: "bad_change",
        3: "bad_change",
        4: "unknown_product",
        5: "wrong_type",
        6: "missing_title",
        7: "broken_json",
    }
    by_line = {each["line"]: each["message"] for each in written}
    assert "send the whole product as an upsert" in by_line[1]
    assert "not one of upsert, patch, delete" in by_line[2]


def test_a_value_that_cannot_be_read_is_told_once_a_field_and_its_product_is_written(
    shop: TrialShop, document: Any
) -> None:
    told: list[str] = []
    rows = [{"op": "upsert", "id": each, "title": "Bin", "rating": "good"} for each in "xy"]
    assert shop.apply(lines(*rows), on_oddity=told.append).upserted == 2
    assert told == ["rating: 2 values are not readable and left out, e.g. 'good'"]
    assert document("x").get("rating") is None


def test_too_many_bad_lines_end_the_feed_without_acknowledging_them(shop: TrialShop) -> None:
    acknowledged: list[FeedPosition] = []
    with pytest.raises(TooManyRejectsError):
        shop.apply(
            lines({"op": "?"}, {"op": "?"}),
            max_rejects=1,
            on_acknowledged=acknowledged.append,
        )
    assert acknowledged == []


def test_a_late_change_does_not_overwrite_a_newer_one(shop: TrialShop, document: Any) -> None:
    def send(*rows: dict[str, Any]) -> FeedPosition:
        return shop.apply(lines(*rows), version_field="v")

    send({"op": "upsert", "id": "p50", "title": "Newer", "price": 5, "v": 7})
    late = send(
        {"op": "upsert", "id": "p50", "title": "Older", "price": 4, "v": 6},
        {"op": "patch", "id": "p50", "price": 3, "v": 5},
        {"op": "delete", "id": "p50", "v": 4},
    )
    assert late.late == 3
    assert (document("p50")["title"], document("p50")["price"]) == ("Newer", 5)
    vector = document("p50")["vector"]
    assert send({"op": "patch", "id": "p50", "price": 6, "v": 8}).late == 0
    assert (document("p50")["title"], document("p50")["price"]) == ("Newer", 6)
    assert np.array_equal(document("p50")["vector"], vector)
    assert send({"op": "delete", "id": "p50", "v": 9}).late == 0
    assert send({"op": "upsert", "id": "p50", "title": "Older", "v": 8}).late == 1
    assert document("p50") is None


def test_a_version_counts_above_any_number_of_writes_without(
    shop: TrialShop, document: Any
) -> None:
    for price in (1, 2, 3):
        shop.apply(lines({"op": "patch", "id": "p55", "price": price}))
    shop.apply(
        lines({"op": "upsert", "id": "p55", "title": "First version", "v": 0}), version_field="v"
    )
    assert document("p55")["title"] == "First version"


def test_a_change_without_its_version_is_set_aside(shop: TrialShop) -> None:
    feed = lines({"op": "delete", "id": "p56"}, {"op": "delete", "id": "p56", "v": "new"})
    assert shop.apply(feed, version_field="v").set_aside == 2


def test_a_checkpoint_begins_after_the_line_that_it_holds(
    shop: TrialShop, document: Any, tmp_path: Path
) -> None:
    checkpoint = tmp_path / "feed.position"
    first = lines({"op": "patch", "id": "p60", "price": 1})
    shop.apply(first, checkpoint=checkpoint)
    assert orjson.loads(checkpoint.read_bytes()) == {"line": 1}
    shop.apply(lines({"op": "patch", "id": "p60", "price": 2}))
    position = shop.apply(
        first + lines({"op": "patch", "id": "p61", "price": 3}), checkpoint=checkpoint
    )
    assert (position.line, position.patched) == (2, 1)
    assert document("p60")["price"] == 2
    assert document("p61")["price"] == 3


def test_the_next_update_of_the_catalogue_sees_what_a_feed_has_changed(
    shop: TrialShop, document: Any
) -> None:
    shop.update(replace(shop.update_request(), allow_shrink=True))
    before = document("p70")
    shop.apply(
        lines(
            {"op": "patch", "id": "p70", "price": 1_000},
            {"op": "upsert", "id": "p71", "title": "Another thing"},
            {"op": "delete", "id": "p72"},
            {"op": "upsert", "id": "p120", "title": "Not in the catalogue"},
        )
    )
    report = shop.update(replace(shop.update_request(), allow_shrink=True))
    assert (report.live, report.changed, report.added, report.deleted) == (1, 1, 1, 1)
    after = document("p70")
    assert {name: value for name, value in after.items() if value is not None} == before


def test_changes_wait_for_a_run_and_then_go_to_what_it_has_put_live(
    shop: TrialShop, client: OpenSearch, document: Any
) -> None:
    tools = shop.update_tools(client)
    waited: list[str] = []
    began = threading.Event()

    def waiting(whom: str) -> None:
        waited.append(whom)
        began.set()

    feed = lines({"op": "patch", "id": "p80", "price": 808})
    sender = threading.Thread(target=lambda: shop.apply(feed, on_waiting=waiting))
    with tools.lease(RunRecordStore(client, shop.alias)):
        before = document("p80")["price"]
        sender.start()
        assert began.wait(timeout=60)
        assert document("p80")["price"] == before
    sender.join(timeout=60)
    assert waited
    assert document("p80")["price"] == 808


def test_a_batch_that_a_new_generation_overtakes_is_written_into_that_one(
    shop: TrialShop, document: Any
) -> None:
    acknowledged: list[FeedPosition] = []

    def acknowledge(position: FeedPosition) -> None:
        acknowledged.append(position)
        if len(acknowledged) == 1:
            shop.reindex()

    small = replace(shop, settings=shop.settings.model_copy(update={"feed_batch": 1}))
    small.apply(
        lines({"op": "patch", "id": "p85", "price": 1}, {"op": "patch", "id": "p86", "price": 860}),
        on_acknowledged=acknowledge,
    )
    assert [each.line for each in acknowledged] == [1, 2]
    assert document("p86")["price"] == 860


def test_a_feed_needs_a_catalogue_with_ids(
    opensearch_url: str, alias: str, write_catalogue: Any
) -> None:
    rows = [{"title": f"Nameless lamp {number}"} for number in range(20)]
    other = TrialShop(url=opensearch_url, alias=alias, catalogue=write_catalogue(rows))
    other.reindex()
    with pytest.raises(UpdateRefusedError, match="no field for ids"):
        other.apply(b"")


class Command:
    """`shopkeeper index apply` as a process, with a pipe that stays open."""

    def __init__(self, shop: TrialShop, *options: str) -> None:
        command = [sys.executable, "-m", "shopkeeper.command_line", "index", "apply", "-"]
        self.process = subprocess.Popen(
            [*command, "--index", shop.alias, "--json", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "SHOPKEEPER_SEARCH_ENGINE__URL": shop.url},
        )

    def send(self, feed: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(feed)
        self.process.stdin.flush()

    def acknowledgement(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        answer: dict[str, Any] = orjson.loads(line)
        return answer


@pytest.fixture
def plain_shop(opensearch_url: str, alias: str, write_catalogue: Any) -> TrialShop:
    """A shop without vectors, since the command knows no encoder for tests."""
    shop = TrialShop(
        url=opensearch_url,
        alias=alias,
        catalogue=write_catalogue(product_rows(60)),
        encoder_for=lambda _: None,
    )
    shop.reindex()
    return shop


def test_a_quiet_feed_is_acknowledged_within_a_second_and_ctrl_c_ends_it_well(
    plain_shop: TrialShop, client: OpenSearch
) -> None:
    write_attachment(client, client.get(index=f"{plain_shop.alias}", id="p1")["_index"], b"lexicon")
    command = Command(plain_shop)
    try:
        command.send(lines({"op": "patch", "id": "p1", "price": 1}))
        assert command.acknowledgement()["line"] == 1
        began = time.monotonic()
        command.send(lines({"op": "patch", "id": "p2", "price": 2}))
        assert command.acknowledgement()["line"] == 2
        # Half a second of waiting for more, and the writing; the rest is for a busy machine.
        assert time.monotonic() - began < 5
        command.process.send_signal(signal.SIGINT)
        _, errors = command.process.communicate(timeout=60)
    finally:
        command.process.kill()
        command.process.communicate()
    assert command.process.returncode == 0, errors
    assert b"interrupted" in errors
    assert client.get(index=plain_shop.alias, id="p2")["_source"]["price"] == 2
