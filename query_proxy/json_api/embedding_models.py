"""`POST /v1/embeddings` in the shape of OpenAI's API."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

_MOST_TEXTS = 256
_LONGEST_TEXT = 20_000
"""Characters; the model itself reads `encoders.max_tokens` of them."""

EmbeddedText = Annotated[str, Field(min_length=1, max_length=_LONGEST_TEXT)]


class EncodingFormat(StrEnum):
    """How vectors are written."""

    FLOAT = "float"
    BASE64 = "base64"
    """The bytes of little-endian float32, a fifth of the size of numbers as text."""


class InputType(StrEnum):
    """What the texts are: some models encode both differently."""

    PASSAGE = "passage"
    QUERY = "query"


class EmbeddingRequest(BaseModel):
    """Texts to be encoded."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    input: (
        EmbeddedText
        | Annotated[tuple[EmbeddedText, ...], Field(min_length=1, max_length=_MOST_TEXTS)]
    )
    """One text or several."""
    model: Annotated[str, Field(min_length=1, max_length=255)]
    """One of the configured indices, whose model is meant, or a model's name as `/v1/models` lists
    it, with or without what follows the `@`."""
    encoding_format: EncodingFormat = EncodingFormat.FLOAT
    dimensions: int | None = None
    """The model's own number, if any: vectors are not cut."""
    input_type: InputType = InputType.PASSAGE
    """Beyond OpenAI's: what the texts are."""
    user: str | None = None
    """Read for compatibility, and forgotten."""


class Embedding(BaseModel):
    """The vector of one text."""

    object: Literal["embedding"] = "embedding"
    index: int
    """Place of the text in the request, from 0."""
    embedding: list[float] | str


class EmbeddingUsage(BaseModel):
    """What was read."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingAnswer(BaseModel):
    """The vectors, in the order of the texts; each has length 1."""

    object: Literal["list"] = "list"
    data: list[Embedding]
    model: str
    """By name and content."""
    usage: EmbeddingUsage


class ModelEntry(BaseModel):
    """A model that can be asked for."""

    id: str
    object: Literal["model"] = "model"
    owned_by: str
    """The index that it encodes."""


class ModelList(BaseModel):
    """The models of the configured indices."""

    object: Literal["list"] = "list"
    data: list[ModelEntry]
