"""Errors of turning text into vectors."""

from search_core.errors.root import ShopkeeperError


class EncoderError(ShopkeeperError):
    """Text could not be turned into vectors."""

    code = "encoder_error"


class EncoderUnavailableError(EncoderError):
    """The model's files are missing or do not load."""

    code = "encoder_unavailable"


class EncoderMismatchError(EncoderError):
    """A query would be encoded by another model than the index was."""

    code = "encoder_mismatch"
