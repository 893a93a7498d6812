"""Updates and feeds through a node that has too much to do: whole requests and single documents."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from indexer import FeedPosition, FeedRequest, apply_changes
from indexer.testing import TrialShop, product_rows
from search_core.settings import IndexerSettings, SearchEngineSettings
from search_engine import OpenSearch, connect
from search_engine.backoff import Backoff, Throttle
from search_engine.testing import Fault, ProxiedRequest, fault_proxy

Write = Callable[[list[Any]], Path]
Documents = dict[str, dict[str, Any]]

PASSING = [fault for fault in Fault if fault not in (Fault.TOO_LARGE, Fault.FORBIDDEN)]
OVERLOADED = [
    Fault.TOO_MANY_REQUESTS,
    Fault.SERVICE_UNAVAILABLE,
    Fault.ITEMS_TOO_MANY,
    Fault.ITEMS_UNAVAILABLE,
]
PRODUCTS = 240


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "search_engine.bulk_writer.Backoff", lambda: Backoff(first_seconds=0.01, attempts=30)
    )
    monkeypatch.setattr(
        "search_engine.bulk_writer.Throttle",
        lambda: Throttle(first_seconds=0.001, longest_seconds=0.01),
    )


@pytest.fixture
def shop(opensearch_url: str, alias: str, write_catalogue: Write) -> TrialShop:
    shop = TrialShop(url=opensearch_url, alias=alias, catalogue=write_catalogue(rows()))
    shop.reindex()
    return shop


@pytest.fixture
def documents(client: OpenSearch) -> Callable[[str], Documents]:
    """Gives every document behind an alias, without vectors and empty fields, by its id."""

    def read(alias: str) -> Documents:
        client.indices.refresh(index=alias)
        body = {"size": 10_000, "_source": {"excludes": ["vector"]}}
        hits = client.search(index=alias, body=body)["hits"]["hits"]
        found = {
            hit["_id"]: {name: value for name, value in hit["_source"].items() if value is not None}
            for hit in hits
        }
        assert len(found) == len(hits)
        return found

    return read


def rows() -> list[dict[str, Any]]:
    return [dict(row) for row in product_rows(PRODUCTS)]


def other_rows() -> list[dict[str, Any]]:
    """Every third product has another title, every fifth is gone, others cost more; 24 are new."""
    changed: list[dict[str, Any]] = []
    for number, row in enumerate(product_rows(PRODUCTS + 24)):
        if number % 5 == 4 and number < PRODUCTS:
            continue
        entry = dict(row)
        if number % 3 == 0:
            entry["title"] = f"Entirely other {number}"
        elif number % 2 == 0:
            entry["price"] = 5_000 + number
        changed.append(entry)
    return changed


def every_third(fault: Fault) -> Callable[[ProxiedRequest], Fault | None]:
    return lambda request: fault if request.is_bulk and request.number % 3 == 1 else None


def by_chance(seed: int) -> Callable[[ProxiedRequest], Fault | None]:
    chance = Random(seed)
    return lambda request: chance.choice([*PASSING, *[None] * 10]) if request.is_bulk else None


@pytest.mark.parametrize("fault", OVERLOADED)
def test_an_update_through_faults_leaves_what_one_without_them_leaves(
    fault: Fault, shop: TrialShop, write_catalogue: Write, documents: Any
) -> None:
    write_catalogue(other_rows())
    with fault_proxy(shop.url, every_third(fault)) as url:
        report = shop.through(url).update()
    assert report.writing.retried_documents > 0
    found = documents(shop.alias)
    assert sorted(found) == sorted(row["id"] for row in other_rows())
    assert (report.added, report.deleted) == (24, PRODUCTS // 5)
    for row in other_rows():
        assert (found[row["id"]]["title"], found[row["id"]]["price"]) == (
            row["title"],
            row["price"],
        )


def test_an_update_through_all_faults_by_chance_finds_nothing_left_to_do(
    shop: TrialShop, write_catalogue: Write, documents: Any
) -> None:
    write_catalogue(other_rows())
    with fault_proxy(shop.url, by_chance(11)) as url:
        shop.through(url).update()
    again = shop.update()
    assert (again.changed, again.live, again.added, again.deleted) == (0, 0, 0, 0)
    assert sorted(documents(shop.alias)) == sorted(row["id"] for row in other_rows())


def feed_of(seed: int, length: int) -> tuple[list[dict[str, Any]], Documents]:
    """Return random changes of few products, and what they leave when they count in their order."""
    chance = Random(seed)
    left: Documents = {
        row["id"]: {"title": row["title"], "price": row["price"]} for row in rows()[:20]
    }
    changes: list[dict[str, Any]] = []
    for number in range(length):
        product_id = f"p{chance.randrange(20)}"
        kind = chance.choice(["upsert", "patch", "delete"])
        if kind == "patch" and product_id not in left:
            kind = "upsert"  # what is not there cannot be patched
        change: dict[str, Any] = {"op": kind, "id": product_id}
        if kind == "upsert":
            change |= {"title": f"Title {number}", "price": number}
            left[product_id] = {"title": f"Title {number}", "price": number}
        elif kind == "patch":
            change["price"] = number
            left[product_id] = {**left[product_id], "price": number}
        else:
            left.pop(product_id, None)
        changes.append(change)
    return changes, left


@pytest.mark.parametrize("fault", OVERLOADED)
def test_a_feed_through_faults_applies_each_change_in_its_order(
    fault: Fault, shop: TrialShop, documents: Any
) -> None:
    changes, left = feed_of(seed=3, length=200)
    with fault_proxy(shop.url, every_third(fault)) as url:
        position = shop.through(url).apply(b"".join(orjson.dumps(each) + b"\n" for each in changes))
    kinds = [each["op"] for each in changes]
    assert position == FeedPosition(
        line=200,
        upserted=kinds.count("upsert"),
        patched=kinds.count("patch"),
        deleted=kinds.count("delete"),
    )
    found = documents(shop.alias)
    ids = {f"p{number}" for number in range(20)}
    assert {name: shown(found[name]) for name in ids & found.keys()} == left
    assert len(found) == PRODUCTS - 20 + len(left)


def test_a_feed_through_all_faults_by_chance_leaves_the_same(
    shop: TrialShop, documents: Any
) -> None:
    changes, left = feed_of(seed=4, length=150)
    with fault_proxy(shop.url, by_chance(5)) as url:
        shop.through(url).apply(b"".join(orjson.dumps(each) + b"\n" for each in changes))
    found = documents(shop.alias)
    ids = {f"p{number}" for number in range(20)}
    assert {name: shown(found[name]) for name in ids & found.keys()} == left


def shown(document: dict[str, Any]) -> dict[str, Any]:
    return {"title": document["title"], "price": document["price"]}


class CountedLines(io.RawIOBase):
    """A feed that says how many of its lines were taken, and what had been written by then."""

    def __init__(self, lines: list[bytes]) -> None:
        super().__init__()
        self._lines: Iterator[bytes] = iter(lines)
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        line = next(self._lines, b"")
        if line:
            self.taken += 1
        buffer[: len(line)] = line
        return len(line)


def test_a_feed_is_read_no_further_than_a_busy_node_writes(shop: TrialShop) -> None:
    batch = 10
    settings = IndexerSettings(chunk_products=40, bulk_bytes=20_000, feed_batch=batch)
    changes = [
        orjson.dumps({"op": "patch", "id": f"p{number % PRODUCTS}", "price": number}) + b"\n"
        for number in range(600)
    ]
    feed = CountedLines(changes)
    taken_while_busy: list[int] = []

    def plan(request: ProxiedRequest) -> Fault | None:
        if not request.is_bulk or request.number > 12:
            return None
        taken_while_busy.append(feed.taken)
        return Fault.TOO_MANY_REQUESTS

    with fault_proxy(shop.url, plan) as url:
        client = connect(SearchEngineSettings(url=url, timeout_seconds=60))
        request = FeedRequest(alias=shop.alias, changes=io.BufferedReader(feed, buffer_size=64))
        tools = replace(shop, settings=settings).update_tools(client)
        position = apply_changes(request, tools)
        client.close()
    assert (position.line, position.patched) == (600, 600)
    assert len(taken_while_busy) == 12
    # The batch under way, one that waits, and a few lines in the readers' hands.
    assert max(taken_while_busy) <= 3 * batch
