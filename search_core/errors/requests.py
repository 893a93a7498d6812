"""Errors of requests to the proxy."""

from search_core.errors.root import ShopkeeperError


class RequestError(ShopkeeperError):
    """A request to the proxy was not answered."""

    code = "request_error"


class MalformedRequestError(RequestError):
    """A request to the proxy cannot be read."""

    code = "malformed_request"


class UnauthenticatedError(RequestError):
    """A request came without a valid key or password."""

    code = "unauthenticated"


class ForbiddenError(RequestError):
    """A request asks for what its caller may not do."""

    code = "forbidden"


class LimitError(RequestError):
    """A search is larger or deeper than the proxy lets through."""

    code = "limit_exceeded"


class RequestTooLargeError(RequestError):
    """A request's body is larger than the proxy lets through."""

    code = "request_too_large"


class TooManyRequestsError(RequestError):
    """There are more requests than permits, or than the caller's rate allows."""

    code = "too_many_requests"
