"""Whole runs on a real node."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from encoders.testing import HashingTextEncoder
from indexer.testing import TrialShop, product_rows
from search_core import GenerationCheckError, IndexingError, ResumeError
from search_engine import Generations, GenerationState, OpenSearch, generation_statistics

Write = Callable[[list[Any]], Path]
LiveIds = Callable[[str], list[str]]
Behind = Callable[[str], list[str]]


@pytest.fixture
def shop(opensearch_url: str, alias: str, write_catalogue: Write) -> TrialShop:
    return TrialShop(url=opensearch_url, alias=alias, catalogue=write_catalogue(product_rows(200)))


def test_every_product_of_the_catalogue_is_searchable_behind_the_alias(
    shop: TrialShop, client: OpenSearch, live_ids: LiveIds, behind: Behind
) -> None:
    report = shop.reindex()
    assert live_ids(shop.alias) == sorted(row["id"] for row in product_rows(200))
    assert behind(shop.alias) == [report.generation]
    assert (report.rows, report.products, report.documents) == (200, 200, 200)
    assert report.writing.confirmed == 200
    assert report.encoded == 200
    assert all(check.passed for check in report.checks)
    assert {check.name for check in report.checks} == {
        "document_count",
        "mapping",
        "reject_share",
        "found_by_title",
        "found_by_vector",
    }


def test_settings_of_the_load_do_not_outlive_it(shop: TrialShop, client: OpenSearch) -> None:
    name = shop.reindex().generation
    answer = client.indices.get_settings(index=name, params={"flat_settings": "true"})
    left = set(answer[name]["settings"]) & {
        "index.refresh_interval",
        "index.translog.durability",
        "index.translog.sync_interval",
        "index.translog.flush_threshold_size",
    }
    assert left == set()
    statistics = generation_statistics(client, name)
    assert (statistics.documents, statistics.vectors) == (200, 200)


def test_segments_are_merged_when_asked_for(shop: TrialShop, client: OpenSearch) -> None:
    settings = shop.settings.model_copy(update={"segments": 1})
    report = replace(shop, settings=settings).reindex()
    assert generation_statistics(client, report.generation).segments == 1


def test_a_reindex_replaces_the_generation_and_a_rollback_brings_it_back(
    shop: TrialShop, client: OpenSearch, write_catalogue: Write, live_ids: LiveIds
) -> None:
    first = shop.reindex()
    write_catalogue(product_rows(150))
    second = shop.reindex()
    assert second.replaced == first.generation
    assert len(live_ids(shop.alias)) == 150
    before, now = Generations(client, shop.alias).rollback()
    assert (before.name, now.name) == (second.generation, first.generation)
    assert len(live_ids(shop.alias)) == 200
    with pytest.raises(IndexingError, match="no generation before"):
        Generations(client, shop.alias).rollback()


def test_old_generations_go_once_the_new_one_is_live(shop: TrialShop, client: OpenSearch) -> None:
    names = [shop.reindex().generation for _ in range(2)]
    third = shop.reindex()
    assert third.deleted == (names[0],)
    kept = [generation.name for generation in Generations(client, shop.alias).list()]
    assert sorted(kept) == sorted([names[1], third.generation])


def test_a_bad_row_costs_only_itself_and_is_reported_with_its_line(
    shop: TrialShop, client: OpenSearch, write_catalogue: Write, tmp_path: Path, live_ids: LiveIds
) -> None:
    products = product_rows(100)
    products[10] = {"id": "p10", "price": 3}
    products[20] = products[5] | {"title": "Again"}
    write_catalogue(products)
    rejects = tmp_path / "rejects.jsonl"
    report = shop.reindex(replace(shop.request(), rejects=rejects))
    assert report.rejects == {"missing_title": 1, "duplicate_id": 1}
    assert len(live_ids(shop.alias)) == 98
    lines = [orjson.loads(line) for line in rejects.read_bytes().splitlines()]
    assert [(line["line"], line["reason"]) for line in lines] == [
        (11, "missing_title"),
        (21, "duplicate_id"),
    ]


class BrokenForSome(HashingTextEncoder):
    """Gives vectors that are no numbers for a few texts, which OpenSearch refuses."""

    def encode_passages(self, texts: Any) -> Any:
        vectors = super().encode_passages(texts)
        vectors[[text.startswith("Broken") for text in texts]] = np.nan
        return vectors


def test_a_product_that_opensearch_refuses_is_a_reject_and_the_others_go_live(
    opensearch_url: str,
    alias: str,
    client: OpenSearch,
    write_catalogue: Write,
    tmp_path: Path,
    live_ids: LiveIds,
) -> None:
    products = product_rows(100)
    products[30]["title"] = "Broken lamp"
    products[40]["id"] = "x" * 600
    shop = TrialShop(
        url=opensearch_url,
        alias=alias,
        catalogue=write_catalogue(products),
        encoder_for=lambda _: BrokenForSome(),
    )
    rejects = tmp_path / "rejects.jsonl"
    report = shop.reindex(replace(shop.request(), rejects=rejects))
    assert report.rejects == {"refused_by_opensearch": 2}
    assert (report.products, report.documents) == (100, 98)
    assert len(live_ids(alias)) == 98
    lines = {orjson.loads(line)["line"] for line in rejects.read_bytes().splitlines()}
    assert lines == {31, 41}


def test_an_index_without_vectors_is_possible(
    opensearch_url: str, alias: str, client: OpenSearch, write_catalogue: Write
) -> None:
    catalogue = write_catalogue(product_rows(30))
    report = TrialShop(
        url=opensearch_url, alias=alias, catalogue=catalogue, encoder_for=lambda _: None
    ).reindex()
    assert report.encoder is None
    assert generation_statistics(client, report.generation).vectors == 0


def test_a_generation_half_as_large_does_not_go_live_unless_allowed(
    shop: TrialShop, client: OpenSearch, write_catalogue: Write, behind: Behind
) -> None:
    first = shop.reindex()
    write_catalogue(product_rows(99))
    with pytest.raises(GenerationCheckError, match="size: 99 products after 200"):
        shop.reindex()
    assert behind(shop.alias) == [first.generation]
    newest = Generations(client, shop.alias).list()[0]
    assert newest.state is GenerationState.FAILED
    assert "size: 99 products" in newest.reason
    report = shop.reindex(replace(shop.request(), resume=True, allow_shrink=True))
    assert report.generation == newest.name
    assert report.resumed_at_row == 99
    assert behind(shop.alias) == [newest.name]


def test_too_large_a_share_of_rejects_does_not_go_live(
    shop: TrialShop, client: OpenSearch, write_catalogue: Write, behind: Behind
) -> None:
    write_catalogue(product_rows(10) + [{"id": f"x{n}", "price": n} for n in range(30)])
    with pytest.raises(GenerationCheckError, match="reject_share: 30 of 40 rows"):
        shop.reindex()
    assert behind(shop.alias) == []


def test_without_a_swap_the_generation_waits_to_be_published(
    shop: TrialShop, client: OpenSearch, behind: Behind
) -> None:
    report = shop.reindex(replace(shop.request(), swap=False))
    assert behind(shop.alias) == []
    Generations(client, shop.alias).publish(report.generation)
    assert behind(shop.alias) == [report.generation]


def test_an_index_that_has_the_aliass_name_is_left_alone(
    shop: TrialShop, client: OpenSearch
) -> None:
    client.indices.create(index=shop.alias)
    with pytest.raises(IndexingError, match="is an index itself"):
        shop.reindex()


def test_the_live_generation_is_not_deleted(shop: TrialShop, client: OpenSearch) -> None:
    report = shop.reindex()
    with pytest.raises(IndexingError, match="is live"):
        Generations(client, shop.alias).delete(report.generation)


def test_there_has_to_be_something_to_resume(shop: TrialShop) -> None:
    with pytest.raises(ResumeError, match=r"no run of .* is unfinished"):
        shop.reindex(replace(shop.request(), resume=True))
    shop.reindex()
    with pytest.raises(ResumeError, match=r"no run of .* is unfinished"):
        shop.reindex(replace(shop.request(), resume=True))
