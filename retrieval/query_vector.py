"""The vector of a query, by the model that the index was encoded with."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from cachetools import LRUCache

from search_core import EncoderIdentity, EncoderUnavailableError, TextEncoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EncoderProvider = Callable[[EncoderIdentity], TextEncoder]
"""Gives the encoder that an index was made with.

Raises `EncoderMismatchError` when the settings name another one, and `EncoderUnavailableError` when
its files cannot be had.
"""

_INLINE_SECONDS = 0.003
"""A model this fast is run in the event loop: to hand the query to a thread and back was measured
at 1.2 ms on two busy cores, as long as a small model takes for it."""

_INLINE_CHARACTERS = 100
"""Of a query that may be: nearly all that is typed. The time grows with the text."""

_LONGEST_REMEMBERED = 1_000
"""Characters: a longer text is pasted, and takes more room than its vector."""
_WEIGHT_OF_A_SLOWER_ONE = 0.05
"""On a busy machine most encodings wait for a core, and a thread would only have them wait twice:
the fastest say how long a model takes, and slower ones move that little by little."""


class QueryVectors:
    """Encodes queries, outside of the event loop unless the model is faster than the way there.

    Recent ones are remembered: shoppers type the same words again and again.
    """

    def __init__(
        self, encoder_for: EncoderProvider | None, clock: Callable[[], float], remembered: int = 0
    ) -> None:
        """Keep what is needed.

        Args:
            encoder_for: `None`: no vectors are wanted.
            clock: seconds, to learn how fast a model is.
            remembered: vectors that are kept; 0 keeps none.
        """
        self._encoder_for = encoder_for
        self._clock = clock
        self._usual_seconds: dict[EncoderIdentity, float] = {}
        self._remembered: LRUCache[tuple[EncoderIdentity, str], NDArray[np.float32]] = LRUCache(
            remembered
        )

    async def vector(
        self, text: str, identity: EncoderIdentity | None
    ) -> "tuple[NDArray[np.float32] | None, str | None]":
        """Encode a query.

        Args:
            text: the query.
            identity: the index's encoder; `None`: it has no vectors.

        Returns:
            The vector, float32 `(dimension,)`, and `None`; or `None` and why there is none although
            one was wanted; or `None` twice when none is wanted.

        Raises:
            EncoderMismatchError: the settings name another model than the index was encoded with.
        """
        if identity is None or self._encoder_for is None:
            return None, None
        known = self._remembered.get((identity, text))
        if known is not None:
            return known, None
        try:
            vector = await self._encoded(text, identity, self._encoder_for)
        except EncoderUnavailableError as error:
            return None, f"without vectors: {error.message}"
        if self._remembered.maxsize and len(text) <= _LONGEST_REMEMBERED:
            self._remembered[identity, text] = vector
        return vector, None

    async def _encoded(
        self, text: str, identity: EncoderIdentity, encoder_for: EncoderProvider
    ) -> "NDArray[np.float32]":
        usual = self._usual_seconds.get(identity, _INLINE_SECONDS)
        # What is long takes longer than what is usual, and would hold up all other requests.
        if usual < _INLINE_SECONDS and len(text) <= _INLINE_CHARACTERS:
            return self._encode(text, identity, encoder_for)
        return await asyncio.to_thread(self._encode, text, identity, encoder_for)

    def _encode(
        self, text: str, identity: EncoderIdentity, encoder_for: EncoderProvider
    ) -> "NDArray[np.float32]":
        # Perhaps this loads the model: that is no part of how fast it is.
        encoder = encoder_for(identity)
        started = self._clock()
        vector = encoder.encode_query(text)
        seconds = self._clock() - started
        usual = self._usual_seconds.get(identity, seconds)
        slower = max(0.0, seconds - usual)
        self._usual_seconds[identity] = min(usual, seconds) + _WEIGHT_OF_A_SLOWER_ONE * slower
        return vector
