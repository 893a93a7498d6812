"""What a request asks for, read from its method and path."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

from search_core import MalformedRequestError


class RequestKind(StrEnum):
    """Kinds of requests, as far as the proxy tells them apart."""

    GREETING = "greeting"
    """`GET /`: clients ask for the version with it."""
    SEARCH = "search"
    MULTI_SEARCH = "multi_search"
    TEMPLATE = "template"
    MULTI_TEMPLATE = "multi_template"
    CURSOR = "cursor"
    """Going on with a scroll or a point in time, and ending it."""
    READ = "read"
    """Counts, documents and fields of indices that are named."""
    ADMIN = "admin"
    """Everything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTarget:
    """What kind of request it is, and which indices its path names."""

    kind: RequestKind
    indices: tuple[str, ...] = ()
    """As the client names them: aliases, patterns. Empty: none named, which means all."""


_ANY = frozenset({"GET", "POST"})
_GET = frozenset({"GET", "HEAD"})

# Method and path without the index → kind; `*` stands for one segment. Paths that begin with an
# index are listed with `{index}`.
_ROUTES: tuple[tuple[frozenset[str], str, RequestKind], ...] = (
    (_GET, "/", RequestKind.GREETING),
    (_ANY, "/_search", RequestKind.SEARCH),
    (_ANY, "/{index}/_search", RequestKind.SEARCH),
    (_ANY, "/_msearch", RequestKind.MULTI_SEARCH),
    (_ANY, "/{index}/_msearch", RequestKind.MULTI_SEARCH),
    (_ANY, "/_search/template", RequestKind.TEMPLATE),
    (_ANY, "/{index}/_search/template", RequestKind.TEMPLATE),
    (_ANY, "/_msearch/template", RequestKind.MULTI_TEMPLATE),
    (_ANY, "/{index}/_msearch/template", RequestKind.MULTI_TEMPLATE),
    (_ANY | {"DELETE"}, "/_search/scroll", RequestKind.CURSOR),
    (_ANY, "/_search/scroll/*", RequestKind.CURSOR),
    (frozenset({"POST"}), "/{index}/_search/point_in_time", RequestKind.READ),
    (frozenset({"DELETE"}), "/_search/point_in_time", RequestKind.CURSOR),
    (_ANY, "/{index}/_count", RequestKind.READ),
    (_ANY, "/_count", RequestKind.READ),
    (_ANY, "/{index}/_validate/query", RequestKind.READ),
    (_ANY, "/{index}/_explain/*", RequestKind.READ),
    (_ANY, "/{index}/_mget", RequestKind.READ),
    (_ANY, "/{index}/_field_caps", RequestKind.READ),
    (_GET, "/{index}/_doc/*", RequestKind.READ),
    (_GET, "/{index}/_source/*", RequestKind.READ),
    (_GET, "/{index}/_mapping", RequestKind.READ),
    (frozenset({"HEAD"}), "/{index}", RequestKind.READ),
)


def _pattern(path: str) -> re.Pattern[str]:
    escaped = re.escape(path).replace(r"\{index\}", "(?P<index>[^_/][^/]*)").replace(r"\*", "[^/]+")
    return re.compile(rf"^{escaped}/?$")


_PATTERNS = tuple((methods, _pattern(path), kind) for methods, path, kind in _ROUTES)


def request_target(method: str, raw_path: str) -> RequestTarget:
    """Read what a request asks for.

    Raises:
        MalformedRequestError: a path that a server behind the proxy could read otherwise.
    """
    if not raw_path.startswith("/") or _is_ambiguous(raw_path):
        raise MalformedRequestError(
            "the path is ambiguous", remedy="leave out '.', '..', '//' and encoded slashes"
        )
    for methods, pattern, kind in _PATTERNS:
        found = pattern.match(raw_path)
        if found is not None and method in methods:
            return RequestTarget(kind=kind, indices=_names(found.groupdict().get("index")))
    return RequestTarget(kind=RequestKind.ADMIN)


def index_names(text: str) -> tuple[str, ...]:
    """Split a list of indices as OpenSearch does."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _names(segment: str | None) -> tuple[str, ...]:
    return () if segment is None else index_names(unquote(segment))


def _is_ambiguous(raw_path: str) -> bool:
    # Document ids may hold an encoded slash, but never in a place where it could end a segment that
    # access depends on; so only dots, and the index, are looked at.
    segments = raw_path.split("/")[1:]
    decoded = [unquote(segment) for segment in segments]
    return (
        any(segment in (".", "..") for segment in decoded)
        or any(not segment for segment in decoded[:-1])
        or "/" in decoded[0]
        or any(ord(character) < 0x20 for segment in decoded for character in segment)
    )
