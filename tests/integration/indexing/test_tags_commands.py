"""`shopkeeper tags review` on a real node."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result

from search_engine import OpenSearch
from shopkeeper.command_line import cli

Write = Callable[[list[Any]], Path]
Run = Callable[..., Result]
ROWS = [
    {
        "id": f"p{number}",
        "title": f"Oak shelf number {number}",
        "description": "Ideal for tiny rooms.",
        "price": 10 + number,
    }
    for number in range(30)
]


@pytest.fixture
def run(opensearch_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SHOPKEEPER_SEARCH_ENGINE__URL", opensearch_url)

    def invoke(*arguments: object) -> Result:
        result = CliRunner().invoke(cli, [str(each) for each in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


def test_tags_go_out_to_a_spreadsheet_and_corrections_come_back(
    run: Run, alias: str, client: OpenSearch, write_catalogue: Write, tmp_path: Path
) -> None:
    catalogue = write_catalogue(ROWS)
    reindex = ("reindex", catalogue, "--index", alias, "--no-vectors")
    assert run(*reindex).exit_code == 0
    file = tmp_path / "tags.csv"
    exported = run("tags", "review", "export", file, "--index", alias, "--json")
    assert orjson.loads(exported.stdout) == {"alias": alias, "file": str(file), "tags": 30}

    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert (rows[0]["product_id"], rows[0]["tag"], rows[0]["kind"]) == ("p0", "tiny rooms", "use")
    rows[0]["action"] = "remove"
    rows[1] |= {"tag": "bookcase", "action": "add"}
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)

    imported = run("tags", "review", "import", file, "--index", alias, "--json")
    report = orjson.loads(imported.stdout)
    assert (report["added"], report["removed"], report["rewritten"]) == (1, 1, 2)
    for _ in range(2):
        found = orjson.loads(run("search", "bookcase", "--index", alias, "--json").stdout)
        assert [hit["product_id"] for hit in found["hits"]] == [rows[1]["product_id"]]
        assert run(*reindex).exit_code == 0


def test_a_dry_run_says_what_would_change(
    run: Run, alias: str, write_catalogue: Write, tmp_path: Path
) -> None:
    run("reindex", write_catalogue(ROWS), "--index", alias, "--no-vectors")
    file = tmp_path / "tags.csv"
    file.write_text("product_id,tag,action\np1,bookcase,add\nq1,bookcase,add\n", encoding="utf-8")
    result = run("tags", "review", "import", file, "--index", alias, "--dry-run")
    assert "2 tags would be added" in result.stdout
    assert "1 product of the live generation would be rewritten" in result.stdout
    assert "1 ids are not in the live generation (q1)" in result.stderr
