"""What the sample shop promises to whoever tries Shopkeeper on it."""

import csv
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from shopkeeper.sample_shop import judgments_path, products_path

REPOSITORY = Path(__file__).parents[3]

BRANDS = {
    *("Arkenvolt", "Blushwick", "Brellin", "Brickadoon", "Brightwhit", "Casprin", "Clayhollow"),
    *("Cordwick", "Datarook", "Dermiora", "Deskrow", "Dunvarra", "Fitmarrow", "Groovekind"),
    *("Halvenor", "Hearthmoor", "Hidewell", "Hopnetta", "Inkwellow", "Jollimunk", "Kelvarix"),
    *("Klickerby", "Larkwhistle", "Lumarrow", "Millowby", "Mossgarrow", "Nestaround"),
    *("Ninth Meeple", "Novaryn", "Optarrow", "Orchard Tarn", "Oskavi", "Pebblejack", "Pendrift"),
    *("Pryntal", "Quillvox", "Refilla", "Rokkadan", "Sorrelane", "Spindle & Suds", "Strydale"),
    *("Tarnbek", "Tarvik", "Tinkelow", "Torvane", "Tufflewag", "Viewdral", "Vitalmere"),
    *("Wrenfold", "云杪", "喵栗", "垅上禾", "墨栖堂", "壳小满", "岚径客", "星栎", "栈木里"),
    *("榫童乐", "步峦", "澄苒", "炊满灶", "电满仓", "砚云", "禾岫", "絮暖川", "织汀", "芽团子"),
    "键咕",
}
"""All invented. A new one is looked up before it is added: it must be nobody's trade mark."""

FIELDS = [
    *("id", "title", "description", "brand", "category", "product_type", "price", "currency"),
    *("url", "image", "in_stock", "rating", "review_count", "language", "ean", "model_number"),
    *("variant_group", "released", "attributes"),
]


@pytest.fixture(scope="module")
def products() -> list[dict[str, Any]]:
    lines = products_path().read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def graded() -> dict[str, dict[str, int]]:
    """Return query → product id → grade."""
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    with judgments_path().open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            assert line["docid"] not in grades[line["query"]], line
            grades[line["query"]][line["docid"]] = int(line["rating"])
    return grades


def test_the_generator_writes_the_shipped_files_byte_for_byte(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tools.sample_shop", "--output", str(tmp_path)]
    # Another hash seed than this process may have: no set's order may reach the files.
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run(command, cwd=REPOSITORY, env=environment, check=True, capture_output=True)
    assert (tmp_path / "products.jsonl").read_bytes() == products_path().read_bytes()
    assert (tmp_path / "judgments.csv").read_bytes() == judgments_path().read_bytes()


def test_there_are_at_least_seven_hundred_products_in_fourteen_departments(
    products: list[dict[str, Any]],
) -> None:
    assert len(products) >= 700
    assert len({p["category"][0] for p in products if p["language"] == "en"}) >= 13
    assert len({p["category"][0] for p in products}) >= 14


def test_every_product_has_the_same_fields(products: list[dict[str, Any]]) -> None:
    assert all(list(product) == FIELDS for product in products)


def test_a_quarter_of_the_products_is_in_chinese(products: list[dict[str, Any]]) -> None:
    languages = Counter(product["language"] for product in products)
    assert set(languages) == {"en", "zh"}
    assert 0.22 <= languages["zh"] / len(products) <= 0.30


def test_a_chinese_product_is_chinese_throughout(products: list[dict[str, Any]]) -> None:
    def has_han(text: str) -> bool:
        return any("\u4e00" <= character <= "\u9fff" for character in text)

    for product in products:
        chinese = product["language"] == "zh"
        words = [product["title"], product["product_type"], *product["category"]]
        assert all(has_han(word) == chinese for word in words), product
        assert product["currency"] == ("CNY" if chinese else "USD")


def test_ids_and_eans_are_unique(products: list[dict[str, Any]]) -> None:
    assert len({product["id"] for product in products}) == len(products)
    assert len({product["ean"] for product in products}) == len(products)


def test_eans_are_valid_and_belong_to_nobody(products: list[dict[str, Any]]) -> None:
    for product in products:
        digits = [int(digit) for digit in product["ean"]]
        assert len(digits) == 13
        assert digits[0] == 2  # 200-299: for use inside a shop
        assert (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0


def test_brands_are_the_invented_ones(products: list[dict[str, Any]]) -> None:
    assert {product["brand"] for product in products} - {None} == BRANDS


def test_a_few_products_lack_brand_description_or_picture_or_are_sold_out(
    products: list[dict[str, Any]],
) -> None:
    assert 5 <= sum(product["brand"] is None for product in products) <= 60
    assert 5 <= sum(product["description"] == "" for product in products) <= 60
    assert 5 <= sum(product["image"] is None for product in products) <= 120
    assert 40 <= sum(not product["in_stock"] for product in products) <= 150


def test_figures_are_believable(products: list[dict[str, Any]]) -> None:
    for product in products:
        assert 1 <= product["rating"] <= 5
        assert product["review_count"] >= 1
        assert 1 < product["price"] < 10_000
        assert "{" not in product["title"] + product["description"]


def test_variants_share_brand_category_and_group(products: list[dict[str, Any]]) -> None:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for product in products:
        if product["variant_group"] is not None:
            groups[product["variant_group"]].append(product)
    assert len(groups) >= 150
    for members in groups.values():
        assert len({(p["brand"], *p["category"]) for p in members}) == 1
        assert len({json.dumps(p["attributes"]) for p in members}) == len(members)


@pytest.mark.parametrize(
    ("family", "main"),
    [
        ("Novaphone 12", {"Smartphone", "智能手机"}),
        ("Novaphone 13", {"Smartphone"}),
        ("PX-440", {"Printer"}),
        ("Tempo 2", {"Sports watch"}),
        ("Pip 3", {"Earbuds"}),
        ("R5 Robot Vacuum", {"Robot vacuum"}),
        ("Batter Stand Mixer", {"Stand mixer"}),
        ("豆荚2", {"真无线耳机"}),
        ("行迹手表", {"智能手表"}),
    ],
)
def test_accessories_that_carry_its_name_outnumber_the_thing_itself(
    products: list[dict[str, Any]], family: str, main: set[str]
) -> None:
    named = [p["product_type"] for p in products if family in p["title"]]
    things = sum(product_type in main for product_type in named)
    assert 0 < things < len(named) - things


def test_every_judged_product_exists(
    products: list[dict[str, Any]], graded: dict[str, dict[str, int]]
) -> None:
    judged = {identifier for grades in graded.values() for identifier in grades}
    assert judged <= {product["id"] for product in products}


def test_grades_are_from_zero_to_three(graded: dict[str, dict[str, int]]) -> None:
    assert {grade for grades in graded.values() for grade in grades.values()} == {0, 1, 2, 3}


def test_each_of_at_least_eighty_queries_has_an_exact_product_and_not_too_many(
    graded: dict[str, dict[str, int]],
) -> None:
    assert len(graded) >= 80
    for query, grades in graded.items():
        assert 1 <= list(grades.values()).count(3) <= 60, query


def test_at_least_twenty_five_queries_are_in_chinese(graded: dict[str, dict[str, int]]) -> None:
    chinese = [q for q in graded if any("\u4e00" <= character <= "\u9fff" for character in q)]
    assert 25 <= len(chinese) <= len(graded) - 55


def test_the_readme_counts_what_is_shipped(
    products: list[dict[str, Any]], graded: dict[str, dict[str, int]]
) -> None:
    readme = (products_path().parent / "README.md").read_text(encoding="utf-8")
    groups = {product["variant_group"] for product in products} - {None}
    departments = Counter(product["category"][0] for product in products)
    assert f"{len(products)} products in English and Chinese" in readme
    assert f"for {len(graded)} queries" in readme
    assert f"{len(groups)} groups of colours" in readme
    assert all(f"| {name} | {count} |" in readme for name, count in departments.items())
