"""How much a trained model counts beside what needs no training, and how sure it may be.

Two ways that go wrong in different places are together better than either.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SHARES = tuple(number / 10 for number in range(11))
_TEMPERATURES = tuple(float(each) for each in np.geomspace(0.25, 4.0, 33))
_LEAST_SHARE = 1e-4

_Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """How a model is served."""

    temperature: float
    """Logits are divided by it."""
    share: float
    """What the model counts, 0 to 1; the other way counts the rest."""


def best_mixture(
    logits: NDArray[np.float32],
    labels: NDArray[np.int64],
    beside: _Table | None = None,
    coverage: _Table | None = None,
) -> Mixture:
    """Return what makes the true labels of texts likeliest that neither way has learned from.

    Args:
        logits: shape (n_texts, n_classes).
        labels: shape (n_texts,).
        beside: probabilities of the other way, shape (n_texts, n_classes), 1 a row at most; `None`:
            there is none, and the model's share is 1.
        coverage: what the model's probabilities are multiplied by, shape (n_texts,); `None`: 1.
    """
    shares = (1.0,) if beside is None else _SHARES
    other = np.zeros(logits.shape) if beside is None else beside
    covered = np.ones(len(labels)) if coverage is None else coverage
    rows = np.arange(len(labels))
    best = (-np.inf, 1.0, 1.0)
    for temperature in _TEMPERATURES:
        told = _softmax(logits, temperature)[rows, labels] * covered
        for share in shares:
            mixed = share * told + (1.0 - share) * other[rows, labels]
            best = max(best, (_mean_log(mixed), temperature, share))
    return Mixture(temperature=best[1], share=best[2])


def _softmax(logits: NDArray[np.float32], temperature: float) -> _Table:
    warmed = logits.astype(np.float64) / temperature
    powers = np.exp(warmed - warmed.max(axis=1, keepdims=True))
    shares: _Table = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _mean_log(likelihoods: _Table) -> float:
    return float(np.log(np.maximum(likelihoods, _LEAST_SHARE)).mean())
