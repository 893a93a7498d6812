"""What one state of the settings was served with is let go of once another is in force."""

import asyncio
import gc
import weakref
from contextlib import asynccontextmanager

import httpx
from prometheus_client import CollectorRegistry

from encoders.testing import HashingTextEncoder
from query_proxy.assembly import WorkerTools
from query_proxy.backing import Backing
from query_proxy.editions import Editions
from query_proxy.guards.access import Caller
from query_proxy.metrics import Metrics, exposition
from query_proxy.settings_state import SettingsState
from query_proxy.tracing import Tracing
from retrieval import Retriever
from search_core.settings import (
    QueryProxySettings,
    Role,
    SearchEngineSettings,
    Settings,
)
from search_engine import Searcher, connect_async

ROUTES = (
    "/shop/", "/shop/workbench/", "/shop/static/shop.css", "/shop/search?q=case",
    "/shop/explain?q=case&id=case-12-red", "/shop/similar/phone-12", "/shop/suggest?q=no",
    "/shop/ready", "/shop/status", "/shop/metrics", "/v1/models",
)  # fmt: skip


def backing(url: str, index: str) -> Backing:
    """Return what an edition is opened from, with every route switched on."""
    settings = Settings(
        search_engine=SearchEngineSettings(url=url),
        query_proxy=QueryProxySettings(indices=(index,), workbench=True),
    )
    encoder = HashingTextEncoder()

    @asynccontextmanager
    async def open_retriever():
        searcher = Searcher(connect_async(settings.search_engine))
        try:
            yield Retriever(searcher, settings.retrieval, lambda _: encoder)
        finally:
            await searcher.close()

    return Backing(settings=settings, open_retriever=open_retriever, encoder_for=lambda _: encoder)


async def statuses(application) -> dict[str, int]:
    """Ask every route once."""

    async def called(scope, receive, send):
        scope["shopkeeper.caller"] = Caller(name="all", roles=frozenset(Role))
        await application(scope, receive, send)

    transport = httpx.ASGITransport(app=called)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        return {route: (await client.get(route)).status_code for route in ROUTES}


async def test_an_edition_whose_routes_were_asked_can_be_collected_once_it_has_ended(
    opensearch_url, index
):
    registry = CollectorRegistry()
    tools = WorkerTools(
        metrics=Metrics(registry),
        tracing=Tracing(),
        exposition=exposition(registry),
        settings_state=SettingsState(),
    )
    editions = Editions(tools, asyncio.get_running_loop().time)
    await editions.open_first(backing(opensearch_url, index))
    asked = await statuses(editions.current.parts.shop)
    assert {route: status for route, status in asked.items() if status >= 400} == {}
    shop = weakref.ref(editions.current.parts.shop)
    state = weakref.ref(editions.current.parts.state)
    await editions.replace(backing(opensearch_url, index))
    async with asyncio.timeout(10):
        while shop() is not None or state() is not None:
            await asyncio.sleep(0.01)
            gc.collect()
    await editions.close()
