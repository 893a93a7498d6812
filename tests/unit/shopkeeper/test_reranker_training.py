import json
import sys

import pytest

from evaluation import JudgedQuery, Judgment, Judgments
from reranker.training import GROUPS_FILE, write_groups
from search_core import ConfigurationError, RerankerTrainingError
from shopkeeper.configuration import load_settings
from shopkeeper.reranker_training import (
    TrainingRequest,
    _claim,
    judged_products,
    train_reranker,
)


def judged(grade):
    query = JudgedQuery(text="dress")
    return Judgments.of([Judgment(query=query, product_id="1", grade=grade)])


def settings(**training):
    return load_settings(
        None, {f"reranker.training.{name}": each for name, each in training.items()}
    )


def begun(request, settings):
    _claim(request, settings)
    write_groups((), request.target / GROUPS_FILE)


def test_a_training_that_ended_before_there_were_queries_keeps_no_folder(tmp_path):
    _claim(TrainingRequest(index="shpo", target=tmp_path), settings())
    _claim(TrainingRequest(index="shop", target=tmp_path), settings(layers="3"))
    assert json.loads((tmp_path / "training.json").read_text())["index"] == "shop"


def test_a_training_goes_on_with_more_epochs_on_other_threads(tmp_path):
    request = TrainingRequest(index="shop", target=tmp_path)
    begun(request, settings(epochs="1"))
    _claim(request, settings(epochs="2", threads="1", patience="9"))
    assert json.loads((tmp_path / "training.json").read_text())["index"] == "shop"


@pytest.mark.parametrize(
    ("changes", "training"),
    [
        ({"index": "other"}, {}),
        ({"judgments": judged(3)}, {}),
        ({"judgments": judged(2), "from_catalogue": False}, {}),
        ({}, {"layers": "3"}),
        ({}, {"loss": "pairwise"}),
    ],
)
def test_a_training_on_something_else_is_not_gone_on_with(tmp_path, changes, training):
    begun(TrainingRequest(index="shop", target=tmp_path), settings())
    request = TrainingRequest(**{"index": "shop", "target": tmp_path, **changes})
    with pytest.raises(RerankerTrainingError, match="has a training on another index"):
        _claim(request, settings(**training))


def test_other_grades_are_other_data(tmp_path):
    begun(TrainingRequest(index="shop", target=tmp_path, judgments=judged(3)), settings())
    with pytest.raises(RerankerTrainingError, match="has a training on another index"):
        _claim(TrainingRequest(index="shop", target=tmp_path, judgments=judged(2)), settings())


def test_queries_in_letters_that_a_start_does_not_read_teach_nothing():
    queries = (JudgedQuery(text="dress"), JudgedQuery(text="连衣裙"))
    judgments = Judgments.of(Judgment(query=each, product_id="1", grade=3) for each in queries)
    assert [each.query for each in judged_products(judgments, ("en",))] == ["dress"]
    assert [each.query for each in judged_products(judgments, ())] == ["dress", "连衣裙"]


def test_a_missing_extra_is_named_before_anything_is_done(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "datasets", None)
    target = tmp_path / "mine"
    with pytest.raises(ConfigurationError, match="training needs datasets") as raised:
        train_reranker(TrainingRequest(index="shop", target=target), settings())
    assert raised.value.remedy == "pip install '.[train]' in Shopkeeper's folder"
    assert not target.exists()
