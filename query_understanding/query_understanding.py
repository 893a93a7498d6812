"""From what a shopper typed to a query plan."""

import asyncio
from collections.abc import Callable

from query_understanding.catalogue_source import CatalogueSource
from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.rewriter_chain import ChainOutcome, RewriterChain
from search_core import Filter, QueryPlan


class QueryUnderstanding:
    """Understands queries by the catalogue that they are searched in."""

    def __init__(
        self,
        chain: RewriterChain,
        catalogues: CatalogueSource,
        on_close: Callable[[], None] = lambda: None,
    ) -> None:
        """Take the chain.

        Args:
            chain: reads queries.
            catalogues: where it learns of catalogues.
            on_close: lets go of what the chain holds besides memory, such as connections.
        """
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
        return (await self.explained(index, text, filters)).plan

    async def explained(
        self, index: str, text: str, filters: tuple[Filter, ...] = ()
    ) -> ChainOutcome:
        """Return the plan with what each rewriter took; see `plan`."""
        plan = QueryPlan.plain(text, filters)
        catalogue = self._catalogues.fresh(index)
        if catalogue is None:
            catalogue = await asyncio.to_thread(self._loaded, index)
        return self._chain.run(plan, catalogue)

    def _loaded(self, index: str) -> KnownCatalogue:
        catalogue = self._catalogues.catalogue(index)
        if not self._warm:
            self._chain.warm_up(catalogue)
            self._warm = True
        return catalogue
