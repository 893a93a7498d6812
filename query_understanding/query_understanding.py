"""From what a shopper typed to a query plan."""

import asyncio
from collections.abc import Callable

from query_understanding.catalogue_source import CatalogueSource
from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.remembered_plans import PlanSource, RememberedPlans
from query_understanding.rewriter_chain import ChainOutcome, RewriterChain
from search_core import Filter, QueryPlan


class QueryUnderstanding:
    """Understands queries by the catalogue that they are searched in."""

    def __init__(
        self,
        chain: RewriterChain,
        catalogues: CatalogueSource,
        on_close: Callable[[], None] = lambda: None,
        remembered: int = 0,
    ) -> None:
        """Take the chain.

        Args:
            chain: reads queries.
            catalogues: where it learns of catalogues.
            on_close: lets go of what the chain holds besides memory, such as connections.
            remembered: plans of recent queries that are kept; 0 keeps none.
        """
        self._plans = RememberedPlans(remembered)
        self._chain = chain
        self._catalogues = catalogues
        self._on_close = on_close
        self._warm = False

    def close(self) -> None:
        """Close the connections of the chain. No query may follow."""
        self._on_close()

    async def plan(self, index: str, text: str, filters: tuple[Filter, ...] = ()) -> QueryPlan:
        """Return the plan of a query.

        Args:
            index: alias or generation that will be searched.
            text: what the shopper typed; anything at all.
            filters: what was asked for beside the text.

        Raises:
            IndexNotFoundError: there is no such index.
            SearchEngineError: OpenSearch does not answer as it should.
        """
        state, catalogue = self._chain.state(), await self._catalogue(index)
        if state is None:
            return self._run(text, filters, catalogue).plan
        source = PlanSource(catalogue, state)
        known = self._plans.known(index, source, text, filters)
        if known is not None:
            return known
        outcome = self._run(text, filters, catalogue)
        if outcome.whole:
            self._plans.keep(index, source, filters, outcome.plan)
        return outcome.plan

    async def explained(
        self, index: str, text: str, filters: tuple[Filter, ...] = ()
    ) -> ChainOutcome:
        """Return the plan, made anew, with what each rewriter took; see `plan`."""
        return self._run(text, filters, await self._catalogue(index))

    def _run(
        self, text: str, filters: tuple[Filter, ...], catalogue: KnownCatalogue
    ) -> ChainOutcome:
        return self._chain.run(QueryPlan.plain(text, filters), catalogue)

    async def _catalogue(self, index: str) -> KnownCatalogue:
        fresh = self._catalogues.fresh(index)
        return await asyncio.to_thread(self._loaded, index) if fresh is None else fresh

    def _loaded(self, index: str) -> KnownCatalogue:
        catalogue = self._catalogues.catalogue(index)
        if not self._warm:
            self._chain.warm_up(catalogue)
            self._warm = True
        return catalogue
