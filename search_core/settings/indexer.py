"""How a catalogue becomes a generation."""

from typing import Annotated

from pydantic import Field

from search_core.settings.section import PositiveInt, Section


class IndexerSettings(Section):
    """`[indexer]`: how a catalogue becomes a generation."""

    bulk_threads: PositiveInt = 2
    """Bulk requests under way at once. More than the node has cores only fills its queue."""
    bulk_bytes: PositiveInt = 4_000_000
    """Size of one bulk request. OpenSearch's guidance is 3 to 5 MB."""
    chunk_products: PositiveInt = 2_000
    """Products that are encoded together, sorted by length. More: less padding, more memory and a
    longer way to the first written product."""
    max_reject_share: Annotated[float, Field(ge=0, le=1)] = 0.5
    """A generation for which a larger share of the rows was set aside does not go live: more likely
    the schema is wrong than the catalogue."""
    max_title_chars: PositiveInt = 2_000
    """A row with a longer title is set aside: it is a broken export, not a title."""
    max_text_chars: PositiveInt = 200_000
    """A row with a longer description is set aside."""
    max_rejects: Annotated[int, Field(ge=0)] | None = None
    """The run ends when more rows than this are set aside; unset: never."""
    keep_generations: PositiveInt = 2
    """Generations kept behind an alias, the live one included: 2 allows one rollback."""
    segments: PositiveInt | None = None
    """Merge each shard of a new generation into so many segments before it goes live; unset leaves
    merging to OpenSearch. Merging costs a third of the load again; fewer segments are less work for
    a search, and find slightly less at the same number of candidates (docs/indexing.md)."""
    passage_description_chars: Annotated[int, Field(ge=0)] = 120
    """Characters of the description that are encoded after title and product type."""
