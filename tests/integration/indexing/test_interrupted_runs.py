"""Runs that end early: killed, interrupted, refused, out of disk. The alias never shows a part."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from indexer import ListedState, delete_generation, listed_generations
from indexer.testing import TrialShop, product_rows
from search_core import DiskFullError, IndexingError, ResumeError, SearchEngineUnavailableError
from search_engine import Generations, GenerationState, OpenSearch, RunRecordStore
from search_engine.testing import Fault, ProxiedRequest, fault_proxy

Write = Callable[[list[Any]], Path]
LiveIds = Callable[[str], list[str]]
Behind = Callable[[str], list[str]]

ALL_IDS = sorted(row["id"] for row in product_rows(600))


@pytest.fixture
def shop(opensearch_url: str, alias: str, write_catalogue: Write) -> TrialShop:
    return TrialShop(url=opensearch_url, alias=alias, catalogue=write_catalogue(product_rows(600)))


class Once:
    """Runs an action the first time that it is asked to."""

    def __init__(self, action: Callable[[], object]) -> None:
        self._action = action
        self._first = threading.Lock()

    def __call__(self) -> None:
        if self._first.acquire(blocking=False):
            self._action()


def end_process_at(
    shop: TrialShop, signal_number: int, point: Callable[[ProxiedRequest], bool]
) -> "subprocess.CompletedProcess[str]":
    """Reindex in a process that gets a signal when a request of its own reaches the node."""
    started = threading.Event()
    running: list[subprocess.Popen[str]] = []

    def plan(request: ProxiedRequest) -> Fault | None:
        assert started.wait(timeout=60)
        if point(request):
            end()
        return None

    end = Once(lambda: os.kill(running[0].pid, signal_number))
    with fault_proxy(shop.url, plan) as url, shop.through(url).process() as process:
        running.append(process)
        started.set()
        try:
            _, errors = process.communicate(timeout=120)
        finally:
            process.kill()
    return subprocess.CompletedProcess([], process.returncode, "", errors)


def at_the_end_of_slow_writing(client: OpenSearch, alias: str) -> Callable[[ProxiedRequest], bool]:
    """The end of a run in which at least one heartbeat comes between two requests, so that most of
    what was written is in the record.
    """
    store = RunRecordStore(client, alias)

    def point(request: ProxiedRequest) -> bool:
        if request.is_bulk:
            before = store.read()
            deadline = time.monotonic() + 20
            while store.read() == before:
                assert time.monotonic() < deadline, "no heartbeat"
                time.sleep(0.01)
        return "/_settings" in request.path

    return point


def nth_bulk(number: int) -> Callable[[ProxiedRequest], bool]:
    return lambda request: request.is_bulk and request.number == number


def at_path(part: str) -> Callable[[ProxiedRequest], bool]:
    return lambda request: part in request.path


@pytest.mark.parametrize(
    "point",
    [nth_bulk(1), nth_bulk(9), at_path("/_settings")],
    ids=["first request", "amid the writing", "before the checks"],
)
def test_a_killed_run_is_resumed_to_every_product_exactly_once(
    shop: TrialShop,
    client: OpenSearch,
    point: Callable[[ProxiedRequest], bool],
    live_ids: LiveIds,
    behind: Behind,
) -> None:
    ended = end_process_at(shop, signal.SIGKILL, point)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert behind(shop.alias) == []
    (unfinished,) = listed_generations(client, shop.alias)
    assert unfinished.state is ListedState.UNFINISHED
    report = shop.reindex(replace(shop.request(), resume=True))
    assert report.generation == unfinished.generation.name
    assert live_ids(shop.alias) == ALL_IDS


def test_what_was_confirmed_before_a_kill_is_not_written_again(
    shop: TrialShop, client: OpenSearch, live_ids: LiveIds
) -> None:
    ended = end_process_at(shop, signal.SIGKILL, at_the_end_of_slow_writing(client, shop.alias))
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    report = shop.reindex(replace(shop.request(), resume=True))
    assert report.rows == 600
    assert report.resumed_at_row > 0
    assert report.writing.documents == 600 - report.resumed_at_row
    assert live_ids(shop.alias) == ALL_IDS


def test_a_kill_during_the_swap_leaves_the_old_or_the_new_generation_whole(
    shop: TrialShop, client: OpenSearch, live_ids: LiveIds, behind: Behind
) -> None:
    first = shop.reindex()
    ended = end_process_at(shop, signal.SIGKILL, at_path("/_aliases"))
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert len(behind(shop.alias)) == 1
    assert live_ids(shop.alias) == ALL_IDS
    assert first.generation in {g.name for g in Generations(client, shop.alias).list()}


def test_ctrl_c_ends_a_run_marks_it_and_it_can_be_resumed(
    shop: TrialShop, client: OpenSearch, live_ids: LiveIds, behind: Behind
) -> None:
    first = shop.reindex()
    ended = end_process_at(shop, signal.SIGINT, nth_bulk(9))
    assert "KeyboardInterrupt" in ended.stderr
    newest = Generations(client, shop.alias).list()[0]
    assert newest.state is GenerationState.FAILED
    assert "KeyboardInterrupt" in newest.reason
    assert behind(shop.alias) == [first.generation]
    report = shop.reindex(replace(shop.request(), resume=True))
    assert report.generation == newest.name
    assert live_ids(shop.alias) == ALL_IDS


def test_duplicates_are_found_across_a_resume(
    shop: TrialShop, client: OpenSearch, write_catalogue: Write, live_ids: LiveIds
) -> None:
    products = product_rows(600)
    products[590] = products[3] | {"title": "The third again"}
    write_catalogue(products)
    ended = end_process_at(shop, signal.SIGKILL, at_the_end_of_slow_writing(client, shop.alias))
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    report = shop.reindex(replace(shop.request(), resume=True))
    assert report.resumed_at_row > 3
    assert report.rejects == {"duplicate_id": 1}
    assert client.get(index=shop.alias, id="p3")["_source"]["title"] == products[3]["title"]
    assert len(live_ids(shop.alias)) == 599


def test_a_changed_catalogue_is_not_resumed(
    shop: TrialShop, client: OpenSearch, write_catalogue: Write
) -> None:
    end_process_at(shop, signal.SIGKILL, nth_bulk(9))
    write_catalogue(product_rows(601))
    with pytest.raises(ResumeError, match="this changed: catalogue"):
        shop.reindex(replace(shop.request(), resume=True))


def test_a_plain_run_cleans_away_what_a_killed_one_left(
    shop: TrialShop, client: OpenSearch
) -> None:
    end_process_at(shop, signal.SIGKILL, nth_bulk(9))
    (left,) = Generations(client, shop.alias).list()
    report = shop.reindex()
    assert report.deleted == (left.name,)
    assert [g.name for g in Generations(client, shop.alias).list()] == [report.generation]


def test_a_second_run_of_the_same_alias_is_refused_and_harms_nothing(
    shop: TrialShop, client: OpenSearch, live_ids: LiveIds
) -> None:
    refusals: list[str] = []

    def second() -> None:
        with pytest.raises(IndexingError) as caught:
            shop.reindex()
        refusals.append(str(caught.value))
        (building,) = listed_generations(client, shop.alias)
        assert building.state is ListedState.BUILDING
        with pytest.raises(IndexingError, match="is being written"):
            delete_generation(client, shop.alias, building.generation.name)

    amid = Once(second)

    def plan(request: ProxiedRequest) -> Fault | None:
        if nth_bulk(5)(request):
            amid()
        return None

    with fault_proxy(shop.url, plan) as url:
        shop.through(url).reindex()
    assert f"is being indexed by process {os.getpid()}" in refusals[0]
    assert live_ids(shop.alias) == ALL_IDS


def test_a_full_disk_ends_the_run_with_what_to_do_and_it_can_be_resumed(
    shop: TrialShop, client: OpenSearch, live_ids: LiveIds, behind: Behind
) -> None:
    def lock(locked: bool | None) -> None:
        (building,) = Generations(client, shop.alias).list()
        client.indices.put_settings(
            index=building.name, body={"index.blocks.read_only_allow_delete": locked}
        )

    amid = Once(lambda: lock(True))

    def plan(request: ProxiedRequest) -> Fault | None:
        if nth_bulk(5)(request):
            amid()
        return None

    with fault_proxy(shop.url, plan) as url, pytest.raises(DiskFullError) as caught:
        shop.through(url).reindex()
    assert "its disk is nearly full" in str(caught.value)
    assert "make room" in str(caught.value)
    assert behind(shop.alias) == []
    lock(None)
    shop.reindex(replace(shop.request(), resume=True))
    assert live_ids(shop.alias) == ALL_IDS


def test_a_node_that_stays_away_ends_the_run_and_it_can_be_resumed(
    shop: TrialShop, client: OpenSearch, monkeypatch: pytest.MonkeyPatch, live_ids: LiveIds
) -> None:
    # Ten attempts would take a minute; three show the same.
    from search_engine import backoff

    monkeypatch.setattr(
        "search_engine.bulk_writer.Backoff",
        lambda: backoff.Backoff(first_seconds=0.01, attempts=3),
    )

    def plan(request: ProxiedRequest) -> Fault | None:
        away = request.is_bulk and request.number >= 9
        return Fault.SERVICE_UNAVAILABLE if away else None

    with fault_proxy(shop.url, plan) as url, pytest.raises(SearchEngineUnavailableError) as caught:
        shop.through(url).reindex()
    assert "given up after 3 attempts" in str(caught.value)
    (failed,) = Generations(client, shop.alias).list()
    assert failed.state is GenerationState.FAILED
    report = shop.reindex(replace(shop.request(), resume=True))
    assert report.resumed_at_row > 0
    assert live_ids(shop.alias) == ALL_IDS


def test_an_index_that_is_deleted_amid_the_run_does_not_go_live(
    shop: TrialShop, client: OpenSearch, behind: Behind
) -> None:
    def delete() -> None:
        (building,) = Generations(client, shop.alias).list()
        client.indices.delete(index=building.name)

    amid = Once(delete)

    def plan(request: ProxiedRequest) -> Fault | None:
        if nth_bulk(5)(request):
            amid()
        return None

    with fault_proxy(shop.url, plan) as url, pytest.raises(IndexingError):
        shop.through(url).reindex()
    assert behind(shop.alias) == []
