"""Tags by a taxonomy and by a language model, from the command line."""

import json
import os
import subprocess
import sys

import pytest

from language_models.testing import CompletionServer, Reply

ROWS = [
    {"id": "1", "title": "Brass desk lamp with dimmer", "description": "Warm light for reading."},
    {"id": "2", "title": "Wool rug 120 x 80", "description": "Woven by hand."},
    {"id": "3", "title": "Collar for small dogs", "description": "Soft leather."},
]
TAXONOMY = """\
Home > Lighting > Desk Lamps & Task Lights
Home > Lighting > Ceiling Lights
Home > Textiles > Carpets & Rugs
Pets > Dogs > Dog Collars & Leads
Pets > Cats > Cat Trees
"""


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "products.jsonl").write_text("\n".join(map(json.dumps, ROWS)))
    (tmp_path / "categories.txt").write_text(TAXONOMY)
    return tmp_path


def run(shop, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "shopkeeper.command_line", *arguments],
        check=False,
        cwd=shop,
        env={**os.environ, "SHOPKEEPER_LLM__API_KEY": "k", **environment},
        capture_output=True,
        text=True,
        timeout=280,
    )


def tags_of(done):
    assert done.returncode == 0, done.stderr
    products = json.loads(done.stdout)["products"]
    return {each["product_id"]: {tag["text"]: tag for tag in each["tags"]} for each in products}


def llm_settings(shop, server, **more):
    lines = [
        "[llm]",
        f'base_url = "{server.base_url}"',
        'model = "m1"',
        "retries = 0",
        *(f"{name} = {value}" for name, value in more.items()),
        "[indexer.tags]",
        "language_model = true",
        "[local_stack]",
        f'cache_dir = "{shop / "cache"}"',
    ]
    (shop / "shopkeeper.toml").write_text("\n".join(lines))


def tag_everything(request):
    numbers = [each["number"] for each in json.loads(request.texts[1])]
    entries = [
        {"number": number, "tags": [{"text": "house warming gift", "kind": "use"}]}
        for number in numbers
    ]
    return Reply(text=json.dumps({"products": entries}), usage=(400, 60))


def test_a_taxonomy_gives_products_the_names_of_their_categories(shop):
    done = run(shop, "tags", "preview", "products.jsonl", "--taxonomy", "categories.txt", "--json")
    tags = tags_of(done)
    tag = tags["1"]["Desk Lamps & Task Lights"]
    assert (tag["kind"], tag["source"]) == ("product_type", "taxonomy")
    assert "Carpets & Rugs" in tags["2"]
    assert "Dog Collars & Leads" in tags["3"]


def test_a_taxonomy_that_cannot_be_read_is_a_usage_error(shop):
    (shop / "empty.txt").write_text("# nothing\n")
    done = run(shop, "tags", "preview", "products.jsonl", "--taxonomy", "empty.txt")
    assert done.returncode == 2
    assert "empty.txt has no categories" in done.stderr


def test_a_language_models_tags_come_with_what_they_cost_before_and_after(shop):
    with CompletionServer(by=tag_everything) as server:
        llm_settings(shop, server, input_price=1.0, output_price=2.0)
        done = run(shop, "tags", "preview", "products.jsonl", "--json")
    tags = tags_of(done)
    assert tags["2"]["house warming gift"]["source"] == "llm:m1"
    before, after = (line for line in done.stderr.splitlines() if "language model" in line)
    assert "3 products looked at take about 1 requests" in before
    assert "a thousand products about" in before
    # 400 tokens at 1 and 60 at 2 a million.
    assert "tags of 3 products" in after
    assert after.endswith("400 tokens in and 60 out, cost 0.0005")


def test_a_dry_run_prices_the_tags_and_sends_nothing(shop):
    with CompletionServer(by=tag_everything) as server:
        llm_settings(shop, server, input_price=1.0, output_price=2.0)
        done = run(shop, "reindex", "products.jsonl", "--dry-run", "3")
        assert server.requests == []
    assert done.returncode == 0, done.stderr
    assert "language model: tags of the 3 products looked at take about 1 requests" in done.stderr


def test_a_language_model_that_is_down_leaves_the_rules_tags_and_says_so(shop):
    with CompletionServer(Reply(status=503, body="{}")) as server:
        llm_settings(shop, server)
        done = run(shop, "tags", "preview", "products.jsonl", "--json")
    assert done.returncode == 0, done.stderr
    assert "3 products have no tags by the language model (language_model_unavailable)" in (
        done.stderr
    )


def test_tags_by_a_model_without_a_model_are_a_usage_error(shop):
    done = run(
        shop, "tags", "preview", "products.jsonl", "--set", "indexer.tags.language_model=true"
    )
    assert done.returncode == 2
    assert "llm.base_url" in done.stderr


def on(url):
    return {"SHOPKEEPER_SEARCH_ENGINE__URL": url}


def found(shop, url, index, query):
    done = run(shop, "search", query, "--index", index, "--json", **on(url))
    assert done.returncode == 0, done.stderr
    return [hit["product_id"] for hit in json.loads(done.stdout)["hits"]]


def test_products_are_found_by_the_name_of_their_category(shop, opensearch_url, unique_index_name):
    index = ("--index", unique_index_name)
    arguments = ("reindex", "products.jsonl", *index, "--no-vectors")
    plain = run(shop, *arguments, **on(opensearch_url))
    assert plain.returncode == 0, plain.stderr
    assert found(shop, opensearch_url, unique_index_name, "carpets") == []
    placed = run(shop, *arguments, "--taxonomy", "categories.txt", **on(opensearch_url))
    assert placed.returncode == 0, placed.stderr
    assert found(shop, opensearch_url, unique_index_name, "carpets") == ["2"]


def test_an_update_places_new_products_alike_and_refuses_another_taxonomy(
    shop, opensearch_url, unique_index_name
):
    index = ("--index", unique_index_name)
    full = run(
        shop,
        *("reindex", "products.jsonl", *index, "--no-vectors", "--taxonomy", "categories.txt"),
        **on(opensearch_url),
    )
    assert full.returncode == 0, full.stderr
    added = {"id": "4", "title": "Floor rug made of jute", "description": "Round."}
    (shop / "products.jsonl").write_text("\n".join(map(json.dumps, [*ROWS, added])))
    update = ("reindex", "products.jsonl", *index, "--update")
    refused = run(shop, *update, **on(opensearch_url))
    assert refused.returncode == 1
    assert "got their tags in another way" in refused.stderr
    done = run(shop, *update, "--taxonomy", "categories.txt", **on(opensearch_url))
    assert done.returncode == 0, done.stderr
    assert sorted(found(shop, opensearch_url, unique_index_name, "carpets")) == ["2", "4"]


def test_products_are_found_by_what_a_language_model_wrote(shop, opensearch_url, unique_index_name):
    with CompletionServer(by=tag_everything) as server:
        llm_settings(shop, server, input_price=1.0, output_price=2.0)
        index = ("--index", unique_index_name)
        arguments = ("reindex", "products.jsonl", *index, "--no-vectors")
        done = run(shop, *arguments, **on(opensearch_url))
        assert done.returncode == 0, done.stderr
        assert "tags of 3 products" in done.stderr
        sent = len(server.requests)
        again = run(shop, *arguments, **on(opensearch_url))
        assert again.returncode == 0, again.stderr
        assert len(server.requests) == sent  # all from the cache
    hits = found(shop, opensearch_url, unique_index_name, "house warming gift")
    assert sorted(hits) == ["1", "2", "3"]


SOFAS = [
    {"id": "1", "title": "Harbour Two-Seater Sofa, grey", "description": "Upholstered, seats two."},
    {"id": "2", "title": "Merino Cardigan, navy", "description": "Knitted, with horn buttons."},
    {"id": "3", "title": "Oak Bookcase 180 cm", "description": "Five shelves."},
]


def test_a_thing_is_found_by_another_name_of_it(shop, opensearch_url, unique_index_name):
    (shop / "sofas.jsonl").write_text("\n".join(map(json.dumps, SOFAS)))
    (shop / "shopkeeper.toml").write_text("[retrieval]\ndense = false\n")
    arguments = ("reindex", "sofas.jsonl", "--index", unique_index_name, "--language", "en")
    done = run(shop, *arguments, **on(opensearch_url))
    assert done.returncode == 0, done.stderr
    assert found(shop, opensearch_url, unique_index_name, "couch") == ["1"]
    assert found(shop, opensearch_url, unique_index_name, "sweater") == ["2"]
    without = ("--set", "indexer.tags.thesaurus=false")
    done = run(shop, *arguments, *without, **on(opensearch_url))
    assert done.returncode == 0, done.stderr
    assert found(shop, opensearch_url, unique_index_name, "couch") == []


def test_an_update_needs_the_thesaurus_that_the_reindex_had(
    shop, opensearch_url, unique_index_name
):
    (shop / "sofas.jsonl").write_text("\n".join(map(json.dumps, SOFAS)))
    arguments = ("reindex", "sofas.jsonl", "--index", unique_index_name, "--language", "en")
    done = run(shop, *arguments, **on(opensearch_url))
    assert done.returncode == 0, done.stderr
    update = ("reindex", "sofas.jsonl", "--index", unique_index_name, "--update")
    done = run(shop, *update, **on(opensearch_url))
    assert done.returncode == 0, done.stderr
    done = run(shop, *update, "--set", "indexer.tags.thesaurus=false", **on(opensearch_url))
    assert done.returncode == 1
    assert "got their tags in another way" in done.stderr
