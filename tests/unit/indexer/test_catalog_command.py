import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from search_core import CatalogSchemaError
from shopkeeper.commands.catalog import catalog

CSV = "id,title,price,colour\n" + "".join(
    f"{n},Red table lamp number {n} with cable,{n}.95 EUR,red\n" for n in range(1, 30)
)


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shop.csv").write_text(CSV + 'x,"",1,\n', encoding="utf-8")


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(catalog, ["inspect", *arguments], input=stdin)


def test_fields_languages_products_and_rejects_are_printed() -> None:
    result = run("shop.csv")
    assert result.exit_code == 0
    assert "shop.csv: delimited, utf-8" in result.stdout
    assert "all 30 rows looked at" in result.stdout
    assert "title\ttitle\t" in result.stdout
    assert "Languages: en 100 %" in result.stdout
    assert "Set aside: line 31: there is no text in title (missing_title)" in result.stdout
    assert "Product 3\n" in result.stdout or "Red table lamp number 3 with cable" in result.stdout


def test_json_holds_the_fields_the_schema_and_three_products() -> None:
    found = json.loads(run("shop.csv", "--json").stdout)
    roles = {field["field"]: field["role"] for field in found["fields"]}
    assert roles == {"id": "id", "title": "title", "price": "price", "colour": "attribute"}
    assert [product["id"] for product in found["products"]] == ["1", "2", "3"]
    assert found["products"][0]["price"] == 1.95
    assert 'currency = "EUR"' in found["catalog_toml"]


def test_a_written_schema_can_be_checked_against_the_file() -> None:
    assert run("shop.csv", "--write", "catalog.toml").exit_code == 0
    assert run("shop.csv", "--schema", "catalog.toml").exit_code == 0
    text = Path("catalog.toml").read_text(encoding="utf-8")
    Path("catalog.toml").write_text(text.replace('"title"', '"titel"'), encoding="utf-8")
    result = run("shop.csv", "--schema", "catalog.toml")
    assert isinstance(result.exception, CatalogSchemaError)
    assert "no field 'titel' (fields.title); did you mean title?" in str(result.exception)


def test_standard_input_is_read() -> None:
    result = run("-", stdin=CSV)
    assert result.exit_code == 0
    assert "standard input: delimited" in result.stdout


def test_writing_and_checking_at_once_is_a_usage_error() -> None:
    result = run("shop.csv", "--write", "a.toml", "--schema", "b.toml")
    assert result.exit_code == 2
    assert "use one" in result.stderr


def test_help_shows_examples() -> None:
    assert "shopkeeper catalog inspect export.csv --write catalog.toml" in run("--help").stdout
