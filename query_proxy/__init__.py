"""The HTTP server before OpenSearch: passes requests through, takes text searches over."""

from query_proxy.application import ProxyApplication
from query_proxy.backing import Backing, BackingSource, OpenRetriever, Searching
from query_proxy.calm_collector import calm_collector
from query_proxy.json_api.catalogue_models import ShopSuggestions
from query_proxy.json_api.shop_catalogue import suggestions_for
from query_proxy.metrics import Exposition, shared_exposition
from query_proxy.planner import PlainPlanner, Planner
from query_proxy.server import run_server

__all__ = [
    "Backing",
    "BackingSource",
    "Exposition",
    "OpenRetriever",
    "PlainPlanner",
    "Planner",
    "ProxyApplication",
    "Searching",
    "ShopSuggestions",
    "calm_collector",
    "run_server",
    "shared_exposition",
    "suggestions_for",
]
