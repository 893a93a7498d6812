"""Intent, category and language on a real node: told, trained, measured and evaluated by."""

import json

import pytest
from click.testing import CliRunner

from query_understanding import (
    CatalogueSource,
    QueryUnderstanding,
    create_chain,
    encode_intent_model,
    learn_catalogue,
    read_intent_model,
)
from query_understanding.intents.intent_model import IntentModel, default_intent_model
from search_core.settings import QueryUnderstandingSettings
from shopkeeper.commands.evaluate import evaluate
from shopkeeper.commands.understand import understand

PATIENT = QueryUnderstandingSettings(budget_ms=60_000, unit_budget_ms=60_000)
LABELS = (
    ("novaphone 12", "buy"),
    ("red case", "buy"),
    ("headset", "buy"),
    ("where is my parcel", "support"),
    ("i want my money back", "support"),
    ("does the headset fold", "inform"),
)


@pytest.fixture
def labels(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("\n".join(["query,intent", *map(",".join, LABELS)]), encoding="utf-8")
    return path


@pytest.fixture
def run(index, opensearch_url, tmp_path):
    def ran(command, *args):
        options = [
            *("--index", index),
            *("--set", f"search_engine.url={opensearch_url}"),
            *("--set", f"query_understanding.trained={tmp_path / 'trained'}"),
            "--json",
        ]
        return CliRunner().invoke(command, [*args, *options])

    return ran


async def test_the_plan_says_intent_category_and_languages(client, index):
    learn_catalogue(client, index)
    understanding = QueryUnderstanding(create_chain(PATIENT), CatalogueSource(client))
    plan = await understanding.plan(index, "red case for novaphone 12")
    assert plan.intent == "buy"
    assert plan.categories[0].name == "Phone case"
    mixed = await understanding.plan(index, "novaphone 12 手机壳")
    assert [each.language for each in mixed.word_languages] == ["en", None, "zh"]


async def test_a_question_to_support_is_searched_all_the_same(client, index):
    learn_catalogue(client, index)
    understanding = QueryUnderstanding(create_chain(PATIENT), CatalogueSource(client))
    plan = await understanding.plan(index, "return my headset")
    assert plan.intent == "support"
    assert plan.text == "return my headset"
    assert plan.inferred_filters == ()


def test_the_command_says_what_a_query_was_taken_for(client, index, run):
    learn_catalogue(client, index)
    done = run(understand, "where is my parcel")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["plan"]["intent"] == "support"


def test_a_model_is_measured_on_labelled_queries(client, index, run, labels):
    learn_catalogue(client, index)
    done = run(understand, "evaluate", str(labels))
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["queries"] == len(LABELS)
    assert report["confusion"]["support"]["support"] == 2


@pytest.fixture
def ignorant(tmp_path):
    """Put a model in place that knows nothing: any training beats it."""
    path = tmp_path / "trained" / "intent.json"
    path.parent.mkdir()
    model = IntentModel(weights={}, bias=default_intent_model().bias * 0)
    path.write_bytes(encode_intent_model(model))
    return path


def test_a_better_model_is_installed(client, index, run, labels, ignorant):
    learn_catalogue(client, index)
    done = run(understand, "train", "--queries", str(labels))
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["installed"] == str(ignorant)
    assert len(read_intent_model(ignorant).weights) > 100
    asked = run(understand, "where is my parcel")
    assert json.loads(asked.stdout)["plan"]["intent"] == "support"


def test_a_dry_run_installs_nothing(client, index, run, ignorant):
    learn_catalogue(client, index)
    done = run(understand, "train", "--dry-run")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["passed"]
    assert read_intent_model(ignorant).weights == {}


def test_a_model_that_is_not_better_is_not_installed(client, index, run, tmp_path):
    learn_catalogue(client, index)
    # The one that ships has learned from all patterns, those that test the candidate too.
    done = run(understand, "train")
    assert done.exit_code == 1, done.output
    assert not (tmp_path / "trained" / "intent.json").exists()
    assert "the present model stays" in json.loads(done.stdout)["reason"]


def test_evaluation_tells_queries_apart_by_intent(client, index, opensearch_url, tmp_path):
    learn_catalogue(client, index)
    judgments = tmp_path / "judgments.csv"
    judgments.write_text(
        "query,docid,rating\nheadset,headset-00,2\nreturn my headset,headset-01,2\n",
        encoding="utf-8",
    )
    options = ["--index", index, "--set", f"search_engine.url={opensearch_url}", "--no-cache"]
    done = CliRunner().invoke(
        evaluate, [str(judgments), *options, "--set", "retrieval.dense=false", "--json"]
    )
    assert done.exit_code == 0, done.output
    classes = json.loads(done.stdout)["systems"][0]["classes"]
    intents = {each["name"] for each in classes if each["dimension"] == "intent"}
    assert intents == {"buy", "support"}
