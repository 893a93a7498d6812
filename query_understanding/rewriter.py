"""The port of every unit of the chain."""

from typing import Protocol, runtime_checkable

from query_understanding.known_catalogue import KnownCatalogue
from search_core import QueryPlan


class Rewriter(Protocol):
    """Reads a plan and returns a better one. Safe to call from several threads.

    A rewriter that changes anything says so in the plan's log, in words that a merchandiser
    understands. It never touches `original_text` or `filters`, and what it cannot know it leaves.
    """

    @property
    def name(self) -> str:
        """What the log, the settings and reports call it."""
        ...

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Return the plan, changed or as it came.

        Args:
            plan: the outcome of the rewriters before.
            catalogue: what was learned from it; its lexicon is empty where nothing was.
        """
        ...


@runtime_checkable
class ChangingRewriter(Rewriter, Protocol):
    """A rewriter that may read the same plan and catalogue otherwise the next time."""

    def state(self) -> object | None:
        """Return what equals the last time's when a query would be read as then; `None`: never."""
        ...
