"""Has rewriters read what was most likely meant, where the text itself stays as it was typed."""

from dataclasses import replace

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.rewriter import Rewriter
from search_core import QueryPlan


class MeantTextReader:
    """Wraps a rewriter that reads the text and leaves it alone.

    A misspelt word that might be a name stays in the text, and its correction is searched beside
    it. What kind of product the query is about is told by the correction: the word says nothing.
    """

    def __init__(self, rewriter: Rewriter) -> None:
        """Take the rewriter."""
        self._rewriter = rewriter

    @property
    def name(self) -> str:
        """The wrapped rewriter's."""
        return self._rewriter.name

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Rewrite as if the text were what was meant; see `Rewriter`."""
        if plan.dense_text is None:
            return self._rewriter.rewrite(plan, catalogue)
        read = self._rewriter.rewrite(replace(plan, text=plan.dense_text), catalogue)
        return replace(read, text=plan.text)
