"""Runs the rewriters one after the other, within a time budget."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.rewriter import ChangingRewriter, Rewriter
from search_core import QueryPlan

_logger = logging.getLogger(__name__)


_EVERYTHING = "qqxzw without 充電 1 TB under 500"
"""A text that gives every rewriter something to do."""
_NOT_WARMED_UP = frozenset({"llm"})
"""A model would be asked, and paid, for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriterTime:
    """What one rewriter took."""

    rewriter: str
    took_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainOutcome:
    """A plan and what each rewriter took for it."""

    plan: QueryPlan
    times: tuple[RewriterTime, ...]
    whole: bool = True
    """Whether every rewriter had its say; one that was late may not be so the next time."""

    @property
    def total_ms(self) -> float:
        """All rewriters together."""
        return sum(each.took_ms for each in self.times)


class RewriterChain:
    """Hands a plan from rewriter to rewriter, in the order they were given."""

    def __init__(
        self,
        rewriters: Sequence[Rewriter],
        *,
        budget_ms: float,
        rewriter_budget_ms: float,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        """Keep the rewriters.

        Args:
            rewriters: in the order in which they run.
            budget_ms: of the whole chain: rewriters that would start after it are left out, and the
                plan says so.
            rewriter_budget_ms: of each: what comes later than that is dropped, so that one hard
                query never waits for several slow units.
            clock: seconds.
        """
        self._rewriters = tuple(rewriters)
        self._changing = tuple(each for each in rewriters if isinstance(each, ChangingRewriter))
        self._budget_ms = budget_ms
        self._rewriter_budget_ms = rewriter_budget_ms
        self._clock = clock

    @property
    def names(self) -> tuple[str, ...]:
        """The rewriters' names, in order."""
        return tuple(each.name for each in self._rewriters)

    def state(self) -> tuple[object, ...] | None:
        """Return what equals the last time's when a query would be read as then; `None`: never."""
        states = [each.state() for each in self._changing]
        return None if None in states else tuple(states)

    def warm_up(self, catalogue: KnownCatalogue) -> None:
        """Load what rewriters load on first use, outside of any budget."""
        plan = QueryPlan.plain(_EVERYTHING)
        for rewriter in self._rewriters:
            if rewriter.name not in _NOT_WARMED_UP:
                rewriter.rewrite(plan, catalogue)

    def run(self, plan: QueryPlan, catalogue: KnownCatalogue) -> ChainOutcome:
        """Rewrite a plan.

        Args:
            plan: usually `QueryPlan.plain` of what was typed.
            catalogue: what was learned from it.
        """
        times: list[RewriterTime] = []
        skipped: list[str] = []
        began = self._clock()
        for rewriter in self._rewriters:
            started = self._clock()
            if (started - began) * 1000 >= self._budget_ms:
                skipped.append(rewriter.name)
                continue
            rewritten = rewriter.rewrite(plan, catalogue)
            took_ms = (self._clock() - started) * 1000
            times.append(RewriterTime(rewriter=rewriter.name, took_ms=took_ms))
            if took_ms <= self._rewriter_budget_ms or rewritten is plan:
                plan = rewritten
            else:
                skipped.append(rewriter.name)
        if skipped:
            _logger.warning("rewriters_late names=%s", ",".join(skipped))
            plan = plan.logged("chain", f"left out for lack of time: {', '.join(skipped)}")
        return ChainOutcome(plan=plan, times=tuple(times), whole=not skipped)
