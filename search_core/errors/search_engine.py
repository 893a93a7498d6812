"""Errors of OpenSearch."""

from search_core.errors.root import ShopkeeperError


class SearchEngineError(ShopkeeperError):
    """OpenSearch did not do what was asked."""

    code = "search_engine_error"


class SearchEngineUnavailableError(SearchEngineError):
    """No connection to OpenSearch, or it answered 5xx."""

    code = "search_engine_unavailable"


class SearchEngineOverloadedError(SearchEngineError):
    """OpenSearch kept answering 429 after the retries."""

    code = "search_engine_overloaded"


class SearchEngineTimeoutError(SearchEngineError):
    """OpenSearch did not answer within the time that was left."""

    code = "search_engine_timeout"


class SearchEngineAccessError(SearchEngineError):
    """OpenSearch answered 401 or 403."""

    code = "search_engine_access"


class SearchEngineRequestError(SearchEngineError):
    """OpenSearch refuses the request itself (any other 4xx)."""

    code = "search_engine_request"
