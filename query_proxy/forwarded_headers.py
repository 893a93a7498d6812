"""Which headers go on to OpenSearch, and which come back."""

from collections.abc import Iterable

# RFC 9110, 7.6.1: they concern one connection, not the message.
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"}
    | {"te", "trailer", "transfer-encoding", "upgrade"}
)
# `host` names the proxy, `expect` was answered by it, `x-api-key` was meant for it.
_NOT_SENT = _HOP_BY_HOP | {"host", "expect", "x-api-key"}


def for_upstream(
    headers: Iterable[tuple[str, str]], own_credentials: str | None
) -> list[tuple[str, str]]:
    """Return what is sent to OpenSearch.

    Args:
        headers: of the client, names in lower case.
        own_credentials: value of `authorization` when the proxy speaks for its callers.
    """
    given = list(headers)
    left_out = _NOT_SENT | _named_by_connection(given)
    if own_credentials is not None:
        left_out |= {"authorization"}
    sent = [(name, value) for name, value in given if name not in left_out]
    if own_credentials is not None:
        sent.append(("authorization", own_credentials))
    return sent


def for_client(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return what of OpenSearch's headers is sent to the client."""
    lowered = [(name.lower(), value) for name, value in headers]
    return [(name, value) for name, value in lowered if name.decode("latin-1") not in _HOP_BY_HOP]


def _named_by_connection(headers: list[tuple[str, str]]) -> frozenset[str]:
    return frozenset(
        part.strip().lower()
        for name, value in headers
        if name == "connection"
        for part in value.split(",")
    )
