"""Health, readiness and metrics."""

import orjson
from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from query_proxy.metrics import Exposition
from query_proxy.proxy_state import ProxyState
from query_proxy.shop_routes import needs
from search_core.settings import Role

OPEN_PATHS = frozenset({"/shop/health", "/shop/ready"})
"""Asked by load balancers, which have no key; they tell nothing about the shop."""
METRICS_PATH = "/shop/metrics"
"""Told without a permit: it is looked at most when there are none left."""


def operation_router(state: ProxyState, exposition: Exposition) -> APIRouter:
    """Return the routes for operators.

    Args:
        state: of the worker.
        exposition: the metrics of all workers.
    """
    router = APIRouter()

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
        }
        return Response(
            orjson.dumps(body),
            status_code=200 if reason is None else 503,
            media_type="application/json",
        )

    @router.get(METRICS_PATH, summary="Metrics for Prometheus", dependencies=[needs(Role.ADMIN)])
    async def metrics() -> Response:
        return Response(exposition(), headers={"content-type": CONTENT_TYPE_LATEST})

    return router
