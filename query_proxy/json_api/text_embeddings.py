"""Encodes texts with the models of the served indices, for whoever wants vectors of his own."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from time import monotonic
from typing import TYPE_CHECKING

from query_proxy.guards.permits import Permits
from query_proxy.json_api.embedding_models import (
    Embedding,
    EmbeddingAnswer,
    EmbeddingRequest,
    EmbeddingUsage,
    EncodingFormat,
    InputType,
    ModelEntry,
    ModelList,
)
from retrieval import EncoderProvider
from search_core import (
    EncoderIdentity,
    EncoderUnavailableError,
    LimitError,
    MalformedRequestError,
    TextEncoder,
    units,
)
from search_core.settings import Settings
from search_engine import Searcher, connect_async

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_AT_ONCE = 1
"""Batches encoded at the same time: a model takes every core for one."""
_QUEUE = 32
_LOOK_AGAIN_SECONDS = 30.0
_LOOK_UP_SECONDS = 5.0
_MOST_CHARACTERS = 400_000
"""Of all texts together: about a minute of a small model on two cores."""


class TextEmbeddings:
    """Answers requests for vectors. One instance an event loop."""

    def __init__(
        self,
        searcher: Searcher,
        encoder_for: EncoderProvider | None,
        indices: Sequence[str],
        queue_seconds: float,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Keep what is needed.

        Args:
            searcher: tells which model an index was encoded with.
            encoder_for: gives the encoder; `None`: there is none.
            indices: whose models can be asked for.
            queue_seconds: longest wait for other batches.
            clock: seconds.
        """
        self._searcher = searcher
        self._encoder_for = encoder_for
        self._indices = indices
        self._permits = Permits(_AT_ONCE, _QUEUE, queue_seconds)
        self._clock = clock
        self._known: dict[str, tuple[EncoderIdentity | None, float]] = {}

    async def models(self) -> ModelList:
        """Return the models that can be asked for.

        Raises:
            SearchEngineError: OpenSearch does not answer as it should.
            IndexNotFoundError: a configured index is not there.
        """
        entries = []
        for index in self._indices:
            identity = await self._identity(index)
            if identity is not None:
                entries.append(ModelEntry(id=identity.model_id, owned_by=index))
        return ModelList(data=entries)

    async def encode(self, request: EmbeddingRequest) -> EmbeddingAnswer:
        """Return the vectors of texts.

        Raises:
            MalformedRequestError: no such model, or other dimensions than it has.
            LimitError: the texts are too long together.
            TooManyRequestsError: too many batches wait.
            EncoderError: the model cannot be had, or failed.
        """
        texts = (request.input,) if isinstance(request.input, str) else request.input
        if sum(map(len, texts)) > _MOST_CHARACTERS:
            raise LimitError(
                f"the texts have more than {_MOST_CHARACTERS:,} characters together",
                remedy="send fewer at once",
            )
        identity = await self._asked(request.model)
        if request.dimensions not in (None, identity.dimension):
            raise MalformedRequestError(
                f"dimensions: {identity.model_id} has {identity.dimension}, "
                f"not {request.dimensions}",
                remedy="leave dimensions out",
            )
        async with self._permits.one():
            rows = await asyncio.to_thread(self._rows, identity, texts, request.input_type)
        tokens = sum(len(units(text)) for text in texts)
        return EmbeddingAnswer(
            data=[
                Embedding(index=place, embedding=_written(row, request.encoding_format))
                for place, row in enumerate(rows)
            ],
            model=identity.model_id,
            usage=EmbeddingUsage(prompt_tokens=tokens, total_tokens=tokens),
        )

    def _rows(
        self, identity: EncoderIdentity, texts: Sequence[str], kind: InputType
    ) -> "list[NDArray[np.float32]]":
        encoder = self._encoder(identity)
        if kind is InputType.QUERY:
            return [encoder.encode_query(text) for text in texts]
        return list(encoder.encode_passages(texts))

    def _encoder(self, identity: EncoderIdentity) -> TextEncoder:
        if self._encoder_for is None:
            raise EncoderUnavailableError("this proxy has no model to encode with")
        return self._encoder_for(identity)

    async def _asked(self, name: str) -> EncoderIdentity:
        """Return the model that is meant by an index's name, or its own, whole or in short."""
        for index in self._indices:
            identity = await self._identity(index)
            if identity is None:
                continue
            if name in (index, identity.model_id, identity.model_id.partition("@")[0]):
                return identity
        raise MalformedRequestError(
            f"model: there is no {name!r} here", remedy="`/v1/models` lists those there are"
        )

    async def _identity(self, index: str) -> EncoderIdentity | None:
        known = self._known.get(index)
        if known is not None and self._clock() - known[1] < _LOOK_AGAIN_SECONDS:
            return known[0]
        generation = await self._searcher.generation(index, _LOOK_UP_SECONDS)
        identity = generation.description.encoder
        self._known[index] = (identity, self._clock())
        return identity


@asynccontextmanager
async def opened_embeddings(
    settings: Settings, encoder_for: EncoderProvider | None
) -> AsyncIterator[TextEmbeddings]:
    """Hold a connection open while the block runs."""
    searcher = Searcher(connect_async(settings.search_engine))
    section = settings.query_proxy
    try:
        yield TextEmbeddings(searcher, encoder_for, section.indices, section.queue_ms / 1000)
    finally:
        await searcher.close()


def _written(row: "NDArray[np.float32]", encoding: EncodingFormat) -> list[float] | str:
    if encoding is EncodingFormat.BASE64:
        return base64.b64encode(row.astype("<f4").tobytes()).decode()
    return [float(each) for each in row]
