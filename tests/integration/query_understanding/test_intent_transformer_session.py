"""The gate of `understand train --method transformer`, with a model that votes by words.

What PyTorch would do is left out here; test_intent_transformer.py trains.
"""

import json

import pytest
from click.testing import CliRunner

from query_understanding import (
    CLASSES,
    CatalogueSource,
    Intent,
    QueryUnderstanding,
    TrainedIntents,
    create_chain,
    default_intent_model,
    encode_intent_model,
    intent_teller,
    learn_catalogue,
)
from query_understanding.intents.transformer_intents import IntentDescription
from query_understanding.testing import write_word_classifier
from search_core.settings import QueryUnderstandingSettings
from shopkeeper import intent_transformer_session
from shopkeeper.commands.understand import understand

SAID = {"zarp": Intent.SUPPORT, "quimby": Intent.INFORM, "floop": Intent.NAVIGATE}


def votes(intent):
    return tuple(9.0 if each is intent else 0.0 for each in CLASSES)


RIGHT = {word: votes(intent) for word, intent in SAID.items()}
WRONG = {word: votes(Intent.IDENTIFIER) for word in SAID}


@pytest.fixture
def trained_by(monkeypatch):
    """Has the session get a model with these votes, whatever it was to be trained on."""

    def takes(said):
        def train(train, held_out, beside, start, target, options, progress=None):
            assert not {each.fold for each in train} & {each.fold for each in held_out}
            assert 4 not in {each.fold for each in (*train, *held_out)}
            assert beside.guess(held_out[0].features).shares
            write_word_classifier(target, said, (None,) * len(CLASSES))
            described = IntentDescription(features=(), temperature=1.0, max_tokens=8, share=0.9)
            described.write(target)
            return TrainedIntents(folder=target, steps=1, held_out_loss=0.1, share=0.9)

        monkeypatch.setattr(intent_transformer_session, "train_transformer_intents", train)
        monkeypatch.setattr(intent_transformer_session, "require_training_extra", lambda: None)
        monkeypatch.setattr(
            intent_transformer_session,
            "classifier_start",
            lambda name, texts, target, settings, listener, **_: target,
        )

    return takes


@pytest.fixture
def labels(tmp_path):
    """Return queries in words that no phrase book has, some in each fold."""
    rows = [f"{word} {number},{intent}" for word, intent in SAID.items() for number in range(20)]
    path = tmp_path / "labelled.csv"
    path.write_text("\n".join(["query,intent", *rows]), encoding="utf-8")
    return path


@pytest.fixture
def run(client, index, opensearch_url, tmp_path, labels):
    learn_catalogue(client, index)

    def ran(*args):
        options = [
            *("--method", "transformer", "--queries", str(labels), "--index", index, "--json"),
            *("--set", f"search_engine.url={opensearch_url}"),
            *("--set", f"query_understanding.trained={tmp_path / 'trained'}"),
        ]
        return CliRunner().invoke(understand, ["train", *options, *args])

    return ran


async def test_a_better_model_is_installed_and_asked(client, index, run, trained_by, tmp_path):
    trained_by(RIGHT)
    done = run()
    assert done.exit_code == 0, done.output
    outcome = json.loads(done.stdout)
    assert outcome["gain_lower_bound"] > 0
    assert outcome["installed"] == str(tmp_path / "trained" / "intents")
    settings = QueryUnderstandingSettings(
        budget_ms=60_000, unit_budget_ms=60_000, trained=tmp_path / "trained"
    )
    understanding = QueryUnderstanding(create_chain(settings), CatalogueSource(client))
    plan = await understanding.plan(index, "zarp")
    assert (plan.intent, plan.intent_confidence > 0.8) == ("support", True)


def test_a_worse_model_leaves_what_is_there(run, trained_by, tmp_path):
    trained_by(WRONG)
    done = run()
    assert done.exit_code == 1, done.output
    outcome = json.loads(done.stdout)
    assert (outcome["passed"], outcome["installed"]) == (False, None)
    assert not (tmp_path / "trained").exists()


def test_a_dry_run_installs_nothing(run, trained_by, tmp_path):
    trained_by(RIGHT)
    done = run("--dry-run")
    assert done.exit_code == 0, done.output
    assert not (tmp_path / "trained").exists()


def test_an_installed_model_has_to_be_beaten_by_the_next(run, trained_by):
    trained_by(RIGHT)
    assert run().exit_code == 0
    again = run()
    assert again.exit_code == 1, again.output


def test_a_regression_that_beats_an_installed_transformer_is_asked_from_then_on(run, tmp_path):
    trained = tmp_path / "trained"
    folder = write_word_classifier(trained / "intents", WRONG, (None,) * len(CLASSES))
    IntentDescription(features=(), temperature=1.0, max_tokens=8, share=0.9).write(folder)
    (folder / "intent.json").write_bytes(encode_intent_model(default_intent_model()))
    assert intent_teller(trained).guess((), "zarp").intent is Intent.IDENTIFIER
    done = run("--method", "regression")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["installed"] == str(trained / "intent.json")
    assert intent_teller(trained).guess((), "zarp").intent is not Intent.IDENTIFIER
    assert (trained / "intents.before" / "model.onnx").exists()
