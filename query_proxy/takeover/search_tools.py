"""What the handlers of searches work with."""

from dataclasses import dataclass

from privacy import ShopperPrivacy
from query_proxy.behaviour.search_recorder import SearchRecorder
from query_proxy.guards.access import Access
from query_proxy.guards.search_limits import SearchLimits
from query_proxy.metrics import Metrics
from query_proxy.pass_through import PassThrough
from query_proxy.takeover.hybrid_search import HybridSearch
from query_proxy.takeover.search_template import SearchTemplate
from query_proxy.tracing import Tracing
from query_proxy.upstream import Upstream
from search_core.settings import QueryProxySettings


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchTools:
    """What searches are answered with."""

    settings: QueryProxySettings
    upstream: Upstream
    access: Access
    limits: SearchLimits
    hybrid: HybridSearch
    pass_through: PassThrough
    template: SearchTemplate
    metrics: Metrics
    tracing: Tracing
    privacy: ShopperPrivacy
    recorder: SearchRecorder
