"""Texts to vectors with an ONNX model, in this process."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from encoders.batch_workers import BatchWorkers
from encoders.model_files import OnnxModelFiles, model_id
from encoders.onnx_model import OnnxModel
from encoders.token_batches import (
    IntArray,
    TokenTable,
    distinct_texts,
    length_sorted_batches,
    well_formed,
)
from encoders.unit_vectors import unit_vectors
from search_core import EncoderIdentity, EncoderUnavailableError

_logger = logging.getLogger(__name__)

_USUAL_PAD_TOKENS = ("[PAD]", "<pad>")


class OnnxTextEncoder:
    """A text encoder of ONNX Runtime and `tokenizers`. Safe to call from several threads.

    Models whose activations are quantised as they run (the `int8` ones) choose one scale for a
    whole batch, so a text's vector depends a little on the texts beside it: cosine .98 or more
    between any two batches, about the error that int8 itself has. With `batch_tokens=1` every text
    is encoded alone and the same text gives the same vector, at .6 to .9 of the speed.
    """

    def __init__(
        self, files: OnnxModelFiles, *, threads: int = 0, batch_tokens: int = 512, max_tokens: int
    ) -> None:
        """Load the model.

        Args:
            files: the model.
            threads: batches computed at once, each on one core; 0: as many as there are cores.
            batch_tokens: padded tokens in one batch.
            max_tokens: longer texts are cut; the model's own limit counts too.

        Raises:
            EncoderUnavailableError: a file is missing, does not load or is not an encoder's.
        """
        limit = min(max_tokens, files.max_tokens or max_tokens)
        self._files = files
        self._tokenizer = _open_tokenizer(files.tokenizer)
        self._pad_token_id = _pad_token_id(self._tokenizer, files.pad_token_id)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(limit)
        self._model = OnnxModel(files)
        self._workers = BatchWorkers(threads)
        self._batch_tokens = batch_tokens
        self._model_id = model_id(files, limit)
        self._identity = EncoderIdentity(
            model_id=self._model_id, dimension=len(self.encode_query(""))
        )
        _logger.info(
            "encoder_loaded model_id=%s dimension=%d threads=%d",
            self._model_id,
            self._identity.dimension,
            self._workers.threads,
        )

    @property
    def identity(self) -> EncoderIdentity:
        """Model and dimension."""
        return self._identity

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode product texts; equal texts are computed once.

        Returns:
            float32, `(len(texts), dimension)`, each row of length 1, in the order of `texts`.

        Raises:
            EncoderError: the model failed.
        """
        unique, places = distinct_texts(texts)
        rows = np.empty((len(unique), self._identity.dimension), np.float32)
        if unique:
            tokens = self._tokenize(unique)
            batches = length_sorted_batches(
                tokens.lengths, self._batch_tokens, self._workers.threads
            )

            def encode_batch(batch: IntArray) -> NDArray[np.float32]:
                token_ids, mask = tokens.padded(batch, self._pad_token_id)
                return unit_vectors(self._model.run(token_ids, mask), self._model_id)

            self._workers.encode(batches, encode_batch, rows)
        return rows if len(unique) == len(texts) else rows[places]

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Encode what a shopper typed, on the calling thread.

        Returns:
            float32, `(dimension,)`, of length 1.

        Raises:
            EncoderError: the model failed.
        """
        encoding = self._tokenizer.encode(self._files.query_prefix + well_formed(text))
        token_ids = np.array([encoding.ids], np.int64)
        vectors = self._model.run(token_ids, np.ones_like(token_ids))
        vector: NDArray[np.float32] = unit_vectors(vectors, self._model_id)[0]
        return vector

    def _tokenize(self, texts: list[str]) -> TokenTable:
        prefix = self._files.passage_prefix
        prefixed = [prefix + text for text in texts] if prefix else texts
        encodings = self._tokenizer.encode_batch_fast(prefixed)
        return TokenTable.from_ids([encoding.ids for encoding in encodings])


def _open_tokenizer(path: Path) -> Tokenizer:
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # `tokenizers` raises nothing narrower
        raise EncoderUnavailableError(
            f"The tokenizer {path} does not load: {error}.",
            remedy="Check that it is a whole tokenizer.json of the `tokenizers` library.",
        ) from error


def _pad_token_id(tokenizer: Tokenizer, stated: int | None) -> int:
    if stated is not None:
        return stated
    if tokenizer.padding:
        return int(tokenizer.padding["pad_id"])
    known = (tokenizer.token_to_id(token) for token in _USUAL_PAD_TOKENS)
    return next((token_id for token_id in known if token_id is not None), 0)
