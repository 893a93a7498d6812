"""`reindex --update`: the live generation brought up to date in place, on a real node."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from encoders.testing import HashingTextEncoder
from indexer import ReindexRequest, UpdateReport
from indexer.testing import TrialShop, product_rows
from search_core import IndexingError, IndexNotFoundError, UpdateRefusedError
from search_engine import (
    Generations,
    OpenSearch,
    RunRecordStore,
    attachment_version,
    note_changes,
    write_attachment,
)
from search_engine.generation_attachment import attachment_index

Write = Callable[[list[Any]], Path]
Rows = list[dict[str, Any]]

TEXT, LIVE, GONE, NEW = "p3", "p5", "p7", "p900"


@pytest.fixture
def shop(opensearch_url: str, alias: str, write_catalogue: Write) -> TrialShop:
    return TrialShop(url=opensearch_url, alias=alias, catalogue=write_catalogue(product_rows(200)))


@pytest.fixture
def documents(client: OpenSearch) -> Callable[[str], dict[str, dict[str, Any]]]:
    """Gives every document behind an alias, vectors included, by its id."""

    def read(alias: str) -> dict[str, dict[str, Any]]:
        answer = client.search(index=alias, body={"size": 10_000, "_source": True})
        hits = answer["hits"]["hits"]
        assert len({hit["_id"] for hit in hits}) == len(hits)
        return {hit["_source"]["id"]: hit["_source"] for hit in hits}

    return read


def changed_rows() -> Rows:
    """The 200 products with one other text, one other price, one gone and one new."""
    rows: Rows = [dict(row) for row in product_rows(200) if row["id"] != GONE]
    for row in rows:
        if row["id"] == TEXT:
            row["title"] = "Velvet armchair"
        if row["id"] == LIVE:
            row["price"] = 777
    return [*rows, {"id": NEW, "title": "Paper lantern", "description": "New.", "price": 5}]


def counts(report: UpdateReport) -> tuple[int, ...]:
    return report.unchanged, report.changed, report.live, report.added, report.deleted


def without_nothing(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value is not None}


def test_an_update_leaves_what_a_full_run_of_the_same_file_would(
    shop: TrialShop,
    write_catalogue: Write,
    documents: Callable[[str], dict[str, dict[str, Any]]],
) -> None:
    first = shop.reindex().generation
    write_catalogue(changed_rows())
    report = shop.update()
    assert report.generation == first
    assert counts(report) == (197, 1, 1, 1, 1)
    assert report.documents == 200
    updated = documents(shop.alias)
    shop.reindex()
    rebuilt = documents(shop.alias)
    assert updated.keys() == rebuilt.keys()
    for product_id, document in rebuilt.items():
        found = without_nothing(updated[product_id])
        vector = found.pop("vector")
        assert np.allclose(vector, document.pop("vector"), atol=2e-5), product_id
        assert found == document


def test_a_second_update_finds_nothing_to_do(shop: TrialShop, write_catalogue: Write) -> None:
    shop.reindex()
    write_catalogue(changed_rows())
    shop.update()
    again = shop.update()
    assert counts(again) == (200, 0, 0, 0, 0)
    assert again.writing.requests == 0


def test_only_changed_texts_are_encoded(shop: TrialShop, write_catalogue: Write) -> None:
    shop.reindex()
    write_catalogue(changed_rows())
    encoder = HashingTextEncoder()
    replace(shop, encoder_of=lambda _: encoder).update()
    assert encoder.encoded_passages == 2


def test_a_product_whose_price_changes_keeps_its_vector_and_its_text(
    shop: TrialShop,
    write_catalogue: Write,
    documents: Callable[[str], dict[str, dict[str, Any]]],
) -> None:
    shop.reindex()
    before = documents(shop.alias)[LIVE]
    write_catalogue(changed_rows())
    shop.update()
    after = documents(shop.alias)[LIVE]
    assert after["price"] == 777
    for name in ("vector", "title", "description"):
        assert after[name] == before[name]


def test_a_product_that_loses_its_price_has_none_afterwards(
    shop: TrialShop, client: OpenSearch, write_catalogue: Write
) -> None:
    shop.reindex()
    rows: Rows = [dict(row) for row in product_rows(200)]
    del rows[5]["price"]
    write_catalogue(rows)
    assert counts(shop.update()) == (199, 0, 1, 0, 0)
    priced = client.count(index=shop.alias, body={"query": {"exists": {"field": "price"}}})
    assert priced["count"] == 199


def test_a_row_that_is_set_aside_is_a_product_that_is_gone(
    shop: TrialShop, write_catalogue: Write, live_ids: Callable[[str], list[str]], tmp_path: Path
) -> None:
    shop.reindex()
    rows: Rows = [dict(row) for row in product_rows(200)]
    rows[4]["title"] = ""
    rows.append(dict(rows[9]))
    write_catalogue(rows)
    rejects = tmp_path / "rejects.jsonl"
    report = shop.update(replace(shop.update_request(), rejects=rejects))
    assert report.rejects == {"missing_title": 1, "duplicate_id": 1}
    assert [orjson.loads(line)["line"] for line in rejects.read_bytes().splitlines()] == [5, 201]
    assert "p4" not in live_ids(shop.alias)
    assert len(live_ids(shop.alias)) == 199


def test_a_product_that_opensearch_refuses_is_set_aside_and_the_others_are_written(
    shop: TrialShop, write_catalogue: Write
) -> None:
    shop.reindex()
    rows: Rows = [dict(row) for row in product_rows(200)]
    rows += [{"id": "x" * 600, "title": "Too long an id"}, {"id": NEW, "title": "New"}]
    write_catalogue(rows)
    report = shop.update()
    assert report.rejects == {"refused_by_opensearch": 1}
    assert report.documents == 201


def test_more_than_a_fifth_is_not_deleted_unless_told(
    shop: TrialShop, write_catalogue: Write, live_ids: Callable[[str], list[str]]
) -> None:
    shop.reindex()
    rows = changed_rows()[50:]
    write_catalogue(rows)
    with pytest.raises(UpdateRefusedError, match=r"51 of 200 products.*20%.*nothing was deleted"):
        shop.update()
    assert len(live_ids(shop.alias)) == 201
    report = shop.update(replace(shop.update_request(), allow_shrink=True))
    assert report.deleted == 51
    assert live_ids(shop.alias) == sorted(row["id"] for row in rows)


def test_nothing_is_deleted_when_most_rows_were_set_aside(
    shop: TrialShop, write_catalogue: Write, live_ids: Callable[[str], list[str]]
) -> None:
    shop.reindex()
    rows: Rows = [dict(row) for row in product_rows(190)]
    write_catalogue([*rows, *({"id": f"q{n}"} for n in range(300))])
    with pytest.raises(UpdateRefusedError, match="300 of 490 rows were set aside"):
        shop.update()
    assert len(live_ids(shop.alias)) == 200


def test_a_dry_run_counts_and_writes_nothing(
    shop: TrialShop, write_catalogue: Write, live_ids: Callable[[str], list[str]]
) -> None:
    shop.reindex()
    before = live_ids(shop.alias)
    write_catalogue(changed_rows())
    report = shop.update(replace(shop.update_request(), dry_run=True))
    assert counts(report) == (197, 1, 1, 1, 1)
    assert live_ids(shop.alias) == before


def test_without_a_live_generation_there_is_nothing_to_update(shop: TrialShop) -> None:
    with pytest.raises(IndexNotFoundError, match="no generation of"):
        shop.update()


def test_other_settings_than_the_generations_are_refused_by_name(shop: TrialShop) -> None:
    shop.reindex()
    other = shop.settings.model_copy(
        update={"passage_description_chars": 7, "max_title_chars": 999}
    )
    with pytest.raises(UpdateRefusedError) as refused:
        replace(shop, settings=other).update()
    assert "indexer.passage_description_chars" in refused.value.message
    assert "indexer.max_title_chars" in refused.value.message
    assert "without --update" in str(refused.value.remedy)


def test_another_schema_or_language_is_refused(shop: TrialShop, tmp_path: Path) -> None:
    shop.reindex()
    schema = tmp_path / "catalog.toml"
    schema.write_text('[fields]\ntitle = "description"\nid = "id"\n', encoding="utf-8")
    with pytest.raises(UpdateRefusedError, match="another schema"):
        shop.update(replace(shop.update_request(), schema=schema))
    with pytest.raises(UpdateRefusedError, match="language"):
        shop.update(replace(shop.update_request(), language="sv"))


def test_a_file_is_read_by_the_generations_schema_whatever_its_sample_looks_like(
    shop: TrialShop, write_catalogue: Write, tmp_path: Path
) -> None:
    schema = tmp_path / "catalog.toml"
    schema.write_text(
        '[fields]\ntitle = "title"\nid = "id"\nprice = "price"\n\n[price]\nunit = "cents"\n',
        encoding="utf-8",
    )
    request = ReindexRequest(catalog=shop.catalogue, alias=shop.alias, schema=schema)
    shop.reindex(request)
    assert counts(shop.update()) == (200, 0, 0, 0, 0)


def test_a_generation_without_hashes_is_refused_with_the_way_out(
    shop: TrialShop, client: OpenSearch
) -> None:
    name = shop.reindex().generation
    mapping = client.indices.get_mapping(index=name)[name]["mappings"]
    ours = mapping["_meta"]["shopkeeper"]
    del ours["generation"]["inputs"]["catalog_toml"]
    client.indices.put_mapping(index=name, body={"_meta": {"shopkeeper": ours}})
    with pytest.raises(UpdateRefusedError, match="older version") as refused:
        shop.update()
    assert "without --update" in str(refused.value.remedy)


@pytest.fixture
def held(shop: TrialShop, client: OpenSearch) -> Iterator[None]:
    """Another process holds the alias's lock."""
    shop.reindex()
    tools = shop.update_tools(client)
    with tools.lease(RunRecordStore(client, shop.alias)):
        yield


def test_an_update_is_refused_while_another_run_writes(shop: TrialShop, held: None) -> None:
    with pytest.raises(IndexingError, match="is being indexed by"):
        shop.update()


def test_words_are_learned_anew_once_changes_add_up(
    shop: TrialShop, client: OpenSearch, write_catalogue: Write
) -> None:
    name = shop.reindex().generation
    write_attachment(client, name, b"lexicon")
    learned: list[str] = []

    def learn(generation: str) -> None:
        learned.append(generation)
        write_attachment(client, generation, b"another lexicon")

    shop = replace(shop, learn=learn)
    write_catalogue(changed_rows())
    assert not shop.update().learned  # 3 of 200: 5 % is 10
    rows: Rows = [dict(row) for row in changed_rows()]
    for row in rows[20:27]:
        row["title"] += " again"
    write_catalogue(rows)
    version = attachment_version(client, name)
    assert shop.update().learned
    assert learned == [name]
    assert attachment_version(client, name) != version
    assert note_changes(client, name, 1) == 1


def test_the_count_of_changes_belongs_to_what_was_learned(
    shop: TrialShop, client: OpenSearch
) -> None:
    name = shop.reindex().generation
    assert note_changes(client, name, 3) is None
    assert attachment_version(client, name) is None
    write_attachment(client, name, b"lexicon")
    assert note_changes(client, name, 3) == 3
    assert note_changes(client, name, 4) == 7
    assert client.indices.exists(index=attachment_index(name))


def test_another_generation_that_goes_live_meanwhile_is_noticed(
    shop: TrialShop, client: OpenSearch, write_catalogue: Write
) -> None:
    first = shop.reindex().generation
    shop.reindex()
    write_catalogue(changed_rows())

    def encoder_of(identity: Any) -> HashingTextEncoder:
        Generations(client, shop.alias).publish(first)
        return HashingTextEncoder(identity.dimension, identity.model_id)

    with pytest.raises(IndexingError, match="was put live during the update"):
        replace(shop, encoder_of=encoder_of).update()
