"""Tags on a real node: generated, searched, corrected, kept."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from indexer import ReviewAction, ReviewedTag, exported_tags, import_review
from indexer.testing import TrialShop
from search_core import ResumeError, Tag, TagCorrection, TagKind
from search_core.settings import SearchEngineSettings, TagSettings
from search_engine import (
    TAG_KNOWLEDGE,
    Generations,
    OpenSearch,
    TagCorrectionStore,
    attachment_index,
    read_attachment,
    stored_tags,
    write_tags,
)

Write = Callable[[list[Any]], Path]
ROWS = [
    {
        "id": f"p{number}",
        "title": f"Oak shelf number {number} of 40 cm",
        "description": "Ideal for tiny rooms." if number % 2 else "Made of oak.",
        "price": 10 + number,
    }
    for number in range(100)
]

OLD_META = {
    "layout_version": 1,
    "languages": ["en"],
    "encoder": None,
    "generation": {"state": "complete", "inputs": {}},
}


@pytest.fixture
def shop(opensearch_url: str, alias: str, write_catalogue: Write) -> TrialShop:
    return with_tags(
        TrialShop(url=opensearch_url, alias=alias, catalogue=write_catalogue(ROWS)),
        measures=True,
    )


def with_tags(shop: TrialShop, **tags: Any) -> TrialShop:
    return replace(shop, settings=shop.settings.model_copy(update={"tags": TagSettings(**tags)}))


def found(client: OpenSearch, alias: str, text: str) -> set[str]:
    body = {"query": {"match_phrase": {"tags_text": text}}, "size": 100, "_source": ["id"]}
    hits = client.search(index=alias, body=body)["hits"]["hits"]
    return {hit["_source"]["id"] for hit in hits}


def reviewed(product_id: str, text: str, action: ReviewAction) -> ReviewedTag:
    return ReviewedTag(product_id=product_id, tag=text, action=action)


def test_products_are_found_by_generated_tags(shop: TrialShop, client: OpenSearch) -> None:
    shop.reindex()
    assert found(client, shop.alias, "tiny rooms") == {f"p{n}" for n in range(1, 100, 2)}
    assert len(found(client, shop.alias, "400 mm")) == 100
    assert stored_tags(client, shop.alias, ["p1", "absent"]) == {
        "p1": (
            Tag(
                text="tiny rooms",
                kind=TagKind.USE,
                source="uses:description",
                confidence=0.8,
            ),
            *(
                Tag(text=text, kind=TagKind.MEASURE, source="measures:title", confidence=0.9)
                for text in ("400 mm", "15.7 inch", "1.31 ft")
            ),
        )
    }


def test_a_generation_says_what_generated_its_tags_and_keeps_what_was_learned(
    shop: TrialShop, client: OpenSearch
) -> None:
    name = shop.reindex().generation
    generations = Generations(client, shop.alias)
    assert generations.get(name).description.tags.startswith("tags@")
    assert read_attachment(client, name, TAG_KNOWLEDGE) is not None
    again = shop.reindex().generation
    assert generations.get(again).description.tags == generations.get(name).description.tags
    generations.delete(name)
    assert not client.indices.exists(index=attachment_index(name, TAG_KNOWLEDGE))


def test_without_rules_products_have_no_tags(shop: TrialShop, client: OpenSearch) -> None:
    name = with_tags(shop, uses=False, alternative_names=False).reindex().generation
    assert Generations(client, shop.alias).get(name).description.tags == ""
    assert stored_tags(client, shop.alias, ["p1"]) == {"p1": ()}


def test_corrections_count_at_once_and_survive_reindexing(
    shop: TrialShop, client: OpenSearch
) -> None:
    shop.reindex()
    report = import_review(
        client,
        shop.alias,
        [
            reviewed("p1", "tiny rooms", ReviewAction.REMOVE),
            reviewed("p2", "bookcase", ReviewAction.ADD),
            reviewed("p3", "tiny rooms", ReviewAction.KEEP),
            reviewed("gone", "bookcase", ReviewAction.ADD),
        ],
    )
    assert (report.added, report.removed, report.rewritten) == (2, 1, 2)
    assert report.unknown == ("gone",)
    for _ in range(2):
        assert found(client, shop.alias, "bookcase") == {"p2"}
        assert "p1" not in found(client, shop.alias, "tiny rooms")
        assert "p3" in found(client, shop.alias, "tiny rooms")
        shop.reindex()


def test_a_reset_takes_back_what_a_person_added(shop: TrialShop, client: OpenSearch) -> None:
    shop.reindex()
    import_review(client, shop.alias, [reviewed("p2", "bookcase", ReviewAction.ADD)])
    report = import_review(client, shop.alias, [reviewed("p2", "Bookcases", ReviewAction.RESET)])
    assert (report.reset, report.products) == (1, 0)
    assert found(client, shop.alias, "bookcase") == set()
    assert TagCorrectionStore(client, shop.alias).read() == {}


def test_a_dry_run_changes_nothing(shop: TrialShop, client: OpenSearch) -> None:
    shop.reindex()
    add = [reviewed("p2", "bookcase", ReviewAction.ADD)]
    report = import_review(client, shop.alias, add, dry_run=True)
    assert (report.added, report.rewritten, report.dry_run) == (1, 1, True)
    assert found(client, shop.alias, "bookcase") == set()
    assert TagCorrectionStore(client, shop.alias).read() == {}


def test_an_export_shows_tags_and_what_a_person_removed(
    shop: TrialShop, client: OpenSearch
) -> None:
    shop.reindex()
    import_review(client, shop.alias, [reviewed("p1", "tiny rooms", ReviewAction.REMOVE)])
    rows = [each for each in exported_tags(client, shop.alias) if each.product_id == "p1"]
    assert [(each.tag, each.action) for each in rows] == [
        ("400 mm", ReviewAction.KEEP),
        ("15.7 inch", ReviewAction.KEEP),
        ("1.31 ft", ReviewAction.KEEP),
        ("tiny rooms", ReviewAction.REMOVE),
    ]
    assert {each.title for each in rows} == {"Oak shelf number 1 of 40 cm"}


def test_a_resumed_run_needs_the_same_tags_and_corrections(
    shop: TrialShop, client: OpenSearch, engine: SearchEngineSettings
) -> None:
    name = shop.reindex().generation
    generations = Generations(client, shop.alias)
    status = generations.get(name)
    unfinished = generations.create(status.description, engine, status.inputs)
    resumed = replace(shop.request(), resume=True)
    with pytest.raises(ResumeError, match=r"this changed: tags\b"):
        with_tags(shop, measures=False).reindex(resumed)
    correction = TagCorrection(product_id="p1", removed=("tiny rooms",))
    store = TagCorrectionStore(client, shop.alias)
    store.write([correction])
    with pytest.raises(ResumeError, match="this changed: tag_corrections"):
        shop.reindex(resumed)
    store.write([TagCorrection(product_id="p1")])
    assert shop.reindex(resumed).generation == unfinished.name


def test_vectors_hold_tags_when_asked_to(shop: TrialShop, client: OpenSearch) -> None:
    name = with_tags(shop, in_passage=2).reindex().generation
    template = Generations(client, shop.alias).get(name).description.passage_template
    assert template.endswith(",tags[2]")


def test_corrections_of_a_generation_without_the_fields_wait_for_the_next(
    shop: TrialShop, client: OpenSearch
) -> None:
    old = f"{shop.alias}-20260101-000000-0000"
    client.indices.create(
        index=old,
        body={
            "aliases": {shop.alias: {}},
            "mappings": {
                "dynamic": "strict",
                "_meta": {"shopkeeper": OLD_META},
                "properties": {"id": {"type": "keyword"}, "title": {"type": "text"}},
            },
        },
    )
    client.index(index=old, id="p2", body={"id": "p2", "title": "Oak shelf"}, refresh="true")
    report = import_review(client, shop.alias, [reviewed("p2", "bookcase", ReviewAction.ADD)])
    assert (report.added, report.rewritten, report.waiting) == (1, 0, True)
    assert list(exported_tags(client, shop.alias)) == []
    shop.reindex()
    assert found(client, shop.alias, "bookcase") == {"p2"}


def test_a_generation_without_a_field_for_the_thesaurus_can_be_corrected(
    client: OpenSearch, alias: str
) -> None:
    properties = {
        "id": {"type": "keyword"},
        "tags": {"type": "object", "enabled": False},
        "tags_text": {"type": "text"},
    }
    index = f"{alias}-old"
    client.indices.create(
        index=index, body={"mappings": {"dynamic": "strict", "properties": properties}}
    )
    client.index(index=index, id="p1", body={"id": "p1"}, params={"refresh": "true"})
    tag = Tag(text="settee", kind=TagKind.ALTERNATIVE_NAME, source="person", confidence=1.0)
    write_tags(client, index, {"p1": (tag,)})
    assert stored_tags(client, index, ["p1"]) == {"p1": (tag,)}
    assert found(client, index, "settee") == {"p1"}
