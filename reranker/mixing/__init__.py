"""Learned mixing: what decides the order of the rerank window, learned from judgments.

Serving needs nothing beyond numpy. `fit_linear` needs scipy (the extra `evaluate`), `fit_trees`
LightGBM (the extra `ltr`).
"""

from reranker.mixing.features import CROSS_ENCODER, FEATURES, FUSION, MixingFeature
from reranker.mixing.fit_linear import fit_linear
from reranker.mixing.fit_trees import fit_trees
from reranker.mixing.judged_window import JudgedWindow
from reranker.mixing.mixing_file import read_mixing_model, write_mixing_model
from reranker.mixing.mixing_model import MixingModel
from reranker.mixing.regression_tree import RegressionTree

__all__ = [
    "CROSS_ENCODER",
    "FEATURES",
    "FUSION",
    "JudgedWindow",
    "MixingFeature",
    "MixingModel",
    "RegressionTree",
    "fit_linear",
    "fit_trees",
    "read_mixing_model",
    "write_mixing_model",
]
