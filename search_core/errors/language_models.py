"""Errors of language models."""

from search_core.errors.root import ShopkeeperError


class LanguageModelError(ShopkeeperError):
    """A language model gave no answer that can be used."""

    code = "language_model_error"


class LanguageModelUnavailableError(LanguageModelError):
    """There is no connection to the endpoint, or it answered 5xx, after the retries."""

    code = "language_model_unavailable"


class LanguageModelOverloadedError(LanguageModelError):
    """The endpoint kept answering 429."""

    code = "language_model_overloaded"


class LanguageModelTimeoutError(LanguageModelError):
    """The endpoint gave no answer within the time that was left."""

    code = "language_model_timeout"


class LanguageModelAccessError(LanguageModelError):
    """The endpoint answered 401 or 403."""

    code = "language_model_access"


class LanguageModelRequestError(LanguageModelError):
    """The endpoint refuses the request itself (any other 4xx)."""

    code = "language_model_request"


class LanguageModelAnswerError(LanguageModelError):
    """The answer does not fit what was asked for, nor did a second one."""

    code = "language_model_answer"


class LanguageModelBudgetError(LanguageModelError):
    """A request would cost more than is left of the run's limit. It was not sent."""

    code = "language_model_budget"
