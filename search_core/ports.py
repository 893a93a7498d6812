"""Interfaces that more than one package calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderIdentity:
    """What has to be the same for two vectors to be comparable."""

    model_id: str
    """Name and content of the model, e.g. `all-minilm-l6-v2-int8@3f2a…`: changes whenever the
    weights, the pooling or the prefixes do."""
    dimension: int


class TextEncoder(Protocol):
    """Turns text into unit-length vectors. Safe to call from several threads."""

    @property
    def identity(self) -> EncoderIdentity:
        """Model and dimension."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Encode product texts.

        Returns:
            float32, `(len(texts), dimension)`, each row of length 1, in the order of `texts`.

        Raises:
            EncoderError: the model could not be run.
        """
        ...

    def encode_query(self, text: str) -> "NDArray[np.float32]":
        """Encode what a shopper typed.

        Returns:
            float32, `(dimension,)`, of length 1.

        Raises:
            EncoderError: the model could not be run.
        """
        ...


class ProgressListener(Protocol):
    """Told of the progress of long work, so that a command can draw a bar."""

    def start(self, task: str, total: int | None, unit: str) -> None:
        """A task begins; `total` is `None` when it is not known."""
        ...

    def advance(self, task: str, amount: int) -> None:
        """So much more of the task is done."""
        ...

    def finish(self, task: str) -> None:
        """The task has ended, well or not."""
        ...


class SilentProgress:
    """Draws nothing: the choice of libraries and tests."""

    def start(self, task: str, total: int | None, unit: str) -> None:
        """Ignore."""

    def advance(self, task: str, amount: int) -> None:
        """Ignore."""

    def finish(self, task: str) -> None:
        """Ignore."""
