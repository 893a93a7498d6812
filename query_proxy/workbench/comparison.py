"""A search as it is, and the same search with a change, side by side."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from query_proxy.backing import OpenVariant, Searching
from query_proxy.circuit_breaker import CircuitBreaker
from query_proxy.workbench.address import WorkbenchAddress
from query_proxy.workbench.setting_changes import changed_settings
from retrieval import NameCheck, SearchRequest, SearchResponse, UnknownName
from search_core import ConfigurationError, Hit, ShopkeeperError
from search_core.settings import Settings

SHOWN = 10
"""Hits of each side."""
DEPTH = 50
"""Hits asked for, to say where a product came from or went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A hit of one side, and where the other side has it."""

    hit: Hit
    following: Hit | None
    """The next one on its side."""
    elsewhere: int | None
    """Its rank on the other side; `None`: not among the first there, or there is no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the rankings."""

    response: SearchResponse
    shown: tuple[Placed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Both sides."""

    now: Side
    changed: Side | None
    """`None`: nothing is compared."""
    failure: ShopkeeperError | None = None
    """Why the change could not be tried."""
    unknown_names: tuple[UnknownName, ...] = ()
    """Names in the filters that no product has."""

    @property
    def moved(self) -> int:
        """Products shown on either side that stand elsewhere on the other."""
        if self.changed is None:
            return 0
        sides = (self.now, self.changed)
        return len(
            {
                each.hit.product_id
                for side in sides
                for each in side.shown
                if each.elsewhere != each.hit.rank
            }
        )


class Workbench:
    """Answers the workbench's searches."""

    def __init__(
        self,
        searching: Searching,
        open_variant: OpenVariant | None,
        settings: Settings,
        breaker: CircuitBreaker,
        names: NameCheck | None = None,
    ) -> None:
        """Keep what is needed.

        Args:
            searching: what serves.
            open_variant: opens another beside it; `None`: nothing can be compared.
            settings: all of them.
            breaker: of OpenSearch.
            names: knows those of the attributes; `None`: none is looked at.
        """
        self._names = names
        self._searching = searching
        self._open_variant = open_variant
        self._settings = settings
        self._breaker = breaker

    async def compare(
        self, index: str, address: WorkbenchAddress, headers: dict[str, str]
    ) -> Comparison:
        """Search as it is and, where there is a change, with it.

        Args:
            index: that is searched.
            address: what is asked for.
            headers: sent to OpenSearch with every step.

        Raises:
            ShopkeeperError: the search as it is fails. With the change, that is told in the result.
        """
        now = asyncio.create_task(self._asked(self._searching, index, address, headers))
        changed, failure = None, None
        try:
            if address.compares:
                changed = await self._changed(index, address, headers)
        except ShopkeeperError as error:
            failure = error
        response = await now
        there = None if changed is None else changed.hits
        return Comparison(
            now=_side(response, there),
            changed=None if changed is None else _side(changed, response.hits),
            failure=failure,
            unknown_names=await self._unknown(index, response, headers),
        )

    async def _unknown(
        self, index: str, response: SearchResponse, headers: dict[str, str]
    ) -> tuple[UnknownName, ...]:
        if self._names is None:
            return ()
        return await self._names.unknown(
            index,
            filters=response.plan.filters,  # those of the rules too
            hits=response.hits,
            found=response.total > 0,
            headers=headers,
        )

    async def _changed(
        self, index: str, address: WorkbenchAddress, headers: dict[str, str]
    ) -> SearchResponse:
        if self._open_variant is None:
            raise ConfigurationError("nothing can be compared here")
        settings = changed_settings(self._settings, address.changes)
        async with self._open_variant(settings, address.rules or None) as other:
            return await self._asked(other, index, address, headers)

    async def _asked(
        self, searching: Searching, index: str, address: WorkbenchAddress, headers: dict[str, str]
    ) -> SearchResponse:
        filters = address.parsed_filters
        with self._breaker.guarded():
            plan = await searching.planner.plan(index, address.q, filters)
            request = SearchRequest(plan=plan, size=DEPTH, explain=True, headers=headers)
            return await searching.retriever.search(index, request)


def _side(response: SearchResponse, elsewhere: Sequence[Hit] | None) -> Side:
    ranks = {hit.product_id: hit.rank for hit in elsewhere or ()}
    hits = response.hits
    return Side(
        response=response,
        shown=tuple(
            Placed(
                hit=hit,
                following=hits[place] if place < len(hits) else None,
                elsewhere=ranks.get(hit.product_id),
            )
            for place, hit in enumerate(hits[:SHOWN], start=1)
        ),
    )
