"""The HTTP server before OpenSearch: passes requests through, takes text searches over."""

from query_proxy.application import OpenRetriever, ProxyApplication
from query_proxy.metrics import Exposition, shared_exposition
from query_proxy.planner import PlainPlanner, Planner
from query_proxy.server import run_server

__all__ = [
    "Exposition",
    "OpenRetriever",
    "PlainPlanner",
    "Planner",
    "ProxyApplication",
    "run_server",
    "shared_exposition",
]
