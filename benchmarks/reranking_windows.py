"""Rerank windows as shoppers' queries make them, and how busy the machine was with other work."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

from evaluation import Judgments
from reranker import ModelState, NotReranked, RerankOutcome
from retrieval import Retriever, SearchRequest, WindowReranking
from search_core import QueryPlan
from search_core.settings import RerankerSettings, Settings
from search_engine import Searcher, connect_async
from shopkeeper.composition import encoder_provider

Window = tuple[str, tuple[str, ...]]
"""A query and the passages that the cross-encoder would read for it."""


class _Recorder:
    """Stands where the reranker does, and notes what it is asked."""

    def __init__(self) -> None:
        self.windows: list[Window] = []

    async def rerank(
        self, query: str, passages: Sequence[str], *, language: str | None, timeout_seconds: float
    ) -> RerankOutcome:
        del language, timeout_seconds
        self.windows.append((query, tuple(passages)))
        return NotReranked(reason="only noted", degraded=False)

    @property
    def states(self) -> tuple[ModelState, ...]:
        return ()

    async def model_id(self, timeout_seconds: float) -> None:
        del timeout_seconds

    async def close(self) -> None:
        pass


async def judged_windows(
    index: str, judgments: Judgments, settings: Settings, section: RerankerSettings
) -> list[Window]:
    """Return the full windows of the judged queries; shorter ones are left out."""
    recorder = _Recorder()
    searcher = Searcher(connect_async(settings.search_engine))
    retriever = Retriever(
        searcher,
        settings.retrieval,
        encoder_provider(settings),
        reranking=WindowReranking(recorder, section),
    )
    for query in judgments.queries:
        await retriever.ranking(index, SearchRequest(plan=QueryPlan.plain(query.text)))
    await searcher.close()
    return [each for each in recorder.windows if len(each[1]) == section.rerank_window]


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineLoad:
    """What the processors did between two moments, in shares of all of them."""

    own: float
    """By this process."""
    others: float
    """By anything else on this machine."""
    stolen: float
    """Given to other machines by the host."""

    def __str__(self) -> str:
        idle = self.others + self.stolen < _IDLE
        return (
            f"processors: this process {self.own:.0%}, other work {self.others:.0%}, stolen "
            f"{self.stolen:.1%}: the machine was {'idle' if idle else 'NOT idle'} otherwise"
        )


_IDLE = 0.05
"""What a machine that does nothing else still does."""


class LoadMeter:
    """Measures what the machine does from its making on."""

    def __init__(self) -> None:
        self._machine = psutil.cpu_times()
        self._own, self._started = time.process_time(), time.perf_counter()

    def read(self) -> MachineLoad:
        """Return what it did until now."""
        now, before = psutil.cpu_times(), self._machine
        whole = (time.perf_counter() - self._started) * psutil.cpu_count()
        own = time.process_time() - self._own
        busy = sum(
            getattr(now, name) - getattr(before, name)
            for name in ("user", "nice", "system", "irq", "softirq")
            if hasattr(now, name)
        )
        stolen = getattr(now, "steal", 0.0) - getattr(before, "steal", 0.0)
        return MachineLoad(
            own=own / whole, others=max(0.0, busy - own) / whole, stolen=stolen / whole
        )
