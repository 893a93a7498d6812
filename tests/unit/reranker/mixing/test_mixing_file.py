import json

import pytest

from reranker.mixing import MixingModel, RegressionTree, read_mixing_model, write_mixing_model
from search_core import ConfigurationError, RerankerModelError

MODEL = MixingModel(
    weights={"fusion": 0.6, "price_place": -0.05},
    trees=(
        RegressionTree(
            features=(6, -1, -1),
            thresholds=(0.5, 0.0, 0.0),
            left=(1, -1, -1),
            right=(2, -1, -1),
            values=(0.0, -0.1, 0.2),
        ),
    ),
    queries=40,
    cross_encoder="words@1",
    encoder="vectors@2",
    learned_under={"retrieval.fusion.dense_weight": 1.25, "reranker.passage_fields": ["title"]},
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "mixing.json"


def written(path, **changes):
    write_mixing_model(MODEL, path)
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    return path


def test_what_is_read_is_what_was_written(path):
    write_mixing_model(MODEL, path, "a note")
    read = read_mixing_model(path)
    assert (read.weights, read.trees, read.queries) == (MODEL.weights, MODEL.trees, 40)
    assert (read.cross_encoder, read.encoder) == ("words@1", "vectors@2")
    assert read.learned_under == MODEL.learned_under
    assert json.loads(path.read_text())["note"] == "a note"


def test_a_file_from_before_it_said_what_it_was_learned_under_is_read(path):
    write_mixing_model(MODEL, path)
    content = json.loads(path.read_text())
    del content["learned_under"], content["encoder"]
    path.write_text(json.dumps(content))
    read = read_mixing_model(path)
    assert (read.encoder, read.learned_under) == ("", {})


def test_features_go_by_their_names_so_that_new_ones_do_no_harm(path):
    write_mixing_model(MODEL, path)
    assert json.loads(path.read_text())["trees"][0]["features"] == ["title_words", None, None]


def test_another_content_is_another_model(path):
    write_mixing_model(MODEL, path)
    before = read_mixing_model(path).digest
    write_mixing_model(MODEL, path, "another note")
    assert before
    assert read_mixing_model(path).digest != before


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": "shopkeeper-mixing-9"}, "format"),
        ({"weights": {"fusion": "much"}}, "weights.fusion"),
        ({"weights": {"moon_phase": 1.0}}, "not known: moon_phase"),
        ({"colour": 1}, "colour"),
        ({"weights": {}, "trees": []}, "order nothing"),
        ({"trees": [{"features": ["", None, None], "thresholds": [0.5, 0, 0], "left": [1, -1, -1],
                     "right": [2, -1, -1], "values": [0, 0, 1]}]}, "not known: "),
        ({"trees": [{"features": [], "thresholds": [], "left": [], "right": [], "values": []}]},
         "tree"),
    ],
)  # fmt: skip
def test_what_is_no_model_is_refused_with_the_place(path, changes, message):
    with pytest.raises(RerankerModelError, match=message) as raised:
        read_mixing_model(written(path, **changes))
    assert str(path) in raised.value.message


def test_weights_that_are_no_numbers_are_refused(path):
    write_mixing_model(MODEL, path)
    path.write_text(path.read_text().replace("0.6", "NaN"))
    with pytest.raises(RerankerModelError, match=r"weights\.fusion"):
        read_mixing_model(path)


def test_a_missing_file_says_where_it_is_named(path):
    with pytest.raises(RerankerModelError, match="cannot be read") as raised:
        read_mixing_model(path)
    assert "reranker.mixing_model" in raised.value.remedy


def test_a_file_that_cannot_be_written_is_an_error(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be written"):
        write_mixing_model(MODEL, tmp_path / "nowhere" / "mixing.json")
