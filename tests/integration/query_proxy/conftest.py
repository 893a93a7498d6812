"""A proxy on a real socket, before a real node, on a small shop encoded for tests."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager

import pytest
import uvicorn

from encoders.testing import HashingTextEncoder
from indexer import passage_text
from query_proxy import Backing, BackingSource, ProxyApplication
from retrieval import Retriever
from search_core import Product
from search_core.settings import (
    EventSettings,
    IndexerSettings,
    QueryProxySettings,
    RetrievalSettings,
    SearchEngineSettings,
    Settings,
)
from search_engine import (
    IndexDescription,
    Searcher,
    connect,
    connect_async,
    index_body,
    product_document,
)

ENCODER = HashingTextEncoder()
COLOURS = ("red", "blue", "green", "black", "white", "grey", "pink", "gold", "brown", "clear")


def shop() -> list[Product]:
    """Return 4 phones, 40 cases for them in 10 colours, and 20 cables."""
    phones = [
        Product(
            id=f"phone-{model}",
            title=f"Novaphone {model}",
            brand="Nova",
            price=300.0 + model,
            popularity=float(model),
        )
        for model in range(10, 14)
    ]
    cases = [
        Product(
            id=f"case-{model}-{colour}",
            title=f"Case for Novaphone {model} {colour}",
            brand="Hidewell" if colour in ("red", "blue") else "Slipon",
            price=10.0 + place,
            popularity=100.0 if colour == "clear" else 1.0,
            variant_group=f"case-{model}",
            source_hash=place,
        )
        for model in range(10, 14)
        for place, colour in enumerate(COLOURS)
    ]
    cables = [
        Product(id=f"cable-{length}", title=f"USB-C cable {length} m", price=float(length))
        for length in range(1, 21)
    ]
    return [*phones, *cases, *cables]


@pytest.fixture
def index(opensearch_url: str, unique_index_name: str) -> Iterator[str]:
    client = connect(SearchEngineSettings(url=opensearch_url))
    description = IndexDescription(languages=("en",), encoder=ENCODER.identity)
    body = index_body(description, SearchEngineSettings())
    client.indices.create(index=unique_index_name, body=body)
    products = shop()
    rows = ENCODER.encode_passages([passage_text(each, IndexerSettings()) for each in products])
    lines: list[object] = []
    for product, row in zip(products, rows, strict=True):
        lines += [{"index": {"_id": product.id}}, product_document(product, row)]
    answer = client.bulk(index=unique_index_name, body=lines, params={"refresh": "true"})
    assert not answer["errors"], answer
    yield unique_index_name
    client.close()


@contextmanager
def running_proxy(settings: Settings, source: BackingSource | None = None) -> Iterator[str]:
    """Serve in a thread while the block runs; yields the address."""

    @asynccontextmanager
    async def open_retriever():
        searcher = Searcher(connect_async(settings.search_engine))
        try:
            yield Retriever(searcher, settings.retrieval, lambda _: ENCODER)
        finally:
            await searcher.close()

    server = uvicorn.Server(
        uvicorn.Config(
            ProxyApplication(
                Backing(
                    settings=settings,
                    open_retriever=open_retriever,
                    encoder_for=lambda _: ENCODER,
                ),
                source=source,
            ),
            host="127.0.0.1",
            port=0,
            lifespan="on",
            log_config=None,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=5,
            ssl_certfile=settings.query_proxy.tls_certificate,
            ssl_keyfile=settings.query_proxy.tls_key,
        )
    )
    started = threading.Event()
    startup = server.startup

    async def announced(sockets=None):
        await startup(sockets=sockets)
        started.set()

    server.startup = announced
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert started.wait(30), "the proxy did not start"
        port = server.servers[0].sockets[0].getsockname()[1]
        scheme = "https" if settings.query_proxy.tls_certificate else "http"
        yield f"{scheme}://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


StartProxy = Callable[..., AbstractContextManager[str]]


@pytest.fixture
def start_proxy(opensearch_url: str, unique_index_name: str) -> StartProxy:
    """Starts a proxy with settings of `[query_proxy]`, before the node or another address."""

    def start(
        *, upstream: str | None = None, retrieval=None, engine=None, sections=None, **options
    ):
        # Kept searches and events are the test's own, and deleted with its indices.
        events = EventSettings(
            queries_index=f"{unique_index_name}-ubi-queries",
            events_index=f"{unique_index_name}-ubi-events",
            replicas=0,
        )
        settings = Settings(
            search_engine=SearchEngineSettings(url=upstream or opensearch_url, **(engine or {})),
            retrieval=RetrievalSettings(**(retrieval or {})),
            query_proxy=QueryProxySettings(**options),
            **{"events": events, **(sections or {})},
        )
        return running_proxy(settings)

    return start


@pytest.fixture
def proxy(start_proxy: StartProxy, index: str) -> Iterator[str]:
    with start_proxy(indices=(index,)) as url:
        yield url
