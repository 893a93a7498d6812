import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from search_core import TagReviewError
from shopkeeper.command_line import exit_status
from shopkeeper.commands.tags import tags

CSV = "id,title,description,price\n" + "".join(
    f"{n},Oak table lamp number {n} with cable,Perfect for reading corners.,{n}.95 EUR\n"
    for n in range(1, 30)
)


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shop.csv").write_text(CSV, encoding="utf-8")


def run(command: str, *arguments: str, stdin: str | None = None) -> Result:
    # The thesaurus is fetched, and needs a model.
    offline = ("--set", "indexer.tags.thesaurus=false") if command == "preview" else ()
    return CliRunner().invoke(tags, [command, *arguments, *offline], input=stdin)


def test_a_preview_shows_kind_source_and_certainty_of_each_tag() -> None:
    result = run("preview", "shop.csv", "--sample", "1")
    assert result.exit_code == 0, result.output
    head = "shop.csv: learned from 29 products (en 100%); 1 product looked at: 1 use"
    assert head in result.stdout
    row = "1 Oak table lamp number 1 with cable\treading corners\tuse\t80 %\tuses:description"
    assert row in result.stdout


def test_a_preview_of_standard_input_as_json() -> None:
    result = run("preview", "-", "--sample", "2", "--json", stdin=CSV)
    found = json.loads(result.stdout)
    assert [each["product_id"] for each in found["products"]] == ["1", "15"]
    assert found["kinds"] == {"use": 2}


def test_a_preview_without_generators_says_so() -> None:
    off = [f"indexer.tags.{name}=false" for name in ("uses", "alternative_names")]
    result = run("preview", "shop.csv", *[part for each in off for part in ("--set", each)])
    assert "no generator is switched on" in result.stderr
    assert "20 products looked at: no tags" in result.stdout
    assert "20 of 20 products: no tags; --json lists them" in result.stderr


def test_products_without_tags_take_no_line_of_their_own() -> None:
    text = CSV + "".join(f"{n},Lamp {n},,1 EUR\n" for n in range(30, 60))
    result = run("preview", "-", "--sample", "10", stdin=text)
    lines = result.stdout.splitlines()
    assert len(lines) == 2 + len([each for each in lines if "\tuse\t" in each])
    assert "of 10 products: no tags" in result.stderr


def test_a_file_with_a_wrong_line_is_a_mistake_of_usage() -> None:
    Path("tags.csv").write_text("product_id,tag,action\n1,couch,delete\n", encoding="utf-8")
    result = run("review", "import", "tags.csv")
    assert isinstance(result.exception, TagReviewError)
    assert exit_status(result.exception) == 2
