"""tune, preview, ablate and pool on the sample shop in a real index."""

import asyncio
import csv
import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from opensearchpy import AsyncOpenSearch

from evaluation import JudgedQuery
from reranker.onnx_pair_scorer import OnnxPairScorer
from reranker.testing import write_word_model
from retrieval import SearchRequest
from search_core import (
    ConfigurationError,
    MeasuredSystemError,
    RerankerTimeoutError,
    SilentProgress,
    TuningError,
)
from search_core.settings import RerankerSettings
from shopkeeper.commands.ablate import ablate
from shopkeeper.commands.judgments import judgments
from shopkeeper.commands.preview import preview
from shopkeeper.commands.tune import tune
from shopkeeper.composition import open_retriever, query_understanding
from shopkeeper.sample_shop import judgments_path
from shopkeeper.tuned_runs import open_tuned_runs, settings_with


@pytest.fixture
def invoke(shop, opensearch_url, runs_folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOPKEEPER_SEARCH_ENGINE__URL", opensearch_url)
    monkeypatch.setenv("SHOPKEEPER_LOCAL_STACK__CACHE_DIR", str(runs_folder))
    monkeypatch.setenv("SHOPKEEPER_EVALUATION__RESAMPLES", "99")

    def run(command, *arguments):
        result = CliRunner().invoke(command, [*map(str, arguments), "--index", shop])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


QUERIES = [
    JudgedQuery(text=text) for text in ("running shoes", "laptop under 500 dollars", "zzzzqqq")
]


@pytest.mark.parametrize(
    "setting",
    [
        {},
        {"retrieval.fusion.some_terms_weight": 2.0},
        {"retrieval.all_terms_boosts.title": 0.0},
        {"retrieval.fusion.method": "distribution", "retrieval.candidates": 10},
    ],
)
async def test_a_tuned_run_ranks_as_a_search_does(shop, shop_settings, setting):
    def ranked():
        with open_tuned_runs(shop_settings, shop, QUERIES) as runs:
            runs.run_with({})  # fills what is remembered
            return runs.run_with(setting)

    run = await asyncio.to_thread(ranked)
    changed = settings_with(shop_settings, setting)
    understanding = query_understanding(changed)
    async with open_retriever(changed) as retriever:
        for query in QUERIES:
            plan = await understanding.plan(shop, query.text)
            request = SearchRequest(plan=plan, size=10)
            hits = (await retriever.search(shop, request)).hits
            assert run.ranking(query)[:10] == tuple(hit.product_id for hit in hits)


WORD_QUERIES = [JudgedQuery(text=text) for text in ("red dress", "black dress", "summer dress")]


@pytest.fixture(scope="session")
def word_model(tmp_path_factory):
    """The folder of a cross-encoder that reads the passage alone: red dresses come first."""
    return write_word_model(tmp_path_factory.mktemp("models") / "words", languages=["en"])


@pytest.fixture
def reranked_settings(shop_settings, word_model):
    section = RerankerSettings(kind="onnx", cross_encoder=str(word_model), rerank_window=20)
    return shop_settings.model_copy(update={"reranker": section})


@pytest.fixture
def scored(monkeypatch):
    """Every pair that a model in this process is asked for."""
    pairs = []
    score = OnnxPairScorer.score

    async def counted(self, asked, timeout_seconds):
        pairs.extend(asked)
        return await score(self, asked, timeout_seconds)

    monkeypatch.setattr(OnnxPairScorer, "score", counted)
    return pairs


@pytest.mark.parametrize(
    "setting",
    [
        {},
        {"reranker.weight": 1.0, "reranker.rerank_window": 10},
        {"reranker.weight": 0.8, "retrieval.fusion.some_terms_weight": 2.0},
    ],
)
async def test_a_tuned_run_reranks_as_a_search_does(shop, reranked_settings, setting):
    def ranked():
        with open_tuned_runs(reranked_settings, shop, WORD_QUERIES, reranked=True) as runs:
            runs.score_window(20, SilentProgress())
            return runs.run_with(setting)

    run = await asyncio.to_thread(ranked)
    changed = settings_with(reranked_settings, setting)
    understanding = query_understanding(changed)
    async with open_retriever(changed) as retriever:
        for query in WORD_QUERIES:
            plan = await understanding.plan(shop, query.text)
            response = await retriever.search(shop, SearchRequest(plan=plan, size=15))
            assert response.degraded == ()
            assert run.ranking(query)[:15] == tuple(hit.product_id for hit in response.hits)


def test_pairs_and_documents_are_asked_for_once_whatever_is_tried(
    shop, reranked_settings, scored, monkeypatch
):
    with open_tuned_runs(reranked_settings, shop, WORD_QUERIES, reranked=True) as runs:
        runs.score_window(20, SilentProgress())
        once = len(scored)
        assert once > len(WORD_QUERIES)

        async def refused(*args, **options):
            raise AssertionError("OpenSearch is asked again")

        monkeypatch.setattr(AsyncOpenSearch, "msearch", refused)
        rankings = {
            runs.run_with({"reranker.weight": weight, "reranker.rerank_window": window}).ranking(
                WORD_QUERIES[1]
            )
            for weight in (0.0, 0.5, 1.0)
            for window in (5, 20)
        }
    assert len(scored) == once
    assert len(rankings) > 1


def test_a_reranker_that_fails_while_tuning_fails_the_tuning(shop, reranked_settings, monkeypatch):
    with open_tuned_runs(reranked_settings, shop, WORD_QUERIES, reranked=True) as runs:

        async def late(self, asked, timeout_seconds):
            raise RerankerTimeoutError("too slow")

        monkeypatch.setattr(OnnxPairScorer, "score", late)
        with pytest.raises(MeasuredSystemError, match="no rerank scores: too slow"):
            runs.run_with({})


def test_tune_moves_the_reranker_and_says_what_that_is_worth(invoke, word_model):
    reranker = ("--set", "reranker.kind=onnx", "--set", f"cross_encoder={word_model}")
    options = (judgments_path(), "--space", "reranking", "--trials", 3, "--folds", 2, "--json")
    found = json.loads(invoke(tune, *options, *reranker, "--report", "out.html").stdout)
    assert found["reranked"]
    assert set(found["present"]) == {"reranker.weight", "reranker.rerank_window"}
    assert found["in_sample"]["tuned"] >= found["in_sample"]["present"]
    assert "reranker.weight" in Path("out.html").read_text()


def test_tuning_fusion_leaves_the_reranker_out_and_says_so(invoke, word_model, scored):
    reranker = ("--set", "reranker.kind=onnx", "--set", f"cross_encoder={word_model}")
    options = ("--space", "fusion", "--trials", 1, "--folds", 2, "--json")
    result = invoke(tune, judgments_path(), *options, *reranker)
    assert not json.loads(result.stdout)["reranked"]
    assert "--space fusion ranks without the reranker that is set" in result.stderr
    assert scored == []


def test_tune_without_a_reranker_cannot_tune_one(invoke):
    with pytest.raises(TuningError, match="there is no reranker"):
        invoke(tune, judgments_path(), "--space", "reranking")


def test_tune_says_what_it_is_worth_and_goes_on_where_it_stopped(invoke):
    options = (judgments_path(), "--space", "fusion", "--trials", 3, "--folds", 2, "--json")
    first = json.loads(invoke(tune, *options, "--study", "s.log").stdout)
    again = json.loads(invoke(tune, *options, "--study", "s.log").stdout)
    assert (first["trials"], first["resumed"], again["resumed"]) == (9, 0, 9)
    assert again["held_out"] == first["held_out"]
    assert first["in_sample"]["tuned"] >= first["in_sample"]["present"]


def test_tune_writes_settings_only_when_they_are_better_or_wanted_anyway(invoke, tmp_path):
    # Without the weight of the stricter leg there is much to gain.
    options = (
        judgments_path(), "--space", "fields", "--only", "all_terms_boosts.title", "--trials", 5,
        "--folds", 2, "--set", "all_terms_boosts.title=0", "--output", "new.toml",
    )  # fmt: skip
    found = json.loads(invoke(tune, *options, "--json", "--write-anyway").stdout)
    if found["changes"]:
        written = tomllib.loads((tmp_path / "new.toml").read_text())
        title = found["changes"]["retrieval.all_terms_boosts.title"]
        assert written["retrieval"]["all_terms_boosts"]["title"] == title
    same = invoke(tune, judgments_path(), "--space", "fusion", "--only", "rank_constant",
                  "--trials", 1, "--folds", 2, "--output", "same.toml")  # fmt: skip
    assert "Nothing that was tried beats the present setting: keep it." in same.stdout
    assert not (tmp_path / "same.toml").exists()


def test_tune_writes_a_report_with_the_weights_curves(invoke, tmp_path):
    invoke(tune, judgments_path(), "--space", "fusion", "--trials", 1, "--folds", 2,
           "--report", "out.html")  # fmt: skip
    text = (tmp_path / "out.html").read_text()
    assert "retrieval.fusion.dense_weight" in text
    assert "On queries that tuning never saw (2 folds)" in text


def test_preview_shows_before_and_after_side_by_side(invoke):
    change = ("--query", "laptop under 500 dollars", "--set", "query_understanding.enabled=false")
    result = invoke(preview, *change, "--size", 5)
    lines = result.stdout.splitlines()
    assert "rank\tbefore\tafter\tmove" in lines
    assert "1 of 1 queries change in the first 5 hits" in result.stderr
    found = json.loads(invoke(preview, *change, "--json").stdout)
    moved = [row for row in found[0]["rows"] if row["rank_before"] != row["rank_after"]]
    assert moved
    assert all(row["why"] for row in moved if row["rank_after"])


def test_preview_without_a_change_is_refused(invoke):
    with pytest.raises(ConfigurationError, match="the same settings"):
        invoke(preview, "--query", "red dress")


def test_ablate_says_what_each_stage_is_worth_in_measure_and_milliseconds(invoke):
    found = json.loads(invoke(ablate, judgments_path(), "--measure", "nDCG@10", "--json").stdout)
    stages = {each["setting"]: each for each in found["stages"]}
    assert stages["retrieval.all_terms"]["milliseconds"] is not None
    # This shop has no vectors.
    assert stages["retrieval.dense"]["verdict"] == "changes no ranking"
    whole = found["whole"]["nDCG@10"]
    for stage in stages.values():
        assert stage["worth"] == pytest.approx(whole - stage["without"]["nDCG@10"])


def test_ablate_takes_the_reranker_for_a_stage_and_times_it_without_remembered_scores(
    invoke, word_model, scored, tmp_path
):
    (tmp_path / "few.csv").write_text("query,docid,rating\nred dress,none,1\nblack dress,none,1\n")
    arguments = ("few.csv", "--measure", "nDCG@10", "--json", "--set", "reranker.kind=onnx",
                 "--set", f"cross_encoder={word_model}", "--set", "reranker.weight=1")  # fmt: skip
    found = json.loads(invoke(ablate, *arguments).stdout)
    stages = {each["setting"]: each for each in found["stages"]}
    assert stages["reranker.kind"]["milliseconds"] is not None
    assert stages["reranker.kind"]["verdict"] != "changes no ranking"
    before = len(scored)
    again = json.loads(invoke(ablate, *arguments).stdout)
    assert again["whole"] == found["whole"]
    # Rankings come from the cache of runs; the scores that are timed are computed.
    assert len(scored) > before


def test_pool_lists_unjudged_hits_for_rating(invoke, tmp_path):
    (tmp_path / "few.csv").write_text(
        "query,docid,rating\nred dress,none,1\nphone case without magnet,none,1\n"
    )
    result = invoke(
        judgments,
        *("pool", "few.csv", "--set", "retrieval.some_terms=false", "--limit", 7),
        *("--output", "pool.csv"),
    )
    with (tmp_path / "pool.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert 0 < len(rows) <= 7
    assert all(row["rating"] == "" and row["title"] for row in rows)
    assert {row["query"] for row in rows} <= {"red dress", "phone case without magnet"}
    assert "The difference of nDCG@10 is" in result.stdout


def test_pool_writes_no_file_unasked(invoke, tmp_path):
    (tmp_path / "few.csv").write_text("query,docid,rating\nred dress,none,1\n")
    before = sorted(tmp_path.iterdir())
    result = invoke(judgments, "pool", "few.csv", "--set", "retrieval.some_terms=false")
    assert sorted(tmp_path.iterdir()) == before
    assert "--output writes them all" in result.stderr
