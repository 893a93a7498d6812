"""Generations that an earlier run left unfinished: taken up again, or cleaned away."""

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from indexer.checkpoint import Checkpoint
from indexer.run_lease import RunLease
from search_core import ResumeError
from search_core.settings import SearchEngineSettings
from search_engine import (
    Generations,
    GenerationState,
    GenerationStatus,
    IndexDescription,
    OpenSearch,
    count_documents,
    make_searchable,
    resume_loading,
)

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingPoint:
    """Where a run begins to write."""

    generation: GenerationStatus
    checkpoint: Checkpoint
    cleaned: tuple[str, ...]
    """Unfinished generations of earlier runs that were deleted."""


class RunStart:
    """Finds the generation that a run writes. The run holds the alias's lease."""

    def __init__(self, client: OpenSearch, generations: Generations, lease: RunLease) -> None:
        self._client = client
        self._generations = generations
        self._lease = lease

    def afresh(
        self,
        description: IndexDescription,
        settings: SearchEngineSettings,
        inputs: Mapping[str, str],
    ) -> StartingPoint:
        """Delete what earlier runs left unfinished, and make a new generation."""
        cleaned = self._clean(self._unfinished())
        generation = self._generations.create(description, settings, inputs)
        return StartingPoint(generation=generation, checkpoint=Checkpoint(), cleaned=cleaned)

    def resumed(self, description: IndexDescription, inputs: Mapping[str, str]) -> StartingPoint:
        """Take up the latest unfinished generation.

        Raises:
            ResumeError: there is none, or it was built from something else.
        """
        unfinished = self._unfinished()
        if not unfinished:
            raise ResumeError(
                f"no run of {self._generations.alias} is unfinished",
                remedy="run without --resume",
            )
        latest = unfinished[0]
        changed = _changes(
            {**asdict(latest.description), **latest.inputs}, {**asdict(description), **inputs}
        )
        if changed:
            raise ResumeError(
                f"{latest.name} cannot be resumed, since this changed: {', '.join(changed)}",
                remedy="run without --resume to build a new generation",
            )
        cleaned = self._clean(unfinished[1:])
        resume_loading(self._client, latest.name)
        self._generations.mark(latest.name, GenerationState.BUILDING)
        return StartingPoint(
            generation=latest, checkpoint=self._verified(latest.name), cleaned=cleaned
        )

    def _verified(self, name: str) -> Checkpoint:
        checkpoint = self._lease.checkpoint_of(name)
        make_searchable(self._client, name)
        expected = checkpoint.products - len(checkpoint.refused)
        found = count_documents(self._client, name)
        if found < expected:
            _logger.warning(
                "checkpoint_not_kept generation=%s expected=%d found=%d", name, expected, found
            )
            return Checkpoint()
        return checkpoint

    def _unfinished(self) -> tuple[GenerationStatus, ...]:
        return tuple(
            generation
            for generation in self._generations.list()
            if generation.state is not GenerationState.COMPLETE and not generation.live
        )

    def _clean(self, unfinished: tuple[GenerationStatus, ...]) -> tuple[str, ...]:
        for generation in unfinished:
            self._generations.delete(generation.name)
        return tuple(generation.name for generation in unfinished)


def _changes(before: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    return sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
