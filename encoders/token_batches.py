"""Putting texts of similar length together, so that little padding is computed."""

from collections.abc import Sequence
from itertools import chain
from typing import Self

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


def distinct_texts(texts: Sequence[str]) -> tuple[list[str], IntArray]:
    """Return each text once, and for every given text its place among those.

    Halves of surrogate pairs, which broken exports contain and tokenizers refuse, become `?`.

    Returns:
        The texts in order of first appearance, and int64 `(len(texts),)`.
    """
    place: dict[str, int] = {}
    places = np.fromiter(
        (place.setdefault(text, len(place)) for text in texts), np.int64, count=len(texts)
    )
    return [well_formed(text) for text in place], places


def well_formed(text: str) -> str:
    """Return the text with halves of surrogate pairs replaced by `?`."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def length_sorted_batches(lengths: IntArray, batch_tokens: int, workers: int = 1) -> list[IntArray]:
    """Cut texts into batches of similar length, longest first.

    Longest first, so that the workers that share the batches end at about the same time.

    Args:
        lengths: tokens of each text.
        batch_tokens: most tokens in a batch, padding included. A longer text is a batch of its
            own.
        workers: few texts are cut into at least so many batches where possible.

    Returns:
        Positions in `lengths`; each occurs once.
    """
    if not len(lengths):
        return []
    budget = min(batch_tokens, -(-int(lengths.sum()) // workers))
    order = np.argsort(-lengths, kind="stable")
    batches: list[IntArray] = []
    start = 0
    while start < len(order):
        size = max(1, budget // max(1, int(lengths[order[start]])))
        batches.append(order[start : start + size])
        start += size
    return batches


class TokenTable:
    """The token ids of many texts in one array, from which padded batches are cut."""

    def __init__(self, flat: IntArray, lengths: IntArray) -> None:
        self._flat = flat
        self.lengths = lengths
        self._starts = np.cumsum(lengths) - lengths

    @classmethod
    def from_ids(cls, ids: Sequence[Sequence[int]]) -> Self:
        """Build from the ids of each text; none may be empty."""
        lengths = np.fromiter(map(len, ids), np.int64, count=len(ids))
        flat = np.fromiter(chain.from_iterable(ids), np.int64, count=int(lengths.sum()))
        return cls(flat, lengths)

    def padded(self, batch: IntArray, pad_token_id: int) -> tuple[IntArray, IntArray]:
        """Return ids and mask of some texts.

        Returns:
            Two int64 arrays, `(len(batch), longest of them)`; the mask is 1 where a token is.
        """
        lengths = self.lengths[batch]
        columns = np.arange(int(lengths.max()))
        mask = columns < lengths[:, None]
        positions = np.where(mask, self._starts[batch][:, None] + columns, 0)
        return np.where(mask, self._flat[positions], pad_token_id), mask.astype(np.int64)

    def joined(self, batch: IntArray) -> tuple[IntArray, IntArray]:
        """Return the ids of some texts one after the other, and the length of each."""
        lengths = self.lengths[batch]
        offsets = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return self._flat[np.repeat(self._starts[batch], lengths) + offsets], lengths
