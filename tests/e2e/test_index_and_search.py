"""From a catalogue file to hits, by the installed command."""

import json

CATALOGUE = "\n".join(
    json.dumps(row, ensure_ascii=False)
    for row in (
        {"sku": "A-100", "name": "Red summer dress", "brand": "Aria", "price": 39.9},
        {"sku": "A-101", "name": "Blue summer dress", "brand": "Aria", "price": 59.9},
        {"sku": "B-200", "name": "Insulated travel mug 0.5 l", "brand": "Brellin", "price": 22.5},
        {"sku": "B-201", "name": "Ceramic coffee cup", "brand": "Brellin", "price": 9.0},
        {"sku": "B-201", "name": "Ceramic coffee cup again", "brand": "Brellin", "price": 9.0},
        {"sku": "C-300", "brand": "Cordwick", "price": 5.0},
        {"sku": "C-301", "name": "USB-C cable 2 m", "brand": "Cordwick", "price": 7.5},
    )
)


def fill(shopkeeper, tmp_path, index):
    (tmp_path / "catalogue.jsonl").write_text(CATALOGUE + "\n{broken\n", encoding="utf-8")
    return shopkeeper(
        "reindex", "catalogue.jsonl", "--index", index, "--rejects", "rejects.jsonl", "--json"
    )


def test_an_unprepared_catalogue_is_indexed_and_its_broken_rows_are_set_aside(
    shopkeeper, tmp_path, unique_index_name
):
    done = fill(shopkeeper, tmp_path, unique_index_name)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["documents"] == 5
    assert report["published"]
    assert sum(report["rejects"].values()) == 3
    rejects = [json.loads(line) for line in (tmp_path / "rejects.jsonl").read_text().splitlines()]
    assert sorted(each["line"] for each in rejects if "line" in each) == [5, 6, 8]


def test_hits_can_be_filtered_counted_explained_and_read_by_a_program(
    shopkeeper, tmp_path, unique_index_name
):
    fill(shopkeeper, tmp_path, unique_index_name)
    done = shopkeeper(
        *("search", "dress", "--index", unique_index_name, "--filter", "price<50"),
        *("--facet", "brand", "--explain", "--json"),
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["hits"][0]["product_id"] == "A-100"
    assert "A-101" not in [hit["product_id"] for hit in answer["hits"]]
    assert any("Fused score" in line for line in answer["hits"][0]["explanation"])
    counted = {each["value"]: each["count"] for each in answer["facets"][0]["values"]}
    assert counted["Aria"] == 1


def test_a_filter_by_a_name_that_no_product_has_is_said(shopkeeper, tmp_path, unique_index_name):
    fill(shopkeeper, tmp_path, unique_index_name)
    asked = ("search", "dress", "--index", unique_index_name, "--filter", "brnd=Aria")
    done = shopkeeper(*asked)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "no products for 'dress'\n"
    assert "warning: no product has an attribute 'brnd'; perhaps brand?\n" in done.stderr
    answer = json.loads(shopkeeper(*asked, "--json").stdout)
    assert answer["unknown_names"] == [{"name": "brnd", "near": ["brand"]}]


def test_a_page_behind_the_last_product_says_so(shopkeeper, tmp_path, unique_index_name):
    fill(shopkeeper, tmp_path, unique_index_name)
    done = shopkeeper("search", "dress", "--index", unique_index_name, "--page", "50")
    assert (done.returncode, done.stdout) == (0, "no products for 'dress' from number 491 on\n")


def test_a_filter_of_a_rule_by_a_name_that_no_product_has_is_said(
    shopkeeper, tmp_path, unique_index_name
):
    fill(shopkeeper, tmp_path, unique_index_name)
    (tmp_path / "rules.txt").write_text("dress =>\n  FILTER: * brnd:Aria\n", encoding="utf-8")
    done = shopkeeper(
        *("search", "dress", "--index", unique_index_name),
        *("--set", "query_understanding.rules=rules.txt"),
    )
    assert done.returncode == 0, done.stderr
    assert "warning: no product has an attribute 'brnd'; perhaps brand?\n" in done.stderr


def test_cells_with_several_values_are_filtered_value_by_value(
    shopkeeper, tmp_path, unique_index_name
):
    rows = [f"A-{n},Cotton shirt number {n},{('S|M', 'M|L', 'L|XL')[n % 3]}" for n in range(9)]
    (tmp_path / "shirts.csv").write_text("\n".join(["sku,name,sizes", *rows]), encoding="utf-8")
    done = shopkeeper("reindex", "shirts.csv", "--index", unique_index_name, "--no-vectors")
    assert done.returncode == 0, done.stderr
    found = shopkeeper(
        *("search", "shirt", "--index", unique_index_name, "--filter", "sizes=L", "--json"),
        *("--facet", "sizes", "--set", "retrieval.dense=false"),
    )
    answer = json.loads(found.stdout)
    assert answer["total"] == 6
    counts = {each["value"]: each["count"] for each in answer["facets"][0]["values"]}
    assert counts == {"L": 6, "M": 3, "XL": 3}


def test_meaning_finds_what_words_do_not(shopkeeper, tmp_path, unique_index_name):
    fill(shopkeeper, tmp_path, unique_index_name)
    done = shopkeeper("search", "charge my phone", "--index", unique_index_name, "--json")
    assert json.loads(done.stdout)["hits"][0]["product_id"] == "C-301"


def test_a_table_is_plain_lines_when_it_is_piped(shopkeeper, tmp_path, unique_index_name):
    fill(shopkeeper, tmp_path, unique_index_name)
    done = shopkeeper("search", "USB-C cable", "--index", unique_index_name, "--size", "1")
    head, row = done.stdout.splitlines()
    assert head.split("\t")[:3] == ["#", "id", "title"]
    assert row.split("\t")[:3] == ["1", "C-301", "USB-C cable 2 m"]


def test_an_index_that_is_not_there_is_said_with_the_remedy(shopkeeper, unique_index_name):
    done = shopkeeper("search", "dress", "--index", unique_index_name)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        f"error: there is no index {unique_index_name}\n"
        "  → `shopkeeper index list` shows what there is; `shopkeeper reindex` makes one\n"
    )


def test_a_filter_that_cannot_be_read_ends_with_usage(shopkeeper, unique_index_name):
    done = shopkeeper("search", "dress", "--index", unique_index_name, "--filter", "price<cheap")
    assert done.returncode == 2
    assert done.stderr.startswith("error: price: 'cheap' is not a number")


def test_a_misspelt_setting_is_refused_by_name(shopkeeper):
    done = shopkeeper("search", "dress", "--set", "retrieval.dens=false")
    assert done.returncode == 2
    assert "did you mean retrieval.dense?" in done.stderr


def test_an_opensearch_that_is_not_there_is_upstream(shopkeeper):
    done = shopkeeper("search", "x", SHOPKEEPER_SEARCH_ENGINE__URL="http://127.0.0.1:9")
    assert done.returncode == 3
    assert done.stderr.startswith("error: OpenSearch cannot be reached")


def test_doctor_finds_the_node_and_its_plugin(shopkeeper, tmp_path, unique_index_name):
    fill(shopkeeper, tmp_path, unique_index_name)
    done = shopkeeper("doctor", "--json")
    checks = {each["name"]: each for each in json.loads(done.stdout)["checks"]}
    assert checks["opensearch"]["state"] == "ok"
    assert checks["k-NN plugin"]["state"] == "ok"
    assert checks["serving without torch"]["state"] == "ok"
