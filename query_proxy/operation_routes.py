"""Health, readiness and metrics."""

from dataclasses import dataclass
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from query_proxy.json_api.shop_routes import needs
from query_proxy.metrics import Exposition, Metrics
from query_proxy.proxy_state import ProxyState
from query_proxy.route_services import service
from retrieval import WindowReranking
from search_core.settings import Role

OPEN_PATHS = frozenset({"/shop/health", "/shop/ready"})
"""Asked by load balancers, which have no key; they tell nothing about the shop."""
_METRICS_PATH, _STATUS_PATH = "/shop/metrics", "/shop/status"
WITHOUT_PERMIT = frozenset({_METRICS_PATH, _STATUS_PATH})
"""Told without a permit: they are looked at most when there are none left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """What operators are told about."""

    state: ProxyState
    """Of the worker."""
    exposition: Exposition
    """The metrics of all workers."""
    gauges: Metrics
    """The metrics of this one."""


OPERATION_ROUTER = APIRouter()
"""Health, readiness and metrics; `Operations` answers."""


@OPERATION_ROUTER.get("/shop/health", summary="Whether the process answers")
async def health() -> Response:
    """Say so."""
    return Response(b'{"status":"alive"}', media_type="application/json")


@OPERATION_ROUTER.get(
    "/shop/ready",
    summary="Whether requests should be sent here",
    responses={503: {"description": "Loading, shutting down, or OpenSearch is not reachable."}},
)
async def ready(request: Request) -> Response:
    """Say whether models are loaded, OpenSearch is there and the worker stays."""
    state = service(request, Operations).state
    reason = await state.not_ready()
    body = {
        "status": "ready" if reason is None else "not ready",
        "reason": reason,
        "cold_indices": state.cold_indices,
        "settings": state.settings.word,
    }
    return Response(
        orjson.dumps(body),
        status_code=200 if reason is None else 503,
        media_type="application/json",
    )


@OPERATION_ROUTER.get(_STATUS_PATH, summary="How the worker is", dependencies=[needs(Role.ADMIN)])
async def status(request: Request) -> Response:
    """Tell settings in force or refused and why, models, circuits, and whether the worker ends."""
    body = orjson.dumps(_status(service(request, Operations).state))
    return Response(body, media_type="application/json")


@OPERATION_ROUTER.get(
    _METRICS_PATH,
    summary="Metrics for Prometheus",
    response_class=PlainTextResponse,
    dependencies=[needs(Role.ADMIN)],
)
async def metrics(request: Request) -> Response:
    """Return the metrics of all workers."""
    operations = service(request, Operations)
    for dependency, is_open in operations.state.circuits.items():
        operations.gauges.circuit(dependency, is_open)
    return Response(operations.exposition(), headers={"content-type": CONTENT_TYPE_LATEST})


def _status(state: ProxyState) -> dict[str, Any]:
    settings = state.settings
    failure = settings.failure
    return {
        "settings": {
            "state": settings.word,
            "loaded_at": settings.loaded_at.isoformat(timespec="seconds"),
            "reloads": settings.reloads,
            "failure": None
            if failure is None
            else {"type": failure.code, "reason": failure.message},
        },
        "circuits": {
            name: "open" if is_open else "closed" for name, is_open in state.circuits.items()
        },
        "cold_indices": state.cold_indices,
        "draining": state.draining,
        "reranking": None if state.reranking is None else _reranking(state.reranking),
        "warnings": [] if state.reranking is None else list(state.reranking.warnings),
    }


def _reranking(reranking: WindowReranking) -> dict[str, Any]:
    """Return the models in their order; those of no language read all others' queries."""
    mixing = reranking.mixing
    return {
        "models": [
            {
                "language": state.language,
                "model": state.model_id,
                "reads": list(state.languages),
                "circuit": "open" if state.rests else "closed",
            }
            for state in reranking.states
        ],
        "mixing": None
        if mixing is None
        else {"digest": mixing.digest, "queries": mixing.queries, "reads": mixing.reads},
    }
