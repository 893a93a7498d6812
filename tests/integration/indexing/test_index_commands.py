"""The commands, on a real node."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from click.testing import CliRunner, Result

from encoders import VectorCache, vector_key
from indexer.run_lease import RunLease
from indexer.testing import product_rows
from search_core import IndexingError, IndexNotFoundError
from search_engine import OpenSearch, RunRecordStore
from shopkeeper.command_line import cli

Write = Callable[[list[Any]], Path]
LiveIds = Callable[[str], list[str]]
Behind = Callable[[str], list[str]]
Run = Callable[..., Result]


@pytest.fixture
def run(opensearch_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SHOPKEEPER_SEARCH_ENGINE__URL", opensearch_url)

    def invoke(*arguments: object, **options: Any) -> Result:
        result = CliRunner().invoke(cli, [str(each) for each in arguments], **options)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


def test_from_a_file_to_a_live_index_and_back(
    run: Run, alias: str, client: OpenSearch, write_catalogue: Write, behind: Behind
) -> None:
    catalogue = write_catalogue(product_rows(60))
    names = []
    for _ in range(2):
        result = run("reindex", catalogue, "--index", alias, "--no-vectors", "--json")
        assert result.exit_code == 0, result.output
        report = orjson.loads(result.stdout)
        assert (report["documents"], report["published"]) == (60, True)
        names.append(report["generation"])
    listed = orjson.loads(run("index", "list", alias, "--json").stdout)
    assert [(each["generation"]["name"], each["state"]) for each in listed] == [
        (names[1], "live"),
        (names[0], "complete"),
    ]
    assert orjson.loads(run("index", "rollback", alias, "--json").stdout) == {
        "alias": alias,
        "before": names[1],
        "live": names[0],
    }
    assert behind(alias) == [names[0]]
    assert run("index", "delete", alias, names[1], input="n\n").exit_code == 1
    assert run("index", "delete", alias, names[1], "--yes").exit_code == 0
    statistics = orjson.loads(run("index", "stats", alias, "--json").stdout)
    assert statistics["statistics"]["documents"] == 60
    assert statistics["generation"]["name"] == names[0]


def test_the_summary_says_what_was_read_set_aside_and_put_live(
    run: Run, alias: str, write_catalogue: Write, tmp_path: Path
) -> None:
    catalogue = write_catalogue([*product_rows(20), {"id": "x", "price": 1}])
    rejects = tmp_path / "rejects.jsonl"
    result = run("reindex", catalogue, "--index", alias, "--no-vectors", "--rejects", rejects)
    assert result.exit_code == 0, result.output
    assert "read\t21 rows" in result.stdout
    assert f"set aside\t1 missing_title (see {rejects})" in result.stdout
    assert f"{alias} is live on {alias}-" in result.stdout


def test_without_a_swap_the_summary_names_the_next_command(
    run: Run,
    alias: str,
    client: OpenSearch,
    write_catalogue: Write,
    live_ids: LiveIds,
    behind: Behind,
) -> None:
    catalogue = write_catalogue(product_rows(20))
    result = run("reindex", catalogue, "--index", alias, "--no-vectors", "--no-swap")
    assert behind(alias) == []
    command = result.stdout.strip().rpartition("shopkeeper ")[2].split()
    assert run(*command).exit_code == 0
    assert len(live_ids(alias)) == 20


def test_a_dry_run_sends_nothing(
    run: Run, alias: str, client: OpenSearch, write_catalogue: Write
) -> None:
    catalogue = write_catalogue(product_rows(20))
    result = run("reindex", catalogue, "--index", alias, "--dry-run", "5", "--json")
    preview = orjson.loads(result.stdout)
    assert [each["document"]["id"] for each in preview["products"]] == [f"p{n}" for n in range(5)]
    assert client.indices.get(index=f"{alias}*", params={"expand_wildcards": "all"}) == {}


def test_an_alias_is_deleted_with_all_that_belongs_to_it(
    run: Run, alias: str, client: OpenSearch, write_catalogue: Write
) -> None:
    catalogue = write_catalogue(product_rows(60))
    for _ in range(2):
        assert run("reindex", catalogue, "--index", alias, "--no-vectors").exit_code == 0
    assert run("index", "delete", alias, "--yes").exit_code == 2
    assert run("index", "delete", alias, "any", "--all", "--yes").exit_code == 2
    assert run("index", "delete", alias, "--all", input="n\n").exit_code == 1
    deleted = run("index", "delete", alias, "--all", "--yes", "--json")
    assert deleted.exit_code == 0, deleted.output
    assert len(orjson.loads(deleted.stdout)["deleted"]) == 2
    assert client.indices.get(index=f"{alias}*", params={"expand_wildcards": "all"}) == {}
    with pytest.raises(IndexNotFoundError, match="there are no generations"):
        run("index", "delete", alias, "--all")  # nobody is asked about what there is not


def test_an_alias_that_is_being_written_is_not_deleted(
    run: Run, alias: str, client: OpenSearch, write_catalogue: Write, live_ids: LiveIds
) -> None:
    assert run("reindex", write_catalogue(product_rows(60)), "--index", alias, "--no-vectors")
    with (
        RunLease(RunRecordStore(client, alias)),
        pytest.raises(IndexingError, match=f"{alias} is being indexed by process"),
    ):
        run("index", "delete", alias, "--all", "--yes")
    assert len(live_ids(alias)) == 60


def test_an_update_a_feed_and_what_they_say(
    run: Run, alias: str, write_catalogue: Write, live_ids: LiveIds
) -> None:
    rows: list[dict[str, Any]] = [dict(row) for row in product_rows(60)]
    catalogue = write_catalogue(rows)
    assert run("reindex", catalogue, "--index", alias, "--no-vectors").exit_code == 0
    rows[0]["title"], rows[1]["price"] = "Another lamp", 1
    write_catalogue([*rows[:-1], {"id": "new", "title": "Wicker basket", "price": 4}])
    counted = run("reindex", catalogue, "--index", alias, "--update", "--dry-run", "1", "--json")
    report = orjson.loads(counted.stdout)
    expected = {"unchanged": 57, "changed": 1, "live": 1, "added": 1, "deleted": 1}
    assert {name: report[name] for name in expected} == expected
    assert "new" not in live_ids(alias)
    result = run("reindex", catalogue, "--index", alias, "--update")
    assert result.exit_code == 0, result.output
    assert "has 60 products" in result.stdout
    assert "new" in live_ids(alias)
    feed = catalogue.with_name("changes.jsonl")
    feed.write_bytes(b'{"op": "patch", "id": "p2", "price": 3}\n{"op": "delete"}\n')
    result = run("index", "apply", feed, "--index", alias, "--json")
    assert result.exit_code == 0, result.output
    (acknowledged,) = map(orjson.loads, result.stdout.splitlines())
    assert "set aside: line 2: " in result.stderr
    assert acknowledged == {
        "line": 2, "upserted": 0, "patched": 1, "deleted": 0, "late": 0, "set_aside": 1,
    }  # fmt: skip


@pytest.mark.parametrize("flag", ["--resume", "--no-swap", "--no-vectors"])
def test_an_update_takes_no_option_of_a_new_generation(run: Run, tmp_path: Path, flag: str) -> None:
    result = run("reindex", tmp_path / "any.jsonl", "--update", flag)
    assert result.exit_code == 2
    assert f"{flag} is about a new generation" in result.stderr


def test_the_caches_are_measured_and_shrunk(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SHOPKEEPER_LOCAL_STACK__CACHE_DIR", str(tmp_path))
    with VectorCache(tmp_path / "vectors", 10**9) as cache:
        cache.store([vector_key("m@1", str(n)) for n in range(50)], np.ones((50, 8), np.float16))
    stats = orjson.loads(run("cache", "stats", "--json").stdout)
    assert stats["vectors"]["entries"] == 50
    assert stats["answers"]["entries"] == 0
    assert run("cache", "prune").exit_code == 2
    kept = run("cache", "prune", "--older-than", "1", "--json")
    assert orjson.loads(kept.stdout) == {"dropped": {"vectors": 0, "answers": 0}}
    gone = run("cache", "prune", "--max-bytes", "0", "--only", "vectors", "--json")
    assert orjson.loads(gone.stdout) == {"dropped": {"vectors": 50}}
