"""HTML from templates, and the few files beside it: what all pages have in common."""

import asyncio
import gzip
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from query_proxy.search_page.texts import PageTexts

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' http: https:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_WITH_SCRIPTS = f"{_POLICY}; script-src 'self'; connect-src 'self'"
"""Files of ours only, nothing inline: what a catalogue or a query smuggles in cannot run."""
_SECURITY = {
    # No script at all, and no inline style.
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_STATIC = {
    "shop.css": "text/css; charset=utf-8",
    "workbench.css": "text/css; charset=utf-8",
    "suggest.js": "text/javascript; charset=utf-8",
    "pictures.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


class PageRendering:
    """Fills templates in, zipped where the browser reads that."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=PackageLoader("query_proxy"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["look"] = _digest(_static_files())

    async def answer(
        self,
        template: str,
        filled: Mapping[str, Any],
        texts: PageTexts,
        request: Request,
        status: int,
        *,
        scripts: bool = False,
    ) -> Response:
        """Return a page.

        Args:
            template: name of its file.
            filled: what it fills in.
            texts: of the page's language.
            request: of the browser.
            status: of HTTP.
            scripts: whether the page may run the script files beside it.
        """
        zipped = "gzip" in request.headers.get("accept-encoding", "")
        body = await asyncio.to_thread(self._rendered, template, filled, zipped=zipped)
        headers = {
            **_SECURITY,
            "content-security-policy": _WITH_SCRIPTS if scripts else _POLICY,
            "content-language": texts.tag,
            "vary": "accept-language, accept-encoding",
            "cache-control": "private, no-cache",
        }
        if zipped:
            headers["content-encoding"] = "gzip"
        if status in (429, 503):
            headers["retry-after"] = "5"
        return Response(body, status, headers, media_type="text/html; charset=utf-8")

    def _rendered(self, template: str, filled: Mapping[str, Any], *, zipped: bool) -> bytes:
        body = self._templates.get_template(template).render(filled).encode()
        return gzip.compress(body, 5, mtime=0) if zipped else body


def add_static_files(router: APIRouter, folder: str) -> None:
    """Serve the style sheets, the scripts and the icon.

    Args:
        router: whose guard they stand behind.
        folder: of their addresses, with its slash at the end.
    """

    @router.get(f"{folder}{{name}}")
    async def static(name: str) -> Response:
        files = _static_files()
        if name not in files:
            return Response("There is no such file.", 404, _SECURITY, media_type="text/plain")
        headers = {**_SECURITY, "cache-control": "public, max-age=604800, immutable"}
        return Response(files[name], 200, headers, media_type=_STATIC[name])


@cache
def _static_files() -> dict[str, bytes]:
    folder = Path(__file__).with_name("static")
    return {name: (folder / name).read_bytes() for name in _STATIC}


def _digest(files: Mapping[str, bytes]) -> str:
    """Return what stands in the addresses of the files, so that changed ones are fetched anew."""
    return hashlib.blake2b(b"".join(files.values()), digest_size=6).hexdigest()
