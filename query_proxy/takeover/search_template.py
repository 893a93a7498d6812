"""Renders a search template, so that the search it stands for can be taken over."""

from typing import Any

import orjson

from query_proxy.incoming_request import IncomingRequest
from query_proxy.upstream import Upstream

Body = dict[str, Any]

_OK = 200
_RENDER_KEYS = ("id", "source", "params", "file")


class SearchTemplate:
    """Asks OpenSearch to fill in templates."""

    def __init__(self, upstream: Upstream, timeout_seconds: float) -> None:
        self._upstream = upstream
        self._timeout_seconds = timeout_seconds

    async def rendered(self, template: Body, request: IncomingRequest) -> Body | None:
        """Return the search that a template stands for.

        Args:
            template: `id` or `source`, and `params`.
            request: that brought it.

        Returns:
            `None` where OpenSearch does not render it, or it asks for its explanation or profile:
            then its own answer is wanted.

        Raises:
            SearchEngineError: OpenSearch did not answer.
        """
        if template.get("explain") or template.get("profile"):
            return None
        asked = {key: template[key] for key in _RENDER_KEYS if key in template}
        headers = [
            *((name, value) for name, value in request.headers if name == "authorization"),
            ("content-type", "application/json"),
        ]
        answer = await self._upstream.json(
            "POST",
            "/_render/template",
            headers,
            orjson.dumps(asked),
            timeout_seconds=self._timeout_seconds,
        )
        output = answer.body.get("template_output") if answer.status == _OK else None
        return output if isinstance(output, dict) else None
