"""Trains a multinomial logistic regression on rows of named features."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BATCH = 256
_LEARNING_RATE = 0.02
_DECAY = (0.9, 0.999)
_EPSILON = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftmaxWeights:
    """What was learned."""

    weights: NDArray[np.float32]
    """Shape (n_features, n_classes)."""
    bias: NDArray[np.float32]
    """Shape (n_classes,)."""
    epochs: int
    """Passes over the training rows until the held-out loss was least."""
    held_out_loss: float
    """Mean negative log-likelihood, in nats; infinite when nothing was held out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Examples, each as the numbers of its features."""

    features: Sequence[Sequence[int]]
    labels: NDArray[np.int64]

    def padded(self, pad: int) -> NDArray[np.int64]:
        """Return the features as a rectangle, shape (n_rows, longest), filled up with `pad`."""
        longest = max((len(row) for row in self.features), default=1)
        table = np.full((len(self.features), max(longest, 1)), pad, dtype=np.int64)
        for place, row in enumerate(self.features):
            table[place, : len(row)] = row
        return table


def train_softmax(
    train: Rows,
    held_out: Rows | None,
    *,
    features: int,
    classes: int,
    l2: float = 1e-4,
    most_epochs: int = 60,
    patience: int = 4,
    seed: int = 0,
) -> SoftmaxWeights:
    """Train until the held-out loss has not fallen for some passes, and return the best weights.

    Args:
        train: what is learned from.
        held_out: what decides when to stop; of other queries. `None`: all passes are made.
        features: number of features.
        classes: number of classes.
        l2: penalty on squared weights.
        most_epochs: passes at most.
        patience: passes without a better held-out loss after which it stops.
        seed: of the order of the rows.

    Source: Adam, Kingma and Ba 2015.
    """
    inputs = train.padded(features)
    held_inputs = inputs[:0] if held_out is None else held_out.padded(features)
    # One row more than there are features: the padding's, which stays zero.
    parameters = np.zeros((features + 1, classes))
    bias = np.zeros(classes)
    state = _Adam(parameters, bias)
    generator = np.random.default_rng(seed)
    best = (np.inf, 0, parameters.copy(), bias.copy())
    for epoch in range(1, most_epochs + 1):
        order = generator.permutation(len(inputs))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            state.step(*_gradients(inputs[batch], train.labels[batch], parameters, bias, l2))
        if held_out is None:
            best = (np.inf, epoch, parameters, bias)
            continue
        loss = _loss(held_inputs, held_out.labels, parameters, bias)
        if loss < best[0] - 1e-5:
            best = (loss, epoch, parameters.copy(), bias.copy())
        elif epoch - best[1] >= patience:
            break
    loss, epochs, parameters, bias = best
    return SoftmaxWeights(
        weights=parameters[:-1].astype(np.float32),
        bias=bias.astype(np.float32),
        epochs=epochs,
        held_out_loss=float(loss),
    )


def best_temperature(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Return what logits are divided by for the least loss; looked for on a grid from 0.5 to 4.

    Args:
        logits: shape (n_rows, n_classes), of rows that were not trained on.
        labels: shape (n_rows,).
    """
    grid = np.geomspace(0.5, 4.0, 43)
    losses = [_mean_loss(logits / temperature, labels) for temperature in grid]
    return float(grid[int(np.argmin(losses))])


class _Adam:
    """Moments of the gradients; steps change the parameters in place."""

    def __init__(self, *parameters: NDArray[np.float64]) -> None:
        self._parameters = parameters
        self._first = [np.zeros_like(each) for each in parameters]
        self._second = [np.zeros_like(each) for each in parameters]
        self._steps = 0

    def step(self, *gradients: NDArray[np.float64]) -> None:
        self._steps += 1
        early, late = (1 - decay**self._steps for decay in _DECAY)
        moments = zip(self._parameters, gradients, self._first, self._second, strict=True)
        for parameter, gradient, first, second in moments:
            first[...] += (1 - _DECAY[0]) * (gradient - first)
            second[...] += (1 - _DECAY[1]) * (gradient**2 - second)
            change = (first / early) / (np.sqrt(second / late) + _EPSILON)
            parameter[...] -= _LEARNING_RATE * change


def _gradients(
    inputs: NDArray[np.int64],
    labels: NDArray[np.int64],
    parameters: NDArray[np.float64],
    bias: NDArray[np.float64],
    l2: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    shares = _softmax(parameters[inputs].sum(axis=1) + bias)
    shares[np.arange(len(labels)), labels] -= 1.0
    errors = shares / len(labels)
    gradient = l2 * parameters
    places = inputs.ravel()
    for each in range(parameters.shape[1]):
        # Ten times as fast as adding at places.
        weights = np.repeat(errors[:, each], inputs.shape[1])
        gradient[:, each] += np.bincount(places, weights, minlength=len(parameters))
    gradient[-1] = 0.0
    return gradient, errors.sum(axis=0)


def _loss(
    inputs: NDArray[np.int64],
    labels: NDArray[np.int64],
    parameters: NDArray[np.float64],
    bias: NDArray[np.float64],
) -> float:
    return _mean_loss(parameters[inputs].sum(axis=1) + bias, labels)


def _mean_loss(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    shares = _softmax(logits)[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(shares, 1e-12)).mean())


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return shares
