"""Plans of recent queries, for as long as what they were made from stays the same."""

from typing import NamedTuple

from cachetools import LRUCache

from query_understanding.known_catalogue import KnownCatalogue
from search_core import Filter, QueryPlan

_LONGEST_TEXT = 1_000
"""A longer text is pasted, and not typed again: plans hold all of it."""


class PlanSource(NamedTuple):
    """What a plan is made from, beside what was typed."""

    catalogue: KnownCatalogue
    """Compared by identity: what is learned anew is another."""
    state: tuple[object, ...]
    """As `RewriterChain.state` gives it."""


class RememberedPlans:
    """A bounded map from what was typed to its plan; the longest unused go first.

    Shoppers type the same words again and again. A changed rule or a catalogue that was learned
    anew empties it, so that it is never stale. To be used in one event loop.
    """

    def __init__(self, count: int) -> None:
        """Start empty.

        Args:
            count: plans that are kept; 0 keeps none.
        """
        self._count = count
        self._sources: dict[str, PlanSource] = {}
        self._plans: dict[str, LRUCache[tuple[str, tuple[Filter, ...]], QueryPlan]] = {}

    def known(
        self, index: str, source: PlanSource, text: str, filters: tuple[Filter, ...]
    ) -> QueryPlan | None:
        """Return the plan that was made for a query from the same source, if it is remembered."""
        if self._sources.get(index) != source:
            return None
        return self._plans[index].get((text, filters))

    def keep(
        self, index: str, source: PlanSource, filters: tuple[Filter, ...], plan: QueryPlan
    ) -> None:
        """Keep a plan, and none that was made from another source for the same index."""
        if not self._count or len(plan.original_text) > _LONGEST_TEXT:
            return
        if self._sources.get(index) != source:
            self._sources[index], self._plans[index] = source, LRUCache(self._count)
        self._plans[index][plan.original_text, filters] = plan
