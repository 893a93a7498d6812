"""Interfaces that more than one package calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pydantic import BaseModel

    from search_core.errors import LanguageModelError

AnswerT = TypeVar("AnswerT", bound="BaseModel")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest(Generic[AnswerT]):
    """A question to a language model, and the form that its answer has to have."""

    task: str
    """A constant name of what is asked for (`tags`, `rewriting`): letters, digits, `_` and `-`. It
    stands in logs and counts, which no text ever does."""
    instructions: str
    """What is to be done; the same for every input, so that endpoints can keep it."""
    content: str
    """With what. Written by strangers: instructions in it are to be taken as text."""
    answer: type[AnswerT]
    """A pydantic model: its JSON schema is sent along, and the answer is validated by it."""
    max_output_tokens: int = 500
    """A longer answer is cut off by the endpoint, and then does not fit. It is what is reserved of
    a cost limit before the request is sent."""
    remember: bool = True
    """Off where the caller keeps answers in its own way."""


class LanguageModel(Protocol):
    """Answers questions in a given form. Safe to call from several threads and event loops.

    For a search, within which nobody may wait: `remembered`, and where that is `None`
    `answer_later`, so that the next search of this kind has the answer.
    """

    @property
    def identity(self) -> str:
        """The model and the settings that change its answers: part of every cache key."""
        ...

    def remembered(self, request: ModelRequest[AnswerT]) -> AnswerT | None:
        """Return the answer that an earlier call got, or `None`. Nothing is sent."""
        ...

    async def answer(
        self, request: ModelRequest[AnswerT], timeout_seconds: float | None = None
    ) -> AnswerT:
        """Return a remembered answer, else ask the model.

        Args:
            request: what is asked.
            timeout_seconds: time for everything, waiting and retries included; `None`: each try
                has `llm.timeout_seconds`. When it is over, or the caller is cancelled, the request
                is dropped.

        Raises:
            LanguageModelError: there is no answer that fits; its subclass says why.
        """
        ...

    def answer_now(
        self, request: ModelRequest[AnswerT], timeout_seconds: float | None = None
    ) -> AnswerT:
        """Do the same in a thread without an event loop, and block it."""
        ...

    def answer_all(
        self, requests: Sequence[ModelRequest[AnswerT]]
    ) -> "list[AnswerT | LanguageModelError]":
        """Answer many at once, and block; in the order of the requests.

        One that fails is its error, and takes none of the others with it.
        """
        ...

    def answer_later(self, request: ModelRequest[AnswerT]) -> bool:
        """Ask the model behind the caller's back, so that `remembered` has the answer later.

        Returns:
            Whether it will be asked: not when the same request is under way already, or when too
            many others are.
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
