"""The generations there are, with what becomes of those that are not complete."""

from dataclasses import dataclass
from enum import StrEnum

from indexer.run_lease import RunLease
from indexer.run_owner import RunOwner
from search_core import IndexingError
from search_engine import (
    Generations,
    GenerationState,
    GenerationStatus,
    OpenSearch,
    RunRecordStore,
    index_sizes,
    list_generations,
)


class ListedState(StrEnum):
    """What a generation is to a person."""

    LIVE = "live"
    COMPLETE = "complete"
    BUILDING = "building"
    """A process writes it."""
    UNFINISHED = "unfinished"
    """The process that wrote it has ended without a word."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedGeneration:
    """A generation with its size."""

    generation: GenerationStatus
    state: ListedState
    documents: int
    size_bytes: int


def listed_generations(
    client: OpenSearch, alias: str | None = None
) -> tuple[ListedGeneration, ...]:
    """List generations by alias, newest first.

    Raises:
        SearchEngineError: OpenSearch does not answer as it should.
    """
    found = list_generations(client, alias)
    sizes = index_sizes(client, [generation.name for generation in found])
    return tuple(
        ListedGeneration(
            generation=generation,
            state=_state(client, generation),
            documents=sizes[generation.name].documents,
            size_bytes=sizes[generation.name].size_bytes,
        )
        for generation in found
        if generation.name in sizes
    )


def delete_generation(client: OpenSearch, alias: str, name: str) -> None:
    """Delete a generation that is neither live nor being written.

    Raises:
        IndexNotFoundError: the alias has no generation of that name.
        IndexingError: it is live, or a process writes it.
    """
    generations = Generations(client, alias)
    if _state(client, generations.get(name)) is ListedState.BUILDING:
        raise IndexingError(
            f"{name} is being written", remedy="wait for the reindex to end, or end it"
        )
    generations.delete(name)


def delete_all_generations(client: OpenSearch, alias: str) -> tuple[str, ...]:
    """Delete an alias with all of its generations and what was learned of them.

    What people have corrected by hand stays: it is nobody's to make again.

    Returns:
        The names of the generations.

    Raises:
        IndexNotFoundError: the alias has none.
        IndexingError: a process writes one.
    """
    generations, record = Generations(client, alias), RunRecordStore(client, alias)
    generations.require_any()
    with RunLease(record) as lease:
        names = generations.delete_all()
        # While it is held: afterwards the record may be that of a run that has just begun.
        lease.abolish()
    return names


def _state(client: OpenSearch, generation: GenerationStatus) -> ListedState:
    if generation.live:
        return ListedState.LIVE
    if generation.state is not GenerationState.BUILDING:
        return ListedState(generation.state.value)
    found = RunRecordStore(client, generation.alias).read()
    record = {} if found is None else found[0]
    if record.get("generation") != generation.name or not record.get("owner"):
        return ListedState.UNFINISHED
    # A process on another machine cannot be seen from here: it is believed to live.
    lives = RunOwner.from_record(record["owner"]).lives()
    return ListedState.UNFINISHED if lives is False else ListedState.BUILDING
