"""Errors of rerankers."""

from search_core.errors.root import ShopkeeperError


class RerankerError(ShopkeeperError):
    """Pairs of query and passage could not be scored."""

    code = "reranker_error"


class RerankerModelError(RerankerError):
    """A cross-encoder's files are missing, broken or refused. What serves goes on serving."""

    code = "reranker_model_error"


class RerankerUnavailableError(RerankerError):
    """There is no connection to Triton, or its model is dead."""

    code = "reranker_unavailable"


class RerankerOverloadedError(RerankerError):
    """The reranker's queue is full."""

    code = "reranker_overloaded"


class RerankerTimeoutError(RerankerError):
    """The reranker gave no scores within the time that was left."""

    code = "reranker_timeout"


class RerankerLanguageError(RerankerError):
    """Query or texts are in a language that the reranker does not read."""

    code = "reranker_language"


class RerankerTrainingError(RerankerError):
    """A cross-encoder cannot be trained or exported from what there is."""

    code = "reranker_training_error"
