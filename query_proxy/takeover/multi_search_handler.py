"""`_msearch`: each search taken over or not, the answers in the order of the request."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import orjson

from query_proxy.behaviour.ubi_request import UbiRequest, without_ubi
from query_proxy.client_presence import unless_gone
from query_proxy.error_responses import JsonAnswer, error_body, log_refusal
from query_proxy.guards.access import Caller
from query_proxy.guards.request_target import RequestKind, RequestTarget, index_names
from query_proxy.incoming_request import IncomingRequest, Send
from query_proxy.metrics import Outcome
from query_proxy.search_log import log_hybrid
from query_proxy.takeover.client_search import ClientSearch, read_client_search
from query_proxy.takeover.not_taken_over import NotTakenOverError, header_text
from query_proxy.takeover.search_body import has_overrides, parsed_lines, without_overrides
from query_proxy.takeover.search_handler import GIVING_WAY, HOW, REASON, taken_index
from query_proxy.takeover.search_tools import SearchTools
from search_core import ForbiddenError, LimitError, MalformedRequestError, SearchEngineError

_logger = logging.getLogger(__name__)

Body = dict[str, Any]

_OK = 200
# What a search's own header line may say without keeping it from being taken over.
_HEADER_KEYS = frozenset(
    {"index", "preference", "request_cache", "search_type", "ignore_unavailable"}
    | {"allow_no_indices", "expand_wildcards", "ccs_minimize_roundtrips"}
    | {"allow_partial_search_results"}
)

_TEMPLATE = "templates of several searches are not filled in here"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One search of the request."""

    header: Body
    body: Body
    index: str | None = None
    """Where it is taken over."""
    search: ClientSearch | None = None
    """`None`: OpenSearch answers it as it is."""
    reason: str | None = None
    """Why a search of a configured index is not taken over."""
    indices: tuple[str, ...] = ()
    ubi: UbiRequest | None = None
    """What of it is to be kept; the body no longer has it."""


class MultiSearchHandler:
    """Answers `_msearch`."""

    def __init__(self, tools: SearchTools) -> None:
        self._tools = tools

    async def __call__(
        self, request: IncomingRequest, target: RequestTarget, caller: Caller, send: Send
    ) -> int:
        """Answer all searches, and return the status.

        Raises:
            RequestError: it cannot be read, or is not allowed.
            SearchEngineError: OpenSearch did not answer what is not taken over.
        """
        limit = self._tools.settings.max_body_bytes
        sent = await request.body(limit)
        lines = parsed_lines(request.readable(sent, limit))
        parts = self._parts(lines, target, caller, request.parameters)
        own = any(each.search is not None or each.ubi is not None for each in parts)
        if target.kind is RequestKind.MULTI_TEMPLATE or not own:
            return await self._pass(request, send, sent, parts)
        started = perf_counter()
        answers = await unless_gone(self._answers(parts, request), request)
        answers = [self._kept(*each) for each in zip(parts, answers, strict=True)]
        body = {"took": round((perf_counter() - started) * 1000), "responses": answers}
        reply = JsonAnswer(
            status=_OK, body=body, headers=_headers(parts), zipped=request.reads_gzip
        )
        await reply.send(send)
        return _OK

    def _parts(
        self,
        lines: Sequence[Body],
        target: RequestTarget,
        caller: Caller,
        parameters: Mapping[str, str],
    ) -> list[_Part]:
        if len(lines) % 2:
            raise MalformedRequestError(
                "the last search has a header line but no body line",
                remedy="end each search with its body, and the request with a newline",
            )
        if len(lines) // 2 > self._tools.settings.max_searches:
            raise LimitError(
                f"{len(lines) // 2} searches in one request are too many",
                remedy="send fewer at once, or raise query_proxy.max_searches",
            )
        pairs = zip(lines[::2], lines[1::2], strict=True)
        return [self._part(header, body, target, caller, parameters) for header, body in pairs]

    def _part(
        self,
        header: Body,
        body: Body,
        target: RequestTarget,
        caller: Caller,
        parameters: Mapping[str, str],
    ) -> _Part:
        indices = _indices(header) or target.indices
        self._tools.access.check_indices(caller, indices or ("*",))
        if target.kind is RequestKind.MULTI_TEMPLATE:
            taken = taken_index(self._tools.settings, indices)
            return _Part(header=header, body=body, reason=None if taken is None else _TEMPLATE)
        self._tools.limits.check(body, {})
        ubi = self._tools.recorder.asked_by(body)
        if ubi is not None:
            body = without_ubi(body)
        kept: dict[str, Any] = {"indices": indices, "ubi": ubi}
        index = taken_index(self._tools.settings, indices)
        if index is None:
            return _Part(header=header, body=body, **kept)
        try:
            _require_understood(header)
            search = read_client_search(body, _of_all_searches(parameters))
        except NotTakenOverError as declined:
            if has_overrides(body):
                body = without_overrides(body)
            return _Part(header=header, body=body, reason=declined.reason, **kept)
        return _Part(header=header, body=body, index=index, search=search, **kept)

    def _kept(self, part: _Part, answer: Body) -> Body:
        """Keep a search that asks for it, and say so in its answer."""
        if part.ubi is None or "hits" not in answer:
            return answer
        text = "" if part.search is None else part.search.text_query.text
        return self._tools.recorder.answered(part.ubi, part.indices, text, answer)

    async def _answers(self, parts: Sequence[_Part], request: IncomingRequest) -> list[Body]:
        taken = [
            self._taken(each.index, each.search, request)
            for each in parts
            if each.search is not None and each.index is not None
        ]
        hybrid = iter(await asyncio.gather(*taken))
        answers = [None if each.search is None else next(hybrid) for each in parts]
        missing = [place for place, answer in enumerate(answers) if answer is None]
        others = await self._others([parts[place] for place in missing], request)
        for place, answer in zip(missing, others, strict=True):
            answers[place] = answer
        return [answer or {} for answer in answers]

    async def _taken(
        self, index: str, search: ClientSearch, request: IncomingRequest
    ) -> Body | None:
        """Answer one search; `None`: it has to be asked as it is after all."""
        try:
            answer = await self._tools.hybrid(
                index, search, request.parameters, tuple(request.headers)
            )
        except GIVING_WAY:
            return None
        except SearchEngineError as error:
            log_refusal(_logger, "refused", error)
            return error_body(error)
        log_hybrid(
            request,
            search,
            answer,
            self._tools.privacy,
            log_queries=self._tools.settings.log_queries,
        )
        self._tools.metrics.observe_hybrid(answer)
        self._tools.tracing.steps(answer)
        return {**answer.body, "status": _OK}

    async def _others(self, parts: Sequence[_Part], request: IncomingRequest) -> list[Body]:
        if not parts:
            return []
        self._count_passed(parts)
        bodies = [
            without_overrides(each.body) if has_overrides(each.body) else each.body
            for each in parts
        ]
        lines = [
            orjson.dumps(line)
            for part, body in zip(parts, bodies, strict=True)
            for line in (part.header, body)
        ]
        described = ("content-length", "content-encoding", "accept-encoding", "transfer-encoding")
        answer = await self._tools.upstream.json(
            request.method,
            request.raw_target,
            [(name, value) for name, value in request.headers if name not in described],
            b"\n".join([*lines, b""]),
            timeout_seconds=self._tools.settings.timeout_seconds,
        )
        if "responses" not in answer.body:
            return [{**answer.body, "status": answer.status}] * len(parts)
        return list(answer.body["responses"])

    async def _pass(
        self, request: IncomingRequest, send: Send, sent: bytes, parts: Sequence[_Part]
    ) -> int:
        self._count_passed(parts)
        extra: list[tuple[bytes, bytes]] = []
        if any(each.reason for each in parts):
            extra = _headers(parts)
            # `ext.shopkeeper` was taken out of the bodies of those that had it.
            if b"shopkeeper" in request.readable(sent, self._tools.settings.max_body_bytes):
                lines = [orjson.dumps(line) for each in parts for line in (each.header, each.body)]
                sent = b"\n".join([*lines, b""])
                request.replace_body_headers(sent)
        return await self._tools.pass_through(
            request, send, sent, repeatable=True, extra_headers=extra
        )

    def _count_passed(self, parts: Sequence[_Part]) -> None:
        for each in parts:
            if each.reason is not None:
                self._tools.metrics.count_search(Outcome.PASSED_THROUGH)


def _require_understood(header: Body) -> None:
    if header.keys() - _HEADER_KEYS:
        raise NotTakenOverError("the search's header line has further keys")


def _indices(header: Body) -> tuple[str, ...]:
    named = header.get("index", ())
    if isinstance(named, str):
        return index_names(named)
    if isinstance(named, list) and all(isinstance(each, str) for each in named):
        return tuple(named)
    if named in ((), None):
        return ()
    raise ForbiddenError("a search's header line names its index in a way that is not understood")


def _of_all_searches(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters that concern each search, without those of the whole request."""
    whole = ("max_concurrent_searches", "typed_keys", "rest_total_hits_as_int")
    return {name: value for name, value in parameters.items() if name not in whole}


def _headers(parts: Sequence[_Part]) -> list[tuple[bytes, bytes]]:
    """Say of each search how it was answered, in the order of the request."""
    how = ", ".join("hybrid" if each.search else "passed-through" for each in parts)
    reasons = "; ".join(dict.fromkeys(each.reason for each in parts if each.reason))
    headers = [(HOW, how.encode())]
    if reasons:
        headers.append((REASON, header_text(reasons).encode()))
    return headers
