"""Texts to vectors with the multilingual Universal Sentence Encoder, in this process."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentencepiece import SentencePieceProcessor

from encoders.batch_workers import BatchWorkers
from encoders.model_files import fingerprint
from encoders.one_blas_thread import one_blas_thread
from encoders.token_batches import (
    IntArray,
    TokenTable,
    distinct_texts,
    length_sorted_batches,
    well_formed,
)
from encoders.unit_vectors import unit_vectors
from encoders.use_network import DIMENSION, UseNetwork
from search_core import EncoderIdentity, EncoderUnavailableError

_logger = logging.getLogger(__name__)

_BATCH_TOKENS = 512  # more leaves the processor's cache: 860 texts a second at 1,024, 1,255 here


class UseTextEncoder:
    """The Universal Sentence Encoder of 16 languages. Safe to call from several threads.

    Its weights are read as plain files; the package that carries them is never imported. A text's
    vector does not depend on the texts beside it (cosine 1 to six digits).
    """

    def __init__(
        self, name: str, weights: Path, tokenizer: Path, *, threads: int = 0, max_tokens: int
    ) -> None:
        """Load the model.

        Args:
            name: what it is called in an index.
            weights: the `.npz` file.
            tokenizer: the SentencePiece model.
            threads: batches computed at once, each on one core; 0: as many as there are cores.
            max_tokens: longer texts are cut.

        Raises:
            EncoderUnavailableError: a file is missing or broken.
        """
        try:
            self._network = UseNetwork(weights)
            self._tokenizer = SentencePieceProcessor(model_file=str(tokenizer))
            content = fingerprint([weights, tokenizer], {"max_tokens": max_tokens})
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise EncoderUnavailableError(
                f"The model {name} does not load from {weights.parent}: {error}",
                remedy="Delete that folder; it is made again when it is needed.",
            ) from error
        self._identity = EncoderIdentity(model_id=f"{name}@{content}", dimension=DIMENSION)
        self._workers = BatchWorkers(threads)
        self._max_tokens = max_tokens
        _logger.info(
            "encoder_loaded model_id=%s dimension=%d threads=%d",
            self._identity.model_id,
            DIMENSION,
            self._workers.threads,
        )

    @property
    def identity(self) -> EncoderIdentity:
        """Model and dimension."""
        return self._identity

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode product texts; equal texts are computed once.

        Returns:
            float32, `(len(texts), 512)`, each row of length 1, in the order of `texts`.

        Raises:
            EncoderError: the model gave no usable vector.
        """
        unique, places = distinct_texts(texts)
        rows = np.empty((len(unique), DIMENSION), np.float32)
        if unique:
            tokens = self._tokenize(unique)
            batches = length_sorted_batches(tokens.lengths, _BATCH_TOKENS, self._workers.threads)

            def encode_batch(batch: IntArray) -> NDArray[np.float32]:
                return self._run(*tokens.joined(batch))

            with one_blas_thread:
                self._workers.encode(batches, encode_batch, rows)
        return rows if len(unique) == len(texts) else rows[places]

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Encode what a shopper typed, on the calling thread.

        Returns:
            float32, `(512,)`, of length 1.

        Raises:
            EncoderError: the model gave no usable vector.
        """
        tokens = self._tokenize([well_formed(text)])
        with one_blas_thread:
            vector: NDArray[np.float32] = self._run(*tokens.joined(np.zeros(1, np.int64)))[0]
        return vector

    def _run(self, token_ids: IntArray, lengths: IntArray) -> NDArray[np.float32]:
        return unit_vectors(self._network.run(token_ids, lengths), self._identity.model_id)

    def _tokenize(self, texts: list[str]) -> TokenTable:
        begin, end = self._tokenizer.bos_id(), self._tokenizer.eos_id()
        room = self._max_tokens - 2
        pieces = self._tokenizer.encode(texts, num_threads=self._workers.threads)
        return TokenTable.from_ids([[begin, *ids[:room], end] for ids in pieces])
