"""Health, readiness and metrics."""

from typing import Any

import orjson
from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from query_proxy.json_api.shop_routes import needs
from query_proxy.metrics import Exposition, Metrics
from query_proxy.proxy_state import ProxyState
from search_core.settings import Role

OPEN_PATHS = frozenset({"/shop/health", "/shop/ready"})
"""Asked by load balancers, which have no key; they tell nothing about the shop."""
_METRICS_PATH, _STATUS_PATH = "/shop/metrics", "/shop/status"
WITHOUT_PERMIT = frozenset({_METRICS_PATH, _STATUS_PATH})
"""Told without a permit: they are looked at most when there are none left."""


def operation_router(state: ProxyState, exposition: Exposition, gauges: Metrics) -> APIRouter:
    """Return the routes for operators.

    Args:
        state: of the worker.
        exposition: the metrics of all workers.
        gauges: the metrics of this one.
    """
    router = APIRouter()
    _add_probes(router, state)
    _add_insight(router, state, exposition, gauges)
    return router


def _add_probes(router: APIRouter, state: ProxyState) -> None:
    """Add what load balancers ask."""

    @router.get("/shop/health", summary="Whether the process answers")
    async def health() -> Response:
        return Response(b'{"status":"alive"}', media_type="application/json")

    @router.get(
        "/shop/ready",
        summary="Whether requests should be sent here",
        responses={503: {"description": "Loading, shutting down, or OpenSearch is not reachable."}},
    )
    async def ready() -> Response:
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


def _add_insight(
    router: APIRouter, state: ProxyState, exposition: Exposition, gauges: Metrics
) -> None:
    """Add what tells of the worker, or of all of them."""

    @router.get(_STATUS_PATH, summary="How the worker is", dependencies=[needs(Role.ADMIN)])
    async def status() -> Response:
        return Response(orjson.dumps(_status(state)), media_type="application/json")

    @router.get(
        _METRICS_PATH,
        summary="Metrics for Prometheus",
        response_class=PlainTextResponse,
        dependencies=[needs(Role.ADMIN)],
    )
    async def metrics() -> Response:
        for dependency, is_open in state.circuits.items():
            gauges.circuit(dependency, is_open)
        return Response(exposition(), headers={"content-type": CONTENT_TYPE_LATEST})


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
    }
