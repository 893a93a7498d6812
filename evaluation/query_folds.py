"""Queries dealt out by chance into parts, each held out once."""

from collections.abc import Sequence

import numpy as np

from evaluation.judgments import JudgedQuery

Folds = tuple[tuple[JudgedQuery, ...], ...]


def deal_out(queries: Sequence[JudgedQuery], folds: int, seed: int) -> Folds:
    """Return parts whose sizes differ by one at most.

    Args:
        queries: at least one a fold.
        folds: how many parts.
        seed: of chance: the same one gives the same parts.
    """
    order = np.random.default_rng(seed).permutation(len(queries))
    return tuple(tuple(queries[index] for index in order[number::folds]) for number in range(folds))
