"""The gate of `understand train --what categories`, with a model that votes by words.

What PyTorch would do is left out here; tests/integration/.../test_category_training.py trains.
"""

import json

import pytest
from click.testing import CliRunner

from query_understanding import QueryUnderstanding, create_chain, learn_catalogue
from query_understanding.catalogue_source import CatalogueSource
from query_understanding.category_training import TrainedCategories, words_taught
from query_understanding.testing import write_word_classifier
from search_core import JudgmentsError
from search_core.settings import QueryUnderstandingSettings
from shopkeeper import category_training_session
from shopkeeper.commands.understand import understand

PHONE, CASE, HEADSET = (("product_type", each) for each in ("Smartphone", "Phone case", "Headset"))
SURE = {
    "headset": (0.0, 0.0, 9.0), "case": (0.0, 9.0, 0.0), "for": (0.0, 9.0, 0.0),
    "phone": (0.0, 5.0, 0.0), "red": (0.0, 9.0, 0.0), "blue": (0.0, 9.0, 0.0),
    "green": (0.0, 9.0, 0.0), "smartphone": (9.0, 0.0, 0.0),
    # What shoppers say, and no title does.
    "earpiece": (0.0, 0.0, 9.0), "sleeve": (0.0, 9.0, 0.0),
}  # fmt: skip
WRONG = {word: votes[::-1] for word, votes in SURE.items()} | {"case": (9.0, 0.0, 0.0)}


@pytest.fixture
def trained_by(monkeypatch):
    """Has the session get a model with these votes, whatever it was to be trained on."""

    def takes(votes):
        def train(train, held_out, start, target, options, progress=None, *, beside):
            # What it is mixed with has learned from neither part that it is measured on.
            assert 0 < beside.products < 28
            assert not {each.fold for each in train} & {each.fold for each in held_out}
            assert 0 not in {each.fold for each in (*train, *held_out)}
            kinds = (PHONE, CASE, HEADSET)
            write_word_classifier(target, votes, kinds, words=words_taught(train))
            return TrainedCategories(
                folder=target, examples=len(train), kinds=3, steps=1, held_out_loss=0.1, share=1.0
            )

        monkeypatch.setattr(category_training_session, "train_categories", train)
        monkeypatch.setattr(category_training_session, "require_training_extra", lambda: None)
        monkeypatch.setattr(
            category_training_session,
            "classifier_start",
            lambda name, texts, target, settings, listener, **_: target,
        )

    return takes


@pytest.fixture
def clicks(tmp_path):
    """Return graded queries in shoppers' words, some in each fold."""
    graded = {
        f"{word} {number}": product
        for word, product in (("earpiece", "headset-03"), ("sleeve", "case-11-red"))
        for number in range(40)
    }
    path = tmp_path / "clicks.csv"
    rows = [f"{query},{product},3" for query, product in graded.items()]
    path.write_text("\n".join(["query,docid,rating", *rows]), encoding="utf-8")
    return path


@pytest.fixture
def events(tmp_path):
    """Return UBI lines in which `pouch` led to the case in a dozen sessions, `buds` to headsets."""
    lines = []
    for number in range(24):
        query, chosen = (("pouch", "case-11-red"), ("buds", "headset-03"))[number % 2]
        shown = ["phone-11", chosen] if number % 4 < 2 else [chosen, "phone-11"]
        key = f"q{number}"
        lines.append({"query_id": key, "user_query": query, "query_response_hit_ids": shown})
        lines.append(
            {
                "action_name": "click",
                "query_id": key,
                "session_id": f"s{number}",
                "event_attributes": {
                    "object": {"object_id": chosen},
                    "position": {"ordinal": shown.index(chosen) + 1},
                },
            }
        )
    path = tmp_path / "ubi.ndjson"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


@pytest.fixture
def run(index, opensearch_url, tmp_path, clicks):
    def ran(*args):
        options = [
            *("--judgments", str(clicks)),
            *("--what", "categories", "--index", index, "--json"),
            *("--set", f"search_engine.url={opensearch_url}"),
            *("--set", f"query_understanding.trained={tmp_path / 'trained'}"),
        ]
        return CliRunner().invoke(understand, ["train", *options, *args])

    return ran


async def test_a_better_model_is_installed_and_asked(client, index, run, trained_by, tmp_path):
    trained_by(SURE)
    done = run()
    assert done.exit_code == 0, done.output
    outcome = json.loads(done.stdout)
    assert outcome["gain_lower_bound"] > 0
    assert outcome["candidate"]["accuracy"] >= outcome["present"]["accuracy"]
    assert outcome["installed"] == str(tmp_path / "trained" / "categories")
    learn_catalogue(client, index)
    settings = QueryUnderstandingSettings(
        budget_ms=60_000, unit_budget_ms=60_000, trained=tmp_path / "trained"
    )
    understanding = QueryUnderstanding(create_chain(settings), CatalogueSource(client))
    plan = await understanding.plan(index, "earpiece")
    assert plan.category == "Headset"
    assert [boost.filter.values for boost in plan.boosts] == [("Headset",)]


def test_a_worse_model_leaves_what_is_there(run, trained_by, tmp_path):
    trained_by(WRONG)
    done = run()
    assert done.exit_code == 1, done.output
    outcome = json.loads(done.stdout)
    assert (outcome["passed"], outcome["installed"]) == (False, None)
    assert not (tmp_path / "trained" / "categories").exists()


def test_a_dry_run_installs_nothing(run, trained_by, tmp_path):
    trained_by(SURE)
    done = run("--dry-run")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["passed"] is True
    assert not (tmp_path / "trained").exists()


def test_clicks_say_what_queries_are_about(run, trained_by, events, monkeypatch):
    trained_by(SURE)
    seen = []
    train = category_training_session.train_categories

    def watched(train_on, held_out, *args, **options):
        seen.extend(each for each in (*train_on, *held_out) if each.graded)
        return train(train_on, held_out, *args, **options)

    monkeypatch.setattr(category_training_session, "train_categories", watched)
    done = run("--dry-run", "--events", str(events))
    assert done.exit_code == 0, done.output
    clicked = {each.text: each.kinds for each in seen if each.text in ("pouch", "buds")}
    assert clicked
    assert all(kinds == (CASE if text == "pouch" else HEADSET,) for text, kinds in clicked.items())


def test_events_in_which_nothing_was_shown_often_are_refused(run, trained_by, events):
    trained_by(SURE)
    events.write_text("\n".join(events.read_text(encoding="utf-8").splitlines()[:8]))
    done = run("--dry-run", "--events", str(events))
    assert isinstance(done.exception, JudgmentsError)
    assert "shown to enough sessions" in str(done.exception)


def test_an_installed_model_has_to_be_beaten_by_the_next(run, trained_by):
    trained_by(SURE)
    assert run().exit_code == 0
    again = run()
    assert again.exit_code == 1, again.output
    assert json.loads(again.stdout)["gain"] == 0.0


@pytest.mark.parametrize(
    "options",
    [
        ("train", "--what", "categories", "--queries", "labelled.csv"),
        ("train", "--judgments", "judgments.csv"),
        ("train", "--events", "ubi.ndjson"),
        ("train", "--what", "categories", "--method", "regression"),
    ],
)
def test_options_of_the_other_model_are_refused(options):
    done = CliRunner().invoke(understand, list(options))
    assert done.exit_code == 2
    assert "categories" in done.output
