import json

import pytest
from click.testing import CliRunner

from shopkeeper.commands.evaluate import evaluate
from shopkeeper.commands.judgments import judgments as judgments_command
from shopkeeper.sample_shop import judgments_path


@pytest.fixture
def invoke(shop, opensearch_url, runs_folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOPKEEPER_SEARCH_ENGINE__URL", opensearch_url)
    monkeypatch.setenv("SHOPKEEPER_LOCAL_STACK__CACHE_DIR", str(runs_folder))
    monkeypatch.setenv("SHOPKEEPER_EVALUATION__RESAMPLES", "99")

    def run(*arguments, command=evaluate):
        result = CliRunner().invoke(command, [str(each) for each in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def test_a_change_of_a_setting_is_compared_with_the_present_ones(invoke, shop):
    arguments = (judgments_path(), "--index", shop, "--set", "some_terms=false", "--json")
    first = json.loads(invoke(*arguments).stdout)
    assert [system["name"] for system in first["systems"]] == [
        "default",
        "default with some_terms=false",
    ]
    assert 0.4 < first["systems"][0]["measures"]["nDCG@10"] < 1.0
    assert first["systems"][0]["latency"]["p95_ms"] > 0
    assert len(first["queries"]) + len(first["left_out"]) == first["judgments"]["queries"]
    assert first["comparisons"][0]["measures"][0]["losses"] > 0

    again = json.loads(invoke(*arguments).stdout)
    assert all(system["from_cache"] for system in again["systems"])
    assert [system["measures"] for system in again["systems"]] == [
        system["measures"] for system in first["systems"]
    ]
    assert any("were reused" in line for line in again["notes"])


def test_the_gate_stops_a_change_that_hurts(invoke, shop, tmp_path):
    (tmp_path / "worse.toml").write_text("[retrieval]\nall_terms = false\nsome_terms = true\n")
    (tmp_path / "present.toml").write_text("[retrieval]\ndense = false\n")
    result = invoke(
        judgments_path(), "--index", shop, "--gate",
        "--baseline", "present.toml", "--candidate", "worse.toml", "--latency-budget-ms", "5000",
    )  # fmt: skip
    assert result.exit_code == 1
    assert "FAIL  margin: worse does not win" in result.stdout
    assert "within the budget of 5000 ms" in result.stdout


def test_judged_products_that_the_index_lacks_are_counted_and_reported(invoke, shop, tmp_path):
    (tmp_path / "j.csv").write_text("query,docid,rating\nsofa,gone-1,3\nsofa,gone-2,0\n")
    printed = invoke("j.csv", "--index", shop, "--measure", "nDCG@10").stderr
    assert f"2 of 2 judged products are not in {shop}, among them gone-1, gone-2" in printed
    stats = invoke("stats", "j.csv", "--index", shop, "--json", command=judgments_command)
    assert json.loads(stats.stdout)["unknown_products"] == {"gone-1": 1, "gone-2": 1}


def test_a_ranking_that_was_saved_measures_alike(invoke, shop, tmp_path):
    options = ("--measure", "nDCG@10", "--measure", "R@100", "--json")
    ours = json.loads(
        invoke(judgments_path(), "--index", shop, "--save-runs", "runs", *options).stdout
    )
    theirs = json.loads(invoke(judgments_path(), "--run", "runs/1-default.trec", *options).stdout)
    assert theirs["systems"][0]["per_query"] == ours["systems"][0]["per_query"]
