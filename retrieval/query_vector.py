"""The vector of a query, by the model that the index was encoded with."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from search_core import EncoderIdentity, EncoderUnavailableError, TextEncoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EncoderProvider = Callable[[EncoderIdentity], TextEncoder]
"""Gives the encoder that an index was made with.

Raises `EncoderMismatchError` when the settings name another one, and `EncoderUnavailableError` when
its files cannot be had.
"""


async def query_vector(
    text: str, identity: EncoderIdentity | None, encoder_for: EncoderProvider | None
) -> "tuple[NDArray[np.float32] | None, str | None]":
    """Encode a query outside of the event loop.

    Args:
        text: the query.
        identity: the index's encoder; `None`: it has no vectors.
        encoder_for: `None`: the dense leg is not wanted.

    Returns:
        The vector, float32 `(dimension,)`, and `None`; or `None` and why there is none although one
        was wanted; or `None` twice when none is wanted.

    Raises:
        EncoderMismatchError: the settings name another model than the index was encoded with.
    """
    if identity is None or encoder_for is None:
        return None, None
    try:
        encoder = await asyncio.to_thread(encoder_for, identity)
        return await asyncio.to_thread(encoder.encode_query, text), None
    except EncoderUnavailableError as error:
        return None, f"without vectors: {error.message}"
