"""The demo: a real node, the sample shop, explained searches that need both legs, and its page."""

from dataclasses import dataclass
from functools import partial

from indexer import ReindexRequest, reindex
from query_proxy import PlainPlanner, Planner, run_server
from retrieval import SearchRequest, parse_filter
from search_core import PortInUseError
from search_core.settings import Settings
from shopkeeper.composition import (
    open_retriever,
    query_understanding,
    reindex_tools,
    search_engine_settings,
)
from shopkeeper.console import note, out, progress
from shopkeeper.local_stack import start_node
from shopkeeper.proxy_backing import proxy_application
from shopkeeper.sample_shop import products_path
from shopkeeper.search_output import print_explained, print_response


@dataclass(frozen=True, slots=True, kw_only=True)
class _Example:
    text: str
    says: str
    filters: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()


_EXAMPLES = (
    _Example(
        text="something to keep coffee hot at work",
        says="no product has these words: the vectors find them",
    ),
    _Example(text="Novaphone 12 手机壳", says="two languages in one query"),
    _Example(
        text="headphones",
        says="filters and facets count exactly what is shown",
        filters=("price<100", "currency=USD"),
        facets=("brand",),
    ),
)
_HITS = 3


def start_search_engine(settings: Settings) -> None:
    """Start the local node, unless the settings name an OpenSearch.

    Raises:
        LocalStackError: it could not be started.
        ArtifactError: something could not be downloaded.
    """
    if "url" in settings.search_engine.model_fields_set:
        note(f"OpenSearch at {settings.search_engine.url}")
        return
    with progress() as listener:
        node = start_node(settings.local_stack, listener)
    note(f"OpenSearch {node.version} runs at {node.url}")


def index_sample_shop(settings: Settings, index: str) -> None:
    """Index the sample shop and put it live.

    Raises:
        ShopkeeperError: see `indexer.reindex`.
    """
    request = ReindexRequest(catalog=products_path(), alias=index)
    with progress() as listener:
        report = reindex(request, reindex_tools(settings, listener))
    note(
        f"{report.documents:,} products of the sample shop are live as {index} "
        f"({report.encoded:,} encoded, {report.from_cache:,} from the cache, "
        f"{report.seconds:.1f} s)"
    )


async def show_searches(settings: Settings, index: str) -> None:
    """Print the examples, each with the explanation of its first hit.

    Raises:
        SearchEngineError: OpenSearch did not answer.
    """
    planner: Planner = query_understanding(settings) or PlainPlanner()
    async with open_retriever(settings) as retriever:
        await retriever.warm_up(index)
        for example in _EXAMPLES:
            filters = tuple(parse_filter(each) for each in example.filters)
            plan = await planner.plan(index, example.text, filters)
            request = SearchRequest(plan=plan, size=_HITS, facets=example.facets, explain=True)
            response = await retriever.search(index, request)
            out()
            out(f"» {example.text}   ({example.says})")
            if example.filters:
                out(f"  filters: {', '.join(example.filters)}")
            print_response(response, request)
            if response.hits:
                out(f"why {response.hits[0].document['title']!r} stands first:")
                print_explained(response.hits[0])
    url = search_engine_settings(settings).url
    out(f"The shop stays live at {url}/{index}. Try:")
    out(f'  shopkeeper search "red dress" --index {index} --explain')
    out("  shopkeeper reindex YOUR_CATALOGUE --index products")


def serve_page(settings: Settings, index: str) -> None:
    """Serve the search page on the sample shop until SIGTERM or SIGINT.

    A port that somebody else listens on is replaced by a free one, unless it was asked for.

    Raises:
        PortInUseError: the port that was asked for is taken.
    """
    section = settings.query_proxy
    asked = "port" in section.model_fields_set
    served = {"indices": (index,), "workers": 1, "page": True, "workbench": True}
    section = section.model_copy(update=served)
    try:
        _serve(settings.model_copy(update={"query_proxy": section}))
    except PortInUseError:
        if asked:
            raise
        free = section.model_copy(update={"port": 0})
        _serve(settings.model_copy(update={"query_proxy": free}))


def _serve(settings: Settings) -> None:
    run_server(partial(proxy_application, None, settings), settings.query_proxy, _announce)


def _announce(address: str) -> None:
    out()
    out(f"The search page: {address}/shop/")
    out(f"  {address}/shop/?q=red+dress")
    out(f"  {address}/shop/?q=%E6%89%8B%E6%9C%BA%E5%A3%B3&lang=zh")
    out(f"Why each product is where it is, and changes beside it: {address}/shop/workbench/")
    note("Ctrl-C stops the page; the node goes on until `shopkeeper down`.")
