"""Searches: guarded, then taken over where they can be, else passed through."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from query_proxy.behaviour.ubi_request import UbiRequest, without_ubi
from query_proxy.client_presence import unless_gone
from query_proxy.error_responses import JsonAnswer, told_failure
from query_proxy.guards.access import Caller
from query_proxy.guards.request_target import RequestKind, RequestTarget
from query_proxy.incoming_request import IncomingRequest, Send
from query_proxy.metrics import Outcome
from query_proxy.search_log import log_hybrid, log_passed
from query_proxy.takeover.client_search import ClientSearch, read_client_search
from query_proxy.takeover.hybrid_search import HybridAnswer
from query_proxy.takeover.not_taken_over import NotTakenOverError, header_text
from query_proxy.takeover.search_body import has_overrides, parsed_search, without_overrides
from query_proxy.takeover.search_tools import SearchTools
from search_core import (
    EncoderMismatchError,
    FilterError,
    IndexNotFoundError,
    SearchEngineRequestError,
)
from search_core.settings import QueryProxySettings

Body = dict[str, Any]

_OK = 200
HOW = b"x-shopkeeper-search"
REASON = b"x-shopkeeper-reason"
DEGRADED = b"x-shopkeeper-degraded"
_READ_AS_BODY = ("source", "source_content_type")
"""OpenSearch reads them where there is no body, and refuses them where there is one."""

# The hybrid search cannot answer, but the plain one may: or it says in OpenSearch's words why not.
GIVING_WAY = (
    EncoderMismatchError,
    FilterError,
    IndexNotFoundError,
    SearchEngineRequestError,
)


class SearchHandler:
    """Answers `_search` and `_search/template`."""

    def __init__(self, tools: SearchTools) -> None:
        self._tools = tools

    async def __call__(
        self, request: IncomingRequest, target: RequestTarget, caller: Caller, send: Send
    ) -> int:
        """Answer a search, and return the status.

        Raises:
            RequestError: it cannot be read, or is not allowed.
            SearchEngineError: OpenSearch did not answer.
        """
        limit = self._tools.settings.max_body_bytes
        sent = await request.body(limit)
        parameters = request.parameters
        body = parsed_search(request.readable(sent, limit), parameters)
        if target.kind is RequestKind.TEMPLATE:
            return await self._templated(request, target, body, sent, send)
        self._tools.limits.check(body, parameters)
        if "pit" in body and not target.indices:
            # Its id comes from an index that was open.
            return await self._tools.pass_through(request, send, sent, repeatable=True)
        self._tools.access.check_indices(caller, target.indices or ("*",))
        return await self._answer(request, target, body, sent, send)

    async def _templated(
        self,
        request: IncomingRequest,
        target: RequestTarget,
        template: Body,
        sent: bytes,
        send: Send,
    ) -> int:
        rendered = await self._tools.template.rendered(template, request)
        if rendered is None:
            return await self._tools.pass_through(request, send, sent, repeatable=True)
        self._tools.limits.check(rendered, request.parameters)
        return await self._answer(request, target, rendered, sent, send)

    async def _answer(
        self,
        request: IncomingRequest,
        target: RequestTarget,
        body: Body,
        sent: bytes,
        send: Send,
    ) -> int:
        index = taken_index(self._tools.settings, target.indices)
        ubi = self._tools.recorder.asked_by(body)
        if index is None:
            if ubi is None or target.kind is not RequestKind.SEARCH:
                return await self._tools.pass_through(request, send, sent, repeatable=True)
            return await self._pass_recorded(request, send, body, target, ubi, None)
        try:
            search = read_client_search(body, _without_source(request.parameters))
            answer = await unless_gone(self._hybrid(index, search, request), request)
        except NotTakenOverError as declined:
            reason = declined.reason
        except GIVING_WAY as error:
            reason = error.code
        else:
            text = search.text_query.text
            told = answer.body if ubi is None else self._recorded(target, text, answer.body, ubi)
            return await self._send_hybrid(replace(answer, body=told), request, send)
        # What is rendered from a template is not what OpenSearch would read.
        if ubi is not None and target.kind is RequestKind.SEARCH:
            return await self._pass_recorded(request, send, body, target, ubi, reason)
        return await self._pass(request, send, body, sent, target, reason)

    async def _hybrid(
        self, index: str, search: ClientSearch, request: IncomingRequest
    ) -> HybridAnswer:
        answer = await self._tools.hybrid(index, search, request.parameters, tuple(request.headers))
        log_hybrid(
            request,
            search,
            answer,
            self._tools.privacy,
            log_queries=self._tools.settings.log_queries,
        )
        self._tools.metrics.observe_hybrid(answer)
        self._tools.tracing.steps(answer)
        return answer

    async def _send_hybrid(self, answer: HybridAnswer, request: IncomingRequest, send: Send) -> int:
        headers = [(HOW, b"hybrid")]
        if answer.ranked.degraded:
            text = header_text("; ".join(map(told_failure, answer.ranked.degraded)))
            headers.append((DEGRADED, text.encode()))
        if (opaque := request.header("x-opaque-id")) is not None:
            headers.append((b"x-opaque-id", opaque.encode("latin-1")))
        indent = request.parameters.get("pretty", "false") != "false"
        reply = JsonAnswer(
            status=_OK,
            body=answer.body,
            headers=headers,
            indent=indent,
            zipped=request.reads_gzip,
        )
        await reply.send(send)
        return _OK

    def _recorded(self, target: RequestTarget, text: str, answer: Body, ubi: UbiRequest) -> Body:
        return self._tools.recorder.answered(ubi, target.indices, text, answer)

    async def _pass_recorded(
        self,
        request: IncomingRequest,
        send: Send,
        body: Body,
        target: RequestTarget,
        ubi: UbiRequest,
        reason: str | None,
    ) -> int:
        """Ask OpenSearch without what it would refuse, and keep the search with its hits.

        Args:
            request: of the client.
            send: of the server.
            body: of the search.
            target: which indices are searched.
            ubi: what is to be kept.
            reason: why it is not taken over; `None`: its index is none of those that are.
        """
        stripped = without_ubi(body)
        headers: list[tuple[bytes, bytes]] = []
        if reason is not None:
            self._tools.metrics.count_search(Outcome.PASSED_THROUGH)
            log_passed(request, reason)
            headers = [(HOW, b"passed-through"), (REASON, header_text(reason).encode())]
            stripped = without_overrides(stripped) if has_overrides(stripped) else stripped
        text = _as_body(request, stripped)
        answer = await self._tools.upstream.json(
            request.method,
            request.raw_target,
            [(name, value) for name, value in request.headers if name != "accept-encoding"],
            text,
            timeout_seconds=self._tools.settings.timeout_seconds,
        )
        told = answer.body
        if answer.status == _OK:
            told = self._recorded(target, "", answer.body, ubi)
        reply = JsonAnswer(
            status=answer.status, body=told, headers=headers, zipped=request.reads_gzip
        )
        await reply.send(send)
        return answer.status

    async def _pass(
        self,
        request: IncomingRequest,
        send: Send,
        body: Body,
        sent: bytes,
        target: RequestTarget,
        reason: str,
    ) -> int:
        self._tools.metrics.count_search(Outcome.PASSED_THROUGH)
        log_passed(request, reason)
        if has_overrides(body) and target.kind is RequestKind.SEARCH:
            sent = _as_body(request, without_overrides(body))
        headers = [(HOW, b"passed-through"), (REASON, header_text(reason).encode())]
        return await self._tools.pass_through(
            request, send, sent, repeatable=True, extra_headers=headers
        )


def taken_index(settings: QueryProxySettings, indices: tuple[str, ...]) -> str | None:
    """Return the index whose searches are taken over, if the request names just one such."""
    if settings.take_over and len(indices) == 1 and indices[0] in settings.indices:
        return indices[0]
    return None


def _as_body(request: IncomingRequest, body: Body) -> bytes:
    """Return a changed search as the request's body, whether it came as one or in its address."""
    text = orjson.dumps(body)
    request.replace_body_headers(text)
    request.drop_parameters(_READ_AS_BODY)
    return text


def _without_source(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters without those that were read as the body."""
    return {name: value for name, value in parameters.items() if name not in _READ_AS_BODY}
