"""LambdaMART: small trees that correct the usual mix, by LightGBM."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from reranker.mixing.features import FEATURES
from reranker.mixing.judged_window import JudgedWindow
from reranker.mixing.mixing_model import MixingModel
from reranker.mixing.regression_tree import LEAF, RegressionTree
from search_core import RerankerTrainingError

_SHARPNESS = 6.0
"""What the usual mix, from 0 to 1, is multiplied by to be the scores that LightGBM goes on from."""
_OPTIONS: Mapping[str, Any] = {
    "objective": "lambdarank",
    "learning_rate": 0.05,
    # Few queries: trees of four leaves, none for fewer than 60 products, shrunk by lambda.
    "num_leaves": 4,
    "min_data_in_leaf": 60,
    "lambda_l2": 10.0,
    "feature_fraction": 0.7,
    "lambdarank_truncation_level": 15,
    "deterministic": True,
    "force_col_wise": True,
    "num_threads": 1,
    "verbose": -1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taught:
    """The candidates that count, of one query after the other."""

    features: NDArray[np.float64]
    """`(n_candidates, len(FEATURES))`."""
    grades: NDArray[np.float64]
    weights: NDArray[np.float64]
    sizes: list[int]
    """Candidates of each query."""

    @classmethod
    def of(cls, windows: Sequence[JudgedWindow], unjudged: float) -> Self:
        """Put the windows one below the other.

        Raises:
            RerankerTrainingError: none has two candidates that count.
        """
        features, grades, weights, sizes = [], [], [], []
        for window in windows:
            graded, weighted = window.weighted(unjudged)
            kept = weighted > 0
            if kept.sum() > 1:
                features.append(window.features[kept])
                grades.append(graded[kept])
                weights.append(weighted[kept])
                sizes.append(int(kept.sum()))
        if not sizes:
            raise RerankerTrainingError(
                "no query has two judged products among its candidates",
                remedy="judge more products, or give unjudged ones a weight",
            )
        return cls(
            features=np.concatenate(features),
            grades=np.concatenate(grades),
            weights=np.concatenate(weights),
            sizes=sizes,
        )


def fit_trees(
    windows: Sequence[JudgedWindow],
    start: MixingModel,
    *,
    trees: int,
    unjudged: float,
    seed: int = 1,
) -> MixingModel:
    """Grow trees that put better products first, from the scores of a start on.

    Source: Burges 2010 (LambdaMART), by LightGBM, with monotone constraints on features that can
    only speak for a product.

    Args:
        windows: what is learned from; one with fewer than two candidates teaches nothing.
        start: its weights stay, the trees correct them.
        trees: how many; fewer are more cautious.
        unjudged: weight of products that nobody rated, as grade 0; 0: they teach nothing.
        seed: of the features that a tree may ask for.

    Raises:
        RerankerTrainingError: LightGBM is not installed, or nothing teaches anything.
    """
    lightgbm = _lightgbm()
    taught = _Taught.of(windows, unjudged)
    data = lightgbm.Dataset(
        taught.features,
        label=taught.grades,
        group=taught.sizes,
        weight=taught.weights,
        init_score=_SHARPNESS * start.scores(taught.features),
    )
    options = {
        **_OPTIONS,
        "seed": seed,
        "label_gain": list(range(int(taught.grades.max()) + 1)),
        "monotone_constraints": [int(each.rises) for each in FEATURES.values()],
    }
    dumped = lightgbm.train(options, data, num_boost_round=trees).dump_model()
    grown = tuple(_read_tree(each["tree_structure"]) for each in dumped["tree_info"])
    return replace(start, trees=grown, queries=len(taught.sizes))


def _read_tree(root: Mapping[str, Any]) -> RegressionTree:
    """Read LightGBM's nested nodes into columns, on the scale of the usual mix."""
    features: list[int] = []
    thresholds: list[float] = []
    left: list[int] = []
    right: list[int] = []
    values: list[float] = []

    def add(node: Mapping[str, Any]) -> int:
        place = len(features)
        is_leaf = "split_feature" not in node
        features.append(LEAF if is_leaf else int(node["split_feature"]))
        thresholds.append(0.0 if is_leaf else float(node["threshold"]))
        left.append(LEAF)
        right.append(LEAF)
        values.append(float(node["leaf_value" if is_leaf else "internal_value"]) / _SHARPNESS)
        if not is_leaf:
            left[place] = add(node["left_child"])
            right[place] = add(node["right_child"])
        return place

    add(root)
    return RegressionTree(
        features=tuple(features),
        thresholds=tuple(thresholds),
        left=tuple(left),
        right=tuple(right),
        values=tuple(values),
    )


def _lightgbm() -> Any:  # noqa: ANN401 - a module of an extra
    try:
        import lightgbm  # noqa: PLC0415 - an extra
    except (ModuleNotFoundError, OSError) as error:
        raise RerankerTrainingError(
            f"trees need LightGBM, which does not load: {error}",
            remedy="pip install '.[ltr]' in Shopkeeper's folder (on Linux it needs libgomp1 as "
            "well), or take --method linear",
        ) from error
    return lightgbm
