"""How OpenSearch is reached, and how its errors become ours."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import opensearchpy
from opensearchpy import AsyncHttpConnection, AsyncOpenSearch, OpenSearch
from opensearchpy import exceptions as foreign

from search_core import (
    IndexNotFoundError,
    SearchEngineAccessError,
    SearchEngineError,
    SearchEngineOverloadedError,
    SearchEngineRequestError,
    SearchEngineTimeoutError,
    SearchEngineUnavailableError,
)
from search_core.settings import SearchEngineSettings
from search_engine.aws_signing import aws_sign
from search_engine.json_serializer import OrjsonSerializer
from search_engine.search_connection import SearchConnection

_TOO_MANY_REQUESTS = 429
_ACCESS = (401, 403)
_NOT_FOUND = 404
_SERVER_ERROR = 500


def connect(settings: SearchEngineSettings) -> OpenSearch:
    """Return a client for indexing and administration. Nothing is sent yet."""
    return OpenSearch(**_client_arguments(settings), pool_maxsize=32)


def connect_async(settings: SearchEngineSettings) -> AsyncOpenSearch:
    """Return a client for searching, to be used inside one event loop. Nothing is sent yet."""
    arguments = _client_arguments(settings)
    # `SearchConnection`, like the client's usual connection, takes only name and password.
    signed = settings.aws_region is not None
    arguments["connection_class"] = AsyncHttpConnection if signed else SearchConnection
    return AsyncOpenSearch(**arguments, maxsize=64)


def _client_arguments(settings: SearchEngineSettings) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "hosts": [settings.url],
        "serializer": OrjsonSerializer(),
        "timeout": settings.timeout_seconds,
        # Retries are the callers': they know which of their requests may be repeated.
        "max_retries": 0,
        "verify_certs": settings.verify_certs,
        "ssl_show_warn": False,
    }
    if settings.ca_certs is not None:
        arguments["ca_certs"] = str(settings.ca_certs)
    if settings.client_certificate is not None:
        arguments["client_cert"] = str(settings.client_certificate)
    if settings.client_key is not None:
        arguments["client_key"] = str(settings.client_key)
    sign = aws_sign(settings)
    if sign is not None:
        arguments["http_auth"] = sign
    elif settings.user is not None and settings.password is not None:
        arguments["http_auth"] = (settings.user, settings.password.get_secret_value())
    return arguments


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn `opensearchpy` exceptions raised in the block into `SearchEngineError`s.

    Raises:
        SearchEngineTimeoutError: no answer in time.
        SearchEngineUnavailableError: no connection, or 5xx.
        SearchEngineOverloadedError: 429.
        SearchEngineAccessError: 401 or 403.
        IndexNotFoundError: 404 for an index.
        SearchEngineRequestError: any other 4xx.
    """
    try:
        yield
    except foreign.ConnectionTimeout as error:
        raise SearchEngineTimeoutError(
            f"OpenSearch did not answer in time: {error}",
            remedy="look at its load, or raise search_engine.timeout_seconds",
        ) from error
    except foreign.ConnectionError as error:
        raise SearchEngineUnavailableError(
            f"OpenSearch cannot be reached: {error.info or error.error}",
            remedy="`shopkeeper status` shows the local node; search_engine.url names another",
        ) from error
    except foreign.TransportError as error:
        raise _from_status(error) from error
    except opensearchpy.OpenSearchException as error:
        raise SearchEngineError(f"OpenSearch's client failed: {error}") from error


def _from_status(error: foreign.TransportError) -> SearchEngineError | IndexNotFoundError:
    status = error.status_code if isinstance(error.status_code, int) else 0
    reason = error_reason(error.info) or str(error.error)
    if status == _TOO_MANY_REQUESTS:
        return SearchEngineOverloadedError(
            f"OpenSearch is overloaded (429): {reason}",
            remedy="send less at once (indexer.bulk_threads) or add nodes",
        )
    if status in _ACCESS:
        return SearchEngineAccessError(
            f"OpenSearch refuses access ({status}): {reason}", remedy=_access_remedy(reason)
        )
    if status == _NOT_FOUND and "index_not_found" in str(error.error):
        name = re.search(r"\[([^\]]*)\]", reason)
        return IndexNotFoundError(
            f"there is no index {name.group(1) if name else reason}",
            remedy="`shopkeeper index list` shows what there is; `shopkeeper reindex` makes one",
        )
    if status >= _SERVER_ERROR:
        return SearchEngineUnavailableError(f"OpenSearch failed ({status}): {reason}")
    return SearchEngineRequestError(f"OpenSearch refuses the request ({status}): {reason}")


def _access_remedy(reason: str) -> str:
    if "read_only_allow_delete" in reason or "read-only-allow-delete" in reason:
        return "its disk is full and the index is locked: make room, then try again"
    return "check search_engine.user and SHOPKEEPER_SEARCH_ENGINE__PASSWORD"


def error_reason(info: object) -> str:
    """Return the innermost reason of an OpenSearch error body, or an empty text."""
    if not isinstance(info, dict):
        return ""
    error = info.get("error")
    if not isinstance(error, dict):
        return str(error or "")
    causes = error.get("root_cause") or [error]
    return str(causes[0].get("reason") or error.get("reason") or error.get("type") or "")
