"""`shopkeeper reranker fit` as it is called."""

import json

import pytest
from click.testing import CliRunner

from search_core import JudgmentsError, RerankerModelError
from search_core.settings import SearchEngineSettings
from search_engine import connect
from shopkeeper.commands.reranker_fit import fit
from shopkeeper.commands.search import search
from tests.integration.reranker.dresses_and_cases import WORDS, judged, write_index


@pytest.fixture
def index(opensearch_url, unique_index_name):
    client = connect(SearchEngineSettings(url=opensearch_url))
    write_index(client, unique_index_name)
    yield unique_index_name
    client.close()


@pytest.fixture
def invoke(index, opensearch_url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shopkeeper.toml").write_text(
        f'[search_engine]\nurl = "{opensearch_url}"\n'
        "[retrieval]\ndense = false\n"
        "[query_understanding]\nenabled = false\n"
        "[evaluation]\nresamples = 999\n",
        encoding="utf-8",
    )

    def run(command, *arguments):
        result = CliRunner().invoke(command, [*map(str, arguments), "--index", index])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def judgments(tmp_path):
    def write(grade_of):
        path = tmp_path / "judgments.csv"
        lines = [f"{word},{product},{grade}" for word, product, grade in judged(grade_of)]
        path.write_text("\n".join(["query,docid,rating", *lines, ""]), encoding="utf-8")
        return path

    return write


def test_what_wins_is_written_and_can_be_searched_with(invoke, judgments, tmp_path):
    path = judgments({"dress": 3, "case": 0})
    result = invoke(fit, path, "--unjudged", "0", "--json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["is_better"], answer["written"]) == (0, True, True)
    assert answer["held_out"]["nDCG@10"]["interval"][0] > 0
    assert set(answer["held_out"]) >= {"nDCG@10", "Judged@10", "R@100"}
    found = invoke(search, WORDS[0], "--set", "reranker.mixing_model=mixing.json", "--json")
    assert json.loads(found.stdout)["hits"][0]["product_id"].startswith("dress-")


def test_what_cannot_be_better_is_not_written_and_that_is_no_failure(invoke, judgments, tmp_path):
    # Cases stand first as it is.
    result = invoke(fit, judgments({"dress": 0, "case": 3}), "--write-anyway")
    assert result.exit_code == 0
    assert "keep it" in result.stdout
    assert "not at all" in result.stdout
    assert not (tmp_path / "mixing.json").exists()


def test_too_few_queries_and_broken_files_say_what_to_do(invoke, judgments, tmp_path):
    empty = tmp_path / "empty.csv"
    empty.write_text("query,docid,rating\n", encoding="utf-8")
    with pytest.raises(JudgmentsError):
        invoke(fit, empty)
    path = judgments({"dress": 3, "case": 0})
    (tmp_path / "mixing.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RerankerModelError, match=r"mixing\.json is no mixing model"):
        invoke(fit, path, "--set", "reranker.mixing_model=mixing.json")
