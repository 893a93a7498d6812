"""The forward pass of the Universal Sentence Encoder (multilingual, convolutional) in NumPy.

Source: Yang et al. 2019, "Multilingual Universal Sentence Encoder for Semantic Retrieval": word
embeddings and convolutions over 2, 3 and 5 tokens, averaged, then a feed-forward network.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from encoders.token_batches import IntArray

FloatArray = NDArray[np.float32]

DIMENSION = 512
_CHUNKS = 17  # the embedding table is stored in so many parts: token t is row t // 17 of t % 17
_CHANNELS = 256  # width of each convolution
_MARGIN = 2  # the widest window, 5 tokens, reaches so far to either side


@dataclass(frozen=True, slots=True, kw_only=True)
class _Convolution:
    """Two convolutions over a window, each with a residual connection."""

    before: int
    """Tokens of the window before the current one."""
    kernels: tuple[FloatArray, FloatArray]
    """Each `(window, 256, 256)`."""
    biases: tuple[FloatArray, FloatArray]

    def apply(self, tokens: FloatArray, places: IntArray, strip_length: int) -> FloatArray:
        """Convolve the tokens of several texts at once, none of which sees another.

        The texts lie on one strip, `_MARGIN` empty rows apart: a window is a shifted slice of it.
        """
        strip = np.zeros((strip_length, _CHANNELS), np.float32)
        for kernel, bias in zip(self.kernels, self.biases, strict=True):
            strip[places] = tokens
            tokens = tokens + self._window_sums(strip, kernel, bias)[places - _MARGIN]
        return tokens

    def _window_sums(self, strip: FloatArray, kernel: FloatArray, bias: FloatArray) -> FloatArray:
        inner = len(strip) - 2 * _MARGIN
        sums: FloatArray = np.zeros((inner, _CHANNELS), np.float32)
        sums += bias
        for offset, weights in enumerate(kernel, start=_MARGIN - self.before):
            sums += strip[offset : offset + inner] @ weights
        return np.maximum(sums, 0, out=sums)


class UseNetwork:
    """Weights of the network. Safe to run from several threads at once."""

    def __init__(self, weights: Path) -> None:
        """Read the weights.

        Args:
            weights: an `.npz` file.

        Raises:
            OSError, ValueError, KeyError: it is missing, broken or lacks an array.
        """
        with np.load(weights, allow_pickle=False) as arrays:
            stored = {name: arrays[name] for name in arrays.files}
        self._table = _embedding_table(stored)
        self._scale, self._offset = stored["scale"], stored["lo"]
        self._epsilon = float(stored["eps"])
        self._projection = np.concatenate([stored[f"proj{n}"] for n in (2, 3, 5)], axis=1)
        self._projection_bias = np.concatenate([stored[f"proj_b{n}"] for n in (2, 3, 5)])
        self._token_norm = tuple(
            np.concatenate([stored[f"ln_{part}{n}"] for n in (2, 3, 5)]) for part in "gb"
        )
        self._convolutions = [_convolution(stored, n) for n in (2, 3, 5)]
        self._feature_norm = stored["ln_g"], stored["ln_b"]
        self._output, self._output_bias = stored["cnn_W"], stored["cnn_b"]
        self._dense = {name: stored[name] for name in ("d0", "d1", "d2", "d3", "p1", "p3")}

    def run(self, token_ids: IntArray, lengths: IntArray) -> FloatArray:
        """Encode several texts.

        Args:
            token_ids: those of all texts, one after the other.
            lengths: tokens of each text, at least 1.

        Returns:
            float32, `(len(lengths), 512)`, not yet of unit length.
        """
        text_of_token = np.repeat(np.arange(len(lengths)), lengths)
        places = np.arange(len(token_ids)) + _MARGIN * (text_of_token + 1)
        strip_length = len(token_ids) + _MARGIN * (len(lengths) + 1)
        features = self._features(token_ids, places, strip_length)
        starts = np.cumsum(lengths) - lengths
        counts = lengths.astype(np.float32)[:, None]
        summed = np.add.reduceat(features, starts, axis=0) @ self._output
        # Divided by the root of the length, as the paper does, not by the length.
        return self._feed_forward((summed + counts * self._output_bias) / np.sqrt(counts))

    def _features(self, token_ids: IntArray, places: IntArray, strip_length: int) -> FloatArray:
        chunks = token_ids % _CHUNKS
        embedded = self._table[token_ids].astype(np.float32)
        embedded *= self._scale[chunks, None]
        embedded += self._offset[chunks, None]
        projected = embedded @ self._projection + self._projection_bias
        projected = self._normalised(projected, *self._token_norm)
        branches = np.split(projected, len(self._convolutions), axis=1)
        convolved = [
            convolution.apply(branch, places, strip_length)
            for convolution, branch in zip(self._convolutions, branches, strict=True)
        ]
        features = np.concatenate([embedded, *convolved], axis=1)
        return self._normalised(features, *self._feature_norm)

    def _normalised(self, rows: FloatArray, gain: FloatArray, bias: FloatArray) -> FloatArray:
        centred: FloatArray = rows - rows.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", centred, centred) / rows.shape[1]
        centred /= np.sqrt(variance + self._epsilon)[:, None]
        centred *= gain
        centred += bias
        return centred

    def _feed_forward(self, mean: FloatArray) -> FloatArray:
        dense = self._dense
        first = np.maximum(mean @ dense["d0"], 0)
        second = np.maximum(mean @ dense["p1"] + first @ dense["d1"], 0)
        third = np.maximum(second @ dense["d2"], 0)
        vectors: FloatArray = np.tanh(second @ dense["p3"] + third @ dense["d3"])
        return vectors


def _embedding_table(stored: dict[str, NDArray[np.generic]]) -> NDArray[np.uint8]:
    rows, width = stored["q1"].shape
    table = np.empty((_CHUNKS * rows, width), np.uint8)
    for chunk in range(_CHUNKS):
        table[chunk::_CHUNKS] = stored[f"q{chunk + 1}"]
    return table


def _convolution(stored: dict[str, FloatArray], window: int) -> _Convolution:
    shape = (window, _CHANNELS, _CHANNELS)
    return _Convolution(
        before=(window - 1) // 2,
        kernels=(stored[f"w1_{window}"].reshape(shape), stored[f"w2_{window}"].reshape(shape)),
        biases=(stored[f"b1_{window}"], stored[f"b2_{window}"]),
    )
