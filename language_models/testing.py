"""An HTTP server that speaks OpenAI's protocol without a model, for tests. Never used in a shop."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from language_models.loop_thread import LoopThread

COMPLETIONS = "/v1/chat/completions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the server does with one request."""

    text: str = "{}"
    """What the model would have written."""
    status: int = 200
    body: str | None = None
    """Sent instead of a completion."""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0
    reset: bool = False
    """Close the connection without an answer."""
    finish_reason: str = "stop"
    usage: tuple[int, int] | None = (100, 10)
    """Input and output tokens; `None` leaves them out, as some servers do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRequest:
    """What the server was asked."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def texts(self) -> list[str]:
        """The messages, first to last."""
        return [message["content"] for message in self.body["messages"]]


class CompletionServer:
    """Answers by a function, or by a list of replies whose last one is repeated."""

    def __init__(
        self, *replies: Reply, by: Callable[[ReceivedRequest], Reply] | None = None
    ) -> None:
        self._replies = list(replies)
        self._by = by
        self._thread = LoopThread("completion-server")
        self._runner: web.AppRunner | None = None
        self.requests: list[ReceivedRequest] = []
        self.most_at_once = 0
        """The largest number of requests that were under way together."""
        self._at_once = 0
        self.base_url = ""

    def __enter__(self) -> Self:
        self._thread.submit(self._start()).result()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._runner is not None:
            self._thread.submit(self._runner.cleanup()).result()
        self._thread.stop()

    async def _start(self) -> None:
        application = web.Application()
        application.router.add_post(COMPLETIONS, self._complete)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.base_url = f"http://127.0.0.1:{port}/v1"

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        received = ReceivedRequest(body=await request.json(), headers=dict(request.headers))
        self.requests.append(received)
        reply = self._reply(received)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            await asyncio.sleep(reply.delay_seconds)
        finally:
            self._at_once -= 1
        if reply.reset:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        text = reply.body if reply.body is not None else json.dumps(_completion(reply, received))
        return web.Response(
            text=text, status=reply.status, content_type="application/json", headers=reply.headers
        )

    def _reply(self, received: ReceivedRequest) -> Reply:
        if self._by is not None:
            return self._by(received)
        return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]


def _completion(reply: Reply, received: ReceivedRequest) -> dict[str, Any]:
    completion: dict[str, Any] = {
        "id": "completion-1",
        "object": "chat.completion",
        "created": 0,
        "model": received.body["model"],
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": reply.text},
                "finish_reason": reply.finish_reason,
            }
        ],
    }
    if reply.usage is not None:
        given, made = reply.usage
        completion["usage"] = {
            "prompt_tokens": given,
            "completion_tokens": made,
            "total_tokens": given + made,
        }
    return completion
