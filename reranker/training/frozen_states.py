"""What the layers that are not trained make of each pair, computed once.

A training reads the same pairs in every epoch, and a cross-validation in every fold. Layers that do
not change give them the same states each time, so that only the layers above are left to compute.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer
from torch import Tensor, nn

from reranker.cross_encoder import TOKENIZER_FILE, Pair
from search_core import ProgressListener, RerankerTrainingError

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_TASK = "reading pairs once"
_PAIRS_AT_ONCE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenStates:
    """States of pairs, one row a token; they lie in a file, and are read as they are needed."""

    rows: NDArray[np.float16]
    """`(n_tokens of all pairs, width)`: 31 kB for a pair of 40 tokens and a width of 384."""
    places: Mapping[Pair, tuple[int, int]]
    """Pair → its first row, and the row after its last."""

    def batch(self, pairs: Sequence[Pair]) -> tuple[Tensor, Tensor]:
        """Return states and mask of pairs, as long as the longest of them.

        Args:
            pairs: known ones.

        Returns:
            float32 `(n_pairs, tokens, width)`, zeros behind the end of a pair; int64
            `(n_pairs, tokens)`.
        """
        places = [self.places[pair] for pair in pairs]
        longest = max(end - start for start, end in places)
        states = torch.zeros(len(pairs), longest, self.rows.shape[1])
        mask = torch.zeros(len(pairs), longest, dtype=torch.long)
        for row, (start, end) in enumerate(places):
            found = np.asarray(self.rows[start:end], np.float32)
            states[row, : end - start] = torch.from_numpy(found)
            mask[row, : end - start] = 1
        return states, mask


class SplitModel:
    """A cross-encoder taken apart: layers that stay as they are, and layers that are trained."""

    def __init__(self, model: "PreTrainedModel", frozen_layers: int) -> None:
        """Take the model apart.

        Args:
            model: a BERT-like cross-encoder with one label; it becomes `upper`.
            frozen_layers: how many of its layers, from below, are not trained; nor are the
                embeddings.

        Raises:
            RerankerTrainingError: no layer would be left to train.
        """
        layers = _encoder(model).layer
        if frozen_layers >= len(layers):
            raise RerankerTrainingError(
                f"of {len(layers)} layers {frozen_layers} are frozen: none is left to train",
                remedy="lower reranker.training.frozen_layers, or raise reranker.training.layers",
            )
        self.upper = model
        self._embeddings: nn.Module = model.base_model.embeddings
        self._lower = nn.ModuleList(layers[:frozen_layers])
        self._upper = nn.ModuleList(layers[frozen_layers:])
        self._become_upper()

    def states(
        self,
        pairs: Sequence[Pair],
        folder: Path,
        file: Path,
        max_tokens: int,
        progress: ProgressListener,
    ) -> FrozenStates:
        """Run the lower layers over pairs.

        Args:
            pairs: distinct ones.
            folder: with the model's tokenizer.json.
            file: is written; it may be deleted once the states are no longer needed.
            max_tokens: longer pairs are cut.
            progress: told of pairs.

        Raises:
            RerankerTrainingError: its disk has no room for them.
        """
        encodings = _encodings(folder, pairs, max_tokens)
        ends = np.cumsum([len(each.ids) for each in encodings]).tolist()
        starts = [0, *ends[:-1]]
        width = int(self.upper.config.hidden_size)
        shape = (ends[-1], width)
        _require_room(file.parent, ends[-1] * width * np.dtype(np.float16).itemsize, len(pairs))
        rows = np.lib.format.open_memmap(file, mode="w+", dtype=np.float16, shape=shape)
        by_length = sorted(range(len(pairs)), key=lambda place: len(encodings[place].ids))
        progress.start(_TASK, len(pairs), "pairs")
        self._become_lower()
        try:
            for first in range(0, len(by_length), _PAIRS_AT_ONCE):
                places = by_length[first : first + _PAIRS_AT_ONCE]
                found = self._lower_states([encodings[place] for place in places])
                for place, states in zip(places, found, strict=True):
                    rows[starts[place] : ends[place]] = states[: len(encodings[place].ids)]
                progress.advance(_TASK, len(places))
        finally:
            self._become_upper()
            progress.finish(_TASK)
        return FrozenStates(
            rows=rows,
            places={
                pair: (start, end) for pair, start, end in zip(pairs, starts, ends, strict=True)
            },
        )

    def save(self, folder: Path) -> None:
        """Put the model together again and write it as a Hugging Face folder."""
        model, encoder = self.upper, _encoder(self.upper)
        model.base_model.embeddings = self._embeddings
        encoder.layer = nn.ModuleList([*self._lower, *self._upper])
        model.config.num_hidden_layers = len(encoder.layer)
        model.save_pretrained(folder)
        self._become_upper()

    def _lower_states(self, encodings: Sequence[Encoding]) -> NDArray[np.float16]:
        longest = max(len(each.ids) for each in encodings)
        columns = {"input_ids": [each.ids for each in encodings]}
        columns["attention_mask"] = [each.attention_mask for each in encodings]
        if getattr(self.upper.config, "type_vocab_size", 0) > 1:
            columns["token_type_ids"] = [each.type_ids for each in encodings]
        inputs = {
            name: torch.tensor([row + [0] * (longest - len(row)) for row in rows])
            for name, rows in columns.items()
        }
        base = self.upper.base_model.eval()
        inputs = {name: each.to(base.device) for name, each in inputs.items()}
        with torch.no_grad():
            states = base(**inputs).last_hidden_state
        return np.asarray(states.float().cpu().numpy(), np.float16)

    def _become_lower(self) -> None:
        self.upper.base_model.embeddings = self._embeddings
        _encoder(self.upper).layer = self._lower

    def _become_upper(self) -> None:
        self.upper.base_model.embeddings = _PassedOn()
        _encoder(self.upper).layer = self._upper


class _PassedOn(nn.Module):  # type: ignore[misc] # the library has no types
    """Stands for embeddings and lower layers: their states are given to the model as they are."""

    def forward(self, inputs_embeds: Tensor, **others: object) -> Tensor:
        """Return the states."""
        del others
        return inputs_embeds


def _encoder(model: "PreTrainedModel") -> nn.Module:
    return model.base_model.encoder


def _require_room(folder: Path, needed: int, pairs: int) -> None:
    """Refuse what a mapped file could not hold: the system ends a process for it, without a word.

    Raises:
        RerankerTrainingError: there is less room.
    """
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise RerankerTrainingError(
            f"the states of {pairs} pairs take {needed / 1e9:.1f} GB, and {folder} has room for "
            f"{free / 1e9:.1f} GB",
            remedy="make room, lower reranker.training.queries, or set "
            "reranker.training.frozen_layers=0",
        )


def _encodings(folder: Path, pairs: Sequence[Pair], max_tokens: int) -> list[Encoding]:
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return list(tokenizer.encode_batch([tuple(pair) for pair in pairs]))
