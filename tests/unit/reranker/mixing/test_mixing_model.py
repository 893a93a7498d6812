import numpy as np
import pytest

from reranker.mixing import FEATURES, MixingModel, RegressionTree

COLUMNS = {name: column for column, name in enumerate(FEATURES)}


def row(**features):
    return [features.get(name, 0.0) for name in FEATURES]


def stump(feature, threshold, below, above):
    return RegressionTree(
        features=(COLUMNS[feature], -1, -1),
        thresholds=(threshold, 0.0, 0.0),
        left=(1, -1, -1),
        right=(2, -1, -1),
        values=(0.0, below, above),
    )


def test_the_usual_mix_is_the_settings_weighted_sum():
    matrix = np.array([row(fusion=1.0, cross_encoder=0.5), row(fusion=0.2, cross_encoder=1.0)])
    assert MixingModel.usual(0.4).scores(matrix) == pytest.approx([0.6 + 0.2, 0.12 + 0.4])
    assert MixingModel.usual(None).scores(matrix) == pytest.approx([1.0, 0.2])


def test_contributions_add_up_to_the_score():
    model = MixingModel(weights={"fusion": 0.5}, trees=(stump("title_words", 0.5, -0.1, 0.3),))
    matrix = np.array([row(fusion=1.0, title_words=1.0), row(fusion=1.0)])
    added = model.contributions(matrix)
    assert added[:, COLUMNS["fusion"]] == pytest.approx([0.5, 0.5])
    assert added[:, COLUMNS["title_words"]] == pytest.approx([0.3, -0.1])
    assert model.scores(matrix) == pytest.approx([0.8, 0.4])


def test_it_knows_what_it_looks_at():
    model = MixingModel(
        weights={"brand": 0.1, "fusion": 0.5, "has_type": 0.0},
        trees=(stump("title_words", 0.5, 0.0, 1.0),),
    )
    assert model.features == ("fusion", "title_words", "brand")


def test_only_a_model_that_looks_at_logits_needs_them():
    assert MixingModel.usual(0.4).reads
    assert not MixingModel.usual(None).reads
    assert not MixingModel.usual(0.0).reads
    assert MixingModel(weights={}, trees=(stump("cross_encoder", 0.5, 0.0, 1.0),)).reads
