"""Processes killed at random points of full runs and of updates: nothing is lost, or half done.

Every process is a real one that gets SIGKILL when its n-th request reaches the node, before or
after the node does what it says.
"""

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import IO, Any

import orjson
import pytest

from indexer import ListedState, listed_generations
from indexer.testing import TrialShop, product_rows, run_to_the_end
from search_engine import OpenSearch
from search_engine.testing import Fault, ProxiedRequest, fault_proxy

KILLS = 20
PRODUCTS = 240

pytestmark = pytest.mark.timeout(900)  # a minute each, where the machine has nothing else to do
Documents = dict[str, dict[str, Any]]

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["indexer.testing"])


@pytest.fixture
def documents(client: OpenSearch) -> Callable[[str], Documents]:
    """Gives what is searched, without vectors: they are compared elsewhere."""

    def read(alias: str) -> Documents:
        client.indices.refresh(index=alias)
        body = {"size": 10_000, "_source": {"excludes": ["vector"]}}
        hits = client.search(index=alias, body=body)["hits"]["hits"]
        found = {hit["_id"]: _said(hit["_source"]) for hit in hits}
        assert len(found) == len(hits)
        return found

    return read


def _said(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value is not None}


def catalogue(folder: Path, name: str, rows: list[dict[str, Any]]) -> Path:
    path = folder / f"{name}.jsonl"
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return path


def other_rows() -> list[dict[str, Any]]:
    """The products with 80 other texts and 48 other prices; 24 are gone and 24 are new."""
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(product_rows(PRODUCTS + 24)):
        if number % 10 == 9 and number < PRODUCTS:
            continue
        changed = dict(row)
        if number % 3 == 0:
            changed["title"] = f"Entirely other {number}"
        elif number % 5 == 0:
            changed["price"] = 5_000 + number
        rows.append(changed)
    return rows


def run(shop: TrialShop, kill_at: int, before: bool, **what: bool) -> tuple[int, int]:
    """Run a process that is killed at one of its requests, if it sends so many.

    Returns:
        Its exit status, and how many requests it had sent.
    """
    counting, started = threading.Lock(), threading.Event()
    requests = 0

    def plan(_: ProxiedRequest) -> Fault | None:
        nonlocal requests
        assert started.wait(timeout=60)
        with counting:
            requests += 1
            reached = requests == kill_at
        if reached:
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
        return Fault.REFUSED_CONNECTION if reached and before else None

    with fault_proxy(shop.url, plan) as url:
        process = PROCESSES.Process(target=run_to_the_end, args=(shop.through(url),), kwargs=what)
        process.start()
        started.set()
        process.join(timeout=120)
        assert process.exitcode is not None
    return process.exitcode, requests


def test_full_runs_that_are_killed_leave_the_live_generation_and_can_be_resumed(
    opensearch_url: str, alias: str, client: OpenSearch, tmp_path: Path, documents: Any
) -> None:
    old = catalogue(tmp_path, "old", product_rows(PRODUCTS))
    new = catalogue(tmp_path, "new", other_rows())
    shop = TrialShop(url=opensearch_url, alias=alias, catalogue=old)
    shop.reindex()
    before = documents(alias)
    shop = replace(shop, catalogue=new)
    random = Random(20)
    status, requests = run(shop, 10**9, before=False, update=False)
    assert status == 0
    after = documents(alias)
    assert after.keys() == {row["id"] for row in other_rows()}
    shop_back = replace(shop, catalogue=old)
    shop_back.reindex()
    killed = 0
    while killed < KILLS:
        # Resumed again and again, so that runs are killed on the whole of their way.
        states = [each.state for each in listed_generations(client, alias)]
        resume = ListedState.UNFINISHED in states or ListedState.FAILED in states
        status, _ = run(
            shop, random.randint(1, requests), random.random() < 0.5, update=False, resume=resume
        )
        if status == 0:
            assert documents(alias) == after
            shop_back.reindex()
            continue
        assert status == -signal.SIGKILL
        killed += 1
        # The swap itself is one request: the alias has the old products or the new ones.
        found = documents(alias)
        assert found in (before, after)
        if found == after:
            shop_back.reindex()
    shop.reindex()
    assert documents(alias) == after


def test_what_a_feed_has_acknowledged_survives_its_killed_process(
    opensearch_url: str, alias: str, client: OpenSearch, tmp_path: Path
) -> None:
    shop = TrialShop(
        url=opensearch_url,
        alias=alias,
        catalogue=catalogue(tmp_path, "old", product_rows(PRODUCTS)),
        encoder_for=lambda _: None,
    )
    shop.reindex()
    feed = b"".join(
        orjson.dumps({"op": "patch", "id": f"p{number % PRODUCTS}", "price": 10_000 + number})
        + b"\n"
        for number in range(5_000)
    )
    command = [sys.executable, "-m", "shopkeeper.command_line", "index", "apply", "--json"]
    process = subprocess.Popen(
        [*command, "--index", alias, "--set", "indexer.feed_batch=50", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "SHOPKEEPER_SEARCH_ENGINE__URL": opensearch_url},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    sender = threading.Thread(target=_send, args=(process.stdin, feed))
    sender.start()
    acknowledged = 0
    for _ in range(7):
        acknowledged = orjson.loads(process.stdout.readline())["line"]
    process.kill()
    sender.join(timeout=60)
    with process:
        pass
    assert acknowledged >= 350
    client.indices.refresh(index=alias)
    hits = client.search(index=alias, body={"size": 1_000})["hits"]["hits"]
    prices = {hit["_id"]: hit["_source"]["price"] for hit in hits}
    for number in range(acknowledged - PRODUCTS, acknowledged):
        assert prices[f"p{number % PRODUCTS}"] >= 10_000 + number


def _send(pipe: IO[bytes], feed: bytes) -> None:
    with contextlib.suppress(BrokenPipeError), pipe:
        pipe.write(feed)


def test_updates_that_are_killed_leave_every_product_old_or_new_and_the_next_one_finishes(
    opensearch_url: str, alias: str, tmp_path: Path, documents: Any
) -> None:
    old = catalogue(tmp_path, "old", product_rows(PRODUCTS))
    new = catalogue(tmp_path, "new", other_rows())
    shop = TrialShop(url=opensearch_url, alias=alias, catalogue=old)
    shop.reindex()
    before = documents(alias)
    to_new, to_old = replace(shop, catalogue=new), shop
    status, requests = run(to_new, 10**9, before=False, update=True)
    assert status == 0
    after = documents(alias)
    assert after.keys() == {row["id"] for row in other_rows()}
    always = before.keys() & after.keys()
    random = Random(4)
    killed = number = 0
    while killed < KILLS:
        target = to_old if number % 2 == 0 else to_new
        number += 1
        status, _ = run(target, random.randint(1, requests), random.random() < 0.5, update=True)
        assert status in (0, -signal.SIGKILL)
        killed += status != 0
        found = documents(alias)
        assert always <= found.keys() <= before.keys() | after.keys()
        for product_id, document in found.items():
            assert document in (before.get(product_id), after.get(product_id)), product_id
    to_new.update()
    assert documents(alias) == after
    to_old.update()
    assert documents(alias) == before
