"""What lets the scripts of a shop's pages call the JSON API from another address (CORS)."""

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

_ASKED_AGAIN_AFTER_SECONDS = 600
_SENT = ("authorization", "content-type", "x-api-key", "x-opaque-id")
_READ = ("retry-after", "x-opaque-id")


def for_pages_of(origins: Sequence[str], application: ASGIApp) -> ASGIApp:
    """Return an application whose answers the pages of these origins may read.

    What a browser asks beforehand (preflight) is answered without a key, which it never sends with
    it. Cookies take no part, so that a key has to be in a header that a page sets itself.

    Args:
        origins: scheme, host and port each; `*`: all.
        application: answers what is no preflight.
    """
    return CORSMiddleware(
        application,
        allow_origins=origins,
        allow_methods=("GET", "POST"),
        allow_headers=_SENT,
        expose_headers=_READ,
        max_age=_ASKED_AGAIN_AFTER_SECONDS,
    )
