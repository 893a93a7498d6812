"""From settings to systems that can be measured: retrieval, a query of one's own, an address."""

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import httpx

from evaluation import Answer, HttpSystem, JudgedQuery, MeasuredSystem, RunCache, ShownHit
from query_understanding import CatalogueSource, QueryUnderstanding
from retrieval import Retriever, SearchRequest, parse_filter
from search_core import Hit, ProgressListener, QueryPlan
from search_core.settings import Settings
from search_engine import connect_async
from shopkeeper.composition import (
    cache_dir,
    open_retriever,
    query_understanding,
    search_engine_client,
    search_engine_settings,
    trained_folder,
)
from shopkeeper.index_state import index_fingerprint, known_ids
from shopkeeper.query_template import TemplateAnswers, read_template
from shopkeeper.shared_scorers import SharedScorers

if TYPE_CHECKING:
    from opensearchpy import AsyncOpenSearch

_PAGE = 10
"""Hits of a shopper's first page, whose time is taken."""
_SHOWN = 20
"""Hits whose title and explanation are kept."""
_DEEP_DEADLINE_MS = 60_000
"""For hits far below what shoppers see; `retrieval.deadline_ms` bounds the page that is timed."""
_ANSWERING_PACKAGES = (
    "encoders",
    "query_understanding",
    "reranker",
    "retrieval",
    "search_core",
    "search_engine",
)
_WITHOUT_EFFECT = {"search_engine", "indexer", "evaluation", "local_stack", "query_proxy"}
"""Sections that change no answer of an index that is there."""
_HTTP_TIMEOUT_SECONDS = 60.0


class EvaluatedSystems:
    """Makes systems inside one event loop; what they open is closed together."""

    def __init__(
        self, index: str, stack: AsyncExitStack, progress: ProgressListener | None
    ) -> None:
        """Keep what systems are made from.

        Args:
            index: alias or generation that is searched.
            stack: closes what was opened.
            progress: told of the download of a model.
        """
        self._index = index
        self._stack = stack
        self._progress = progress
        self._scorers = SharedScorers(stack, progress)
        self._clients: dict[str, AsyncOpenSearch] = {}
        self._retrievers: dict[str, Retriever] = {}
        self._catalogues: dict[str, CatalogueSource] = {}

    async def configured(
        self,
        name: str,
        settings: Settings,
        rules: str | None = None,
    ) -> MeasuredSystem:
        """Return retrieval under these settings, with its encoder loaded.

        Args:
            name: of the system.
            settings: all of them.
            rules: in Querqy's syntax, instead of those of the file; `None`: the file's.

        Raises:
            IndexNotFoundError: there is no such index.
            EncoderMismatchError: the settings name another model than the index was encoded with.
            SearchEngineError: OpenSearch cannot be reached.
        """
        deadline_ms = max(_DEEP_DEADLINE_MS, settings.retrieval.deadline_ms)
        patient = {
            "retrieval": settings.retrieval.model_copy(update={"deadline_ms": deadline_ms}),
            "reranker": settings.reranker.model_copy(update={"timeout_ms": deadline_ms}),
        }
        deep = await self._retriever(settings.model_copy(update=patient), remembers=True)
        page = await self._retriever(settings, remembers=False)
        state = await index_fingerprint(self._client(settings), self._index)
        state = f"{state} {await deep.reranking_model()} {_trained_state(settings)}"
        # What is measured must not depend on how busy the machine is.
        unhurried = settings.query_understanding.model_copy(
            update={"budget_ms": deadline_ms, "unit_budget_ms": deadline_ms}
        )
        understanding = query_understanding(
            settings.model_copy(update={"query_understanding": unhurried}),
            rules,
            self._catalogue_source(settings),
        )
        state = f"{state} {_rules_state(settings, rules)}"
        answer = _RetrievalAnswers(self._index, deep, page, understanding)
        return MeasuredSystem(
            name=name, answer=answer, fingerprint=_fingerprint(settings, self._index, state)
        )

    async def templated(self, name: str, settings: Settings, template: Path) -> MeasuredSystem:
        """Return the index searched with a query body of one's own.

        Args:
            name: of the system.
            settings: how OpenSearch is reached.
            template: JSON with `{{query}}` where the shopper's words go.

        Raises:
            ConfigurationError: no such file, no JSON, or no `{{query}}` in it.
            SearchEngineError: OpenSearch cannot be reached.
        """
        body = read_template(template)
        client = self._client(settings)
        state = await index_fingerprint(client, self._index)
        known = json.dumps(["template", body, self._index, state], sort_keys=True)
        return MeasuredSystem(
            name=name,
            answer=TemplateAnswers(client, self._index, body, page=_PAGE),
            fingerprint=hashlib.sha256(known.encode()).hexdigest(),
        )

    async def endpoint(self, name: str, url_template: str, ids_path: str) -> MeasuredSystem:
        """Return a search behind an address: see `HttpSystem`."""
        client = httpx.AsyncClient(timeout=_HTTP_TIMEOUT_SECONDS, follow_redirects=True)
        await self._stack.enter_async_context(client)
        return HttpSystem(client, url_template, ids_path).system(name)

    async def known_products(self, settings: Settings, ids: frozenset[str]) -> frozenset[str]:
        """Return those of the product ids that are in the index."""
        return await known_ids(self._client(settings), self._index, ids)

    def _client(self, settings: Settings) -> "AsyncOpenSearch":
        section = search_engine_settings(settings)
        key = section.model_dump_json()
        if key not in self._clients:
            client = connect_async(section)
            self._stack.push_async_callback(client.close)
            self._clients[key] = client
        return self._clients[key]

    async def _retriever(self, settings: Settings, *, remembers: bool) -> Retriever:
        # Systems that differ in what they read into queries alone share one.
        key = repr((settings.search_engine, settings.encoders, settings.retrieval,
                    settings.reranker, remembers))  # fmt: skip
        if key not in self._retrievers:
            retriever = await self._stack.enter_async_context(
                open_retriever(
                    settings,
                    self._progress,
                    scorers=self._scorers.source(settings, remembers=remembers),
                )
            )
            await retriever.warm_up(self._index)
            self._retrievers[key] = retriever
        return self._retrievers[key]

    def _catalogue_source(self, settings: Settings) -> CatalogueSource:
        key = repr(settings.search_engine)
        if key not in self._catalogues:
            self._catalogues[key] = CatalogueSource(search_engine_client(settings))
        return self._catalogues[key]


@asynccontextmanager
async def open_systems(
    index: str, progress: ProgressListener | None = None
) -> AsyncIterator[EvaluatedSystems]:
    """Yield a maker of systems, and close their connections afterwards."""
    async with AsyncExitStack() as stack:
        yield EvaluatedSystems(index, stack, progress)


def run_cache(settings: Settings) -> RunCache | None:
    """Return the cache of runs, or `None` when it is switched off."""
    return RunCache(cache_dir(settings) / "runs") if settings.evaluation.cache else None


class _RetrievalAnswers:
    """Asks retrieval deep for the hits, then as a shopper does for the time."""

    def __init__(
        self,
        index: str,
        deep: Retriever,
        page: Retriever,
        understanding: QueryUnderstanding | None,
    ) -> None:
        self._index = index
        self._understanding = understanding
        self._deep = deep
        self._page = page

    async def __call__(self, query: JudgedQuery, depth: int) -> Answer:
        plan = await self._plan(query)
        deep = await self._deep.search(
            self._index, SearchRequest(plan=plan, size=depth, explain=True)
        )
        started = perf_counter()
        page = await self._page.search(self._index, SearchRequest(plan=plan, size=_PAGE))
        latency_ms = (perf_counter() - started) * 1000
        return Answer(
            product_ids=tuple(hit.product_id for hit in deep.hits),
            latency_ms=latency_ms,
            shown=tuple(_shown(hit) for hit in deep.hits[:_SHOWN]),
            degraded=page.degraded,
            intent=plan.intent,
            language=plan.language,
        )

    async def _plan(self, query: JudgedQuery) -> QueryPlan:
        filters = tuple(parse_filter(each) for each in query.filters)
        if self._understanding is None:
            return QueryPlan.plain(query.text, filters)
        return await self._understanding.plan(self._index, query.text, filters)


def _shown(hit: Hit) -> ShownHit:
    return ShownHit(
        product_id=hit.product_id,
        title=str(hit.document.get("title", "")),
        explanation=hit.explanation,
    )


def _rules_state(settings: Settings, rules: str | None) -> str:
    """Return what changes with the rules themselves, and not only with the name of their file."""
    path = settings.query_understanding.rules
    if rules is not None:
        return rules
    return "" if path is None else hashlib.sha256(path.read_bytes()).hexdigest()


def _fingerprint(settings: Settings, index: str, state: str) -> str:
    chosen = settings.model_dump(mode="json", exclude=_WITHOUT_EFFECT)
    known = [_code_fingerprint(), chosen, index, state]
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


def _trained_state(settings: Settings) -> str:
    """Return what changes with what was trained for the shop."""
    digest = hashlib.sha256()
    for path in sorted(trained_folder(settings).glob("*.json")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _code_fingerprint() -> str:
    """Return what changes with the code that answers: its version, and for developers its text."""
    digest = hashlib.sha256(version("shopkeeper").encode())
    root = Path(__file__).parents[1]
    for package in _ANSWERING_PACKAGES:
        for path in sorted((*(root / package).glob("*.py"), *(root / package).glob("*.json"))):
            digest.update(path.read_bytes())
    return digest.hexdigest()
