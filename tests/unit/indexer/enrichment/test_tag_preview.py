import io

import orjson

from indexer.catalog_plan import plan_catalog
from indexer.catalog_source import open_catalog
from indexer.enrichment import preview_tags
from indexer.enrichment.tag_preparation import learned_tags, no_more_generators
from search_core.settings import IndexerSettings, TagSettings

ROWS = [
    {"id": str(n), "title": f"Oak shelf {n}", "description": "Ideal for tiny rooms.", "price": 5.5}
    for n in range(1, 101)
]
LINES = b"".join(orjson.dumps(row) + b"\n" for row in ROWS)


def test_tags_of_products_spread_over_the_catalogue_are_shown(tmp_path):
    path = tmp_path / "shelves.jsonl"
    path.write_bytes(LINES)
    preview = preview_tags(path, IndexerSettings(), sample=4)
    assert [each.product_id for each in preview.products] == ["1", "26", "51", "76"]
    assert preview.looked_at == 100
    assert [tag.text for tag in preview.products[0].tags] == ["tiny rooms"]
    assert preview.kinds == {"use": 4}
    assert preview.generators.startswith("tags@")


def test_without_rules_nothing_is_generated(tmp_path):
    path = tmp_path / "shelves.jsonl"
    path.write_bytes(LINES)
    off = TagSettings(measures=False, uses=False, alternative_names=False)
    preview = preview_tags(path, IndexerSettings(tags=off), sample=4)
    assert (preview.generators, preview.kinds) == ("", {})


def test_standard_input_is_learned_from_and_can_still_be_read_whole():
    settings = IndexerSettings(tags=TagSettings(learned_from=20))
    with open_catalog("-", standard_input=io.BytesIO(LINES)) as source:
        plan = plan_catalog(source, None, None)
        chain = learned_tags(
            source, plan.schema, plan.languages, settings, no_more_generators
        ).chain
        assert chain.identity != ""
        assert sum(1 for _ in source.rows()) == 100


def test_the_same_catalogue_gives_the_same_identity(tmp_path):
    path = tmp_path / "shelves.jsonl"
    path.write_bytes(LINES)
    settings = IndexerSettings()
    assert preview_tags(path, settings).generators == preview_tags(path, settings).generators
